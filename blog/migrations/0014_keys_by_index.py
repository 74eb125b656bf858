"""Keys of wordings are kept and looked up by indexes alone, also in tables that have just begun to grow."""

from importlib import import_module

from django.db import migrations

# A plan is kept for as long as its connection. One that was made while the tables were empty reads them whole, sixteen
# times for each comment, until PostgreSQL has counted their rows anew.
KEEP = """
CREATE FUNCTION blog_keep_keys(p_comment bigint, p_version smallint, p_full bigint, p_core bigint, p_characters int,
                               p_domains text[], p_bands bigint[], p_most int) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO blog_fingerprint (comment_id, version, "full", core, characters, domains)
    VALUES (p_comment, p_version, p_full, p_core, p_characters, p_domains)
    ON CONFLICT (comment_id) DO UPDATE SET version = excluded.version, "full" = excluded."full", core = excluded.core,
        characters = excluded.characters, domains = excluded.domains;
    INSERT INTO blog_band (key, comment_id)
    SELECT new.key, p_comment FROM unnest(p_bands) AS new (key)
    WHERE (SELECT count(*) FROM (SELECT FROM blog_band b WHERE b.key = new.key LIMIT p_most) few) < p_most
    ON CONFLICT DO NOTHING;
END $$;
"""
former = import_module("blog.migrations.0011_nearest")
JOINED = "unnest(p_bands) AS wanted (key) JOIN blog_band b USING (key)"
EACH = """unnest(p_bands) AS wanted (key),
        LATERAL (SELECT comment_id FROM blog_band kept WHERE kept.key = wanted.key OFFSET 0) b"""
FIND = former.FIND.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
EACH_BY_INDEX = FIND.replace(JOINED, EACH).replace("force_generic_plan AS", "force_generic_plan SET enable_seqscan = off AS")


class Migration(migrations.Migration):
    dependencies = [("blog", "0013_newsletter")]

    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION blog_keep_keys"),
        migrations.RunSQL(EACH_BY_INDEX, FIND),
    ]
