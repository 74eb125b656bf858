"""Keys of wordings are kept and looked up by indexes alone, also in tables that have just begun to grow."""

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
NEAREST = "ALTER FUNCTION blog_nearest(bigint, bigint, int, bigint[], bytea, bigint, bigint, timestamptz, bigint)"


class Migration(migrations.Migration):
    dependencies = [("blog", "0013_newsletter")]

    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION blog_keep_keys"),
        migrations.RunSQL(f"{NEAREST} SET enable_seqscan = off", f"{NEAREST} RESET enable_seqscan"),
    ]
