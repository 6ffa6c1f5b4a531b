from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "resources"

    def ready(self) -> None:
        from resources import registrations  # noqa: PLC0415  # its models are there only now

        registrations.register()
