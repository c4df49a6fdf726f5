from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("watch", "0003_carry_warnings_over")]

    operations = [
        migrations.RemoveField(
            model_name='warning',
            name='evidence',
        ),
        migrations.AddConstraint(
            model_name='warning',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('rule_code', 'subject_kind', 'subject_key'), name='watch_one_open_warning'),
        ),
        migrations.AddConstraint(
            model_name='warning',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('raised', 'assigned', 'closed'))), name='watch_warning_state'),
        ),
    ]
