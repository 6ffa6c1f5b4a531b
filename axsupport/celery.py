"""The Celery app and its beat table.

Beat only says "look now": every sweep works off rows that are due in the database, may run twice
and in parallel, and catches up by itself after an outage.
"""

import os

from celery import Celery, signals
from celery.schedules import crontab
from kombu import Queue  # type: ignore[attr-defined]  # it fills its module when it is asked

from axsupport.up.starting import refuse_unfit_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "axsupport.settings")

app = Celery("axsupport", task_cls="core.runs:TimedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Before the breaches: after an outage, a breach is noted for the moment that was promised last.
    "upgrades": {"task": "tickets.tasks.apply_subscriptions", "schedule": 20.0},
    "claims": {"task": "entitlements.tasks.check_claims", "schedule": 20.0},
    "confirmed": {"task": "tickets.tasks.take_up_confirmed", "schedule": 20.0},
    "breaches": {"task": "tickets.tasks.note_breaches", "schedule": 10.0},
    "warnings": {"task": "tickets.tasks.notify_of_warnings", "schedule": 20.0},
    "call-backs": {"task": "telephone.tasks.note_late_calls", "schedule": 20.0},
    "tier breaches": {"task": "tickets.tasks.note_internal_breaches", "schedule": 60.0},
    "tier warnings": {"task": "tickets.tasks.notify_of_internal_warnings", "schedule": 60.0},
    "answers": {"task": "tickets.tasks.send_answers", "schedule": 5.0},
    "dispatch": {"task": "tickets.tasks.dispatch_waiting", "schedule": 5.0},
    "workers": {"task": "tickets.tasks.find_workers", "schedule": 30.0},
    "untaken": {"task": "tickets.tasks.pass_on_untaken", "schedule": 20.0},
    "alarmed": {"task": "tickets.tasks.redispatch_alarmed", "schedule": 20.0},
    "mail": {"task": "mailroom.tasks.handle_mails", "schedule": 15.0},
    "kept mail": {"task": "mailroom.tasks.notify_of_kept_mails", "schedule": 60.0},
    "mailboxes": {"task": "mailroom.tasks.watch_mailboxes", "schedule": 60.0},
    "search": {"task": "core.tasks.index_owed", "schedule": 5.0},
    "articles": {"task": "resources.tasks.publish_articles", "schedule": 30.0},
    "promises": {"task": "engagements.tasks.tell_of_promises", "schedule": 60.0},
    "imports": {"task": "office.tasks.work_imports", "schedule": 10.0},
    "forum": {"task": "resources.tasks.tell_forum", "schedule": 10.0},
    "releases": {"task": "resources.tasks.publish_releases", "schedule": 30.0},
    "betas": {"task": "resources.tasks.end_betas", "schedule": crontab(minute="13")},
    "fixes": {"task": "tickets.tasks.tell_of_fixes", "schedule": 30.0},
    "roadmap": {"task": "engagements.tasks.ship_roadmap", "schedule": 60.0},
    "trainings": {"task": "engagements.tasks.remind_of_trainings", "schedule": 60.0},
    "newsletters": {"task": "resources.tasks.send_newsletters", "schedule": 20.0},
    "outbox": {"task": "notices.tasks.send_owed", "schedule": 5.0},
    "report drafts": {
        "task": "reports.tasks.draft_reports",
        "schedule": crontab(minute="17", hour="2"),
    },
    "ledger proof": {
        "task": "entitlements.tasks.prove_ledger",
        "schedule": crontab(minute="41", hour="2"),
    },
    "audit": {"task": "tickets.tasks.audit_yesterday", "schedule": crontab(minute="53", hour="2")},
    "housekeeping": {
        "task": "axsupport.tasks.keep_house",
        "schedule": crontab(minute="7", hour="3"),
    },
    "pack expiry": {"task": "entitlements.tasks.expire_packs", "schedule": crontab(minute="11")},
    "renewals": {"task": "entitlements.tasks.propose_renewals", "schedule": crontab(minute="41")},
    "reminders": {"task": "entitlements.tasks.remind", "schedule": crontab(minute="29")},
    "rota": {"task": "rota.tasks.plan_ahead", "schedule": crontab(minute="37")},
    "sessions": {
        "task": "accounts.tasks.forget_sessions",
        "schedule": crontab(minute="19", hour="3"),
    },
    "erasures": {"task": "accounts.tasks.erase_owed", "schedule": 60.0},
    "retention": {
        "task": "accounts.tasks.forget_old",
        "schedule": crontab(minute="37", hour="3"),
    },
    "account steps": {"task": "office.tasks.remind_of_steps", "schedule": 60.0},
    "by mail": {"task": "office.tasks.send_scheduled", "schedule": 60.0},
    "health": {"task": "office.tasks.keep_health", "schedule": crontab(minute="11", hour="4")},
    "figures": {"task": "office.tasks.keep_figures", "schedule": 300.0},
    "figures audit": {
        "task": "office.tasks.compare_figures",
        "schedule": crontab(minute="31", hour="4"),
    },
    "closing": {"task": "tickets.tasks.close_solved", "schedule": crontab(minute="23")},
}
# What was promised, and who answers it, has a queue and a worker of its own: a thousand mails, or
# incidents that nobody has room for, must not keep a breach waiting.
PROMISES = frozenset({"upgrades", "breaches", "warnings", "call-backs"})
PROMISES |= {"tier breaches", "tier warnings", "dispatch", "answers"}
# A crowd of notices has a queue, too, of which the same worker takes by turns: mails behind them in
# the other wait for one turn and not for all.
SENDING = frozenset({"outbox"})
app.conf.task_queues = [Queue(name) for name in ("celery", "outbox", "promises")]  # type: ignore[no-untyped-call]
app.conf.task_default_queue = "celery"
app.conf.worker_prefetch_multiplier = 1  # what a process takes in hand beforehand has no more turn
app.conf.task_routes = {
    app.conf.beat_schedule[name]["task"]: {"queue": queue}
    for queue, names in (("promises", PROMISES), ("outbox", SENDING))
    for name in names
}
for entry in app.conf.beat_schedule.values():
    # A nudge that waited this long was overtaken by the next ones: after an outage of the workers
    # one look is enough. Much longer than clocks differ: it is beat's clock that says until when,
    # and the worker's that says whether it is past.
    entry["options"] = {"expires": 3600}


@signals.worker_init.connect
def look_at_the_role(**_: object) -> None:
    """Celery's own, not Django's: before a worker takes anything (`axsupport.up.starting`)."""
    refuse_unfit_role()
