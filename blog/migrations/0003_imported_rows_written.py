from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_counts_and_roles")]

    operations = [
        migrations.AddField(
            model_name="importedrow",
            name="written",
            field=models.BinaryField(default=b"", max_length=16),
            preserve_default=False,
        ),
    ]
