"""Filling a database of the bench: once, quickly, and afterwards brought up to date as a site is."""

import ast
import hashlib
import json
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection, models

INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique
"""
DISCUSSIONS = """
INSERT INTO blog_discussion (post_id, last_number, last_shown, visible_comments, visible_mentions, merged_comments,
                             removed_comments, spam_comments)
SELECT post_id, max(number), coalesce(max(shown), 0), count(*) FILTER (WHERE state = 'visible'), 0, 0,
       count(*) FILTER (WHERE state = 'removed'), count(*) FILTER (WHERE state = 'spam')
FROM blog_comment GROUP BY post_id
"""


def ensure(size, generators, load):
    """Let `load(size, cursor)` fill the database, unless it holds that already; return whether it had to be filled.

    What a data set follows from is its size and the code of its generators, the source files. Migrations that came
    since are applied to what is there.
    """
    code = [ast.dump(ast.parse(Path(file).read_text("utf-8"))) for file in generators]
    mark = hashlib.sha256("\n".join([repr(size), *code]).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        is_there = cursor.fetchone()[0] == mark
        if not is_there:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        if _migrate(cursor) or not is_there:
            if not is_there:
                load(size, cursor)
            cursor.execute("VACUUM ANALYZE")
            cursor.execute(f"COMMENT ON SCHEMA public IS '{mark}'")
    return not is_there


def _migrate(cursor):
    """Return whether there was anything to do."""
    cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
    before = cursor.fetchone()[0] and _migrations(cursor)
    call_command("migrate", verbosity=0)
    return _migrations(cursor) != before


def _migrations(cursor):
    cursor.execute("SELECT count(*) FROM django_migrations")
    return cursor.fetchone()[0]


@contextmanager
def bare(cursor, *tables):
    """Meanwhile the tables have neither triggers nor indexes, apart from the unique ones: those are made afterwards."""
    cursor.execute(INDEXES, [[model._meta.db_table for model in tables]])
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("SET maintenance_work_mem = '256MB'")
    yield
    cursor.execute("SET session_replication_role = origin")
    for _name, definition in indexes:
        cursor.execute(definition)


def copy(cursor, model, rows):
    """Write instances of one model, whose keys are given, as they are: nothing is checked or made of them."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    values = [(field.attname, _adapted(field)) for field in fields]
    table = model._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row([adapted(getattr(row, name)) for name, adapted in values])
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _adapted(field):
    return json.dumps if isinstance(field, models.JSONField) else lambda value: value
