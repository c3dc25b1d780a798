from django.apps import AppConfig
from django.core.checks import Tags, register

from complaints import checks


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        register(checks.letters_fold, Tags.database)
