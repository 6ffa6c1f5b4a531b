from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        # Connects the one receiver of mails that providers hand in; models are needed before.
        import tickets.doors.webhooks  # noqa: F401, PLC0415
