"""A backup is proved when it is made, and puts everything back: rows, files, key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import Organisation
from axsupport.operating import backup, restore
from axsupport.operating.backup import (
    DUMP,
    FILES,
    KEYS,
    MANIFEST,
    Manifest,
    back_up,
    forget_old,
)
from core import rls
from tests.factories import NINE, days, make_contact

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("backup")]


@pytest.fixture(autouse=True)
def folders(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / "secret_key").write_text(settings.SECRET_KEY)
    (settings.DATA_DIR / "factor_key").write_text("the factors' key\n")


def names() -> set[str]:
    with rls.everything():
        return set(Organisation.objects.values_list("name", flat=True))


def test_what_was_backed_up_comes_back_whatever_happened_since(settings, tmp_path):
    person, stranger = make_contact(), make_contact()
    kept = {person.organisation.name, stranger.organisation.name}
    default_storage.save("a/file.txt", ContentFile(b"bytes"))
    folder = back_up(tmp_path / "to", at=NINE)
    with rls.everything():
        Organisation.objects.update(name="Overwritten")
    default_storage.save("a/later.txt", ContentFile(b"later"))
    for name in KEYS:
        (settings.DATA_DIR / name).write_text("another")
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another"

    said = restore.restore(folder, at=NINE + days(1), replace=True)

    assert names() == kept
    root = Path(settings.MEDIA_ROOT)
    assert [one.name for one in (root / "a").iterdir()] == ["file.txt"]
    assert (root / "a" / "file.txt").read_bytes() == b"bytes"
    assert len(list(root.parent.glob("files.before-*/a/later.txt"))) == 1
    assert (settings.DATA_DIR / "secret_key").read_text() == key
    assert (settings.DATA_DIR / "factor_key").read_text() == "the factors' key\n"
    assert said[-1] == "Stop and start the desk now."
    with connection.cursor() as cursor:  # the walls stand again
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'notices_notice'")
        assert cursor.fetchone() == (True,)


def test_a_desk_without_people_and_files_is_restored_without_asking(settings, tmp_path):
    folder = back_up(tmp_path / "to", at=NINE, verify=False)

    said = restore.restore(folder, at=NINE)

    assert said == ["Stop and start the desk now."]
    assert list(Path(settings.MEDIA_ROOT).iterdir()) == []


def test_it_counts_every_row_of_every_organisation(tmp_path):
    make_contact(), make_contact()

    folder = back_up(tmp_path, at=NINE, verify=False)

    rows = Manifest.read(folder).rows
    assert rows["accounts_organisation"] == rows["accounts_person"] == 2
    assert {one.name for one in folder.iterdir()} == {DUMP, FILES, *KEYS, MANIFEST}
    assert not any((folder / name).stat().st_mode & 0o077 for name in KEYS)


def test_a_desk_with_people_is_not_overwritten_by_mistake(tmp_path):
    make_contact()
    folder = back_up(tmp_path, at=NINE, verify=False)

    with pytest.raises(CommandError, match="Say --replace"):
        restore.restore(folder, at=NINE)
    assert len(names()) == 1


def test_a_damaged_backup_changes_nothing(tmp_path):
    make_contact()
    folder = back_up(tmp_path, at=NINE, verify=False)
    with (folder / DUMP).open("r+b") as file:
        file.seek(100)
        before = file.read(4)
        file.seek(100)
        file.write(bytes(255 - one for one in before))  # whatever stood there

    with pytest.raises(CommandError, match="damaged"):
        restore.restore(folder, at=NINE, replace=True)
    assert len(names()) == 1


def test_a_backup_that_does_not_restore_whole_is_no_backup(tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "_dump", _one_row_more(backup._dump))

    with pytest.raises(CommandError, match="is another one: accounts_organisation"):
        back_up(tmp_path, at=NINE)

    assert list(tmp_path.glob("axsupport-*")) == []


def _one_row_more(dump):
    def wrong(file: Path) -> dict[str, int]:
        return {**dump(file), "accounts_organisation": 77}

    return wrong


def test_old_ones_go_and_the_latest_stays(tmp_path):
    for age in (40, 31, 29, 1):
        folder = tmp_path / f"{backup.PREFIX}{NINE - timedelta(days=age):{backup.STAMP}}"
        folder.mkdir()
        (folder / MANIFEST).touch()
    (tmp_path / "something else").mkdir()

    old = forget_old(tmp_path, days=30, at=NINE)
    everything = forget_old(tmp_path, days=0, at=NINE)

    assert len(old) == 2
    assert len(everything) == 1
    left = {one.name for one in tmp_path.iterdir()}
    assert left == {"something else", "data", "axsupport-20260301T090000Z"}


def test_the_command_prints_where_it_is(tmp_path, capsys):
    call_command("backup", "--to", str(tmp_path), "--no-verify", "--keep", "30")

    assert (Path(capsys.readouterr().out.strip()) / MANIFEST).exists()
