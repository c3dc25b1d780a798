"""The branches and categories that rows name, found, or made where the profile says so."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.actions import categories
from complaints.importing.drafts import Draft
from complaints.importing.profiles import Profile
from complaints.models import Category
from organisation.actions import branches
from organisation.models import Branch, Level

# Between the parts of the code of an upper category, which is its whole path.
PATH = " / "
LONGEST_CODE = 120


class Places:
    """Reads each place once. To be used under the lock of the import: nobody else makes them then.

    `is_dry` makes nothing: what would be made counts as known.
    """

    def __init__(self, profile: Profile, *, is_dry: bool) -> None:
        self._profile = profile
        self._is_dry = is_dry
        self._branches: dict[str, Branch] = {}
        self._categories: dict[str, Category] = {}
        self._root: Branch | None = None

    def find(self, drafts: Sequence[Draft]) -> dict[int, dict[str, str]]:
        """Look up all that these rows name; the faults of those that name what there is not."""
        self._find_branches({draft.branch for draft in drafts})
        self._find_categories({draft.category for draft in drafts})
        faults: dict[int, dict[str, str]] = {}
        for draft in drafts:
            unknown = {}
            if draft.branch and draft.branch not in self._branches:
                unknown[self._column("branch")] = _unknown("branch", draft.branch)
            if draft.category and draft.category[-1] not in self._categories:
                unknown[self._column("category")] = _unknown("category", draft.category[-1])
            if unknown:
                faults[draft.row] = unknown
        return faults

    def branch(self, draft: Draft) -> Branch:
        """The responsible branch; the headquarters for a row that names none."""
        return self._branches[draft.branch] if draft.branch else self.root()

    def category(self, draft: Draft) -> Category | None:
        return self._categories[draft.category[-1]] if draft.category else None

    def root(self) -> Branch:
        """The headquarters, made when there is none yet."""
        if self._root is None:
            self._root = Branch.objects.filter(parent=None).first() or branches.create(
                code="HQ",
                name=settings.COMPANY_NAME or "总部",
                name_en=settings.COMPANY_NAME or "Headquarters",
                level=Level.HEADQUARTERS,
                parent=None,
                by=None,
            )
        return self._root

    def _find_branches(self, names: set[str]) -> None:
        wanted = sorted(names - self._branches.keys() - {""})
        if not wanted:
            return
        found = Branch.objects.filter(Q(code__in=wanted) | Q(name__in=wanted))
        for branch in found.order_by("-pk"):
            self._branches[branch.name] = branch
        # The code counts more than a name that looks like it.
        self._branches |= {branch.code: branch for branch in found}
        if "branch" in self._profile.create_missing:
            for name in wanted:
                if name not in self._branches:
                    self._branches[name] = self._new_branch(name)

    def _new_branch(self, name: str) -> Branch:
        if self._is_dry:
            return Branch(code=name)
        return branches.create(
            code=name, name=name, level=Level.BRANCH, parent=self.root(), by=None
        )

    def _find_categories(self, paths: set[tuple[str, ...]]) -> None:
        wanted = sorted(path for path in paths if path and path[-1] not in self._categories)
        if not wanted:
            return
        names = {path[-1] for path in wanted}
        found = Category.objects.filter(Q(code__in=names) | Q(name__in=names))
        for category in found.order_by("-pk"):
            self._categories[category.name] = category
        self._categories |= {category.code: category for category in found}
        if "category" in self._profile.create_missing:
            for path in wanted:
                if path[-1] not in self._categories:
                    self._categories[path[-1]] = self._new_category(path)

    def _new_category(self, path: tuple[str, ...]) -> Category:
        """The category under those above it in its path, which are made with it."""
        if self._is_dry:
            return Category(code=path[-1])
        parent = None
        for depth in range(1, len(path)):
            code = PATH.join(path[:depth])[:LONGEST_CODE]
            known = Category.objects.filter(code=code).first()
            parent = known or categories.create(
                code=code, name=path[depth - 1], parent=parent, by=None
            )
        return categories.create(code=path[-1], name=path[-1], parent=parent, by=None)

    def _column(self, name: str) -> str:
        if name == "category" and self._profile.category:
            return self._profile.category[-1]
        return self._profile.columns.get(name, name)


def _unknown(name: str, value: str) -> str:
    words = {
        "branch": _("There is no branch “%(value)s”."),
        "category": _("There is no category “%(value)s”."),
    }
    return words[name] % {"value": value}
