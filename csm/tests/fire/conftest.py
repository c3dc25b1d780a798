"""One installation for all tests in here: each leaves it whole."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from csm.tests.fire import site as sites
from csm.tests.fire.overdue import Control
from csm.tests.fire.site import Site


@pytest.fixture(scope="package")
def installed(django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with django_db_blocker.unblock(), sites.running() as found:
        yield found


@pytest.fixture
def site(installed: Site) -> Site:
    """The installation, with every process at work; a test before may have cut our connection."""
    connection.close()
    installed.wait_until_whole()
    return installed


@pytest.fixture(scope="package")
def control(installed: Site) -> Control:
    """The complaint that was swept in peace."""
    return Control.swept()
