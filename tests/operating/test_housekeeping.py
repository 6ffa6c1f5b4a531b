"""What is removed by night, and what stays."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from axsupport.operating import housekeeping
from axsupport.tasks import keep_house
from core.clock import database_now
from notices.models import Notice
from tests.factories import NINE, days, make_attachment, make_notice

pytestmark = pytest.mark.django_db


def test_sessions_that_ended_go():
    Session.objects.create(session_key="old", session_data="", expire_date=NINE - days(1))
    Session.objects.create(session_key="new", session_data="", expire_date=NINE + days(1))

    assert housekeeping.clear_sessions(NINE) == 1
    assert Session.objects.get().session_key == "new"


def test_notices_of_two_years_ago_go_and_what_is_owed_stays():
    long_ago = NINE - timedelta(days=731)
    make_notice(made_at=long_ago, next_at=long_ago, sent_at=long_ago)
    owed = make_notice(made_at=long_ago, next_at=long_ago)
    recent = make_notice(made_at=long_ago, next_at=long_ago, sent_at=NINE - days(700))

    assert housekeeping.clear_notices(NINE) == 1
    assert set(Notice.objects.all()) == {owed, recent}


def test_old_files_without_a_row_go(settings):
    kept = str(make_attachment().file.name)
    default_storage.save("attachments/orphan", ContentFile(b"x"))
    default_storage.save("attachments/young", ContentFile(b"x"))
    root, old = Path(settings.MEDIA_ROOT), (database_now() - days(2)).timestamp()
    for name in (kept, "attachments/orphan"):
        os.utime(root / name, (old, old))

    assert keep_house() == 1

    left = {str(one.relative_to(root)) for one in root.rglob("*") if one.is_file()}
    assert left == {kept, "attachments/young"}
