"""Files are on the disk before their rows, and gone when those never came about."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import OperationalError, transaction

from core import files, rls
from core.files import DurableStorage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def storage(tmp_path) -> DurableStorage:
    return DurableStorage(location=tmp_path)


def kept(storage: DurableStorage) -> set[str]:
    return {one.name for one in Path(storage.location).rglob("*") if one.is_file()}


def test_the_desk_uses_it():
    assert isinstance(storages["default"], DurableStorage)


def test_file_and_folders_are_synced_before_save_returns(storage, monkeypatch):
    synced: list[str] = []
    monkeypatch.setattr(files, "_sync", lambda path: synced.append(path.name))

    storage.save("a/b/c.txt", ContentFile(b"x"))

    assert synced == ["c.txt", "b", "a", Path(storage.location).name]


def test_a_disk_that_fills_up_leaves_no_half_a_file(storage):
    class Large(ContentFile):  # type: ignore[type-arg]  # generic in the stubs alone
        def chunks(self, chunk_size=None):
            yield b"x" * 1000
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        storage.save("large.bin", Large(b"x"))

    assert kept(storage) == set()


def test_a_commit_keeps_the_file(storage):
    with rls.everything():
        storage.save("kept.txt", ContentFile(b"x"))
    assert kept(storage) == {"kept.txt"}


def test_an_error_removes_it(storage):
    def fail() -> None:
        with rls.everything():
            storage.save("gone.txt", ContentFile(b"x"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert kept(storage) == set()


def test_a_request_that_is_refused_removes_what_it_wrote_and_no_more(storage):
    """As `accounts.tenancy` undoes a refused request: by a savepoint, in silence."""
    with rls.everything():
        storage.save("kept.txt", ContentFile(b"x"))
        with rls.only([1]), transaction.atomic():
            storage.save("gone.txt", ContentFile(b"x"))
            transaction.set_rollback(True)
    assert kept(storage) == {"kept.txt"}


def test_where_the_commit_broke_off_nobody_knows_and_the_file_stays(storage, monkeypatch):
    def breaks() -> None:
        raise OperationalError("server closed the connection unexpectedly")

    def commit() -> None:
        with rls.everything():
            storage.save("perhaps.txt", ContentFile(b"x"))
            connection = transaction.get_connection()
            monkeypatch.setattr(connection, "_commit", breaks)

    with pytest.raises(OperationalError):
        commit()

    assert kept(storage) == {"perhaps.txt"}
