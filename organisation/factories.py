"""Branches and people for tests, made through the actions, so that paths and postings are right."""

from dataclasses import dataclass
from typing import Any

import factory
from factory.django import DjangoModelFactory

from csm.kit import clock
from organisation.actions import branches, jobs, people
from organisation.actions.jobs import Work
from organisation.models import Branch, Job, JobFile, Level, Person, Role


def headquarters() -> Branch:
    """The one root of the tree, made when it is missing."""
    root = Branch.objects.filter(parent=None).first()
    return root or branches.create(
        code="HQ",
        name="总部",
        name_en="Headquarters",
        level=Level.HEADQUARTERS,
        parent=None,
        by=None,
    )


class BranchFactory(DjangoModelFactory[Branch]):
    """A branch below `parent` (default: the headquarters); `path` follows from it."""

    class Meta:
        model = Branch

    code = factory.Sequence(lambda n: f"B{n:03d}")
    name = factory.LazyAttribute(lambda row: f"平台{row.code}")
    name_en = factory.LazyAttribute(lambda row: f"Branch {row.code}")
    level = Level.BRANCH
    parent = factory.LazyFunction(headquarters)

    @classmethod
    def _create(cls, model_class: type[Branch], *args: Any, **kwargs: Any) -> Branch:
        return branches.create(by=None, **kwargs)


@dataclass(frozen=True)
class Tree:
    """A small company: headquarters > region > (branch > child, sibling), and another region."""

    headquarters: Branch
    region: Branch
    branch: Branch
    child: Branch
    sibling: Branch
    other_region: Branch


def tree() -> Tree:
    """The smallest tree that has an own branch, a child, a sibling and a parent."""
    root = headquarters()
    region = BranchFactory.create(
        code="JS", name="江苏", name_en="Jiangsu", level=Level.REGION, parent=root
    )
    branch = BranchFactory.create(code="WX", name="无锡", name_en="Wuxi", parent=region)
    return Tree(
        headquarters=root,
        region=region,
        branch=branch,
        child=BranchFactory.create(code="WX1", name="新吴", name_en="Xinwu", parent=branch),
        sibling=BranchFactory.create(code="SZ", name="苏州", name_en="Suzhou", parent=region),
        other_region=BranchFactory.create(
            code="GN", name="甘宁", name_en="Ganning", level=Level.REGION, parent=root
        ),
    )


class PersonFactory(DjangoModelFactory[Person]):
    """A person with a login but no password: sign in with `client.force_login`.

    `branch` and `role` make one posting, `postings` any number of (branch, role). The e-mail
    address makes each message two rows (inbox, e-mail); `email=""` makes it one.
    """

    class Meta:
        model = Person

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"职员{n}")
    email = factory.LazyAttribute(lambda row: f"{row.username}@example.com")
    language = "en"

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **kwargs: Any) -> Person:
        branch = kwargs.pop("branch", None)
        role = kwargs.pop("role", Role.HANDLER)
        postings = kwargs.pop("postings", [(branch, role)] if branch else [])
        is_active = kwargs.pop("is_active", True)
        person = people.create(by=None, postings=postings, **kwargs)
        if not is_active:
            people.change(person=person, by=None, now=clock.now(), is_active=False)
        return person


def given_up_by(person: Person, *, title: str = "Complaints") -> Job:
    """A job of the person that was started as often as may be and never came to its end."""
    now = clock.now()
    job = jobs.put(kind="example", title=title, parameters={}, by=person, now=now)
    Job.objects.filter(pk=job.pk).update(attempts=jobs.MOST_STARTS)
    jobs.run_due(runners={"example": lambda _work: {}}, now=now)
    job.refresh_from_db()
    return job


def exported_by(person: Person, *, title: str = "Complaints", text: bytes = b"a,b") -> JobFile:
    """A file that a finished job has made for the person."""

    def write(work: Work) -> dict[str, Any]:
        work.new_file("export", f"{work.job.title}.csv", "text/csv").write(text)
        return {"rows": 1}

    now = clock.now()
    job = jobs.put(kind="example", title=title, parameters={}, by=person, now=now)
    jobs.run_due(runners={"example": write}, now=now)
    return job.files.get()
