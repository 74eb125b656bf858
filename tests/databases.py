"""The databases of a test run: copies of one that has been migrated, and how one is emptied after a test."""

from hashlib import blake2b

from django.conf import settings
from django.db import connection

BY_MIGRATIONS = ("django_migrations", "django_content_type", "auth_permission", "auth_group", "blog_removalreason")
MADE_OF = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
FILLED = """
SELECT format('DELETE FROM %%I', relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 AND relname <> ALL(%s)
"""


def migrated():
    """Return the name of a database with all migrations. It is kept for the next run, unless they have changed."""
    usual, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    wanted = test["NAME"]
    name = f"{wanted or f'test_{usual}'}_migrated"
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # of several processes one makes it
        cursor.execute(MADE_OF, [name])
        if cursor.fetchone() != (made_of(),):
            test["NAME"] = name
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.creation.destroy_test_db(usual, verbosity=0, keepdb=True)
            test["NAME"] = wanted
            cursor.execute(f"COMMENT ON DATABASE {connection.ops.quote_name(name)} IS '{made_of()}'")
    return name


def made_of():
    files = [*settings.BASE_DIR.glob("blog/migrations/*.py"), settings.BASE_DIR / "requirements.txt"]
    return blake2b(b"".join(file.read_bytes() for file in sorted(files)), digest_size=16).hexdigest()


def empty(_test=None):
    """Delete what a test has written, but not what the migrations did.

    Django's flush takes a second for it: it truncates eighty tables, and then makes all permissions again.
    """
    with connection.cursor() as cursor:
        cursor.execute(FILLED, [list(BY_MIGRATIONS)])
        deletions = [deletion for (deletion,) in cursor.fetchall()]
        without_triggers = ["SET LOCAL session_replication_role = replica", *deletions]
        cursor.execute(f"BEGIN; {'; '.join(without_triggers)}; COMMIT")
