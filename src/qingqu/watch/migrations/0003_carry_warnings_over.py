"""Warnings of before: open is raised, the evidence column becomes the first piece of frozen evidence."""

import hashlib
import json

from django.db import migrations
from django.db.models import F


def carry(apps, schema_editor):
    from qingqu.watch.sections import section_of

    warning, evidence = apps.get_model("watch", "Warning"), apps.get_model("watch", "Evidence")
    warning.objects.filter(state="open").update(state="raised")
    warning.objects.update(since=F("as_of"))
    for item in warning.objects.only("pk", "evidence", "rule_code", "run_id").iterator():
        text = json.dumps(item.evidence, sort_keys=True, ensure_ascii=False, default=str)
        item.evidence_digest = hashlib.sha256(text.encode()).hexdigest()
        item.section = section_of(item.rule_code)
        item.told_datasets = sorted({line["dataset"] for line in item.evidence})
        item.save(update_fields=["evidence_digest", "section", "told_datasets"])
        evidence.objects.create(warning_id=item.pk, run_id=item.run_id, digest=item.evidence_digest, rows=item.evidence)


class Migration(migrations.Migration):

    dependencies = [("watch", "0002_thresholds_and_evidence")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
