import django.contrib.postgres.fields
import django.db.models.deletion
import entitlements.levels
import resources.models.manuals
from django.conf import settings
from django.db import migrations, models

# The database itself says what has to be indexed again: pages that came, and of all their
# manual's once it is published, retired, or for other readers.
OWE = """
    CREATE FUNCTION resources_owe_search_of_manual() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'resources_manualpage' THEN
            INSERT INTO core_searchowed (kind, subject_id)
            VALUES ('document', coalesce(NEW.id, OLD.id));
        ELSIF TG_TABLE_NAME = 'resources_manualversion' THEN
            INSERT INTO core_searchowed (kind, subject_id)
            SELECT 'document', id FROM resources_manualpage WHERE version_id = NEW.id;
        ELSE
            INSERT INTO core_searchowed (kind, subject_id)
            SELECT 'document', page.id FROM resources_manualpage page
              JOIN resources_manualversion version ON version.id = page.version_id
             WHERE version.manual_id = NEW.id;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER manual_page_owes_search AFTER INSERT OR DELETE ON resources_manualpage
        FOR EACH ROW EXECUTE FUNCTION resources_owe_search_of_manual();
    CREATE TRIGGER manual_version_owes_search AFTER UPDATE OF state ON resources_manualversion
        FOR EACH ROW EXECUTE FUNCTION resources_owe_search_of_manual();
    CREATE TRIGGER manual_owes_search
        AFTER UPDATE OF title, summary, audience, editions ON resources_manual
        FOR EACH ROW EXECUTE FUNCTION resources_owe_search_of_manual();
"""
OWE_NO_MORE = """
    DROP TRIGGER manual_owes_search ON resources_manual;
    DROP TRIGGER manual_version_owes_search ON resources_manualversion;
    DROP TRIGGER manual_page_owes_search ON resources_manualpage;
    DROP FUNCTION resources_owe_search_of_manual();
"""


class Migration(migrations.Migration):
    """Documentation: manuals, their versions, pages and pictures."""

    dependencies = [
        ('resources', '0005_newsletters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Manual',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('summary', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(choices=[('manual', 'Manual'), ('release_notes', 'Release notes'), ('white_paper', 'White paper')], max_length=14)),
                ('product', models.CharField(max_length=120)),
                ('editions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('business', 'Business edition'), ('office', 'Office edition'), ('evaluation', 'Evaluation version')], max_length=20), blank=True, default=list, size=None)),
                ('audience', models.CharField(choices=[('everybody', 'Everybody, without signing in'), ('registered', 'Customers who sign in'), ('levels', 'Customers with one of the levels'), ('staff', 'Our own people')], max_length=12)),
                ('levels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=entitlements.levels.level_choices, max_length=10), blank=True, default=list, size=None)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='ManualVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40)),
                ('place', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=6)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('live', 'Published'), ('retired', 'Retired')], default='draft', max_length=8)),
                ('is_preview', models.BooleanField(default=False)),
                ('is_pdf', models.BooleanField(default=False)),
                ('home', models.CharField(blank=True, max_length=200)),
                ('file', models.FileField(max_length=200, upload_to=resources.models.manuals.manual_path)),
                ('file_name', models.CharField(max_length=120)),
                ('size', models.PositiveBigIntegerField()),
                ('missing', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None)),
                ('added_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('manual', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='resources.manual')),
            ],
            options={
                'ordering': ['-place'],
            },
        ),
        migrations.CreateModel(
            name='ManualPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=200)),
                ('file', models.FileField(max_length=200, upload_to=resources.models.manuals.manual_picture_path)),
                ('content_type', models.CharField(max_length=40)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='resources.manualversion')),
            ],
            options={
                'ordering': ['path'],
            },
        ),
        migrations.CreateModel(
            name='ManualPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=200)),
                ('title', models.CharField(max_length=200)),
                ('html', models.TextField()),
                ('text', models.TextField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='resources.manualversion')),
            ],
            options={
                'ordering': ['path'],
            },
        ),
        migrations.AddConstraint(
            model_name='manual',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('slug', ''), _negated=True), models.Q(('title', ''), _negated=True)), name='manual_is_named'),
        ),
        migrations.AddConstraint(
            model_name='manual',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['everybody', 'registered', 'levels', 'staff'])), name='manual_known_audience'),
        ),
        migrations.AddConstraint(
            model_name='manual',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['manual', 'release_notes', 'white_paper'])), name='manual_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='manual',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('audience', 'levels'), ('levels__len__gt', 0)), models.Q(models.Q(('audience', 'levels'), _negated=True), ('levels', [])), _connector='OR'), name='manual_levels_where_levels_read'),
        ),
        migrations.AddConstraint(
            model_name='manualversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'retired'), _negated=True), fields=('manual', 'place'), name='manual_version_once'),
        ),
        migrations.AddConstraint(
            model_name='manualversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('published_at__isnull', False)), _connector='OR'), name='manual_published_at_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='manualversion',
            constraint=models.CheckConstraint(condition=models.Q(('place__len', 6), models.Q(('version', ''), _negated=True)), name='manual_has_a_version'),
        ),
        migrations.AddConstraint(
            model_name='manualpicture',
            constraint=models.UniqueConstraint(fields=('version', 'path'), name='manual_picture_once'),
        ),
        migrations.AddConstraint(
            model_name='manualpage',
            constraint=models.UniqueConstraint(fields=('version', 'path'), name='manual_page_once'),
        ),
        migrations.RunSQL(OWE, OWE_NO_MORE),
    ]
