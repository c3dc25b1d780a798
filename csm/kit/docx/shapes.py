"""The values that fill a template, and what can be named of them."""

from csm.kit.tables import printable

# Texts, groups of named values, and lists of values that look alike.
Plain = str | list["Plain"] | dict[str, "Plain"]
# The same without its texts (None); a list has the shape of one of its values.
Shape = None | list["Shape"] | dict[str, "Shape"]


def shape_of(value: Plain) -> Shape:
    """The shape of an example: each of its lists has a value at least."""
    if isinstance(value, dict):
        return {name: shape_of(each) for name, each in value.items()}
    return [shape_of(value[0])] if isinstance(value, list) else None


def clean(value: Plain) -> Plain:
    """The same, fit to be printed."""
    if isinstance(value, dict):
        return {name: clean(each) for name, each in value.items()}
    if isinstance(value, list):
        return [clean(each) for each in value]
    return printable(value)


def doubled(value: Plain) -> Plain:
    """The same with every list twice as long."""
    if isinstance(value, dict):
        return {name: doubled(each) for name, each in value.items()}
    return [doubled(each) for each in value] * 2 if isinstance(value, list) else value


def emptied(value: Plain) -> Plain:
    """The same without words, and without anything in its lists."""
    if isinstance(value, dict):
        return {name: emptied(each) for name, each in value.items()}
    return [] if isinstance(value, list) else ""
