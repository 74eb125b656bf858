"""Reading settings from the environment: flags, lists and the URLs that name a database or a mail server."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


def take_file():
    """Set the variables of the file that SETTINGS_FILE names, if it is set: NAME=value lines, as systemd has them."""
    name = os.environ.get("SETTINGS_FILE")
    lines = Path(name).read_text(encoding="utf-8").splitlines() if name else []
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith(("#", ";")))
    os.environ.update((variable.strip(), value.strip().strip("\"'")) for variable, value in pairs)


def text(name, default=""):
    return os.environ.get(name, default).strip()


def flag(name, default=False):
    value = text(name).lower()
    return value in ("1", "true", "yes", "on") if value else default


def words(name, default=()):
    """The comma-separated words of a variable, without the empty ones."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def number(name, default):
    """A whole number, 0 or more; ValueError for anything else."""
    value = int(text(name) or default)
    if value < 0:
        raise ValueError(f"{name} must be 0 or more")
    return value


def database(url):
    """Django's DATABASES entry for `postgresql://user:password@host:port/name?option=value`.

    A socket directory is given as `?host=/run/postgresql`; other query pairs go to libpq (sslmode, …).
    ValueError for another scheme: PostgreSQL is the only database.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("The address of a database must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "project.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(options.pop("port", "") or parts.port or ""),
        "OPTIONS": options,
    }


def bucket():
    """Django's STORAGES entry for the S3-compatible storage that the environment names, None without one.

    Its files never change: a picture's name comes from its bytes. Without keys boto3 looks for them itself (a role).
    """
    public = urlsplit(text("MEDIA_S3_URL").rstrip("/"))
    options = {
        "bucket_name": text("MEDIA_S3_BUCKET"),
        "endpoint_url": text("MEDIA_S3_ENDPOINT") or None,
        "region_name": text("MEDIA_S3_REGION") or None,
        "access_key": text("MEDIA_S3_KEY") or None,
        "secret_key": text("MEDIA_S3_SECRET") or None,
        "url_protocol": f"{public.scheme}:",
        "custom_domain": public.netloc + public.path,
        "querystring_auth": False,
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options} if options["bucket_name"] else None


def mail(url):
    """Django's EMAIL_* settings for `smtp://user:password@host:port`; `smtps://` is TLS from the start,
    `smtp+tls://` is STARTTLS, `console:` prints mail. ValueError for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in ("smtp", "smtps", "smtp+tls"):
        raise ValueError("EMAIL_URL must begin with smtp://, smtps://, smtp+tls:// or console:")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 10,
    }
