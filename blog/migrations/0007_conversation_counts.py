"""What models cannot say: one definition of what is counted, the trigger that keeps counts by it, an unlogged table."""

from django.db import migrations

# What a comment counts as under its post. The trigger and `manage.py audit` ask nobody else.
KIND = """
CREATE FUNCTION blog_counted_as(state text, origin text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN state = 'merged' THEN 'merged'
                WHEN state <> 'visible' THEN NULL
                WHEN origin = 'mention' THEN 'mention'
                ELSE 'comment' END
$$;
"""

BRANCH = """
        UPDATE blog_discussion d
        SET visible_comments = d.visible_comments + c.comments, visible_mentions = d.visible_mentions + c.mentions,
            merged_comments = d.merged_comments + c.merged
        FROM (SELECT post_id,
                     coalesce(sum(sign) FILTER (WHERE kind = 'comment'), 0) AS comments,
                     coalesce(sum(sign) FILTER (WHERE kind = 'mention'), 0) AS mentions,
                     coalesce(sum(sign) FILTER (WHERE kind = 'merged'), 0) AS merged
              FROM ({rows}) changed WHERE kind IS NOT NULL GROUP BY post_id) c
        WHERE d.post_id = c.post_id AND (c.comments <> 0 OR c.mentions <> 0 OR c.merged <> 0);
"""
NEW = "SELECT post_id, blog_counted_as(state, origin) AS kind, 1 AS sign FROM new_rows"
OLD = "SELECT post_id, blog_counted_as(state, origin) AS kind, -1 AS sign FROM old_rows"
COUNTS = f"""
CREATE OR REPLACE FUNCTION blog_count_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN {BRANCH.format(rows=NEW)}
    ELSIF TG_OP = 'DELETE' THEN {BRANCH.format(rows=OLD)}
    ELSE {BRANCH.format(rows=f"{NEW} UNION ALL {OLD}")}
    END IF;
    RETURN NULL;
END $$;
"""

UNLOGGED = "ALTER TABLE blog_allowance SET UNLOGGED"

# What is there already: copies are counted, nobody is told of old comments, and a held one was held for being the first.
FILL = """
UPDATE blog_discussion d SET merged_comments = c.merged
FROM (SELECT post_id, count(*) AS merged FROM blog_comment WHERE state = 'merged' GROUP BY post_id) c
WHERE d.post_id = c.post_id;
UPDATE blog_comment SET told_at = created_at WHERE state <> 'held';
UPDATE blog_comment SET reason = 'new' WHERE state = 'held';
"""


class Migration(migrations.Migration):
    dependencies = [("blog", "0006_conversation")]

    # One way only: what went before counted less.
    operations = [
        migrations.RunSQL(KIND, "DROP FUNCTION blog_counted_as"),
        migrations.RunSQL(COUNTS, migrations.RunSQL.noop),
        migrations.RunSQL(UNLOGGED, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
