"""What was changed in public, for the page caches: one row for each change, in the transaction that makes it.

The tags are those by which pages say what they show (blog/web/shared.py): "post:12" the text of a post and what hangs on
it, "comments:12" its discussion, "tag:7" a tag's name, "list" what lists show of posts, "order" which posts there are and
in which order, "site" everything.
"""

from django.db import migrations

TABLE = """
CREATE TABLE blog_purge (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT now(),
    tags text[] NOT NULL
);
CREATE INDEX purge_late ON blog_purge (xid);  -- what became visible since (project/page_cache/changes.py)
CREATE INDEX purge_old ON blog_purge (at);  -- to be forgotten

-- Who changes more than can be told apart changes everything. Within a transaction the same is said once.
CREATE FUNCTION blog_note_purge(changed text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(changed) > 200 THEN
        changed := '{site}';
    END IF;
    IF cardinality(changed) > 0 AND NOT EXISTS (
        SELECT FROM blog_purge WHERE xid = pg_current_xact_id() AND tags = changed
    ) THEN
        INSERT INTO blog_purge (tags) VALUES (changed);
        NOTIFY blog_purge;
    END IF;
END $$;
"""

# Not each change of a row can be seen: comments are marked as told of by a job, texts get versions.
SEEN_OF_COMMENT = """({0}.html, {0}.text, {0}.markup_version, {0}.name, {0}.website, {0}.mentions, {0}.parent_id, {0}.path,
    {0}.picked_at, {0}.edited_at, {0}.created_at, {0}.shown, {0}.user_id, {0}.origin, {0}.post_id)"""
COMMENTS = f"""
CREATE FUNCTION blog_purge_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM blog_note_purge(ARRAY(SELECT DISTINCT 'comments:' || post_id FROM new_rows
                                      WHERE blog_counted_as(state, origin) IS NOT NULL));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM blog_note_purge(ARRAY(SELECT DISTINCT 'comments:' || post_id FROM old_rows));
    ELSE
        PERFORM blog_note_purge(ARRAY(
            SELECT DISTINCT 'comments:' || each.post_id
            FROM new_rows n JOIN old_rows o USING (id), LATERAL (VALUES (n.post_id), (o.post_id)) AS each (post_id)
            WHERE n.state <> o.state
               OR blog_counted_as(n.state, n.origin) IS NOT NULL
                  AND {SEEN_OF_COMMENT.format("n")} IS DISTINCT FROM {SEEN_OF_COMMENT.format("o")}));
    END IF;
    RETURN NULL;
END $$;
"""

UNSEEN_OF_POST = (
    "ARRAY['head', 'shown', 'reviewer_id', 'due_on', 'priority', 'created_by_id', 'form_key', 'search', 'created_at']"
)
POSTS = f"""
CREATE FUNCTION blog_purge_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM blog_note_purge(ARRAY(SELECT 'list' FROM new_rows WHERE status = 'approved'
                                      UNION SELECT 'order' FROM new_rows WHERE status = 'approved'));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM blog_note_purge(ARRAY(
            SELECT unnest(ARRAY['list', 'order', 'post:' || id]) FROM old_rows WHERE status = 'approved'));
    ELSE
        PERFORM blog_note_purge(ARRAY(
            SELECT DISTINCT each.tag
            FROM new_rows n JOIN old_rows o USING (id), LATERAL (
                SELECT 'list' UNION ALL SELECT 'post:' || id
                UNION ALL SELECT 'order' WHERE (n.status, n.publish_at) IS DISTINCT FROM (o.status, o.publish_at)
            ) AS each (tag)
            WHERE 'approved' IN (n.status, o.status)
              AND to_jsonb(n) - {UNSEEN_OF_POST} IS DISTINCT FROM to_jsonb(o) - {UNSEEN_OF_POST}));
    END IF;
    RETURN NULL;
END $$;
"""

