from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Each app declares its kinds of journal entries in a module of that name."""
        autodiscover_modules("journal", "text.journal")
