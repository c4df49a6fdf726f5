"""The two logs, empty."""

from django.db import migrations


def begin(apps, schema_editor):
    heads = apps.get_model("ledger", "Log")
    for name in ("inner", "open"):
        heads.objects.using(schema_editor.connection.alias).create(name=name)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
