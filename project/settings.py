"""One settings file; the environment decides. docs/en/operators.md lists every variable."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from project import environment

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = environment.flag("DEBUG")

MEDIA_IS_LOCAL = not environment.text("MEDIA_S3_BUCKET")
# What a real site must set. `manage.py serve` refuses to start while one of them is missing, and so does
# anything else with DEBUG off that needs the database.
REQUIRED_IN_PRODUCTION = ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "EMAIL_URL"]
REQUIRED_IN_PRODUCTION += ["MEDIA_ROOT"] if MEDIA_IS_LOCAL else ["MEDIA_S3_URL"]
MISSING_SETTINGS = [] if DEBUG else [name for name in REQUIRED_IN_PRODUCTION if not environment.text(name)]

SECRET_KEY = environment.text("SECRET_KEY") or ("development-only-key" if DEBUG else "")
SITE_URL = environment.text("SITE_URL", f"http://127.0.0.1:{environment.text('PORT', '8000')}").rstrip("/")
SITE_NAME = environment.text("SITE_NAME", "Spalt")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
BEHIND_TLS = urlsplit(SITE_URL).scheme == "https"

INSTALLED_APPS = [
    "blog.apps.BlogConfig",
    "blog.apps.SpaltAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "taggit",
    "django_prose_editor",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "blog.web.requests.LogRequests",
    "django.middleware.security.SecurityMiddleware",
    "blog.web.hygiene.RefuseNul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "blog.web.replica.mark_writers",
    "blog.posts.middleware.TakeDueUpdates",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "blog.web.languages.ChooseLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "blog.web.hygiene.keep_messages_private",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*environment.words("TEMPLATES_DIR"), BASE_DIR / "templates"],  # an operator's own come first
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blog.appearance.context.site",
            ],
            "builtins": ["blog.templatetags.blog"],
        },
    }
]

# --- Database. Without DATABASE_URL a private server is started (project/embedded_pg), for development only.
EMBEDDED_DATABASE_NAME = environment.text("EMBEDDED_DATABASE", "spalt")
if environment.text("DATABASE_URL"):
    DATABASES = {"default": environment.database(environment.text("DATABASE_URL"))}
elif DEBUG:
    DATABASES = {"default": {"ENGINE": "project.embedded_pg", "NAME": EMBEDDED_DATABASE_NAME}}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
DATABASES["default"]["TEST"] = {"NAME": environment.text("TEST_DATABASE") or None}  # two test runs side by side
# Where a pooler that lends connections for one transaction (PgBouncer) stands at DATABASE_URL, what needs a connection
# of its own goes past it. A streaming replica may serve the pages of people without a session (blog/web/replica.py).
DIRECT_DATABASE = "direct" if environment.text("DIRECT_DATABASE_URL") else "default"
REPLICA_LAG_SECONDS = max(1, environment.number("REPLICA_LAG_SECONDS", 1))
for name, variable in {"direct": "DIRECT_DATABASE_URL", "replica": "REPLICA_URL"}.items():
    if environment.text(variable):
        DATABASES[name] = environment.database(environment.text(variable)) | {"TEST": {"MIRROR": "default"}}
for database in DATABASES.values():
    database |= {"CONN_MAX_AGE": 0 if DEBUG else 600, "CONN_HEALTH_CHECKS": True}
if "direct" in DATABASES:
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
for name, database in DATABASES.items():  # see project/postgresql; a pooler's connections are others' too
    database["OPTIONS"] = {"prepare_threshold": 0 if DIRECT_DATABASE != "direct" or name != "default" else None} | (
        database.get("OPTIONS", {})
    )
if "replica" in DATABASES:
    DATABASES["replica"]["OPTIONS"] = {"connect_timeout": 2, "tcp_user_timeout": 2000} | DATABASES["replica"]["OPTIONS"]
    MIDDLEWARE.insert(MIDDLEWARE.index("blog.posts.middleware.TakeDueUpdates"), "blog.web.replica.ReadFromReplica")
for database in DATABASES.values():  # a reader waits for nobody who does not answer
    database["OPTIONS"] = {"connect_timeout": 3} | database.get("OPTIONS", {})
DATABASE_ROUTERS = ["blog.web.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Processes of `serve`; 0 means as many as suit the cores and PostgreSQL. A web process that has more memory of its
# own than WEB_WORKER_MB, the page cache included, is replaced.
WEB_WORKERS = environment.number("WEB_WORKERS", 0)
WEB_THREADS = environment.number("WEB_THREADS", 0)
WEB_WORKER_MB = environment.number("WEB_WORKER_MB", 512)

# --- Page cache: how much memory each web process gives it, in MB; 0 means none. While the database is gone, its pages
# are served for so many seconds.
PAGE_CACHE_MB = environment.number("PAGE_CACHE_MB", 0 if DEBUG else 64)
PAGE_CACHE_STALE_SECONDS = environment.number("PAGE_CACHE_STALE_SECONDS", 3_600)

# --- Reading offline: what was read is kept in the reader's browser. Off, it is deleted there at the next visit.
OFFLINE_READING = environment.flag("OFFLINE_READING", True)

# --- People
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Staff sign in with a password, and with an authenticator app, a passkey or a recovery code as they choose.
# Nobody signs up; project/sign_in.py mounts no more than that.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_TOTP_ISSUER = SITE_NAME
MFA_FORMS = {"add_webauthn": "project.sign_in.NewKeyForm", "edit_webauthn": "project.sign_in.KeyForm"}
# The rate limits of signing in must be the same in every process: they are counted in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "blog_cache"}}

# --- Language and time
LANGUAGE_CODE = environment.text("LANGUAGE_CODE", "sv")
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "blog" / "locale"]  # for strings outside blog/, and for the admin's scripts
TIME_ZONE = environment.text("TIME_ZONE", "Europe/Stockholm")
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "project.formats"

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / (environment.text("STATIC_ROOT") or "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
# Pictures lie in a folder, or in a bucket that all hosts share (requirements-s3.txt). Texts name them by MEDIA_PATH
# either way, so that they can be moved; readers get them from MEDIA_URL.
MEDIA_PATH = "/media/"
MEDIA_URL = MEDIA_PATH if MEDIA_IS_LOCAL else f"{environment.text('MEDIA_S3_URL').rstrip('/')}/"
MEDIA_ROOT = BASE_DIR / (environment.text("MEDIA_ROOT") or "media")
STORAGES = {
    "default": environment.bucket() or {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are the bulk of the bytes, and nobody's browser asks for them: collectstatic takes a quarter of the time.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
MAX_UPLOAD_BYTES = 8 * 2**20
MAX_UPLOAD_PIXELS = 40_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20
FILE_UPLOAD_PERMISSIONS = 0o644

# --- Mail
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "redaktionen@localhost")
globals().update(environment.mail(environment.text("EMAIL_URL") or "console:"))

# --- Comments. Whose comments are public at once: "everyone", "known" (a person whose earlier comment a
# moderator let through, proved by a signed cookie) or "nobody".
COMMENTS_PUBLIC_AT_ONCE = environment.text("COMMENTS_PUBLIC_AT_ONCE", "known")

# How many comments one person, and one network, may send within ten minutes, and how many reports a network within an
# hour; 0 means any number. All limits: docs/limits.md.
COMMENTS_PER_PERSON = environment.number("COMMENTS_PER_PERSON", 10)
COMMENTS_PER_NETWORK = environment.number("COMMENTS_PER_NETWORK", 60)
REPORTS_PER_NETWORK = environment.number("REPORTS_PER_NETWORK", 20)

# --- The weekly letter: on which day (1 is Monday) and at which hour, by TIME_ZONE, it leaves.
NEWSLETTER_WEEKDAY = min(max(environment.number("NEWSLETTER_WEEKDAY", 5), 1), 7)
NEWSLETTER_HOUR = min(environment.number("NEWSLETTER_HOUR", 7), 23)

# --- The editors' desk. REAPPROVE_CHANGES: a text that is changed after it was approved waits for approval again,
# and readers get the approved one meanwhile. FOUR_EYES: nobody approves words of their own.
REAPPROVE_CHANGES = environment.flag("REAPPROVE_CHANGES", default=True)
FOUR_EYES = environment.flag("FOUR_EYES")

# --- Front page: whole texts, or the standfirst and "read more".
FRONT_PAGE_FULL_TEXT = environment.flag("FRONT_PAGE_FULL_TEXT")

# --- Tags: å and ä are letters of their own here, but "SEO" and "seo" are one tag.
TAGGIT_CASE_INSENSITIVE = True

# --- Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],  # a nonce is made only where a page asks for one: the form of a post
        "img-src": [SELF, "data:", *([] if MEDIA_IS_LOCAL else [MEDIA_URL])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CSRF_FAILURE_VIEW = "blog.posts.views.not_sure_who"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = False  # the proxy in front of the site redirects; docs/en/operators.md
TRUSTED_PROXIES = environment.words("TRUSTED_PROXIES")  # addresses whose X-Forwarded-For and -Proto are believed
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains and
    "security.W021",  # preloading concern sites that we know nothing about
    "security.W008",  # redirecting to TLS is the proxy's work
]

# Whoever brings the token may read /metrics; without one there is no such page.
METRICS_TOKEN = environment.text("METRICS_TOKEN")
LOG_FORMAT = environment.text("LOG_FORMAT", "text" if DEBUG else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_keys": {"()": "blog.web.logs.HideKeys"}},
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "blog.web.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["hide_keys"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"blog": {"level": "INFO"}, "django": {"handlers": []}},  # Django's own would say everything twice
}
