"""How far the worker is with an upload."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("exchange", "0003_remembered_layouts")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="progress",
            field=models.JSONField(default=dict),
        ),
    ]
