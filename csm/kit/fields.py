"""Form controls written without templates: a page with a dozen forms has hundreds of options.

The same HTML as Django's own widget templates give; whatever is not named here is left to them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

FOLDER = "django/forms/widgets/"
Drawn = Mapping[str, Any]


class Renderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if draw := DRAWN.get(template_name):
            return draw(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: Drawn) -> SafeString:
    value = widget["value"]
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        "" if value is None else format_html(' value="{}"', str(value)),
        _attributes(widget["attrs"]),
    )


def _textarea(widget: Drawn) -> SafeString:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        widget["name"],
        _attributes(widget["attrs"]),
        widget["value"] or "",
    )


def _select(widget: Drawn) -> SafeString:
    groups = [_group(name, options) for name, options, _index in widget["optgroups"]]
    return format_html(
        '<select name="{}"{}>{}\n</select>',
        widget["name"],
        _attributes(widget["attrs"]),
        _joined(groups),
    )


def _group(name: str | None, options: list[Drawn]) -> SafeString:
    drawn = _joined([_option(option) for option in options])
    if not name:
        return drawn
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, drawn)


def _option(option: Drawn) -> SafeString:
    return format_html(
        '\n  <option value="{}"{}>{}</option>',
        str(option["value"]),
        _attributes(option["attrs"]),
        option["label"],
    )


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    return _joined([_attribute(name, value) for name, value in attrs.items() if value is not False])


def _attribute(name: str, value: Any) -> SafeString:
    if value is True:
        return format_html(" {}", name)
    return format_html(' {}="{}"', name, str(value))


def _joined(parts: list[SafeString]) -> SafeString:
    return mark_safe("".join(map(conditional_escape, parts)))  # noqa: S308  escaped, every one


INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time")
DRAWN: dict[str, Callable[[Drawn], SafeString]] = {
    **{f"{FOLDER}{name}.html": _input for name in INPUTS},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
}
