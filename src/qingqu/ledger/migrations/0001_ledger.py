"""The record's tables."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('pk', models.CompositePrimaryKey('log', 'size', blank=True, editable=False, primary_key=True, serialize=False)),
                ('log', models.CharField(max_length=20)),
                ('size', models.PositiveBigIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('note', models.TextField()),
                ('at', models.CharField(max_length=25)),
            ],
        ),
        migrations.CreateModel(
            name='Content',
            fields=[
                ('pk', models.CompositePrimaryKey('log', 'index', blank=True, editable=False, primary_key=True, serialize=False)),
                ('log', models.CharField(max_length=20)),
                ('index', models.PositiveBigIntegerField()),
                ('salt', models.CharField(max_length=64)),
                ('actor', models.CharField(max_length=100)),
                ('facts', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['actor', 'log', 'index'], name='ledger_content_actor')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('pk', models.CompositePrimaryKey('log', 'index', blank=True, editable=False, primary_key=True, serialize=False)),
                ('log', models.CharField(max_length=20)),
                ('index', models.PositiveBigIntegerField()),
                ('verb', models.CharField(max_length=80)),
                ('subject', models.CharField(max_length=120)),
                ('at', models.CharField(max_length=25)),
                ('leaf', models.TextField()),
                ('leaf_hash', models.CharField(max_length=64)),
                ('root', models.CharField(max_length=64)),
                ('nodes', models.TextField(blank=True, default='')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'log', 'index'], name='ledger_entry_subject'), models.Index(fields=['verb', 'log', 'index'], name='ledger_entry_verb'), models.Index(fields=['at'], name='ledger_entry_at')],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('pk', models.CompositePrimaryKey('log', 'index', blank=True, editable=False, primary_key=True, serialize=False)),
                ('log', models.CharField(max_length=20)),
                ('index', models.PositiveBigIntegerField()),
                ('recorded_index', models.PositiveBigIntegerField()),
                ('at', models.CharField(max_length=25)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recorded_index',), name='ledger_erasure_recorded_once')],
            },
        ),
        migrations.CreateModel(
            name='Log',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('frontier', models.TextField(blank=True, default='')),
                ('head_note', models.TextField(blank=True, default='')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('name__in', ('inner', 'open'))), name='ledger_log_known')],
            },
        ),
    ]
