import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('claims', '0002_initial'),
        ('rebuttals', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('kind', models.CharField(help_text='which adapter', max_length=16, verbose_name='kind')),
                ('owner', models.CharField(max_length=120, verbose_name='owner')),
                ('attribution', models.CharField(help_text="the organisation's own name", max_length=200, verbose_name='attribution')),
                ('address', models.CharField(help_text='URL or account, as the adapter needs it', max_length=500, verbose_name='address')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                ('limit', models.PositiveIntegerField(default=5000, verbose_name='longest text, in characters')),
                ('half_life_minutes', models.PositiveSmallIntegerField(default=80, verbose_name='reach half-life in minutes (an assumption)')),
                ('secret_sealed', models.BinaryField(blank=True, default=bytes, help_text='encrypted; see adapters/seal.py')),
                ('options', models.JSONField(blank=True, default=dict, help_text="the adapter's own settings, nothing secret")),
                ('registered_at', models.DateTimeField()),
                ('held_at', models.DateTimeField(null=True)),
                ('held_reason', models.CharField(blank=True, max_length=200)),
                ('retired_at', models.DateTimeField(null=True)),
                ('held_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('next_try_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='next try')),
                ('leased_until', models.DateTimeField(blank=True, null=True, verbose_name='leased until')),
                ('leased_by', models.CharField(blank=True, default='', max_length=120, verbose_name='leased by')),
                ('attempts', models.SmallIntegerField(default=0, verbose_name='attempts')),
                ('last_error', models.TextField(blank=True, default='', verbose_name='last error')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text_sha256', models.CharField(max_length=64)),
                ('state', models.CharField(default='scheduled', max_length=10)),
                ('scheduled_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('queued_at', models.DateTimeField(null=True)),
                ('sending_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('remote_id', models.CharField(blank=True, max_length=300)),
                ('remote_url', models.CharField(blank=True, max_length=500)),
                ('why', models.CharField(blank=True, help_text='what stopped it', max_length=10)),
                ('reason', models.CharField(blank=True, help_text='why it was stopped, failed or is uncertain', max_length=300)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='rebuttals.approval')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='publishing.channel')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='claims.claim')),
                ('release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='rebuttals.release')),
                ('scheduled_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['due_at'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=12)),
                ('detail', models.TextField(blank=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tries', to='publishing.post')),
            ],
            options={
                'ordering': ['started_at', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(('attribution', ''), _negated=True), name='channel_says_who_speaks'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['state', 'next_try_at'], name='publishing__state_491f01_idx'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['due_at'], name='publishing__due_at_7d2099_idx'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['scheduled', 'queued', 'sending', 'published', 'retrying', 'failed', 'uncertain', 'stopped'])), name='post_state_known'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('due_at'))), name='post_due_before_expiry'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='post_published_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'stopped'), ('why__in', ['expired', 'withdrawn', 'role_lost', 'retired', 'by_hand'])), models.Q(models.Q(('state', 'stopped'), _negated=True), ('why', '')), _connector='OR'), name='post_stopped_says_why'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('post',), name='one_open_attempt_per_post'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(('ended_at__isnull', False), ('outcome__in', ['sent', 'not_posted', 'refused', 'unknown'])), _connector='OR'), name='attempt_ended_has_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['failed', 'stopped']), _negated=True), fields=('claim', 'channel', 'text_sha256'), name='same_words_once_per_channel'),
        ),
    ]
