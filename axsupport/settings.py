"""All settings, read from the environment; `docs/operations.md` lists them for operators."""

from __future__ import annotations

import os
import sys
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from dkim.crypto import parse_pem_private_key

from axsupport.basics import BASE_DIR, broker, data_dir, secret_key
from core.keeper_sql import LEAST_DAYS
from core.logs import configure_logging
from embedded.addresses import check_addresses
from embedded.errors import ServiceError
from embedded.locate import cache_url, celery_url, embedded_database
from mailroom.text.accounts import ImapAccount
from mailroom.text.authentication import is_authserv_id

env = environ.Env()
LEAST_DKIM_BITS = 1024  # RFC 8301

DATA_DIR = data_dir()
DEMO = env.bool("DEMO", default=False)
DEMO_INCIDENTS = env.int("DEMO_INCIDENTS", default=1500)
DEBUG = False


# How long the database lets us work, wait for a row, and keep a transaction open in silence. A page
# would rather say "busy" than hold a thread that others wait for; a command takes its time.
PATIENCE = {
    "web": {
        "statement_timeout": "20s",
        "lock_timeout": "1500ms",
        "idle_in_transaction_session_timeout": "60s",
    },
    "worker": {
        "statement_timeout": "120s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "300s",
    },
    "command": {"lock_timeout": "30s"},
}


def _role() -> str:
    """What this process is: "web" by wsgi.py, "worker" as Celery's, else "command"."""
    is_worker = "celery" in Path(sys.argv[0]).parts and "worker" in sys.argv
    return str(env.str("PROCESS_ROLE", default="worker" if is_worker else "command"))


def _database() -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="")
    # A command that needs no database, such as inspect_mail, still runs.
    nowhere = {"NAME": "axsupport", "HOST": str(DATA_DIR / "run"), "USER": "axsupport"}
    found: dict[str, Any] = dict(
        env.db_url_config(url) if url else embedded_database(DATA_DIR, "axsupport") or nowhere
    )
    limits = " ".join(f"-c {name}={value}" for name, value in PATIENCE[_role()].items())
    return {
        **found,
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": {"connect_timeout": 5, "options": limits} | found.get("OPTIONS", {}),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }


def _check_addresses() -> None:
    """End with one sentence, whichever part of the desk we are: nothing works without them."""
    try:
        check_addresses(env.str("DATABASE_URL", default=""), env.str("REDIS_URL", default=""))
    except ServiceError as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(os.EX_TEMPFAIL)  # a mail server that pipes into us keeps its mail


def _imap_accounts() -> list[ImapAccount]:
    """The mailboxes of IMAP_URL, separated by spaces; a wrong one ends us with a sentence."""
    try:
        return [ImapAccount.read(url) for url in env.str("IMAP_URL", default="").split()]
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(os.EX_TEMPFAIL)


def _dkim_key(path: str) -> str:
    """The PEM text of an RSA key that signs mails; a wrong one ends us with a sentence."""
    if not path:
        return ""
    try:
        key = Path(path).read_text()
        bits = int(parse_pem_private_key(key.encode())["modulus"]).bit_length()
    except (OSError, UnicodeError) as error:
        print(f"DKIM_PRIVATE_KEY_FILE can not be read: {error}", file=sys.stderr)
    except Exception:  # whatever a file that is no key makes of the parser
        wanted = f"openssl genrsa -traditional -out {path} 2048"
        print(f"{path} holds no RSA key in PEM form. Make one: {wanted}", file=sys.stderr)
    else:
        if bits >= LEAST_DKIM_BITS:
            return key
        print(
            f"{path} is a key of {bits} bits, which no mail server believes: make one of 2048.",
            file=sys.stderr,
        )
    sys.exit(os.EX_TEMPFAIL)


def _authserv_ids(names: list[str]) -> frozenset[str]:
    """In lower case; one that no header can carry ends us with a sentence."""
    wrong = [one for one in names if not is_authserv_id(one)]
    if wrong:
        print(
            f"MAIL_AUTHSERV_IDS: {wrong[0]!r} is no authserv-id. Write the names by which your mail"
            " filters sign Authentication-Results, such as mx.example.com, with commas between.",
            file=sys.stderr,
        )
        sys.exit(os.EX_TEMPFAIL)
    return frozenset(one.strip().lower() for one in names)


def _one_of(name: str, words: tuple[str, ...]) -> str:
    """One of the words, the first by default; another ends us with a sentence."""
    word = str(env.str(name, default=words[0])).strip().lower()
    if word not in words:
        print(f"{name}: {word!r} is none of {', '.join(words)}.", file=sys.stderr)
        sys.exit(os.EX_TEMPFAIL)
    return word


def _days(name: str, *, least: int = 1, default: int = 0) -> int:
    """For how many days a kind is kept, 0 for ever; fewer than `least` end us with a sentence."""
    days: int = env.int(name, default=default)
    if days and days < least:
        print(f"{name}: {least} days are the least; 0 keeps it for ever.", file=sys.stderr)
        sys.exit(os.EX_TEMPFAIL)
    return days


def _dns_server(text: str) -> str:
    """ "192.0.2.53:53", or empty for the machine's own."""
    host, _, port = text.rpartition(":")
    if text and not (host and port.isdigit()):
        print("MAIL_DNS_SERVER: write an address and a port: 192.0.2.53:53", file=sys.stderr)
        sys.exit(os.EX_TEMPFAIL)
    return text


_check_addresses()
SECRET_KEY = secret_key(DATA_DIR)
DATABASES = {"default": _database()}
CELERY_BROKER_URL = celery_url(broker(DATA_DIR))
CACHE_URL = cache_url(broker(DATA_DIR))

SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
# The machine itself may always ask: health checks do.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.list(
    "CSRF_TRUSTED_ORIGINS", default=[SITE_URL] if SITE_URL.startswith("https://") else []
)
SECURE = SITE_URL.startswith("https://")

