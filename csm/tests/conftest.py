"""What the tests of the frame share."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django import DjangoDbBlocker

from complaints.models import Policy
from csm.tests.company import Company, company


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """The small company, made once for a module: each test undoes what it did itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        if not Policy.objects.exists():  # a transactional test before took it away
            import_module("complaints.migrations.0003_default_policy").add(apps, None)
        yield company()
        transaction.set_rollback(True)
