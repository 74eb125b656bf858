"""What Django's models cannot say: counts that the database keeps, and the four roles."""

from django.db import migrations

# One trigger for each statement, not for each row: importing 50,000 comments in ten statements counts ten times.
# The discussion's row exists before its first comment (threads.next_number); when a post is deleted it may be
# gone before the comments, and there is nothing left to count.
COUNTS = """
CREATE FUNCTION blog_count_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE blog_discussion d
        SET visible_comments = d.visible_comments + c.comments, visible_mentions = d.visible_mentions + c.mentions
        FROM (SELECT post_id,
                     count(*) FILTER (WHERE origin <> 'mention') AS comments,
                     count(*) FILTER (WHERE origin = 'mention') AS mentions
              FROM new_rows WHERE state = 'visible' GROUP BY post_id) c
        WHERE d.post_id = c.post_id;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE blog_discussion d
        SET visible_comments = d.visible_comments - c.comments, visible_mentions = d.visible_mentions - c.mentions
        FROM (SELECT post_id,
                     count(*) FILTER (WHERE origin <> 'mention') AS comments,
                     count(*) FILTER (WHERE origin = 'mention') AS mentions
              FROM old_rows WHERE state = 'visible' GROUP BY post_id) c
        WHERE d.post_id = c.post_id;
    ELSE
        UPDATE blog_discussion d
        SET visible_comments = d.visible_comments + c.comments, visible_mentions = d.visible_mentions + c.mentions
        FROM (SELECT post_id,
                     coalesce(sum(sign) FILTER (WHERE origin <> 'mention'), 0) AS comments,
                     coalesce(sum(sign) FILTER (WHERE origin = 'mention'), 0) AS mentions
              FROM (SELECT post_id, origin, 1 AS sign FROM new_rows WHERE state = 'visible'
                    UNION ALL
                    SELECT post_id, origin, -1 FROM old_rows WHERE state = 'visible') changed
              GROUP BY post_id) c
        WHERE d.post_id = c.post_id AND (c.comments <> 0 OR c.mentions <> 0);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER blog_comment_inserted AFTER INSERT ON blog_comment
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION blog_count_comments();
CREATE TRIGGER blog_comment_updated AFTER UPDATE ON blog_comment
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION blog_count_comments();
CREATE TRIGGER blog_comment_deleted AFTER DELETE ON blog_comment
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION blog_count_comments();
"""

NO_COUNTS = """
DROP TRIGGER blog_comment_inserted ON blog_comment;
DROP TRIGGER blog_comment_updated ON blog_comment;
DROP TRIGGER blog_comment_deleted ON blog_comment;
DROP FUNCTION blog_count_comments();
"""

ROLES = ["author", "editor", "moderator", "administrator"]


def create_roles(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for name in ROLES:
        groups.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_first_edition"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.RunSQL(COUNTS, NO_COUNTS),
        migrations.RunPython(create_roles, migrations.RunPython.noop),
    ]
