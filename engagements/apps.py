from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "engagements"

    def ready(self) -> None:
        from engagements import registrations  # noqa: PLC0415  # its models are there only now

        registrations.register()
