from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "mailroom"

    def ready(self) -> None:
        from mailroom import registrations  # noqa: PLC0415  # its models are there only now
        from mailroom.doors import webhooks  # noqa: F401, PLC0415  # connects its one receiver

        registrations.register()
