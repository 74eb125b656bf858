"""Nobody empties the audit trail: neither row by row nor at once."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER blog_event_not_emptied BEFORE TRUNCATE ON blog_event
    FOR EACH STATEMENT EXECUTE FUNCTION blog_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("blog", "0014_keys_by_index")]

    operations = [migrations.RunSQL(REFUSE, "DROP TRIGGER blog_event_not_emptied ON blog_event")]