# {rows}: those that are there, or were; {tags} of each.
HANGING = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM blog_note_purge(ARRAY(SELECT DISTINCT unnest({tags}) FROM new_rows r WHERE {public}));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM blog_note_purge(ARRAY(SELECT DISTINCT unnest({tags}) FROM old_rows r WHERE {public}));
    ELSE
        PERFORM blog_note_purge(ARRAY(
            SELECT DISTINCT unnest({tags}) FROM (TABLE new_rows UNION ALL TABLE old_rows) r WHERE {public}));
    END IF;
    RETURN NULL;
END $$;
"""
OF_PUBLIC_POST = "EXISTS (SELECT FROM blog_post p WHERE p.id = r.{} AND p.status = 'approved')"


def hanging(table, tags, column):
    """What hangs on a post by `column`; what is changed of an unpublished one, nobody sees."""
    name = table.replace("blog_", "blog_purge_", 1)
    return HANGING.format(name=name, tags=tags, public=OF_PUBLIC_POST.format(column))


# A name, a picture or an account is shown on any number of pages, and seldom changed.
NAMES = """
CREATE FUNCTION blog_purge_site() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM blog_note_purge('{site}');
    RETURN NULL;
END $$;
CREATE TRIGGER blog_purged AFTER UPDATE OR DELETE ON blog_byline
    FOR EACH STATEMENT EXECUTE FUNCTION blog_purge_site();
CREATE TRIGGER blog_purged AFTER INSERT OR UPDATE OR DELETE ON blog_bylinelink
    FOR EACH STATEMENT EXECUTE FUNCTION blog_purge_site();
CREATE TRIGGER blog_purged AFTER UPDATE OR DELETE ON blog_image
    FOR EACH STATEMENT EXECUTE FUNCTION blog_purge_site();
CREATE TRIGGER blog_purged AFTER UPDATE ON auth_user FOR EACH ROW
    WHEN ((OLD.is_staff, OLD.username, OLD.first_name, OLD.last_name)
          IS DISTINCT FROM (NEW.is_staff, NEW.username, NEW.first_name, NEW.last_name))
    EXECUTE FUNCTION blog_purge_site();
CREATE FUNCTION blog_purge_tag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM blog_note_purge(ARRAY['list', 'tag:' || NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER blog_purged AFTER UPDATE ON blog_tag FOR EACH ROW
    WHEN ((OLD.name, OLD.slug) IS DISTINCT FROM (NEW.name, NEW.slug)) EXECUTE FUNCTION blog_purge_tag();
"""


def triggers(table, function):
    """One for each kind of statement: a trigger with rows of the statement can have only one."""
    rows = {"INSERT": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}
    rows["UPDATE"] = f"{rows['DELETE']} {rows['INSERT']}"
    return "".join(
        f"CREATE TRIGGER blog_purged_{event.lower()} AFTER {event} ON {table} REFERENCING {named} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
        for event, named in rows.items()
    )


ON_A_POST = {
    "blog_taggedpost": ("ARRAY['list', 'order', 'post:' || r.content_object_id]", "content_object_id"),
    "blog_authorship": ("ARRAY['list', 'post:' || r.post_id]", "post_id"),
    "blog_source": ("ARRAY['post:' || r.post_id]", "post_id"),
    "blog_correction": ("ARRAY['list', 'post:' || r.post_id]", "post_id"),
    "blog_relation": ("ARRAY['post:' || r.post_id, 'post:' || r.to_id]", "post_id"),
}


class Migration(migrations.Migration):
    dependencies = [("blog", "0009_pending_and_counted")]

    # One way only: a page cache without it would never be right.
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            TABLE,
            COMMENTS + triggers("blog_comment", "blog_purge_comments"),
            POSTS + triggers("blog_post", "blog_purge_posts"),
            *[
                hanging(table, tags, column) + triggers(table, table.replace("blog_", "blog_purge_", 1))
                for table, (tags, column) in ON_A_POST.items()
            ],
            NAMES,
        )
    ]
