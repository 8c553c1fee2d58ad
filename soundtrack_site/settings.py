"""One settings module for every home: defaults run one machine with SQLite, the environment says the rest.

Everything an operator may set is listed, with its default, in `.env.example`.
"""

import mimetypes
import os
import secrets
import sys
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from soundtrack_site import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

TESTING = "pytest" in sys.modules
if not TESTING:  # what one operator wrote there must not decide how tests end
    env.read_dotenv(BASE_DIR / ".env")

VAR_DIR = env.directory(BASE_DIR / env.text("VAR_DIR", "var"))


def kept_secret(path: Path) -> str:
    """The site's own secret: made once, readable by its owner alone, the same for every process.

    Written aside and linked into place, so that a process starting beside us never reads half a secret.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its secret counts
        finally:
            draft.unlink()
    return path.read_text().strip()


# The site

SITE_NAME = env.text("SITE_NAME", "Bonus Track")
# Where `manage.py serve` listens: this machine alone, unless told otherwise.
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, least=1)
WORKERS = env.number("WORKERS", 2, least=1, most=64)
# Where browsers find it; links in mails begin with it.
site = env.web_address("SITE_URL", f"http://localhost:{PORT}")
SITE_URL = site.geturl()
IS_HTTPS = site.scheme == "https"

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY") or kept_secret(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", [site.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

ROOT_URLCONF = "soundtrack_site.urls"
WSGI_APPLICATION = "soundtrack_site.wsgi.application"

INSTALLED_APPS = [
    "soundtrack_site",
    "accounts",
    "episodes",
    "reviews",
    "soundtrack_site.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    # Above WhiteNoise, so that static files carry these headers too.
    "soundtrack_site.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    # Above the policy for pages: a picture is the same for all.
    "soundtrack_site.middleware.uploaded_pictures",
    # Above all that set cookies: an answer with a cookie is its reader's alone.
    "soundtrack_site.middleware.cache_policy",
    "soundtrack_site.middleware.known_methods",
    "soundtrack_site.middleware.prefetch",
    "soundtrack_site.middleware.ways_for_scripts",
    "soundtrack_site.middleware.session_key_shape",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.as_member_likes",
    "accounts.middleware.remember_visit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.refusals.say_refused",
    "reviews.middleware.say_when",
    "episodes.middleware.introduce_viewer",
    "soundtrack_site.middleware.pages_for_wrong_methods",
]

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
                "soundtrack_site.context_processors.site",
                "accounts.context_processors.preferences",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


# Data

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock before the first read, so that no transaction has to be given up half
    # way; FULL keeps an acknowledged write through a power cut. Never with ATOMIC_REQUESTS, never with mmap.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    # Threads that share an in-memory database fail with "table is locked": tests use a file.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    # Limits are counted here, so every process must see the same one: Redis, else files in var/.
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "soundtrack_site.bundles.SiteFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# A browser takes rules for prefetching under this type alone; WhiteNoise and Django's own server each have a list.
SPECULATION_RULES = ("application/speculationrules+json", ".speculationrules")
WHITENOISE_MIMETYPES = {SPECULATION_RULES[1]: SPECULATION_RULES[0]}
mimetypes.add_type(*SPECULATION_RULES)


# Members

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.MemberBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "episodes:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.validators.ShortestPasswordValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.validators.OwnNamePasswordValidator"},
    {"NAME": "accounts.validators.GuessablePasswordValidator"},
    {"NAME": "accounts.validators.LongestPasswordValidator"},
]

mail_server = env.mail_server("EMAIL_URL")
HAS_MAIL_SERVER = bool(mail_server)
if HAS_MAIL_SERVER:
    vars().update(mail_server)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "outbox"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <noreply@{site.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Enqueued in the transaction that causes it, done by the worker that `manage.py serve` starts.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
    "user_token": "accounts.forms.UserTokenForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_VALIDATORS = "accounts.validators.username_validators"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_UNIQUE_EMAIL = True
# A site without a mail server cannot ask for proof, and must still let people in.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if HAS_MAIL_SERVER else "optional"
# What others could do to lock a member out is told to the member.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = site.scheme
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# In the browser that signed up: the mail's link leads on to where its form was, and to the words that wait there.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, most=9)
USERSESSIONS_TRACK_ACTIVITY = False
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateAppForm",
    "add_webauthn": "accounts.forms.AddKeyForm",
    "authenticate": "accounts.forms.SecondFactorForm",
    "edit_webauthn": "accounts.forms.RenameKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateByCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
# Where no address can be proven, nobody could have a second factor otherwise.
MFA_ALLOW_UNVERIFIED_EMAIL = not HAS_MAIL_SERVER


# Words and time

LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME = "__Host-language" if IS_HTTPS else "language"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "soundtrack_site.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "UTC")


# Safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        **({"upgrade-insecure-requests": True} if IS_HTTPS else {}),
    },
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "soundtrack_site.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if IS_HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS")
    SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
# Subdomains and preload speak for hosts that this site does not own: the operator's choice.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# A body of 10,000 characters is at most 40 kB; escapes may triple it. More is nobody's review.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
# No form of ours sends more than one file. What is too heavy for a picture is not kept while it arrives.
DATA_UPLOAD_MAX_NUMBER_FILES = 3
FILE_UPLOAD_HANDLERS = ["soundtrack_site.uploads.ShortUploadHandler"]


# Running

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "soundtrack_site.log.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        # A logger without any handler falls back on standard error.
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Looks at its queue every other second, and says so.
        "django_tasks_db": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django_tasks": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Scanners name hosts all day; it says nothing that an operator could mend.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}

if TESTING:
    # Hashing costs 284 ms a time with the real hashers; hashed file names need a collectstatic.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    if REDIS_URL:  # each test process empties its own of Redis's sixteen databases
        CACHES["default"]["LOCATION"] = f"{REDIS_URL}/{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')[2:]}"
    else:
        CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    WHITENOISE_AUTOREFRESH = True
    ACCOUNT_RATE_LIMITS = False

if DEBUG and find_spec("debug_toolbar"):  # `make dev`
    INSTALLED_APPS += ["debug_toolbar"]
    MIDDLEWARE.insert(0, "debug_toolbar.middleware.DebugToolbarMiddleware")
    INTERNAL_IPS = ["127.0.0.1", "::1"]
