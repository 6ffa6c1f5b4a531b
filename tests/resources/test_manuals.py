"""Documentation (D4): what is refused, what readers see of a manual, and of which version."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.foreign_pages import NoPage, cleaned
from core.models import SearchOwed
from core.search.indexing import work_off
from resources.actions.manuals import keeping
from resources.errors import ManualUnfit, ManualVersionThere
from resources.models import ManualPage, ManualPicture, ManualVersion
from resources.rules import archives
from tests import factories as make

AT = make.NINE
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path fill="url(#a)" d="m1 1"/></svg>'
PAGE = "<title>Ports</title><h1 id=top>Ports</h1><p>Open 993. <a href='sub/b.markdown#x'>b</a>"


def zipped(files, **symlinks):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name, target in symlinks.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, target)
    return made.getvalue()


def liar():
    """Its second list of names says something else than the first."""
    content = zipped({"index.html": "x", "aaaaaaaa.html": "y"})
    return content.replace(b"aaaaaaaa.html", b"../../b.html", 1).replace(
        b"../../b.html", b"bbbbbbbb.html"
    )


def upload(content, name="manual.zip"):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "said"),
    (
        (b"nothing of the kind", "no zip"),
        (zipped({"a.txt": "x"}), "no page"),
        (zipped({"index.html": "x", "../../etc/cron.html": "x"}), "leads outside"),
        (zipped({"index.html": "x", "/etc/a.html": "x"}), "leads outside"),
        (zipped({"index.html": "x", "a\\b.html": "x"}), "leads outside"),
        (zipped({"index.html": "x", "C:a.html": "x"}), "leads outside"),
        (zipped({"index.html": "x"}, **{"a.html": "/etc/passwd"}), "is a link"),
        (zipped({"index.html": b" " * 2_000_000}), "like a bomb"),
        (zipped({"index.html": "x", "INDEX.html": "y"}), "twice"),
        (zipped({"index.html": "x", "a.png": "<html>"}), "no picture"),
        (zipped({"index.html": "x", "a.svg": SVG.replace(b"<path", b"<script/><path")}), "runs"),
        (zipped({"index.html": "x", "a.svg": SVG.replace(b"<path", b"<path onload='x'")}), "runs"),
        (
            zipped({"index.html": "x", "a.svg": SVG.replace(b"<path", b"<image href='//x'/>")}),
            "runs",
        ),
        (liar(), "no zip that can be read whole"),
        (zipped({"index.html": "x"})[:-30], "no zip"),
    ),
)
def test_archives_that_are_traps_are_refused_in_words(content, said):
    with pytest.raises(archives.UnfitArchive, match=said):
        archives.read_archive(io.BytesIO(content))


def test_too_many_entries_and_too_much_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MOST_ENTRIES", 2)
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    with pytest.raises(archives.UnfitArchive, match="more than 2 entries"):
        archives.read_archive(io.BytesIO(zipped({f"{one}.html": "x" for one in range(3)})))
    with pytest.raises(archives.UnfitArchive, match="Unpacked it is more"):
        archives.read_archive(io.BytesIO(zipped({"a.html": "x" * 11})))


def test_what_others_pack_beside_it_is_left_out():
    files = {"m/index.html": "x", "m/i.svg": SVG, "m/s.js": "x", "__MACOSX/m/._index.html": "x"}
    found = archives.read_archive(io.BytesIO(zipped(files)))

    assert (list(found.pages), list(found.pictures)) == (["index.html"], ["i.svg"])
    assert "s.js" in found.left_out


@pytest.mark.parametrize(
    "trap",
    (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='//evil.example/'>x</a>",
        "<svg onload=alert(1)></svg>",
        "<iframe src='https://evil.example'></iframe>",
        "<form action='/x'><input name=q></form>",
        "<p style='position:fixed'>x</p>",
        "<math><mi//xlink:href='data:x,alert(1)'>",
        "<base href='https://evil.example'>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<img src='https://evil.example/pixel.png'>",
    ),
)
def test_no_page_runs_or_fetches_anything(trap):
    html = cleaned(trap, lambda one: None, lambda one: None).html
    for wrong in ("alert", "evil", "style", "<form", "<svg", "<iframe", "<base", "<meta"):
        assert wrong not in html


def test_pages_that_are_traps_themselves_are_refused():
    with pytest.raises(NoPage, match="inside of each other"):
        cleaned("<div>" * 300, lambda one: None, lambda one: None)


@pytest.fixture
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def manager(store, db):
    return make.make_manager()


def added(manual, by, version="10.6", **files):
    content = zipped({"index.html": PAGE, "sub/b.markdown": "# Backup\n\n![x](../i.png)"} | files)
    return keeping.add_manual_version(manual, upload(content), version=version, by=by, at=AT)


@pytest.mark.django_db
def test_a_manual_from_upload_to_reader(manager, client):
    draft = keeping.ManualDraft(title="Administrator's guide", product="x", audience="everybody")
    manual = keeping.save_manual(draft, by=manager, at=AT)
    version = added(manual, manager, **{"i.png": PNG, "d.svg": SVG})
    url = f"/documentation/{manual.slug}/10.6/"
    assert client.get(url).status_code == 404, "nobody reads a draft"
    keeping.publish_manual(version, by=manager, at=AT)

    assert client.get(url)["Location"] == f"{url}index.html"
    page = client.get(f"{url}index.html").content.decode()
    assert '<h1 id="d-top">Ports</h1>' in page
    assert 'href="sub/b.html#d-x"' in page
    assert '<img src="../i.png"' in client.get(f"{url}sub/b.html").content.decode()
    assert client.get(f"{url}i.png").getvalue() == PNG
    svg = client.get(f"{url}d.svg")
    assert (svg.getvalue(), "sandbox" in svg["Content-Security-Policy"]) == (SVG, True)
    whole = zipfile.ZipFile(io.BytesIO(client.get(f"{url}whole").getvalue()))
    assert f"{manual.slug}-10.6/sub/b.html" in whole.namelist()
    assert "http" not in whole.read(f"{manual.slug}-10.6/index.html").decode()
    newest = f"/documentation/{manual.slug}/newest/"
    assert client.get(f"{newest}index.html").status_code == 200
    assert client.get(f"/documentation/{manual.slug}/")["Location"] == newest


@pytest.mark.django_db
def test_what_is_refused_leaves_nothing(manager):
    manual = make.make_manual()
    for content in (b"", b"%PDF-1.7 cut off", zipped({"a.html": "x", "../b.html": "x"})):
        with pytest.raises(ManualUnfit):
            keeping.add_manual_version(manual, upload(content), version="1.0", by=manager, at=AT)
    assert not ManualVersion.objects.exists()
    assert not ManualPage.objects.exists()
    assert not ManualPicture.objects.exists()
    added(manual, manager)
    with pytest.raises(ManualVersionThere):
        added(manual, manager, version="10.6.0")


@pytest.mark.django_db
def test_a_link_to_nothing_is_taken_out_and_listed(manager):
    one = added(make.make_manual(), manager, **{"c.html": "<a href='gone.html'>x</a>"})

    assert "c.html: gone.html" in one.missing
    assert "href" not in one.pages.get(path="c.html").html


@pytest.mark.django_db
def test_versions_keep_the_page_and_say_which_they_are(client, store):
    manual = make.make_manual()
    old, new = (make.make_manual_version(manual, version=one) for one in ("10.5", "10.10"))
    coming = make.make_manual_version(manual, version="11.0", is_preview=True)
    make.make_manual_page(old, path="old.html")
    for version in (old, new):
        make.make_manual_page(version, path="both.html")

    page = client.get(f"/documentation/{manual.slug}/10.5/both.html").content.decode()
    assert "This is the manual of 10.5" in page
    assert f'href="/documentation/{manual.slug}/10.10/both.html">The same page for 10.10' in page
    page = client.get(f"/documentation/{manual.slug}/10.5/old.html").content.decode()
    assert "The newest is" in page
    assert "begins at its first page" in page
    page = client.get(f"{coming.get_absolute_url()}index.html").content.decode()
    assert "not released yet" in page
    assert (
        "This is the manual"
        not in client.get(f"{new.get_absolute_url()}index.html").content.decode()
    )
    missed = client.get(f"/documentation/{manual.slug}/10.10/old.html")
    assert missed.status_code == 404
    assert (
        f'href="/documentation/{manual.slug}/10.5/old.html">Version 10.5 has it'
        in missed.content.decode()
    )
    near = client.get(f"/documentation/{manual.slug}/10.10/folder/both.html").content.decode()
    assert f'href="/documentation/{manual.slug}/10.10/both.html"' in near


@pytest.mark.django_db
def test_a_retired_version_leads_to_the_same_page_of_the_newest(client, manager):
    manual = make.make_manual()
    old, new = (make.make_manual_version(manual, version=one) for one in ("10.5", "10.6"))
    make.make_manual_page(old, path="gone.html")
    keeping.retire_manual(old, by=manager, at=AT)

    there = f"/documentation/{manual.slug}/newest/"
    led = client.get(f"/documentation/{manual.slug}/10.5/index.html")
    assert led["Location"] == f"{there}index.html"
    assert client.get(f"/documentation/{manual.slug}/10.5/gone.html")["Location"] == there
    assert client.get(f"/documentation/{manual.slug}/9.9/index.html").status_code == 404


@pytest.mark.django_db
def test_readers_see_what_is_for_them(client, store):
    make.make_level("premium")
    contact = make.make_contact()
    for audience in ("everybody", "registered", "staff"):
        manual = make.make_manual(audience=audience, slug=audience)
        make.make_manual_picture(make.make_manual_version(manual), content=PNG)
    make.make_manual_version(make.make_manual(slug="draft"), state="draft")

    def code(url):
        answer = client.get(url)
        if answer.streaming:
            answer.getvalue()
        return answer.status_code

    def seen():
        names = ("everybody", "registered", "staff", "draft")
        urls = {
            one: [f"/documentation/{one}/10.6/{end}" for end in ("index.html", "a.png")]
            for one in names
        }
        codes = {one: {code(url) for url in found} for one, found in urls.items()}
        return [one for one in names if codes[one] == {200}]

    assert seen() == ["everybody"]
    client.force_login(contact)
    assert seen() == ["everybody", "registered"]
    listed = client.get("/documentation/").content.decode()
    assert "/documentation/registered/" in listed
    assert "/documentation/staff/" not in listed


@pytest.mark.django_db
def test_pages_are_found_each_with_its_version(client, manager):
    manual = make.make_manual(title="Guide")
    for version in ("10.5", "10.6"):
        keeping.publish_manual(added(manual, manager, version=version), by=manager, at=AT)
    hidden = make.make_manual_version(make.make_manual(audience="staff"))
    make.make_manual_page(hidden, title="Ports of the staff", text="993")
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))

    page = client.get("/documentation/?q=ports").content.decode()

    assert "Guide 10.6" in page
    assert "Guide 10.5" in page
    assert "of the staff" not in page
    retired = ManualVersion.objects.get(version="10.5")
    keeping.retire_manual(retired, by=manager, at=AT)
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))
    assert "Guide 10.5" not in client.get("/documentation/?q=ports").content.decode()


@pytest.mark.django_db
def test_the_desk_adds_publishes_and_says_what_is_wrong(manager):
    client = Client()
    client.force_login(manager)
    manual = make.make_manual()
    url = reverse("admin:manual_action", args=[manual.pk, "add"])

    said = {"version": "10.6", "file": upload(zipped({"../a.html": "x"}))}
    assert "leads outside" in client.post(url, said, follow=True).content.decode()
    said["file"] = upload(b"%PDF-1.7\n%%EOF\n", "a.pdf")
    client.post(url, said)
    one = manual.versions.get()
    client.post(reverse("admin:manual_action", args=[manual.pk, "publish"]), {"version": one.pk})
    assert "Read the PDF" in client.get(one.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ("/documentation/", "/documentation/m/10.6/index.html", "/admin/manuals/")
)
def test_pages_cost_the_same_with_one_and_three_versions(
    url, manager, django_assert_max_num_queries
):
    client, counts = Client(), []
    client.force_login(manager)
    manual = make.make_manual(slug="m")
    for number in range(3):
        make.make_manual_version(manual, version=f"10.{6 + number}")
        make.make_manual_version(make.make_manual())
        if number != 1:
            with django_assert_max_num_queries(16) as queries:
                client.get(url)
            counts.append(len(queries))

    assert counts[0] == counts[1]
