"""What becomes of notices: the clock's drafts are judged, and the headquarters writes its own."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from complaints.actions import notices, opinions, readings
from complaints.models import Notice, NoticeStatus
from organisation.models import Branch, Person, Role
from reports.demo.company import Company, Site
from reports.demo.data import table
from reports.demo.plans import HOUR
from reports.demo.stage import Stage


@dataclass
class Desk:
    """Quality managers and branches at work on notices; with dice of their own."""

    company: Company
    rng: random.Random
    stage: Stage = field(init=False)

    def open(self, stage: Stage) -> None:
        """Put the notices that people write on the stage."""
        self.stage = stage
        for free in table("notices")["free"]:
            stage.at(stage.end - free["ago"] * HOUR, partial(self.write, free))

    def take_up(self, now: datetime) -> None:
        """Whatever the clock has just drafted is judged within two days."""
        drafts = Notice.objects.filter(created_at=now, created_by=None)
        for notice in drafts.order_by("complaint__number"):
            dice = self.rng.random()
            act = self.withdraw if dice < 0.3 else self.publish if dice < 0.7 else self.consult
            self._later(now, 6, 40, partial(act, notice))

    def write(self, free: dict[str, Any], now: datetime) -> None:
        """For every branch of the first region, by the headquarters."""
        region = next(iter(self.company.sites.values())).region
        branches = [site.branch for site in self._sites(region)]
        root, by = self.company.root, self._quality(self.company.root)
        given = {"title": free["title"], "text": free["text"], "addressees": branches}
        notice = notices.draft(issuing_branch=root, by=by, now=now, **given)
        if free["until"] == "consulting":
            self._ask(notice, branches[:3], now)
        if free["until"] in ("published", "withdrawn"):
            self.publish(notice, now)
        if free["until"] == "withdrawn":
            reason = free["reason"]
            self._later(now, 20, 30, partial(self.withdraw, notice, reason=reason))

    def withdraw(self, notice: Notice, now: datetime, reason: str = "") -> None:
        if notice.status != NoticeStatus.WITHDRAWN:
            reason = reason or self.rng.choice(table("notices")["withdrawn"])
            by = self._quality(notice.issuing_branch)
            notices.withdraw(notice=notice, reason=reason, by=by, now=now)

    def consult(self, notice: Notice, now: datetime) -> None:
        self._ask(notice, list(notice.addressees.all()), now)
        self._later(now, 49, 60, partial(self.publish, notice))

    def publish(self, notice: Notice, now: datetime) -> None:
        by = self._quality(notice.issuing_branch)
        notices.publish(notice=notice, by=by, now=now)
        for branch in notice.addressees.all():
            if self.rng.random() < 0.85:
                self._later(now, 1, 60, partial(self.acknowledge, notice, branch))

    def acknowledge(self, notice: Notice, branch: Branch, now: datetime) -> None:
        if notice.status == NoticeStatus.PUBLISHED:
            by = self._manager(branch)
            readings.read(notice=notice, by=by, now=now)
            opinions.acknowledge(notice=notice, by=by, now=now)

    def say(self, notice: Notice, branch: Branch, now: datetime) -> None:
        if notice.status == NoticeStatus.CONSULTING:
            text = self.rng.choice(table("notices")["opinions"])
            opinions.give(notice=notice, text=text, by=self._manager(branch), now=now)

    def _ask(self, notice: Notice, branches: list[Branch], now: datetime) -> None:
        by = self._quality(notice.issuing_branch)
        opinions.consult(notice=notice, branches=branches, due_at=now + 48 * HOUR, by=by, now=now)
        for branch in branches:
            if self.rng.random() < 0.7:
                self._later(now, 2, 40, partial(self.say, notice, branch))

    def _later(self, now: datetime, least: float, most: float, act: Any) -> None:
        self.stage.at(now + timedelta(hours=self.rng.uniform(least, most)), act)

    def _sites(self, region: Branch) -> list[Site]:
        return [site for site in self.company.sites.values() if site.region == region]

    def _quality(self, unit: Branch) -> Person:
        return self.company.who(unit.code, Role.QUALITY_MANAGER)[0]

    def _manager(self, branch: Branch) -> Person:
        """Who speaks for it; a region has no branch manager."""
        return (self.company.who(branch.code, Role.BRANCH_MANAGER) or [self._quality(branch)])[0]
