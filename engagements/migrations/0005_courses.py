"""The courses that a new desk begins with; managers change them on their pages."""

from django.db import migrations

from engagements.rules.courses_file import SHIPPED, read


def load(apps, schema_editor):
    course = apps.get_model("engagements", "TrainingCourse")
    for place, values in enumerate(read(SHIPPED.read_text(encoding="utf-8"))):
        course.objects.create(position=10 * place, **values)


class Migration(migrations.Migration):
    dependencies = [("engagements", "0004_training")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
