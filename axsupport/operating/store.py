"""Backups in an object store: S3, and whatever else speaks like it.

A backup is its five files below `s3://BUCKET/PREFIX/axsupport-.../`, the manifest last: without one
it is not whole, and nobody takes it for a backup. The store checks the sum of each file as it comes
in; `restore` checks all of them again. Address and keys are boto3's own settings (`AWS_...`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from axsupport.operating.backup import DUMP, FILES, KEYS, MANIFEST, PREFIX, STAMP

SCHEME = "s3://"
NOT_THERE = "Backups in an object store need boto3: pip install -r requirements/s3.txt"


def is_store(address: str) -> bool:
    return address.startswith(SCHEME)


class Store:
    """`s3://BUCKET` or `s3://BUCKET/PREFIX`. What the store refuses is a CommandError."""

    def __init__(self, address: str) -> None:
        self.bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
        self._prefix = prefix.strip("/") + "/" if prefix.strip("/") else ""
        if not self.bucket:
            raise CommandError(f"{address} names no bucket: say {SCHEME}BUCKET/PREFIX.")

    def put(self, folder: Path) -> str:
        """Copy a backup there; its address. What is there is never written over."""
        name = folder.name
        if self._keys(f"{name}/"):
            raise CommandError(f"{self._address(name)} is there already.")
        with self._asking(f"{self._address(name)} was not stored whole"):
            for file in (DUMP, FILES, *KEYS, MANIFEST):
                given = {"ChecksumAlgorithm": "SHA256"}
                key = f"{self._prefix}{name}/{file}"
                self._client.upload_file(str(folder / file), self.bucket, key, ExtraArgs=given)
        return self._address(name)

    def fetch(self, into: Path) -> Path:
        """Copy the one backup that this address names into a folder; its folder there."""
        name = self._prefix.rstrip("/").rpartition("/")[2]
        folder = into / name
        folder.mkdir(mode=0o700)
        with self._asking(f"{SCHEME}{self.bucket}/{self._prefix} is no whole backup"):
            for file in (MANIFEST, DUMP, FILES, *KEYS):
                (folder / file).touch(mode=0o600)
                self._client.download_file(self.bucket, f"{self._prefix}{file}", str(folder / file))
        return folder

    def forget_old(self, *, days: int, at: datetime) -> list[str]:
        """Remove whole backups older than so many days, never the latest; those removed."""
        oldest = f"{PREFIX}{at - timedelta(days=days):{STAMP}}"
        old = [one for one in self._names()[:-1] if one < oldest]
        for name in old:
            with self._asking(f"{self._address(name)} was not removed"):
                for key in sorted(self._keys(f"{name}/"), key=lambda key: MANIFEST not in key):
                    self._client.delete_object(Bucket=self.bucket, Key=key)
        return [self._address(name) for name in old]

    def _names(self) -> list[str]:
        """The whole backups that are there, the oldest first."""
        ends = f"/{MANIFEST}"
        found = (key.removeprefix(self._prefix) for key in self._keys(PREFIX))
        return sorted(one.removesuffix(ends) for one in found if one.endswith(ends))

    def _keys(self, below: str) -> list[str]:
        with self._asking(f"{SCHEME}{self.bucket}/{self._prefix} can not be read"):
            pages: Iterable[dict[str, Any]] = self._client.get_paginator(
                "list_objects_v2"
            ).paginate(Bucket=self.bucket, Prefix=self._prefix + below)
            return [one["Key"] for page in pages for one in page.get("Contents", ())]

    def _address(self, name: str) -> str:
        return f"{SCHEME}{self.bucket}/{self._prefix}{name}"

    @cached_property
    def _client(self) -> Any:
        try:
            import boto3  # noqa: PLC0415 -- not every desk has it
        except ImportError:
            raise CommandError(NOT_THERE) from None
        return boto3.client("s3")

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        """What the store or the line to it says no to, in a sentence."""
        client = self._client  # which finds out whether boto3 is there
        from boto3.exceptions import Boto3Error  # noqa: PLC0415 -- not every desk has it
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- the same

        assert client is not None
        try:
            yield
        except (BotoCoreError, ClientError, Boto3Error) as error:
            raise CommandError(f"{what}: {error}") from error
