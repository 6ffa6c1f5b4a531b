from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    name = "entitlements"

    def ready(self) -> None:
        from entitlements import registrations  # noqa: PLC0415  # its models are there only now

        registrations.register()
