from django.apps import AppConfig


class RotaConfig(AppConfig):
    name = "rota"

    def ready(self) -> None:
        from rota import registrations  # noqa: PLC0415  # its models are there only now

        registrations.register()
