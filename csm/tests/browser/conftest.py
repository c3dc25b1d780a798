"""Browser tests: a small company on a live server, and people who sign in to it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.factories import CategoryFactory
from complaints.models import Category
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

# Playwright's event loop runs in the thread that also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
PASSWORD = "four-promises-72"
PATIENCE = 15_000  # ms: a machine of two cores that runs other tests besides
expect.set_options(timeout=PATIENCE)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 640}


@dataclass(frozen=True)
class Company:
    """Branches, a category, and one person for each part that is played."""

    tree: Tree
    category: Category
    people: dict[str, Person]


@pytest.fixture
def company(live_server: LiveServer) -> Company:
    places = tree()
    parts = {
        "desk": (places.branch, Role.FRONT_DESK, "顾晓蕾"),
        "handler": (places.branch, Role.HANDLER, "周敏"),
        "manager": (places.branch, Role.BRANCH_MANAGER, "孙伟"),
        "quality": (places.headquarters, Role.QUALITY_MANAGER, "林静怡"),
        "second": (places.headquarters, Role.QUALITY_SPECIALIST, "陈宇"),
        "executive": (places.headquarters, Role.EXECUTIVE, "高启明"),
        "admin": (places.headquarters, Role.ADMINISTRATOR, "管理员"),
        "auditor": (places.headquarters, Role.AUDITOR, "邵一凡"),
    }
    people = {
        username: PersonFactory.create(
            username=username, name=name, branch=branch, role=role, password=PASSWORD, language=""
        )
        for username, (branch, role, name) in parts.items()
    }
    category = CategoryFactory.create(name="货物破损", name_en="Goods damaged")
    return Company(places, category, people)


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer) -> Iterator[SignIn]:
    """`sign_in("desk", locale="zh-CN")`: a window of that person, on their first page."""
    contexts: list[BrowserContext] = []

    def enter(
        username: str,
        *,
        locale: str = "en-US",
        size: dict[str, int] | None = None,
        script: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale=locale,
            viewport=size or DESK,  # type: ignore[arg-type]
            java_script_enabled=script,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto("/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{live_server.url}/")
        return page

    yield enter
    for context in contexts:
        context.close()
