"""What a template may say: fields, loops over lists, conditions. Read, not run.

A whitelist of what Jinja parses: no calls, no arithmetic, no assignments, no inclusion. So a
template cannot reach code or data that it was not given, nor work longer than its data are long.
"""

from difflib import get_close_matches

from django.utils.translation import gettext as _
from jinja2 import StrictUndefined, nodes
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from csm.kit.docx.shapes import Shape

ALLOWED_FILTERS = ("default", "join", "length", "lower", "trim", "upper")
ALLOWED_TESTS = ("defined",)
ALLOWED_NAMES = (*ALLOWED_FILTERS, *ALLOWED_TESTS)
LOOP: Shape = dict.fromkeys(("first", "last", "index", "length"))
MOST_NESTED = 2
# What only holds other expressions.
PLAIN = (
    *(nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.CondExpr, nodes.Concat, nodes.Filter, nodes.Test),
)


class Wrong(Exception):
    """What is wrong, in words, and in which line of the text."""

    def __init__(self, line: int | None, words: str) -> None:
        super().__init__(words)
        self.line, self.words = line or 1, words


def environment() -> ImmutableSandboxedEnvironment:
    """Where templates are read and filled: escaping, with a handful of filters, without globals."""
    found = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    found.filters = {name: FILTERS[name] for name in ALLOWED_FILTERS}
    found.tests = {name: TESTS[name] for name in ALLOWED_TESTS}
    found.globals = {}
    return found


class Reader:
    """Goes through a parsed template with the shapes of the names that are known where it is."""

    def __init__(self, names: dict[str, Shape]) -> None:
        self._scopes = [names]

    def read(self, statements: list[nodes.Node]) -> None:
        """Raises `Wrong` at the first fault."""
        for each in statements:
            if isinstance(each, nodes.Output):
                self._read_output(each)
            elif isinstance(each, nodes.If):
                self._shape(each.test)
                self.read([*each.body, *each.elif_, *each.else_])
            elif isinstance(each, nodes.For):
                self._read_loop(each)
            else:
                raise _impossible(each)

    def _read_output(self, output: nodes.Output) -> None:
        for each in output.nodes:
            if isinstance(each, nodes.TemplateData):
                continue
            shape = self._shape(each)
            if isinstance(shape, dict):
                words = _("this is a group; name one of its fields: %(names)s")
                raise Wrong(each.lineno, words % {"names": ", ".join(shape)})
            if isinstance(shape, list):
                words = _("this is a list; go through it with “for”")
                raise Wrong(each.lineno, words)

    def _read_loop(self, loop: nodes.For) -> None:
        shape = self._shape(loop.iter)
        if not isinstance(shape, list):
            raise Wrong(loop.lineno, _("this is no list to go through"))
        if loop.recursive or not isinstance(loop.target, nodes.Name):
            raise _impossible(loop)
        if len(self._scopes) > MOST_NESTED:
            raise Wrong(loop.lineno, _("so many loops inside each other are not possible"))
        self._scopes.append({loop.target.name: shape[0], "loop": LOOP})
        self.read([*loop.body])
        if loop.test is not None:
            self._shape(loop.test)
        self._scopes.pop()
        self.read([*loop.else_])

    def _shape(self, node: nodes.Node) -> Shape:
        """What an expression gives."""
        if isinstance(node, nodes.Name):
            return self._named(node)
        if isinstance(node, nodes.Getattr):
            return self._part(node)
        if not isinstance(node, PLAIN):
            raise _impossible(node)
        if isinstance(node, nodes.Filter | nodes.Test) and node.name not in ALLOWED_NAMES:
            raise _impossible(node, node.name)
        for child in node.iter_child_nodes():
            self._shape(child)
        return None

    def _named(self, node: nodes.Name) -> Shape:
        for scope in reversed(self._scopes):
            if node.name in scope:
                return scope[node.name]
        known = [name for scope in self._scopes for name in scope]
        raise Wrong(node.lineno, _unknown(node.name, known))

    def _part(self, node: nodes.Getattr) -> Shape:
        group = self._shape(node.node)
        if isinstance(group, dict) and node.attr in group:
            return group[node.attr]
        known = list(group) if isinstance(group, dict) else []
        raise Wrong(node.lineno, _unknown(_path(node), known))


def _path(node: nodes.Node) -> str:
    """The name as it stands there: order.number."""
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


def _unknown(name: str, known: list[str]) -> str:
    words = _("there is no field “%(name)s”") % {"name": name[:80]}
    near = get_close_matches(name.rpartition(".")[2], known, 1)
    if not near:
        return words
    path = name.rpartition(".")[0]
    meant = f"{path}.{near[0]}" if path else near[0]
    return _("%(words)s (do you mean “%(meant)s”?)") % {"words": words, "meant": meant}


def _impossible(node: nodes.Node, name: str = "") -> Wrong:
    kind = name or type(node).__name__.lower()
    words = _("only fields, for and if are possible here, no “%(kind)s”") % {"kind": kind}
    lines = (each.lineno for each in (node, *node.find_all(nodes.Node)))
    return Wrong(next(filter(None, lines), None), words)
