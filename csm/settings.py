"""All settings, read from the environment (names: README, "Settings")."""

import sys
from datetime import time, timedelta
from ipaddress import ip_network
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from csm import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _time_of_day(name: str, default: str) -> time | None:
    value = env.str(name, default)
    return time.fromisoformat(value) if value else None


CSM_ENV = env.str("CSM_ENV", "development")
PRODUCTION = CSM_ENV == "production"
DEBUG = False
DATA_DIR = embedded.data_dir()
# SHA-256 of the token that /status.json asks for; without one there is no such page.
STATUS_TOKEN_HASH = env.str("STATUS_TOKEN_HASH", "").lower()

if PRODUCTION:
    missing = [
        name
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS")
        if not env.str(name, "")
    ]
    if missing:
        sys.exit(f"CSM cannot start in production: set {', '.join(missing)}.")
    SECRET_KEY = env.str("SECRET_KEY")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
    if len(SECRET_KEY) < 32 or "*" in ALLOWED_HOSTS:
        sys.exit(
            "CSM cannot start in production: SECRET_KEY needs 32 characters or more, "
            "and ALLOWED_HOSTS must name each host."
        )
else:
    SECRET_KEY = env.str("SECRET_KEY", "") or embedded.secret_key(DATA_DIR)
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

# Former keys: with one here, links that were issued under it can still be written into letters.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

PORT = env.int("PORT", 8000)
# The origin that every link in a message starts with: never taken from a request.
BASE_URL = env.str("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
# Networks of our own proxies: only what they say of a visitor's address is believed.
TRUSTED_PROXIES = [ip_network(each) for each in env.list("TRUSTED_PROXIES", default=[])]
COMPANY_NAME = env.str("COMPANY_NAME", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "organisation",
    "customers",
    "complaints",
    "surveys",
    "staff",
    "reports",
    "csm",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "csm.middleware.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "organisation.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csm.middleware.SizeMiddleware",
    "csm.middleware.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csm.middleware.RefusedMiddleware",
]

ROOT_URLCONF = "csm.urls"
WSGI_APPLICATION = "csm.wsgi.application"
FORM_RENDERER = "csm.kit.fields.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csm.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                f"csm.templatetags.{name}" for name in ("csm", "clocks", "rows", "registers")
            ],
        },
    }
]

DATABASES = {
    "default": {
        **env.db_url_config(env.str("DATABASE_URL", "") or embedded.database_url(DATA_DIR)),
        "ENGINE": "django.db.backends.postgresql",
        # A connection per request costs 6-8 ms.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
# Compiling a query takes longer than a page may.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "") or embedded.redis_url(DATA_DIR)

AUTH_USER_MODEL = "organisation.Person"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "my-work"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "csm.views.csrf_failure"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "Asia/Shanghai")
# When mails wait that are not critical, unless a person chose otherwise; both empty: never.
QUIET_FROM = _time_of_day("QUIET_FROM", "22:00")
QUIET_UNTIL = _time_of_day("QUIET_UNTIL", "07:00")

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Development serves straight from the source folders: no collectstatic between an edit and a look.
if not PRODUCTION:
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True
    STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
# Of a form without a login: five photos and the words.
PUBLIC_MAX_BYTES = 5 * UPLOAD_MAX_BYTES + 1024 * 1024
IMPORT_MAX_BYTES = 50 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "organisation.uploads.SpoolHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# A thousand chosen complaints, or a policy with hundreds of steps, in one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "CSM <csm@localhost>")

# Workers run sweeps: a lost or repeated message is harmless, a hanging broker must not hold a page.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    # Nothing is acknowledged over the network: a worker whose acknowledgement was lost in a freeze
    # of the broker ends itself when the connection breaks next (kombu 5.7).
    "ack_emulation": False,
}
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 8
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organisation.api.authentication.TokenAuthentication",
        "organisation.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["csm.api.parsers.ObjectParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "csm.api.schema.Schema",
    "EXCEPTION_HANDLER": "csm.api.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CSM",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # Names for the choices of fields that share a name.
    "ENUM_NAME_OVERRIDES": {
        "RankingBarrier": "reports.rankings.BARRIERS",
        "ChurnLevel": "customers.models.Level",
        "ChurnSign": "customers.models.Sign",
        "RetentionOutcome": "customers.models.Outcome",
        "LeavingReason": "customers.models.Reason",
        "RetentionStatus": "customers.models.CaseStatus",
        "RoleEnum": "organisation.models.Role",
        "AuditKind": "staff.models.AuditKind",
        "AuditStatus": "staff.models.AuditStatus",
        "TipStatus": "staff.models.TipStatus",
        "ComplaintStatus": "complaints.models.Status",
        "ClockState": "complaints.models.TimerState",
        "OrderStatus": "complaints.models.OrderStatus",
        "NoticeState": "complaints.models.NoticeStatus",
        "OrderSection": "complaints.models.OrderSection",
        "OrderSource": "complaints.models.OrderSource",
        "AssessmentKind": "complaints.models.AssessmentKind",
        "RecoveryKind": "complaints.models.RecoveryKind",
        "PromiseKind": "complaints.models.PromiseKind",
        "RecoveryStatus": "complaints.models.RecoveryStatus",
        "CustomerKind": "customers.models.Kind",
        "CustomerTier": "customers.models.Tier",
        "CustomerGrade": "customers.models.Grade",
        "MeasureStatus": "complaints.models.MeasureStatus",
        "CheckStatus": "complaints.models.CheckStatus",
        "LessonStatus": "complaints.models.LessonStatus",
        "ImprovementKind": "complaints.models.ImprovementKind",
        "ImprovementStatus": "complaints.models.ImprovementStatus",
        "AwardKind": "staff.models.AwardKind",
        "PlanKind": "staff.models.PlanKind",
        "CardKind": "staff.models.CardKind",
        "StarStatus": "staff.models.StarStatus",
        "StarBarrier": "staff.models.Barrier",
        "CardBarrier": "staff.models.CardBarrier",
        "ReviewOutcome": "staff.models.ReviewOutcome",
        "CourseLevel": "staff.models.CourseLevel",
        "VisitKind": "customers.models.VisitKind",
        "VisitStatus": "customers.models.VisitStatus",
        "VisitPurpose": "customers.models.Purpose",
        "FindingKind": "customers.models.FindingKind",
        "CareChannel": "customers.models.Channel",
        "ChannelEnum": "complaints.models.Channel",
        "CareStatus": "customers.models.CareStatus",
        "NoticeCause": "customers.models.Cause",
        "CustomerNoticeStatus": "customers.models.NoticeStatus",
        "PeriodStage": "reports.closing.Stage",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "csm.kit.secrecy.Formatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
