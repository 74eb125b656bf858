"""The admin's list of posts, in the order of their changes, without sorting them all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0011_nearest")]

    operations = [
        migrations.AddIndex("post", models.Index(fields=["-updated_at", "-id"], name="post_lately_changed")),
    ]
