"""Encrypt the secrets of second factors that were kept before there was a key for them."""

from django.db import migrations

from accounts.actions.factors import encrypt_anew


def encrypt(apps, schema_editor):
    encrypt_anew(apps.get_model("mfa", "Authenticator"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_sign_ins"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
