"""Names and words of the demonstration, from the TOML files beside this one."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


@cache
def table(name: str) -> dict[str, Any]:
    """The file `<name>.toml`."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
