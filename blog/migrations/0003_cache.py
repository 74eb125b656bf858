"""The table of Django's database cache, which counts the attempts to sign in."""

from django.db import migrations

# Unlogged: after a crash of the server it is empty, and nothing is lost but counts of the last minutes.
TABLE = """
CREATE UNLOGGED TABLE blog_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX blog_cache_expires ON blog_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_counts_and_roles")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE blog_cache")]
