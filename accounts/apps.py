from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import registrations  # noqa: PLC0415  # its models are there only now

        registrations.register()
