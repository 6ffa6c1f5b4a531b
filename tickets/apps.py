from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        from tickets import meeting  # noqa: PLC0415  # its models are there only now

        meeting.register()
