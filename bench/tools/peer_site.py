"""django-helpdesk as a site to compare pages with: `gunicorn --pythonpath bench/tools peer_site`.

Imported by itself, not as part of `bench`, which would start our own desk with it. DATABASE_URL
names its database. `python bench/tools/peer_site.py COUNT` fills that with as many tickets, a
quarter of them unfinished, three follow-ups each; `python bench/tools/peer_site.py` prints the
session of an engineer and an API address's worth of headers as JSON.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from importlib import import_module
from typing import Any

import django
import environ
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import include, path

os.environ.pop("DJANGO_SETTINGS_MODULE", None)
APPS = ("auth", "contenttypes", "sessions", "sites", "admin", "messages", "humanize", "staticfiles")
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
PROCESSORS = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
)
TICKETS = """
    INSERT INTO helpdesk_ticket (title, queue_id, created, modified, submitter_email,
        assigned_to_id, status, on_hold, description, priority, due_date, secret_key)
    SELECT 'Webmail shows an empty calendar (' || n || ')', %(queue)s, at, at,
        'contact' || n %% 200 || '@bench.example', %(first)s + n %% 10,
        CASE WHEN n %% 4 = 0 THEN 1 ELSE 4 END, false, repeat(%(words)s, 8), 1 + n %% 5,
        at + interval '1 day', 'x' || n
    FROM (SELECT n, now() - n * interval '7 minutes' AS at FROM generate_series(1, %(count)s) n) x
"""
FOLLOW_UPS = """
    INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public, user_id,
        email_recipients)
    SELECT id, created + n * interval '40 minutes', 'Comment', repeat(%(words)s, 8), true,
        assigned_to_id, '[]'
    FROM helpdesk_ticket, generate_series(1, 3) n
"""
WORDS = "Since this morning clients are refused with `connection reset`; the log is below.\n"
urlpatterns: list[Any] = []


def set_up() -> None:
    database = environ.Env().db("DATABASE_URL")
    settings.configure(
        DATABASES={"default": {**database, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}},
        SECRET_KEY="bench",  # of a desk that lives for seconds
        ALLOWED_HOSTS=["127.0.0.1"],
        INSTALLED_APPS=[*(f"django.contrib.{one}" for one in APPS), "rest_framework", "helpdesk"],
        MIDDLEWARE=list(MIDDLEWARE),
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": list(PROCESSORS)},
            }
        ],
        SITE_ID=1,
        USE_TZ=True,
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        ROOT_URLCONF="peer_site",
        LOGIN_URL="/login/",
        HELPDESK_TEAMS_MODE_ENABLED=False,
    )
    django.setup()
    urlpatterns.append(path("", include("helpdesk.urls")))


def fill(count: int) -> None:
    call_command("migrate", verbosity=0)
    users = import_module("django.contrib.auth").get_user_model().objects
    made = [
        users.create_superuser(f"ts1-{n}", f"ts1-{n}@bench.example", "bench") for n in range(10)
    ]
    queue = import_module("helpdesk.models").Queue.objects.create(title="Support", slug="support")
    asked = {"queue": queue.pk, "first": made[0].pk, "count": count, "words": WORDS}
    with connection.cursor() as cursor:
        cursor.execute(TICKETS, asked)
        cursor.execute(FOLLOW_UPS, asked)
        cursor.execute("VACUUM ANALYZE")


def visitor() -> dict[str, object]:
    """What is needed to ask as an engineer: the session, a ticket, the list's own question."""
    auth = import_module("django.contrib.auth")
    user = auth.get_user_model().objects.order_by("pk").first()
    session = import_module("django.contrib.sessions.backends.db").SessionStore()
    session.update(
        {
            auth.SESSION_KEY: str(user.pk),
            auth.BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            auth.HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    session.create()
    models = import_module("helpdesk.models")
    ticket = models.Ticket.objects.filter(status=1).order_by("-created").first()
    wanted = {  # as its page asks at first: unfinished, newest first
        "filtering": {"status__in": [1, 2]},
        "filtering_null": {},
        "sorting": "created",
        "sortreverse": True,
        "search_string": "",
    }
    query = base64.b64encode(json.dumps(wanted).encode()).decode()
    return {
        "session": session.session_key,
        "ticket": ticket.pk,
        "queue": ticket.queue_id,
        "rows": f"/datatables_ticket_list/{query}?draw=1&start=0&length=25",
        "basic": base64.b64encode(b"ts1-0:bench").decode(),
    }


set_up()
if __name__ == "__main__":
    sys.modules["peer_site"] = sys.modules["__main__"]
    if len(sys.argv) > 1:
        fill(int(sys.argv[1]))
    else:
        print(json.dumps(visitor()))
else:
    application = import_module("django.core.wsgi").get_wsgi_application()
