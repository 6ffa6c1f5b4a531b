from django.apps import AppConfig


class RotaConfig(AppConfig):
    name = "rota"

    def ready(self) -> None:
        from rota import meeting  # noqa: PLC0415  # its models are there only now

        meeting.register()
