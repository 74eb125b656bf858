"""Whether the site can be served: what `serve` asks before it starts, and what monitors ask while it runs."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def obstacles():
    """Return a sentence for each thing that stands in the way of serving, with what to do about it; all at once."""
    found = [f"{name} is not set: see docs/en/operators.md." for name in settings.MISSING_SETTINGS]
    if "DATABASE_URL" not in settings.MISSING_SETTINGS:
        found += _database_obstacles()
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / staticfiles_storage.manifest_name).exists():
        found.append("The static files are not collected: run manage.py collectstatic --noinput.")
    return found


def _database_obstacles():
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return [f"The database does not answer: {str(error).strip()}"]
    names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan)
    return [f"The database is not up to date ({names}): run manage.py migrate."] if plan else []
