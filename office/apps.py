from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "office"

    def ready(self) -> None:
        from office import registrations  # noqa: PLC0415  # its models are there only now

        registrations.register()
