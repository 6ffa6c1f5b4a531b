import django.contrib.postgres.fields
import django.db.models.deletion
import resources.models.releases
from django.conf import settings
from django.db import migrations, models

from core.rls import protect

# The database itself says what has to be indexed again: what is published, as it reads now.
OWE = """
    CREATE FUNCTION resources_owe_search_of_release() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO core_searchowed (kind, subject_id) VALUES ('release', coalesce(NEW.id, OLD.id));
        RETURN NULL;
    END $$;
    CREATE TRIGGER release_owes_search
        AFTER INSERT OR DELETE OR UPDATE OF published_at, withdrawn_at, summary, notes
        ON resources_release
        FOR EACH ROW EXECUTE FUNCTION resources_owe_search_of_release();
"""
OWE_NO_MORE = """
    DROP TRIGGER release_owes_search ON resources_release;
    DROP FUNCTION resources_owe_search_of_release();
"""

# What a checksum was said of never changes, and what was published stays.
KEEP = """
    CREATE FUNCTION resources_keep_release_file() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF (NEW.release_id, NEW.name, NEW.file, NEW.size, NEW.sha256, NEW.signature)
               IS DISTINCT FROM
               (OLD.release_id, OLD.name, OLD.file, OLD.size, OLD.sha256, OLD.signature) THEN
                RAISE EXCEPTION 'a file of a release is never changed: add another one'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF EXISTS (SELECT 1 FROM resources_release
                    WHERE id = OLD.release_id AND published_at IS NOT NULL) THEN
            RAISE EXCEPTION 'a file that was published is never removed: withdraw its release'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END $$;
    CREATE TRIGGER release_file_stays BEFORE UPDATE OR DELETE ON resources_releasefile
        FOR EACH ROW EXECUTE FUNCTION resources_keep_release_file();
"""
KEEP_NO_MORE = """
    DROP TRIGGER release_file_stays ON resources_releasefile;
    DROP FUNCTION resources_keep_release_file();
"""


class Migration(migrations.Migration):
    """Releases, their files, who fetched them, and what licences run."""

    dependencies = [
        ('accounts', '0012_who_sees_reports_checked'),
        ('entitlements', '0017_put_right'),
        ('resources', '0003_known_defects'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('product', models.CharField(max_length=120)),
                ('edition', models.CharField(choices=[('business', 'Business edition'), ('office', 'Office edition'), ('evaluation', 'Evaluation version')], max_length=20)),
                ('version', models.CharField(max_length=40)),
                ('place', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=6)),
                ('kind', models.CharField(choices=[('patch', 'Patch'), ('maintenance', 'Maintenance release'), ('upgrade', 'Upgrade')], max_length=12)),
                ('summary', models.CharField(blank=True, max_length=300)),
                ('notes', models.TextField(blank=True)),
                ('notes_html', models.TextField(blank=True, editable=False)),
                ('takes', models.CharField(blank=True, max_length=300)),
                ('made_at', models.DateTimeField()),
                ('publish_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_for', models.CharField(blank=True, help_text='The customer reads it', max_length=500)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-place', 'edition'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('label', models.CharField(blank=True, help_text='Such as Linux x86-64, RPM', max_length=80)),
                ('file', models.FileField(max_length=200, upload_to=resources.models.releases.release_file_path)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('signature', models.TextField(blank=True, help_text="Detached and armoured, such as OpenPGP's")),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='resources.release')),
            ],
            options={
                'ordering': ['label', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('licence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entitlements.licence')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='resources.releasefile')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseFix',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, max_length=200)),
                ('defect', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fixed_by', to='resources.defect')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fixes', to='resources.release')),
            ],
            options={
                'verbose_name_plural': 'release fixes',
                'ordering': ['defect__number'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=32, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('signature', models.TextField(blank=True)),
                ('file', models.FileField(max_length=200, upload_to='')),
                ('size', models.PositiveBigIntegerField()),
                ('received', models.PositiveBigIntegerField(default=0)),
                ('begun_at', models.DateTimeField()),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='resources.release')),
            ],
            options={
                'ordering': ['-begun_at'],
            },
        ),
        migrations.CreateModel(
            name='RunningVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40)),
                ('place', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=6)),
                ('told_at', models.DateTimeField()),
                ('licence', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='running', to='entitlements.licence')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('told_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='UpgradeBought',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('licence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='upgrades', to='entitlements.licence')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bought', to='resources.release')),
            ],
            options={
                'verbose_name_plural': 'upgrades bought',
                'ordering': ['-at'],
            },
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('publish_at__isnull', False), ('published_at', None)), fields=['publish_at', 'id'], name='release_due'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('published_at__isnull', False)), fields=['-published_at'], name='release_newest'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(fields=('product', 'edition', 'place'), name='release_once'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('edition__in', ['business', 'office', 'evaluation'])), name='release_known_edition'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['patch', 'maintenance', 'upgrade'])), name='release_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('place__len', 6), models.Q(('version', ''), _negated=True), models.Q(('product', ''), _negated=True)), name='release_has_a_version'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('published_at', None), ('publish_at', None), _connector='OR'), name='release_published_waits_no_more'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_for', '')), models.Q(('published_at__isnull', False), ('withdrawn_at__isnull', False), models.Q(('withdrawn_for', ''), _negated=True)), _connector='OR'), name='release_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='releasefile',
            constraint=models.UniqueConstraint(fields=('release', 'name'), name='release_file_once'),
        ),
        migrations.AddConstraint(
            model_name='releasefile',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$'), ('size__gt', 0)), name='release_file_has_a_checksum'),
        ),
        migrations.AddIndex(
            model_name='download',
            index=models.Index(fields=['organisation', '-at'], name='download_of_organisation'),
        ),
        migrations.AddConstraint(
            model_name='releasefix',
            constraint=models.UniqueConstraint(fields=('release', 'defect'), name='release_fixes'),
        ),
        migrations.AddConstraint(
            model_name='releaseupload',
            constraint=models.CheckConstraint(condition=models.Q(('received__lte', models.F('size'))), name='release_upload_is_no_more'),
        ),
        migrations.AddConstraint(
            model_name='runningversion',
            constraint=models.CheckConstraint(condition=models.Q(('place__len', 6), models.Q(('version', ''), _negated=True)), name='running_a_version'),
        ),
        migrations.AddConstraint(
            model_name='upgradebought',
            constraint=models.UniqueConstraint(fields=('licence', 'release'), name='upgrade_bought_once'),
        ),
        protect("resources_download"),
        protect("resources_runningversion"),
        protect("resources_upgradebought"),
        migrations.RunSQL(OWE, OWE_NO_MORE),
        migrations.RunSQL(KEEP, KEEP_NO_MORE),
    ]
