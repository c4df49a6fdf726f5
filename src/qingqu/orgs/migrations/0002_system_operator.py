"""The person who acts on the server's command line, with a post, in the office that runs it."""

from datetime import date

from django.db import migrations


def create(apps, schema_editor):
    Person = apps.get_model("orgs", "Person")
    Organisation = apps.get_model("orgs", "Organisation")
    Post = apps.get_model("orgs", "Post")
    office = Organisation.objects.create(code="server", name="本机", kind="server")
    system = Person.objects.create(username="system", name="系统", ref="P-SYSTEM", password="!")
    Post.objects.create(person=system, organisation=office, role="system_operator", valid_from=date(2000, 1, 1))


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_people_and_places")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
