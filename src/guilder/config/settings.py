"""Django settings, read from the environment and `.env`; every name here has a safe default."""

import os
import warnings
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import load_dotenv

load_dotenv(Path.cwd() / ".env")

from guilder.config import cors, database, home, logs, outside, safety  # noqa: E402  (.env first)
from guilder.foundation.edges import scopes  # noqa: E402

safety.require_safe(os.environ)
# Static files are found in the packages; `collectstatic` is for those who want a copy.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)

HOME = home.home()
DEBUG = safety.is_true(os.environ, "DEBUG")
DESIGN_PAGE = DEBUG or safety.is_true(os.environ, "GUILDER_DESIGN_PAGE")
SECRET_KEY = home.secret_key(HOME)
BASE_URL = os.environ.get("GUILDER_BASE_URL", "").rstrip("/")
ALLOWED_HOSTS = [
    host.strip()
    for host in (os.environ.get("ALLOWED_HOSTS") or "127.0.0.1,localhost,[::1]").split(",")
    if host.strip()
]
if (base_host := urlsplit(BASE_URL).hostname) and base_host not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(base_host)
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
TRUSTED_PROXIES = os.environ.get("GUILDER_TRUSTED_PROXIES", "").split(",")
LOGGING = logs.configuration()
CACHES = outside.caches()

ROOMS = [
    "guilder.foundation.tenancy",
    "guilder.foundation.identity",
    "guilder.foundation.files",
    "guilder.foundation.events",
    "guilder.foundation.audit",
    "guilder.foundation.jobs",
    "guilder.foundation.edges",
    "guilder.registers.numbering",
    "guilder.registers.tax",
    "guilder.registers.currencies",
    "guilder.registers.catalogue",
    "guilder.registers.parties",
    "guilder.papers.rendering",
    "guilder.papers.exchange",
    "guilder.books.ledger",
    "guilder.books.workflow",
    "guilder.books.invoicing",
    "guilder.books.bills",
    "guilder.books.payments",
    "guilder.books.charging",
    "guilder.books.sepa",
    "guilder.flows.banking",
    "guilder.flows.billing",
    "guilder.flows.intake",
    "guilder.office.dispatch",
    "guilder.office.channels",
    "guilder.office.dunning",
    "guilder.office.verifactu",
    "guilder.office.desk",
    "guilder.office.search",
    "guilder.office.webhooks",
    "guilder.office.calls",
    "guilder.faces.web",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    *ROOMS,
    "guilder.config",
]

AUTH_USER_MODEL = "identity.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "guilder.config.urls"
WSGI_APPLICATION = "guilder.config.wsgi.application"
ASGI_APPLICATION = "guilder.config.asgi.application"
DATABASES = database.databases(HOME)
DATABASE_ROUTERS: list[str] = []
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("nl", "Nederlands"),
    ("ar", "العربية"),
]

MIDDLEWARE = [
    "guilder.config.health.Health",
    "guilder.config.metrics.Metrics",
    "guilder.config.tracing.Traces",
    "guilder.config.proxies.TrustedProxies",
    "guilder.faces.web.security.SecurityHeaders",
    "guilder.faces.web.security.Compressed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guilder.faces.web.security.RequestId",
    "guilder.config.cors.Cors",
    "guilder.faces.rest.lane.Lane",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

# Cotton finds components, partials make `{% partialdef %}` fragments; their own automatic
# configurations clash with each other, so both are wired by hand, partials outermost.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "guilder.faces.web.loading.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "guilder.faces.web.templatetags.guilder",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guilder.faces.web.shell.shell",
            ],
        },
    }
]
COTTON_SNAKE_CASED_NAMES = False
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees what it is given, and nothing else

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
BANK_FOLDER = HOME / "bank"  # statements that a program of the bank puts there
DOCUMENT_FOLDER = HOME / "documents"  # papers of suppliers that a scanner puts there
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DESIGN_PAGE  # while styles and scripts are being written
WHITENOISE_MAX_AGE = 365 * 24 * 3600  # addresses carry the hash of what they name
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "guilder.config.assets.VersionedStorage"},
}

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = outside.session_engine()
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "guilder.faces.web.errors.token_refused"
if BASE_URL.startswith("https://"):  # browsers take __Host- cookies over HTTPS only
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "guilder.foundation.identity.factors.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Who may make an account: "off", "invitation" or "open". How long a proof of who one is lasts for
# what is sensitive (keys, second factors, bank accounts, exports), in seconds.
REGISTRATION = os.environ.get("GUILDER_REGISTRATION", "").strip().lower() or "invitation"
BREACHED_PASSWORDS = os.environ.get("GUILDER_BREACHED_PASSWORDS", "")  # a file of SHA-1 hashes
PROOF_SECONDS = int(os.environ.get("GUILDER_PROOF_SECONDS") or 900)

THROTTLES = scopes.rates(os.environ)
# How long an answer to a program is kept at most while nothing changed; 0: none is.
ANSWERS_KEPT_SECONDS = int(os.environ.get("GUILDER_ANSWERS_KEPT_SECONDS") or 60)
CORS_ORIGINS = cors.origins(os.environ)

# Days after which what is kept for those who write programs goes, and of nothing but failure
# after which a webhook is switched off.
WEBHOOK_KEEP_DAYS = int(os.environ.get("GUILDER_WEBHOOK_KEEP_DAYS") or 30)
CALL_KEEP_DAYS = int(os.environ.get("GUILDER_CALL_KEEP_DAYS") or 30)  # 0: no log of API calls
CALL_BODIES = safety.is_true(os.environ, "GUILDER_CALL_BODIES")
# Whom to ask whether a VAT id is valid; HMRC wants an application's credentials.
VIES_URL = os.environ.get("GUILDER_VIES_URL") or (
    "https://ec.europa.eu/taxation_customs/vies/rest-api"
)
HMRC_URL = os.environ.get("GUILDER_HMRC_URL") or "https://api.service.hmrc.gov.uk"
HMRC_ID = os.environ.get("GUILDER_HMRC_ID", "")
HMRC_SECRET = os.environ.get("GUILDER_HMRC_SECRET", "")
# Where channels of the kind “folder” lie, and the seconds after which a worker that is silent while
# it sends is taken to have died.
CHANNEL_FOLDERS = os.environ.get("GUILDER_CHANNEL_FOLDERS") or str(HOME / "channels")
CHANNEL_LEASE = int(os.environ.get("GUILDER_CHANNEL_LEASE") or 180)
WEBHOOK_DISABLE_DAYS = int(os.environ.get("GUILDER_WEBHOOK_DISABLE_DAYS") or 5)

_mail = outside.mail()
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = _mail["EMAIL_TIMEOUT"]
DEFAULT_FROM_EMAIL, SERVER_EMAIL = _mail["DEFAULT_FROM_EMAIL"], _mail["SERVER_EMAIL"]
EMAIL_SUBJECT_PREFIX = _mail["EMAIL_SUBJECT_PREFIX"]

outside.report_errors()
