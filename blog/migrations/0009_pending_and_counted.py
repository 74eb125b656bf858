"""What models cannot say: texts that wait to be compared, how many of a group still stand, two more counts.

And the reasons for removing that a site begins with.
"""

from django.db import migrations

from blog.migrations._reasons import REASONS

# What a comment counts as under its post. The trigger and `manage.py audit` ask nobody else.
KIND = """
CREATE OR REPLACE FUNCTION blog_counted_as(state text, origin text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN state IN ('merged', 'removed', 'spam') THEN state
                WHEN state <> 'visible' THEN NULL
                WHEN origin = 'mention' THEN 'mention'
                ELSE 'comment' END
$$;
"""

BRANCH = """
        UPDATE blog_discussion d
        SET visible_comments = d.visible_comments + c.comments, visible_mentions = d.visible_mentions + c.mentions,
            merged_comments = d.merged_comments + c.merged, removed_comments = d.removed_comments + c.removed,
            spam_comments = d.spam_comments + c.spam, last_shown = greatest(d.last_shown, c.shown)
        FROM (SELECT post_id, coalesce(max(shown), 0) AS shown,
                     coalesce(sum(sign) FILTER (WHERE kind = 'comment'), 0) AS comments,
                     coalesce(sum(sign) FILTER (WHERE kind = 'mention'), 0) AS mentions,
                     coalesce(sum(sign) FILTER (WHERE kind = 'merged'), 0) AS merged,
                     coalesce(sum(sign) FILTER (WHERE kind = 'removed'), 0) AS removed,
                     coalesce(sum(sign) FILTER (WHERE kind = 'spam'), 0) AS spam
              FROM ({rows}) changed WHERE kind IS NOT NULL GROUP BY post_id) c
        WHERE d.post_id = c.post_id
          AND (c.comments <> 0 OR c.mentions <> 0 OR c.merged <> 0 OR c.removed <> 0 OR c.spam <> 0
               OR c.shown > d.last_shown);
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

# Whoever writes a text marks it as one that is still to be compared, and nothing of the former one stays.
PENDING = """
CREATE FUNCTION blog_mark_pending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO blog_fingerprint (comment_id, version, "full", core, characters, domains)
        SELECT id, 0, 0, 0, 0, '{}' FROM new_rows;
    ELSE
        UPDATE blog_fingerprint f SET version = 0, "full" = 0, core = 0, characters = 0, domains = '{}'
        FROM new_rows n JOIN old_rows o USING (id)
        WHERE f.comment_id = n.id AND (n.text, n.website) <> (o.text, o.website);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER blog_comment_written AFTER INSERT ON blog_comment
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION blog_mark_pending();
CREATE TRIGGER blog_comment_rewritten AFTER UPDATE ON blog_comment
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION blog_mark_pending();
"""

# One lock for all groups, that of comments/groups.py, so that nobody waits for another in a ring.
ADD = """
        WITH changed AS (
            SELECT group_id, sum(sign) AS more FROM ({rows}) r GROUP BY 1 HAVING sum(sign) <> 0
        ), locked AS (
            SELECT group_id AS id, more FROM changed, LATERAL (SELECT pg_advisory_xact_lock(7305812244150613)) AS lock
        )
        UPDATE blog_group g SET standing = g.standing + locked.more FROM locked WHERE locked.id = g.id;
