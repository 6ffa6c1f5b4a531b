from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        from tickets import registrations  # noqa: PLC0415  # its models are there only now

        registrations.register()
