from django.apps import AppConfig

from core import security
from core.security import SecurityKind


class MailroomConfig(AppConfig):
    name = "mailroom"

    def ready(self) -> None:
        from mailroom import registrations  # noqa: PLC0415  # its models are there only now
        from mailroom.doors import webhooks  # noqa: F401, PLC0415  # connects its one receiver

        registrations.register()
        security.register(SecurityKind("mail.read_raw", "Original of a mail read"))