"""
STANDS = "({}.state IN ('visible', 'held'))"
MOVED = f"""
SELECT m.group_id, {STANDS.format("n")}::int - {STANDS.format("o")}::int AS sign
FROM new_rows n JOIN old_rows o USING (id) JOIN blog_member m ON m.comment_id = n.id WHERE n.state <> o.state
"""
JOINED = """
SELECT m.group_id, {sign} AS sign FROM {rows} m JOIN blog_comment c ON c.id = m.comment_id
WHERE c.state IN ('visible', 'held')
"""
MOVES = f"""{JOINED.format(sign=1, rows="new_rows")} UNION ALL {JOINED.format(sign=-1, rows="old_rows")}"""
STANDING = f"""
CREATE FUNCTION blog_count_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {ADD.format(rows=MOVED)} RETURN NULL; END $$;
CREATE TRIGGER blog_comment_stands AFTER UPDATE ON blog_comment
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION blog_count_standing();
CREATE FUNCTION blog_count_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN {ADD.format(rows=JOINED.format(sign=1, rows="new_rows"))}
    ELSIF TG_OP = 'DELETE' THEN {ADD.format(rows=JOINED.format(sign=-1, rows="old_rows"))}
    ELSE {ADD.format(rows=MOVES)}
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER blog_member_joins AFTER INSERT ON blog_member
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION blog_count_members();
CREATE TRIGGER blog_member_leaves AFTER DELETE ON blog_member
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION blog_count_members();
CREATE TRIGGER blog_member_moves AFTER UPDATE ON blog_member
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION blog_count_members();
"""

# The comments that may say the same as another (comments/fingerprints.py). A function, since its plan is made once for
# each connection: else planning would take longer than finding. Who has the same words counts for two with the same
# but for links; that for all bands in common. Of a person's others the last before it: what comes later is compared with it in turn.
ALIKE = """
WITH alike AS (
    (SELECT comment_id AS id, 32 AS weight FROM blog_fingerprint WHERE "full" = p_full AND version > 0 LIMIT 100)
    UNION ALL
    (SELECT comment_id, 16 FROM blog_fingerprint
     WHERE p_characters >= 40 AND core = p_core AND version > 0 AND characters >= 40 LIMIT 100)
    UNION ALL
    (SELECT b.comment_id, 1 FROM unnest(p_bands) AS wanted (key) JOIN blog_band b USING (key) LIMIT 512)
), found AS (
    (SELECT id FROM alike WHERE id IS DISTINCT FROM p_but GROUP BY id ORDER BY sum(weight) DESC, id LIMIT 64)
    UNION
    (SELECT id FROM (
         SELECT id, post_id, parent_id, created_at FROM blog_comment
         WHERE author_key = p_author AND id <= coalesce(p_but, 9223372036854775807) ORDER BY id DESC LIMIT 50
     ) late
     WHERE id IS DISTINCT FROM p_but AND post_id = p_post AND parent_id IS NOT DISTINCT FROM p_parent
       AND created_at BETWEEN p_at - interval '1 day' AND p_at + interval '1 day')
)
SELECT c.id, c.author_key, c.post_id, c.parent_id, c.created_at, c.text, coalesce(u.is_staff, false), c.state, c.number
FROM found JOIN blog_comment c USING (id) LEFT JOIN auth_user u ON u.id = c.user_id
WHERE c.state <> 'erased' ORDER BY c.created_at, c.id
"""
FIND = f"""
CREATE FUNCTION blog_alike(p_full bigint, p_core bigint, p_characters int, p_bands bigint[], p_author bytea,
                           p_post bigint, p_parent bigint, p_at timestamptz, p_but bigint)
RETURNS TABLE (id bigint, author_key bytea, post_id bigint, parent_id bigint, created_at timestamptz, text text,
               is_staff boolean, state varchar, number integer)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY {ALIKE};
END $$;
"""

# What is there already.
FILL = """
INSERT INTO blog_fingerprint (comment_id, version, "full", core, characters, domains)
SELECT id, 0, 0, 0, 0, '{}' FROM blog_comment;
UPDATE blog_discussion d SET removed_comments = c.removed, spam_comments = c.spam
FROM (SELECT post_id, count(*) FILTER (WHERE state = 'removed') AS removed, count(*) FILTER (WHERE state = 'spam') AS spam
      FROM blog_comment WHERE state IN ('removed', 'spam') GROUP BY post_id) c
WHERE d.post_id = c.post_id;
"""


def add_reasons(apps, schema_editor):
    model = apps.get_model("blog", "RemovalReason")
    model.objects.bulk_create(model(position=at, **columns) for at, columns in enumerate(REASONS, 1))


class Migration(migrations.Migration):
    dependencies = [("blog", "0008_moderators_desk")]

    # One way only: what went before knew less.
    operations = [
        migrations.RunSQL(KIND, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTS, migrations.RunSQL.noop),
        migrations.RunSQL(PENDING, migrations.RunSQL.noop),
        migrations.RunSQL(STANDING, migrations.RunSQL.noop),
        migrations.RunSQL(FIND, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunPython(add_reasons, migrations.RunPython.noop),
    ]
