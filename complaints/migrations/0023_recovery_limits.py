"""Limits to begin with (C-20); the company sets its own."""

from django.db import migrations

# Yuan for one complaint; None: without a bound.
LIMITS = {
    "quality_manager": 500,
    "quality_specialist": 200,
    "service_director": 5000,
    "general_manager": None,
    "front_desk": 100,
    "handler": 200,
    "branch_manager": 500,
    "account_manager": 200,
}


def add(apps, schema_editor):
    limits = apps.get_model("complaints", "RecoveryLimit")
    for role, amount in LIMITS.items():
        limits.objects.get_or_create(role=role, defaults={"amount": amount})


def remove(apps, schema_editor):
    apps.get_model("complaints", "RecoveryLimit").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0022_service_recovery")]
    operations = [migrations.RunPython(add, remove)]
