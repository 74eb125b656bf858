"""What Django's models cannot say: the audit trail only grows."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION blog_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail only grows: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER blog_event_append_only BEFORE UPDATE OR DELETE ON blog_event
    FOR EACH ROW EXECUTE FUNCTION blog_refuse_change();
"""

NO_RULE = """
DROP TRIGGER blog_event_append_only ON blog_event;
DROP FUNCTION blog_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("blog", "0004_editors_desk")]

    operations = [migrations.RunSQL(APPEND_ONLY, NO_RULE)]
