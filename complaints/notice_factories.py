"""Notices for tests: every one came to its state through the actions."""

from datetime import datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from complaints.actions import notices, opinions
from complaints.factories import quality_manager
from complaints.models import Notice
from csm.kit import clock
from organisation.models import Person

TEXT = "货到三日无人联系客户。各平台当日自查到货清单，次日前报送结果。"


class NoticeFactory(DjangoModelFactory[Notice]):
    """A notice of the headquarters, or of `issuing_branch`, for `addressees`.

    `until`: draft, consulting, published or withdrawn (after it was published). `asked` are units
    whose opinion is asked; `opinion` is what `speaker` answers for theirs.
    """

    class Meta:
        model = Notice

    title = factory.Sequence(lambda n: f"关于到货不通知客户的通报 {n}")
    text = TEXT
    now = factory.LazyFunction(clock.now)
    until = "draft"

    @classmethod
    def _create(cls, model_class: type[Notice], *args: Any, **kwargs: Any) -> Notice:
        acts = {name: kwargs.pop(name, None) for name in ("asked", "opinion", "speaker")}
        until, by, now = kwargs.pop("until"), kwargs.pop("by", None), kwargs.pop("now")
        by = by or quality_manager()
        kwargs.setdefault("issuing_branch", by.postings.get().branch)
        notice = notices.draft(by=by, now=now, **kwargs)
        if acts["asked"]:
            _ask(notice, by=by, now=now, **acts)
        if until in ("published", "withdrawn"):
            notices.publish(notice=notice, by=by, now=now)
        if until == "withdrawn":
            notices.withdraw(notice=notice, reason="事实有误，另行通报。", by=by, now=now)
        return notice


def _ask(
    notice: Notice, *, asked: Any, opinion: str, speaker: Person, by: Person, now: datetime
) -> None:
    due_at = now + timedelta(hours=48)
    opinions.consult(notice=notice, branches=asked, due_at=due_at, by=by, now=now)
    if opinion:
        opinions.give(notice=notice, text=opinion, by=speaker, now=now)