# Who runs this desk: on every page, mail and report.
VENDOR = {
    "name": env.str("VENDOR_NAME", default="AXIGEN"),
    "product": env.str("VENDOR_PRODUCT", default="AXIGEN Mail Server"),
    "desk": env.str("VENDOR_DESK", default="AxSupport"),
    "support_address": env.str("SUPPORT_ADDRESS", default="support@axigen.example"),
    "phone": env.str("VENDOR_PHONE", default="+40 21 555 0100"),
    "web": env.str("VENDOR_WEB", default="https://www.axigen.example"),
    "address": env.str("VENDOR_ADDRESS", default="Str. Exemplului 1, 010101 București, Romania"),
}

INSTALLED_APPS = [
    "axsupport.apps.AdminConfig",
    "axsupport.apps.AxSupportConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "csp",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "core",
    "notices",
    "accounts",
    "entitlements",
    "rota",
    "resources",
    "tickets",
    "telephone",
    "engagements",
    "mailroom",
    "reports",
    "office",
]

MIDDLEWARE = [
    "core.observe.ObserveMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.compress.CompressMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.tenancy.TenancyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.PersonMiddleware",
    "core.typed.TypedMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "axsupport.urls"
WSGI_APPLICATION = "axsupport.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PATHS_WITHOUT_DATABASE = ("/livez", "/readyz", "/healthz", "/metrics")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.vendor",
            ],
            # What stands on a page a hundred times: tags that every template has.
            "builtins": [
                "django.templatetags.i18n",
                "core.templatetags.looks",
                "entitlements.templatetags.levels",
                "tickets.templatetags.badges",
            ],
        },
    }
]

CACHES = {
    "default": {
        "BACKEND": "core.cache.CalmCache",
        "LOCATION": CACHE_URL,
        "TIMEOUT": 300,
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14

# Sign-in (django-allauth): by e-mail and password, a second factor for whoever wants one.
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["accounts.signin.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "core.typed.csrf_failure"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.signin.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come in by invitation, which proves the address
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "change_password": "accounts.signin_forms.ChangePasswordForm",
    "reset_password_from_key": "accounts.signin_forms.ResetPasswordForm",
}
# The key is an address together with a source (accounts/signin.py).
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invitation or a mailed link proved it
INVITATIONS_A_DAY = env.int("INVITATIONS_A_DAY", default=30)  # of one organisation
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=120)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "accounts.factors.FactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.signin_forms.CodeForm",
    "authenticate_webauthn": "accounts.signin_forms.PasskeyForm",
    "add_webauthn": "accounts.signin_forms.AddPasskeyForm",
    "login_webauthn": "accounts.signin_forms.PasskeySignInForm",
    "reauthenticate_webauthn": "accounts.signin_forms.PasskeyAgainForm",
}
# Encrypts their secrets (accounts/factor_keys.py); without it a file in DATA_DIR does.
FACTOR_KEY = env.str("FACTOR_KEY", default="")
STAFF_NEED_SECOND_FACTOR = env.bool("STAFF_NEED_SECOND_FACTOR", default=not DEMO)

