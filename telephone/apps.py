from django.apps import AppConfig


class TelephoneConfig(AppConfig):
    name = "telephone"

    def ready(self) -> None:
        from telephone import registrations  # noqa: PLC0415  # its models are there only now

        registrations.register()
