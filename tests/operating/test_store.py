"""Backups in an object store, by a server that speaks as S3 does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from moto.server import ThreadedMotoServer

from accounts.models import Organisation
from axsupport.operating.backup import DUMP, FILES, KEYS, MANIFEST, PREFIX, STAMP
from axsupport.operating.store import Store
from core import rls
from tests.factories import NINE, make_contact

pytestmark = pytest.mark.xdist_group("backup")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def s3(server, monkeypatch) -> Any:
    for name, value in {
        "AWS_ENDPOINT_URL_S3": server,
        "AWS_ACCESS_KEY_ID": "desk",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    where = {"LocationConstraint": "eu-central-1"}
    client.create_bucket(Bucket="safe", CreateBucketConfiguration=where)
    yield client
    for one in client.list_objects_v2(Bucket="safe").get("Contents", ()):
        client.delete_object(Bucket="safe", Key=one["Key"])
    client.delete_bucket(Bucket="safe")


def keys(s3) -> list[str]:
    return [one["Key"] for one in s3.list_objects_v2(Bucket="safe").get("Contents", ())]


def a_backup(folder: Path, age: int = 0) -> Path:
    made = folder / f"{PREFIX}{NINE - timedelta(days=age):{STAMP}}"
    made.mkdir()
    for name in (DUMP, FILES, *KEYS, MANIFEST):
        (made / name).write_text(name)
    return made


@pytest.mark.django_db(transaction=True)
def test_it_goes_there_and_comes_back_whole(s3, settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path
    for name in KEYS:
        (tmp_path / name).write_text(settings.SECRET_KEY)
    person = make_contact()
    default_storage.save("a/file.txt", ContentFile(b"bytes"))

    call_command("backup", "--to", "s3://safe/desk/", "--no-verify")  # `restore` tries it first
    address = capsys.readouterr().out.strip()
    assert address.startswith("s3://safe/desk/axsupport-")
    assert not list(tmp_path.glob("backup-*"))  # nothing of it stays here
    with rls.everything():
        Organisation.objects.update(name="Overwritten")
    default_storage.delete("a/file.txt")

    call_command("restore", address, "--replace")

    with rls.everything():
        assert Organisation.objects.get().name == person.organisation.name
    assert (Path(settings.MEDIA_ROOT) / "a" / "file.txt").read_bytes() == b"bytes"
    with pytest.raises(CommandError, match="is no whole backup"):
        call_command("restore", "s3://safe/desk/axsupport-20200101T000000Z")


def test_old_ones_go_and_the_latest_and_what_is_others_stay(s3, tmp_path):
    store = Store("s3://safe/desk")
    for age in (40, 31, 29):
        store.put(a_backup(tmp_path, age))
    s3.put_object(Bucket="safe", Key=f"desk/{PREFIX}20990101T000000Z/{DUMP}", Body=b"not whole")
    s3.put_object(Bucket="safe", Key=f"other/{PREFIX}20200101T000000Z/{MANIFEST}", Body=b"{}")

    assert len(store.forget_old(days=30, at=NINE)) == 2
    assert store.forget_old(days=0, at=NINE) == []
    left = {key.rpartition("/")[0] for key in keys(s3)}
    newest = f"{NINE - timedelta(days=29):{STAMP}}"
    assert left == {
        f"desk/{PREFIX}{newest}",
        f"desk/{PREFIX}20990101T000000Z",
        f"other/{PREFIX}20200101T000000Z",
    }


def test_nothing_is_written_over(s3, tmp_path):
    folder = a_backup(tmp_path)
    Store("s3://safe").put(folder)

    with pytest.raises(CommandError, match="is there already"):
        Store("s3://safe").put(folder)
    assert len(keys(s3)) == 5


@pytest.mark.parametrize("address", ("s3://no-such-bucket/x", "s3:///x"))
def test_what_is_wrong_is_one_sentence(s3, tmp_path, address):
    with pytest.raises(CommandError, match=r"NoSuchBucket|names no bucket"):
        Store(address).put(a_backup(tmp_path))
