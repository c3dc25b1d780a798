"""What the tests of the frame share."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from csm.tests.company import Company, company


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """The small company, made once for a module: each test undoes what it did itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield company()
        transaction.set_rollback(True)
