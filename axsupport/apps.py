from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.module_loading import autodiscover_modules

from axsupport.celery import app as celery  # shared tasks bind to the app that exists at start


class AxSupportConfig(AppConfig):
    name = "axsupport"
    celery = celery


class AdminConfig(DjangoAdminConfig):
    default_site = "core.admin.Site"

    def ready(self) -> None:
        """Each app's `admin` registers its models, its `desk` the pages of its own.

        And its `personal` what its tables hold about people.
        """
        super().ready()
        autodiscover_modules("desk", "personal")