# Files: the web pages' own, and what people attach.
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "core.joined.JoinedFiles",
]
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "core.files.DurableStorage"},
    # Names carry a digest, so browsers keep the files for good; those of our pages are packed.
    "staticfiles": {"BACKEND": "core.packed.PackedStaticFiles"},
}
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=25 * 1024 * 1024)
ATTACHMENTS_MAX_COUNT = 10
# Of a table or an archive of old incidents that a manager brings in.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=100 * 1024 * 1024)
# One file of a release; the desk sends big ones in pieces of 8 MB.
RELEASE_FILE_MAX_BYTES = env.int("RELEASE_FILE_MAX_BYTES", default=8 * 1024**3)
# For so long an engineer can take an answer back; 0 sends each at once. Everybody may choose.
UNDO_SECONDS = env.int("UNDO_SECONDS", default=10)
NOTE_MINUTES = env.bool("NOTE_MINUTES", default=False)  # engineers note what they worked
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # of the form's text; files stream to disk
PAGE_THREADS = 8  # of a web process, that work; many more wait for slow clients (counter.py)

# Where the web server hands over the pages that listen for events (axsupport/events/doorway.py);
# behind a proxy that leads /events/ to their process itself, nothing is there.
EVENTS_SOCKET = env.str("EVENTS_SOCKET", default=str(DATA_DIR / "run" / "events.sock"))

# Mail out: EMAIL_URL for SMTP, or any django-anymail back-end by EMAIL_BACKEND.
EMAIL = env.email_url_config(env.str("EMAIL_URL", default="")) if env.str("EMAIL_URL", "") else {}
vars().update(EMAIL)
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default=EMAIL.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"),
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"{VENDOR['name']} support <{VENDOR['support_address']}>"
)
# Signs what leaves by SMTP: a PEM key (RSA), whose public half stands in DNS at
# <selector>._domainkey.<domain of the sender>. A wrong key is said at the start, not mail by mail.
DKIM_SELECTOR = env.str("DKIM_SELECTOR", default="axsupport")
DKIM_PRIVATE_KEY = _dkim_key(env.str("DKIM_PRIVATE_KEY_FILE", default=""))
SUPPORT_ADDRESSES = env.list("SUPPORT_ADDRESSES", default=[parseaddr(DEFAULT_FROM_EMAIL)[1]])
MAIL_DOMAIN = SUPPORT_ADDRESSES[0].rpartition("@")[2]
# Whose Authentication-Results count (RFC 8601): the filters in front of us, by their authserv-id.
MAIL_AUTHSERV_IDS = _authserv_ids(env.list("MAIL_AUTHSERV_IDS", default=[]))
MAIL_CHECK_DKIM = env.bool("MAIL_CHECK_DKIM", default=True)  # our own check, for doors without one
MAIL_DNS_SERVER = _dns_server(env.str("MAIL_DNS_SERVER", default=""))
MAIL_MAX_BYTES = env.int("MAIL_MAX_BYTES", default=60 * 1024 * 1024)
# Where `lmtpd` takes mails from a mail server: "127.0.0.1:24" or a socket's path; nowhere if empty.
LMTP_LISTEN = env.str("LMTP_LISTEN", default="")

# Settings of django-anymail by its own names: ANYMAIL_WEBHOOK_SECRET, ANYMAIL_MAILGUN_API_KEY, ...
ANYMAIL = {
    name.removeprefix("ANYMAIL_"): value
    for name, value in os.environ.items()
    if name.startswith("ANYMAIL_")
}
if ANYMAIL.get("WEBHOOK_SECRET"):  # a provider posts a whole mail as one field
    DATA_UPLOAD_MAX_MEMORY_SIZE = MAIL_MAX_BYTES * 3 // 2
# The largest request that anything takes: a form with all of its files, or a provider's mail.
BODY_MAX_BYTES = DATA_UPLOAD_MAX_MEMORY_SIZE + ATTACHMENTS_MAX_COUNT * ATTACHMENT_MAX_BYTES
MAILS_AN_HOUR = env.int("MAILS_AN_HOUR", default=60)  # of one sender; the rest waits for a human
# As many of them while nothing proves the sender: counted apart (M1).
UNPROVEN_MAILS_AN_HOUR = env.int("UNPROVEN_MAILS_AN_HOUR", default=MAILS_AN_HOUR)
# What they may do by themselves: "take", "answer" or "keep" (mailroom.enums.UnprovenMails).
UNPROVEN_MAILS = _one_of("UNPROVEN_MAILS", ("take", "answer", "keep"))
IMAP_ACCOUNTS = _imap_accounts()
# For how long what is kept, in days; 0 is for ever (accounts.tasks.forget_old).
KEEP_RAW_MAILS_DAYS = _days("KEEP_RAW_MAILS_DAYS")
KEEP_IMPORT_LINES_DAYS = _days("KEEP_IMPORT_LINES_DAYS", default=90)
KEEP_SUPPRESSED_MAILS_DAYS = _days("KEEP_SUPPRESSED_MAILS_DAYS")
KEEP_UNCONFIRMED_READERS_DAYS = _days("KEEP_UNCONFIRMED_READERS_DAYS", least=7, default=7)
KEEP_JOURNAL_DAYS = _days("KEEP_JOURNAL_DAYS", least=LEAST_DAYS)
KEEP_CLOSED_ORGANISATIONS_DAYS = _days("KEEP_CLOSED_ORGANISATIONS_DAYS")
IMAP_SECONDS = env.float("IMAP_SECONDS", default=60.0)  # between two looks, without news

