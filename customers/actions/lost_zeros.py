"""Codes as a spreadsheet spoils them: "00123" becomes 123."""

from collections.abc import Collection

from django.db.models import TextField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from customers.models import Customer
from organisation.models import Branch

LONGEST = 20
LISTED = "SELECT unnest(%s::text[])"
Coded = type[Customer] | type[Branch]


class Padded:
    """The whole codes of those that nobody has; each is asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str | None] = {}

    def learn(self, model: Coded, codes: Collection[str]) -> None:
        """Ask for many at once: of thousands, too, in one statement with one list."""
        asked = [code for code in set(codes) if (model.__name__, code) not in self._known]
        padded = {
            code.zfill(size): code
            for code in asked
            if code.isdigit()
            for size in range(len(code) + 1, LONGEST + 1)
        }
        self._known.update(dict.fromkeys((model.__name__, code) for code in asked))
        if padded:
            wanted = RawSQL(LISTED, [list(padded)], TextField())  # noqa: S611  a constant
            rows = model._default_manager.filter(code__in=wanted).order_by("-code")
            for whole in rows.values_list("code", flat=True):
                self._known[model.__name__, padded[whole]] = whole

    def whole(self, model: Coded, code: str) -> str | None:
        """Who has this code with zeros before it."""
        if (model.__name__, code) not in self._known:
            self.learn(model, [code])
        return self._known[model.__name__, code]

    def fault(self, model: Coded, code: str) -> str:
        """That nobody has this code; and who has it with zeros before it."""
        if whole := self.whole(model, code):
            words = _(
                "Nobody has the number %(code)s, but %(whole)s is known: the leading zero was "
                "lost. Format the column as text."
            )
            return words % {"code": code, "whole": whole}
        if model is Branch:
            return _("No branch has the code %(code)s.") % {"code": code}
        return _("No customer has the number %(code)s.") % {"code": code}
