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
            merged_comments = d.merged_comments + c.merged, last_shown = greatest(d.last_shown, c.shown)
        FROM (SELECT post_id, coalesce(max(shown), 0) AS shown,
                     coalesce(sum(sign) FILTER (WHERE kind = 'comment'), 0) AS comments,
                     coalesce(sum(sign) FILTER (WHERE kind = 'mention'), 0) AS mentions,
                     coalesce(sum(sign) FILTER (WHERE kind = 'merged'), 0) AS merged
              FROM ({rows}) changed WHERE kind IS NOT NULL GROUP BY post_id) c
        WHERE d.post_id = c.post_id
          AND (c.comments <> 0 OR c.mentions <> 0 OR c.merged <> 0 OR c.shown > d.last_shown);
"""
NEW = "SELECT post_id, blog_counted_as(state, origin) AS kind, shown, 1 AS sign FROM new_rows"
OLD = "SELECT post_id, blog_counted_as(state, origin) AS kind, NULL::bigint AS shown, -1 AS sign FROM old_rows"
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

# In which order comments appeared: given once to each, when it becomes visible. Whoever makes one visible holds the
# lock of its discussion, so under one post no smaller number appears after a greater one.
SHOWN = """
CREATE SEQUENCE blog_comment_shown;
CREATE FUNCTION blog_give_shown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.shown := nextval('blog_comment_shown');
    RETURN NEW;
END $$;
CREATE TRIGGER blog_comment_shows BEFORE INSERT OR UPDATE ON blog_comment
    FOR EACH ROW WHEN (NEW.state = 'visible' AND NEW.shown IS NULL) EXECUTE FUNCTION blog_give_shown();
"""

UNLOGGED = "ALTER TABLE blog_allowance SET UNLOGGED"

# What is there already: copies are counted, nobody is told of old comments, a held one was held for being the first, and
# the names of nameless people's networks are marked as known, so that they are forgotten (receipts/forgetting.py).
FILL = """
UPDATE blog_discussion d SET merged_comments = c.merged
FROM (SELECT post_id, count(*) AS merged FROM blog_comment WHERE state = 'merged' GROUP BY post_id) c
WHERE d.post_id = c.post_id;
UPDATE blog_comment SET told_at = created_at WHERE state <> 'held';
UPDATE blog_comment SET reason = 'new' WHERE state = 'held';
UPDATE blog_comment SET network_key = '\\x00'
WHERE origin = 'form' AND email = '' AND user_id IS NULL AND network_key IS NULL;
SELECT setval('blog_comment_shown', greatest(1, (SELECT max(id) FROM blog_comment)));
UPDATE blog_comment SET shown = id WHERE state <> 'held';
"""


class Migration(migrations.Migration):
    dependencies = [("blog", "0006_conversation")]

    # One way only: what went before knew less.
    operations = [
        migrations.RunSQL(KIND, "DROP FUNCTION blog_counted_as"),
        migrations.RunSQL(COUNTS, migrations.RunSQL.noop),
        migrations.RunSQL(SHOWN, migrations.RunSQL.noop),
        migrations.RunSQL(UNLOGGED, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
