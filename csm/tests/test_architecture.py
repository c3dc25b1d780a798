"""Habits that a reviewer would otherwise have to look for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from complaints.models import OPEN_IN, Assessment, Complaint, DissatisfiedItem, Notice, WorkOrder
from csm.kit.transitions import Moving
from csm.tests import migrated
from organisation.access import ROLE_VERBS
from organisation.models import Role
from organisation.scope import Scope

ROOT = Path(__file__).resolve().parents[2]
APPS = ("csm", "organisation", "customers", "complaints", "surveys", "staff", "reports")
# Addresses that need no login; every other view is behind LoginRequiredMiddleware.
PUBLIC = {"login", "healthz", "readyz", "status", "set-language", "api-token"}
PUBLIC |= {"report", "track", "track-add", "track-not-solved"}
PUBLIC |= {"sheet", "counter-sheet", "sheet-stop", "vote", "aware", "visits-feed"}


def sources() -> Iterator[Path]:
    """Our own modules, without tests and migrations."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if not {"tests", "migrations"} & set(path.parts):
                yield path


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Called attribute names, with their calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_house_rules_of_a_module(path: Path) -> None:
    tree = ast.parse(path.read_text())
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.Lambda))]
    inside = [
        node
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert not inside, "an import inside a function hides a circle"
    names = {name for name, _call in calls(tree)}
    assert not names & {"delay", "apply_async", "extra"}
    statements = [call.args[0] for name, call in calls(tree) if name == "raw"]
    assert all(is_constant(statement) for statement in statements), "B-14: SQL is a constant"
    methods = [n for c in ast.walk(tree) if isinstance(c, ast.ClassDef) for n in c.body]
    assert "save" not in [n.name for n in methods if isinstance(n, ast.FunctionDef)]
    assert "GenericForeignKey" not in path.read_text()
    assert "django.dispatch" not in path.read_text(), "no signals"


def is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def test_every_role_has_its_verbs() -> None:
    assert set(ROLE_VERBS) == set(Role)


def test_every_moving_record_names_only_its_own_states() -> None:
    for model in (Complaint, WorkOrder, DissatisfiedItem, Notice, Assessment):
        states = {value for value, _label in model._meta.get_field("status").choices or ()}
        assert issubclass(model, Moving)
        assert set(model.MOVES) <= states
        assert {to for follow in model.MOVES.values() for to in follow} <= states


def test_every_act_is_open_somewhere_and_every_state_is_known() -> None:
    states = {value for value, _label in Complaint._meta.get_field("status").choices or ()}
    assert all(statuses and set(statuses) <= states for statuses in OPEN_IN.values())


def test_every_scope_leads_to_a_branch_or_a_person() -> None:
    scoped = [model for model in apps.get_models() if hasattr(model, "SCOPE")]
    assert len(scoped) >= 6
    for model in scoped:
        scope: Scope = model.SCOPE
        for path in (*scope.branches, *scope.people):
            assert target(model, path).__name__ in {"Branch", "Person"}


def target(model: type[Model], path: str) -> type[Model]:
    """The model at the end of a lookup path; the empty path is the model itself."""
    for name in filter(None, path.split("__")):
        related = model._meta.get_field(name).related_model
        assert isinstance(related, type)
        model = related
    return model


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def test_only_listed_pages_are_open_without_a_login() -> None:
    """B-01: a new public address needs a line here."""
    opened = {
        entry.name
        for route, entry in patterns(get_resolver())
        if not route.startswith("api/") and not getattr(entry.callback, "login_required", True)
    }
    assert opened <= PUBLIC


def test_no_statement_is_built_from_text() -> None:
    """B-14: SQL is a constant; values travel as parameters."""
    built = re.compile(r'execute\(\s*f["\']|execute\([^)]*%\s*\(|execute\([^)]*\.format\(')
    assert not [path for path in sources() if built.search(path.read_text())]


@pytest.mark.parametrize("path", list(migrated.sources()), ids=lambda path: path.stem)
def test_the_copied_database_is_made_anew_when_what_migrates_it_changes(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            above = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for name in (".".join([*above, alias.name]) for alias in node.names):
                ours = name.split(".")[0] in APPS and ".migrations." not in name
                assert not ours or name in migrated.IMPORTED, name
