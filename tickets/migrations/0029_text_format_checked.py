from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0028_text_format'),
    ]

    operations = [
        ValidateConstraint(model_name='message', name='message_html_is_of_markdown'),
    ]
