from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

from axsupport.celery import app as celery  # shared tasks bind to the app that exists at start


class AxSupportConfig(AppConfig):
    name = "axsupport"
    celery = celery


class AdminConfig(DjangoAdminConfig):
    default_site = "core.admin.Site"