# Calls of people's telephones at a breach: a class with `place` (notices/sending/calling.py).
CALL_BACKEND = env.str("CALL_BACKEND", default="notices.sending.calling.LogBackend").replace(
    "notices.calling.",
    "notices.sending.calling.",  # its place before
)
CALL_WEBHOOK_URL = env.str("CALL_WEBHOOK_URL", default="")
CALL_WEBHOOK_TOKEN = env.str("CALL_WEBHOOK_TOKEN", default="")
CALL_WEBHOOK_SECONDS = env.float("CALL_WEBHOOK_SECONDS", default=10.0)

# Whether a registered licence key is genuine: a class with `check` (actions/key_checks.py).
LICENCE_CHECK = env.str("LICENCE_CHECK", default="entitlements.actions.key_checks.SchemeCheck")
LICENCE_CHECK_URL = env.str("LICENCE_CHECK_URL", default="")
LICENCE_CHECK_TOKEN = env.str("LICENCE_CHECK_TOKEN", default="")
LICENCE_CHECK_SECONDS = env.float("LICENCE_CHECK_SECONDS", default=5.0)

# Workers: the beat table is in axsupport/celery.py.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    # A Redis that is frozen, or behind a line that went dead, is left after this long.
    "socket_connect_timeout": 5,
    "socket_timeout": 5,
    "socket_keepalive": True,
    "max_retries": 0,  # nobody who files an incident waits for a broker: the sweep will do
}
CELERY_TIMEZONE = "UTC"

# Security: no script, style, image or frame but our own.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
COMPRESS_RESPONSES = env.bool("COMPRESS_RESPONSES", default=True)  # a proxy may do it instead
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE and env.bool("SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0)
if env.bool("BEHIND_HTTPS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = "UTC"
# In whose days and hours managers read their figures.
DESK_TIMEZONE = env.str("DESK_TIMEZONE", default="Europe/Berlin")
LANGUAGE_CODE = "en-gb"
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
# Languages of the portal besides English (`core.languages`). One is offered when its file is there.
LANGUAGES_OFFERED = env.list("LANGUAGES_OFFERED", default=[])

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "core.pagination.Pagination",
    "DEFAULT_FILTER_BACKENDS": ["core.filtering.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["core.throttle.PersonThrottle"],
    "DEFAULT_PARSER_CLASSES": [
        "core.drf.JSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "core.drf.answer_error",
    "PAGE_SIZE": 50,
}
# Call-backs (rule 9): "at once" in minutes, and how far ahead a slot may lie.
CALL_BACK_WITHIN_MINUTES = env.int("CALL_BACK_WITHIN_MINUTES", default=15)
CALL_BACK_DAYS_AHEAD = env.int("CALL_BACK_DAYS_AHEAD", default=14)
NEWSLETTER_ASKED_AN_HOUR = env.int("NEWSLETTER_ASKED_AN_HOUR", default=10)  # by one address
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=600)
SPECTACULAR_SETTINGS = {
    "TITLE": f"{VENDOR['desk']} API",
    "DESCRIPTION": "File incidents, follow them, see what they are entitled to.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "StateEnum": "tickets.enums.State",
        "ReportStateEnum": "reports.enums.ReportState",
        "MessageKindEnum": "tickets.enums.MessageKind",
        "CallBackStateEnum": "telephone.enums.CallBackState",
        "ChannelEnum": "entitlements.enums.Channel",
        "EngagementStateEnum": "engagements.enums.State",
        "EngagementKindEnum": "engagements.enums.Kind",
        "TrainingStateEnum": "engagements.enums.SessionState",
        "DefectStateEnum": "resources.models.defects.DefectState",
        "ReleaseKindEnum": "resources.enums.ReleaseKind",
    },
}

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # e-mail addresses are unique, by a constraint on their lower case
]
LOGGING = {
    **configure_logging(),
    "loggers": {"pikepdf": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
