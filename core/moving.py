"""Operations for migrations by which a model moves to another app and its table stays."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def content_types_follow(old_app: str, new_app: str, *models: str) -> migrations.RunPython:
    """What Django's admin has written about these models finds them under the new app."""

    def move(apps: Any, source: str, target: str) -> None:
        try:
            kinds = apps.get_model("contenttypes", "ContentType")
        except LookupError:  # not in this state: nothing was written about them
            return
        kinds.objects.filter(app_label=target, model__in=models).delete()
        kinds.objects.filter(app_label=source, model__in=models).update(app_label=target)

    return migrations.RunPython(
        lambda apps, editor: move(apps, old_app, new_app),
        lambda apps, editor: move(apps, new_app, old_app),
    )
