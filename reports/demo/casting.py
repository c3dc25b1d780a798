"""Who complains about what, where and when: the stories of the demonstration."""

import random
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from complaints.models import Complaint
from reports.demo import plans, staged
from reports.demo.company import Company, Site
from reports.demo.customers import Client
from reports.demo.data import table
from reports.demo.plans import Awake, Plan
from reports.demo.stage import Stage
from reports.demo.stories import Story
from reports.demo.words import Words

# How often each category is complained about; the others weigh 2.
WEIGHTS = {"damage": 10, "loss": 8, "delay": 12, "in-transit": 6, "slow-response": 7}


def cast(
    company: Company, clients: list[Client], stage: Stage, number: int, rng: random.Random
) -> list[Story]:
    """As many stories as are wanted: those of right now, and as many of the past as are missing."""
    caster = _Caster(company, clients, stage, ZoneInfo(settings.TIME_ZONE), [])
    present = [(company.sites[code], plan) for code, plan in staged.plans(stage.end)[:number]]
    past = caster.past(number - len(present), rng)
    return [caster.story(site, plan, rng) for site, plan in past + present]


@dataclass
class _Caster:
    company: Company
    clients: list[Client]
    stage: Stage
    zone: ZoneInfo
    earlier: list[Complaint]

    def past(self, number: int, rng: random.Random) -> list[tuple[Site, Plan]]:
        sites = list(self.company.sites.values())
        volumes = [site.volume for site in sites]
        found = []
        for received_at in plans.receipts(rng, self.stage.end, number, self.zone):
            site = rng.choices(sites, volumes)[0]
            plan = plans.draw(rng, received_at=received_at, care=site.care, zone=self.zone)
            found.append((site, plan))
        return found

    def story(self, site: Site, plan: Plan, rng: random.Random) -> Story:
        """Each has a source of chance of its own: none depends on the course of another."""
        own = random.Random(rng.random())  # noqa: S311  demo data
        nearby = [client for client in self.clients if client.site == site]
        client = own.choice(nearby if own.random() < 0.8 else self.clients)
        codes = list(table("words/zh")["categories"])
        code = own.choices(codes, [WEIGHTS.get(code, 2) for code in codes])[0]
        return Story(
            company=self.company,
            stage=self.stage,
            plan=plan,
            client=client,
            site=site,
            category=self.company.categories[code],
            words=self._words(client, site, plan, code, own),
            awake=Awake(plan.received_at, self.zone),
            rng=own,
            earlier=self.earlier,
        )

    def _words(
        self, client: Client, site: Site, plan: Plan, code: str, rng: random.Random
    ) -> Words:
        case = rng.choice(table(f"words/{client.language}")["categories"][code]["cases"])
        return Words(rng, client.language, code, case, self._facts(client, site, plan, rng))

    def _facts(
        self, client: Client, site: Site, plan: Plan, rng: random.Random
    ) -> dict[str, object]:
        is_english = client.language == "en"
        origin = rng.choice([one for one in self.company.sites.values() if one != site])
        here, there = (
            one.branch.name_en if is_english else one.branch.name for one in (site, origin)
        )
        day = (plan.received_at - timedelta(hours=rng.randint(1, 30))).astimezone(self.zone)
        return {
            "goods": rng.choice(table(f"words/{client.language}")["goods"]),
            "n": rng.randint(2, 30),
            "days": rng.randint(2, 6),
            "hours": rng.randint(2, 9),
            "amount": rng.randint(6, 480) * 10,
            "bill": f"YA{rng.randint(10**9, 10**10 - 1)}",
            "origin": there,
            "city": here,
            "branch": here,
            "contact": client.contact.name,
            "customer": client.customer.name,
            "date": f"{day:%-d %B}" if is_english else f"{day.month} 月 {day.day} 日",
        }
