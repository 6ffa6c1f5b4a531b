from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0010_as_of'),
    ]

    operations = [
        ValidateConstraint(model_name='auditrun', name='audit_run_noted_after_it_was'),
    ]
