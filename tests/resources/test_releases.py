"""Releases: kept, published, withdrawn; what customers see and fetch of them (D1, D3)."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions.tokens import make_api_token
from core.errors import NotAllowed
from core.events.file_passes import FILES, FilePasses
from core.models import JournalEntry, SearchOwed
from core.search.indexing import work_off
from resources.actions.releases import files, keeping
from resources.actions.releases.downloading import fetch, grant_upgrade, tell_version
from resources.errors import (
    EditionUnknown,
    FileUnusable,
    FixUnknown,
    NotAnUpgrade,
    NotInYourLicence,
    PieceOutOfPlace,
    PublishInThePast,
    ReleaseEmpty,
    ReleaseFileGone,
    ReleaseFixed,
    ReleaseNamed,
    ReleasePublished,
    UploadBroken,
    VersionUnusable,
)
from resources.models import Download, Release, ReleaseUpload, RunningVersion
from resources.tasks import publish_releases
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = make.NINE
SIGNED = "-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----"


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def manager():
    return make.make_manager()


@pytest.fixture
def contact():
    return make.make_contact()


@pytest.fixture
def licence(contact):
    """With maintenance all through 2026."""
    make.make_level("premium", maintenance=True)
    one = make.make_licence(contact.organisation, registered_on=date(2026, 1, 1))
    make.make_subscription(one)
    return one


def draft(**fields):
    said = {"product": "AXIGEN Mail Server", "edition": "business", "version": "10.6.3"}
    return keeping.ReleaseDraft(**said | {"kind": "patch"} | fields)


def upload(content=b"of a release", name="axigen.rpm"):
    return SimpleUploadedFile(name, content)


def button_of(file):
    return f'action="{reverse("resources:download", args=[file.pk])}"'


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_a_release_from_draft_to_withdrawn(manager, contact, licence):
    defect = make.make_defect(number="AX-10412")
    engineer = make.make_engineer(role="ts3")
    wanted = draft(fixes=[("ax-10412", "Invitations keep their zone")], notes="**Restart** it.")
    one = keeping.save_release(wanted, by=engineer, at=AT)
    added = files.add_release_file(one, upload(), signature=SIGNED, by=engineer, at=AT)

    assert added.sha256 == hashlib.sha256(b"of a release").hexdigest()
    assert one.fixes.get().defect == defect
    assert "10.6.3" not in signed_in(contact).get("/downloads/").content.decode()
    with pytest.raises(NotAllowed):
        keeping.publish_release(one, by=engineer, at=AT)
    keeping.publish_release(one, by=manager, at=AT)

    page = signed_in(contact).get("/downloads/").content.decode()
    for said in ("10.6.3", added.sha256, "Invitations keep their zone", "<strong>Restart</strong>"):
        assert said in page
    keeping.withdraw_release(one, reason="It loses mail: use 10.6.4.", by=manager, at=AT)
    page = signed_in(contact).get("/downloads/").content.decode()
    assert "It loses mail: use 10.6.4." in page
    assert button_of(added) not in page
    with pytest.raises(NotInYourLicence, match="It loses mail"):
        fetch(added, licence, by=contact, at=AT)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    (
        ({"version": "latest"}, VersionUnusable),
        ({"edition": "platinum"}, EditionUnknown),
        ({"fixes": [("AX-9", "")]}, FixUnknown),
    ),
)
def test_what_can_be_no_release_is_refused_and_leaves_nothing(manager, fields, refusal):
    with pytest.raises(refusal):
        keeping.save_release(draft(**fields), by=manager, at=AT)

    assert not Release.objects.exists()


def test_a_version_is_there_once_and_stays_once_it_is_published(manager):
    one = keeping.save_release(draft(version="10.6"), by=manager, at=AT)
    with pytest.raises(ReleaseNamed):
        keeping.save_release(draft(version="10.6.0"), by=manager, at=AT)
    keeping.save_release(draft(version="10.6", edition="office"), by=manager, at=AT)
    with pytest.raises(ReleaseEmpty):
        keeping.publish_release(one, by=manager, at=AT)
    file = files.add_release_file(one, upload(), by=manager, at=AT)
    keeping.publish_release(one, by=manager, at=AT)

    for fields in ({"version": "10.6.1"}, {"version": "10.6", "kind": "upgrade"}):
        with pytest.raises(ReleaseFixed):
            keeping.save_release(draft(**fields), by=manager, at=AT, release=one)
    keeping.save_release(draft(version="10.6", summary="Mended"), by=manager, at=AT, release=one)
    assert Release.objects.get(pk=one.pk).summary == "Mended"
    with pytest.raises(ReleasePublished):
        files.remove_release_file(file, by=manager, at=AT)
    with pytest.raises(ReleasePublished):
        keeping.publish_release(one, by=manager, at=AT)


@pytest.mark.parametrize(
    "sql",
    (
        "UPDATE resources_releasefile SET sha256 = repeat('1', 64)",
        "UPDATE resources_releasefile SET file = 'elsewhere'",
        "DELETE FROM resources_releasefile",
    ),
)
def test_the_database_keeps_what_was_published(sql):
    make.make_release_file()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_moment_is_waited_for_and_a_lost_file_is_not_published(manager):
    later = AT + make.days(1)
    one = keeping.save_release(draft(), by=manager, at=AT)
    file = files.add_release_file(one, upload(), by=manager, at=AT)
    with pytest.raises(PublishInThePast):
        keeping.publish_release(one, by=manager, at=AT, when=AT)
    keeping.publish_release(one, by=manager, at=AT, when=later)

    assert list(Release.objects.to_publish(AT)) == []
    path = Path(default_storage.path(str(file.file.name)))
    path.rename(path.with_suffix(".away"))
    assert publish_releases() == 0, "it waits on, and the log says why"
    path.with_suffix(".away").rename(path)
    assert publish_releases() == 1
    assert publish_releases() == 0


def test_a_big_file_comes_in_pieces_and_goes_on_where_it_was(manager):
    content = bytes(range(256)) * 40
    one = keeping.save_release(draft(), by=manager, at=AT)
    client = signed_in(manager)
    begin = {"name": "axigen.rpm", "size": len(content), "label": "Linux"}
    begun = client.post(reverse("admin:release_upload", args=[one.pk]), begin).json()
    url = reverse("admin:release_piece", args=[begun["upload"]])

    def send(start, end):
        piece = SimpleUploadedFile("piece", content[start:end])
        accept = {"Accept": "application/json"}
        return client.post(url, {"offset": start, "piece": piece}, headers=accept)

    assert send(0, 4000).json() == {"done": False, "received": 4000}
    assert send(0, 4000).json()["code"] == "piece_out_of_place"
    again = client.post(reverse("admin:release_upload", args=[one.pk]), begin).json()
    assert again == {"upload": begun["upload"], "received": 4000}
    assert send(4000, len(content)).json()["sha256"] == hashlib.sha256(content).hexdigest()
    kept = one.files.get()
    assert Path(default_storage.path(str(kept.file.name))).read_bytes() == content
    assert not ReleaseUpload.objects.exists()


def test_pieces_that_are_too_much_or_of_nobody_are_refused(manager):
    one = keeping.save_release(draft(), by=manager, at=AT)
    begun = files.begin_upload(one, name="a.rpm", size=4, by=manager, at=AT)
    with pytest.raises(FileUnusable, match="more bytes came"):
        files.take_piece(begun, SimpleUploadedFile("p", b"12345"), offset=0, by=manager, at=AT)
    with pytest.raises(PieceOutOfPlace):
        files.take_piece(begun, SimpleUploadedFile("p", b"12"), offset=2, by=manager, at=AT)
    with pytest.raises(NotAllowed):
        files.begin_upload(one, name="a.rpm", size=4, by=make.make_engineer(), at=AT)
    assert files.give_up_uploads(AT + make.days(1)) == 0
    assert files.give_up_uploads(AT + make.days(3)) == 1


def test_an_upload_goes_on_where_the_worker_died_before_the_commit(
    manager, django_capture_on_commit_callbacks
):
    one = keeping.save_release(draft(), by=manager, at=AT)
    begun = files.begin_upload(one, name="a.rpm", size=4, by=manager, at=AT)
    incoming = Path(default_storage.path(str(begun.file.name)))
    files.take_piece(begun, SimpleUploadedFile("p", b"12"), offset=0, by=manager, at=AT)

    def last_piece():
        return files.take_piece(begun, SimpleUploadedFile("p", b"34"), offset=2, by=manager, at=AT)

    with transaction.atomic():  # what was written to the disk stays, as after a kill
        last_piece()
        transaction.set_rollback(True)

    with django_capture_on_commit_callbacks(execute=True):
        kept = last_piece()
    assert Path(default_storage.path(str(kept.file.name))).read_bytes() == b"1234"
    assert not incoming.exists()


def test_an_upload_whose_bytes_are_gone_begins_anew(manager):
    one = keeping.save_release(draft(), by=manager, at=AT)
    begin = {"name": "a.rpm", "size": 4, "by": manager, "at": AT}
    begun = files.begin_upload(one, **begin)
    files.take_piece(begun, SimpleUploadedFile("p", b"12"), offset=0, by=manager, at=AT)
    Path(default_storage.path(str(begun.file.name))).unlink()
    with pytest.raises(UploadBroken):
        files.take_piece(begun, SimpleUploadedFile("p", b"34"), offset=2, by=manager, at=AT)

    again = files.begin_upload(one, **begin)

    assert (again.pk, again.received) == (begun.pk, 0)
    kept = files.take_piece(again, SimpleUploadedFile("p", b"1234"), offset=0, by=manager, at=AT)
    assert kept.size == 4


def test_an_upload_is_given_up_two_days_after_its_last_piece(manager):
    one = keeping.save_release(draft(), by=manager, at=AT)
    begun = files.begin_upload(one, name="a.rpm", size=4, by=manager, at=AT)
    later = AT + make.days(1)
    files.take_piece(begun, SimpleUploadedFile("p", b"12"), offset=0, by=manager, at=later)

    assert files.give_up_uploads(AT + make.days(2) + make.hours(1)) == 0
    assert files.give_up_uploads(AT + make.days(3) + make.hours(1)) == 1


@pytest.mark.parametrize(
    ("content", "signature", "said"),
    (
        (b"", "", "it is empty"),
        (b"12345678901", "", "are the most"),
        (b"1", "not armoured", "its signature is none"),
    ),
)
def test_files_that_can_not_be_are_refused_in_words(manager, settings, content, signature, said):
    settings.RELEASE_FILE_MAX_BYTES = 10
    one = keeping.save_release(draft(), by=manager, at=AT)
    with pytest.raises(FileUnusable, match=said):
        files.add_release_file(one, upload(content), signature=signature, by=manager, at=AT)
    assert not one.files.exists()


def test_fetching_is_journalled_and_leads_to_a_link(contact, licence, settings):
    file = make.make_release_file(content=b"ten bytes!")
    client = signed_in(contact)

    answer = client.post(reverse("resources:download", args=[file.pk]), {"licence": licence.pk})

    assert answer.status_code == 303
    signed = answer["Location"].removeprefix(FILES).partition("/")[0]
    granted = FilePasses(settings.SECRET_KEY).read(signed, within=60)
    assert (granted.path, granted.name, granted.size) == (file.file.name, file.name, 10)
    kept = Download.objects.get()
    assert (kept.person, kept.licence, kept.file) == (contact, licence, file)
    entry = JournalEntry.objects.get(kind="release.downloaded")
    assert entry.organisation_id == licence.organisation_id
    assert client.get(reverse("resources:download", args=[file.pk])).status_code == 405


def test_list_and_download_share_one_rule(contact, licence):
    """What the page has a button for can be fetched; of the rest it says why, as a refusal does."""
    make.make_level("first", maintenance=True)
    lapsed = make.make_licence(contact.organisation, registered_on=date(2024, 1, 1))
    make.make_subscription(lapsed, starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1))
    upgrade = make.make_release("11.0", kind="upgrade", takes="Ask Ana for an offer.")
    found = [
        make.make_release_file(one, content=b"x")
        for one in (
            make.make_release("10.6.1", published_at=AT - make.days(500)),
            make.make_release("10.6.2"),
            upgrade,
            make.make_release("11.0.1", kind="patch"),
            make.make_release("10.6.2", edition="office"),
        )
    ]
    client = signed_in(contact)
    for one in (licence, lapsed):
        page = client.get("/downloads/", {"licence": one.pk}).content.decode()
        for file in found:
            if button_of(file) in page:
                assert fetch(file, one, by=contact, at=AT)
                continue
            with pytest.raises(NotInYourLicence) as refused:
                fetch(file, one, by=contact, at=AT)
            assert str(refused.value) in page, (one, file.release)
    assert "ended on 31 December 2024" in page
    assert "Ask Ana for an offer." in page


def test_an_upgrade_that_was_bought_and_what_builds_on_it(contact, licence, manager):
    upgrade = make.make_release("11.0", kind="upgrade")
    patch = make.make_release_file(make.make_release("11.0.1"), content=b"x")
    with pytest.raises(NotInYourLicence):
        fetch(patch, licence, by=contact, at=AT)
    with pytest.raises(NotAnUpgrade):
        grant_upgrade(licence, patch.release, by=manager, at=AT)
    client = signed_in(manager)
    url = reverse("admin:release_action", args=[upgrade.pk, "grant"])

    client.post(url, {"licence_key": licence.key})

    assert fetch(patch, licence, by=contact, at=AT)


def test_nobody_fetches_for_the_licence_of_others_nor_what_is_gone(contact, licence):
    file = make.make_release_file()
    with pytest.raises(NotAllowed):
        fetch(file, licence, by=make.make_contact(), at=AT)
    stranger = signed_in(make.make_contact())
    url = reverse("resources:download", args=[file.pk])
    assert stranger.post(url, {"licence": licence.pk}).status_code == 404
    with pytest.raises(ReleaseFileGone):
        fetch(file, licence, by=contact, at=AT)
    assert not Download.objects.exists()


def test_drafts_are_of_nobody_but_the_team(contact, licence):
    hidden = make.make_release("12.0", published_at=None, summary="zeppelin")
    file = make.make_release_file(hidden, content=b"x", signature=SIGNED)
    client = signed_in(contact)
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))

    for url in ("release", "release_checksums"):
        assert client.get(reverse(f"resources:{url}", args=[hidden.pk])).status_code == 404
    assert client.get(reverse("resources:release_signature", args=[file.pk])).status_code == 404
    assert "zeppelin</b>" not in client.get("/search/?q=zeppelin").content.decode()
    assert client.get(reverse("admin:release", args=[hidden.pk])).status_code in (302, 404)


def test_the_newest_is_the_highest_and_not_what_came_last(contact, licence):
    make.make_release_file(make.make_release("10.7.1", published_at=AT - make.days(9)))
    make.make_release_file(make.make_release("10.6.9"))  # a patch of the branch before
    make.make_release_file(make.make_release("10.8.0-rc1"))
    tell_version(licence, "10.6.8", by=contact, at=AT)

    page = signed_in(contact).get("/downloads/").content.decode()

    newest = page.split("Newest for you")[0]
    assert newest.rstrip().endswith('<span class="badge badge-green">')
    assert "10.7.1</h3>" in newest
    assert "10.6.9</h3>" not in newest
    assert "10.7.1 is newer" in page


def test_what_one_runs_is_kept_once(contact, licence):
    client = signed_in(contact)
    for version, known in (("10.6.1", "10.6.1"), ("latest", "10.6.1"), ("10.6.3", "10.6.3")):
        client.post(reverse("resources:running"), {"licence": licence.pk, "version": version})
        assert RunningVersion.objects.get(licence=licence).version == known
    client.post(reverse("resources:running"), {"licence": licence.pk, "version": "10.6.3.0"})
    assert JournalEntry.objects.filter(kind="licence.running").count() == 2


def test_the_api_says_what_a_licence_gets_and_gives_links(contact, licence):
    file = make.make_release_file(make.make_release("10.6.2"), content=b"x")
    later = make.make_release("11.0", kind="upgrade")
    client = Client(headers={"Authorization": f"Token {make_api_token(contact, at=AT)}"})

    found = client.get("/api/v1/releases/", {"licence": licence.key}).json()["results"]

    assert [(one["version"], one["available"]) for one in found] == [
        ("11.0", False),
        ("10.6.2", True),
    ]
    assert found[1]["files"][0]["sha256"] == file.sha256
    url = f"/api/v1/releases/{file.release_id}/download/"
    said = client.post(url, {"file": file.pk, "licence": licence.key}, "application/json").json()
    assert said["url"].startswith("http")
    assert said["seconds"] == 60
    other = make.make_release_file(later, content=b"x")
    asked = {"file": other.pk, "licence": str(licence.pk)}
    refused = client.post(f"/api/v1/releases/{later.pk}/download/", asked, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_in_your_licence")
    stranger = make.make_contact()
    token = make_api_token(stranger, at=AT)
    client = Client(headers={"Authorization": f"Token {token}"})
    assert client.get("/api/v1/releases/", {"licence": licence.key}).status_code == 404


def test_checksums_and_signatures_are_files_that_tools_read(contact, licence):
    file = make.make_release_file(signature=SIGNED)
    client = signed_in(contact)

    sums = client.get(reverse("resources:release_checksums", args=[file.release_id]))

    assert sums.content.decode() == f"{file.sha256}  {file.name}\n"
    signature = client.get(reverse("resources:release_signature", args=[file.pk]))
    assert signature.content.decode().startswith("-----BEGIN")


def test_releases_are_found_by_version_and_words(contact, licence, client):
    with transaction.atomic():
        one = make.make_release("10.6.77", notes="The quota of shared folders counts right.")
    make.make_fix(one, words="Quota counts twice")
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))

    page = signed_in(contact).get("/search/?q=quota").content.decode()

    assert one.get_absolute_url() in page


@pytest.mark.parametrize("url", ("/downloads/", "/downloads/{pk}/", "/api/v1/releases/"))
def test_lists_cost_the_same_with_one_and_three_rows(
    url, contact, licence, django_assert_max_num_queries
):
    client, counts = signed_in(contact), []
    client.get("/downloads/")  # what is kept of the catalogue is read
    for number in range(3):
        one = make.make_release(f"10.6.{number}")
        make.make_release_file(one)
        make.make_fix(one)
        make.make_subscription(make.make_licence(contact.organisation))
        if number != 1:
            with django_assert_max_num_queries(25) as queries:
                client.get(url.format(pk=one.pk))
            counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_desk_s_list_costs_the_same_with_one_and_three_rows(
    manager, django_assert_max_num_queries
):
    client, counts = signed_in(manager), []
    for number in range(3):
        make.make_release_file(make.make_release(f"10.6.{number}"))
        if number != 1:
            with django_assert_max_num_queries(14) as queries:
                client.get(reverse("admin:releases"))
            counts.append(len(queries))

    assert counts[0] == counts[1]
