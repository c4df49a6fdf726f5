"""One settings file. Everything that differs between two offices comes from the environment, and is read
here, typed, with a sentence when it is wrong. `docs/run/settings.md` lists every name (a house test holds it)."""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent


def text(name: str, default: str) -> str:
    """A setting as text; an empty value counts as absent."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """A setting that is on or off; anything else is refused."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0.")


def names(name: str, default: str) -> list[str]:
    """A setting that lists names, separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def kept_secret(path: Path) -> str:
    """The signing secret of this installation: from the environment, else made once and kept with mode 0600."""
    given = os.environ.get("QINGQU_SECRET_KEY", "")
    if given:
        return given
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # whoever comes first wins; the others read the winner's
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def database(home: Path) -> dict[str, Any]:
    """SQLite in the home by default; DATABASE_URL moves it to PostgreSQL."""
    url = text("DATABASE_URL", f"sqlite:///{home / 'qingqu.sqlite3'}")
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    except (ValueError, dj_database_url.UnknownSchemeError) as error:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read: write postgresql://USER:PASSWORD@HOST:PORT/NAME or sqlite:////PATH."
        ) from error
    if parsed["ENGINE"].endswith("sqlite3"):
        parsed["OPTIONS"] = {
            # Journal and sync: an acknowledged entry survives power loss. recursive_triggers: INSERT OR
            # REPLACE must not slip past the ledger's triggers. IMMEDIATE: writers queue, they never deadlock.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
                "PRAGMA foreign_keys=ON;"
            ),
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
        }
    return parsed


QINGQU_HOME = Path(text("QINGQU_HOME", "var")).resolve()
ENGINE_URL = text("ENGINE_URL", "duckdb://")
# One letter that starts every readable reference (I-2026-0001), so that two instances never share one.
QINGQU_INSTANCE = text("QINGQU_INSTANCE", "")
QINGQU_ORIGIN = text("QINGQU_ORIGIN", "qingqu.local")  # the ledger's name in its signed checkpoints
QINGQU_COUNTY = text("QINGQU_COUNTY", "")  # the county's name on the pages; empty: from the divisions

DEBUG = flag("QINGQU_DEBUG", default=False)
QINGQU_HTTPS = flag("QINGQU_HTTPS", default=False)
SECRET_KEY = kept_secret(QINGQU_HOME / "keys" / "secret")
ALLOWED_HOSTS = names("QINGQU_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = names("QINGQU_TRUSTED_ORIGINS", "")
QINGQU_LOG_LEVEL = text("QINGQU_LOG_LEVEL", "WARNING").upper()

ROOT_URLCONF = "qingqu.urls"
WSGI_APPLICATION = "qingqu.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(QINGQU_HOME)}
AUTH_USER_MODEL = "orgs.Person"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "qingqu.base",
    "qingqu.ledger",
    "qingqu.files",
    "qingqu.orgs",
    "qingqu.exchange",
    "qingqu.projects",
    "qingqu.watch",
    "qingqu.desk",
    "qingqu.ops",
    "qingqu.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [ROOT / "base" / "templates"],  # before allauth's own pages of the same name
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qingqu.base.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "qingqu.base.templatetags.ui",
            ],
        },
    }
]

# People
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk-start"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "qingqu.orgs.adapter.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # django-axes counts and locks, in one place
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
# Per account only: a county office shares one address, and locking it would lock everyone out.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = QINGQU_HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = QINGQU_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if QINGQU_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = QINGQU_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if QINGQU_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its small marks as data: images
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Words and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["qingqu.base.formats"]

# Files and pages
STATIC_URL = "static/"
STATIC_ROOT = QINGQU_HOME / "static"
STATICFILES_DIRS = [ROOT / "base" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = QINGQU_HOME / "files"  # named, never served: qingqu.files opens its own folder
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
QINGQU_UPLOAD_MAX_BYTES = 512 * 1024 * 1024

# Work that may take its time
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": QINGQU_LOG_LEVEL},
}
