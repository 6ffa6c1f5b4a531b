"""A stored mail wakes a worker, and workers share what there is."""

from __future__ import annotations

import pytest
from django.db import connection, connections

from core import rls
from mailroom.actions.intake import HANDLES, handle, handle_if_free, store
from mailroom.models import InboundMail
from mailroom.tasks import handle_mails
from tests.factories import NINE

RAW = (
    b"From: nobody@elsewhere.example\r\nTo: support@axigen.example\r\nSubject: x\r\n\r\nHello.\r\n"
)


@pytest.mark.django_db
def test_a_stored_mail_wakes_a_worker_unless_its_caller_handles_it(monkeypatch):
    woken: list[str] = []
    monkeypatch.setattr("mailroom.actions.intake.nudge_on_commit", woken.append)

    store(RAW, at=NINE, wakes=False)
    assert woken == []
    store(RAW, at=NINE)
    assert woken == [HANDLES] == [handle_mails.name]


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_another_worker_has_in_hand_is_left_to_it():
    with rls.everything():
        taken, free = (store(RAW + bytes([n]), at=NINE, wakes=False).pk for n in (65, 66))
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN; SELECT set_config('app.scope', 'all', true)")
        table = connection.ops.quote_name(InboundMail._meta.db_table)
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [taken])

        done = handle_mails()
        with rls.everything():
            left = handle_if_free(taken, at=NINE)
    other.close()

    with rls.everything():
        assert (done, left) == (1, False)
        assert InboundMail.objects.get(pk=free).handled_at is not None
        assert handle(taken, at=NINE).handled_at is not None
