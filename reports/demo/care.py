"""What the demonstration company does for customers: recoveries, challenges, a price of delay."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from complaints.actions import challenges, delay_prices, following, recoveries, recovery_rules
from complaints.models import Challenge, Complaint, RecoveryOffer
from organisation.models import Person, Role
from reports.demo.company import Company
from reports.demo.plans import HOUR
from reports.demo.stage import Stage

# Name, English name, kind, value of one; None: entered each time.
OFFERS = (
    ("餐券", "Meal voucher", "gift", 30),
    ("免运费", "Freight waived", "waiver", None),
    ("免费重新派送", "Free redelivery", "redelivery", 80),
    ("下次运费九折", "10% off the next freight", "discount", 40),
)
REASONS = ("货物延误，客户多次来电", "外包装破损，客户不便", "未按约定时间派送", "安抚客户情绪")
DOUBTS = ("客户表示仍未收到处理结果", "客户对致歉时间有异议", "客户认为赔付说明不清楚")
ANSWERS = ("已调取通话录音核实，结果属实", "已向客户逐条解释，客户认可")
PRICE = Decimal(50)
# Of a hundred answered complaints.
RECOVERED, DOUBTED = 14, 3


def prepare(now: datetime) -> None:
    for name, name_en, kind, value in OFFERS:
        recovery_rules.create_offer(
            name=name,
            name_en=name_en,
            kind=kind,
            unit_value=None if value is None else Decimal(value),
            by=None,
        )
    delay_prices.set_price(amount=PRICE, by=None, now=now)


def after_result(
    complaint: Complaint, *, company: Company, stage: Stage, handler: Person, now: datetime
) -> None:
    """Now and then the customer gets something, or somebody speaks up for them."""
    chance = random.Random(f"{complaint.waybill} care")  # noqa: S311  demo data
    # Of the last day there are more, so that some wait for a decision or an answer.
    drawn = chance.randrange(25 if stage.end - now < timedelta(hours=30) else 100)
    if drawn < RECOVERED:
        _recover(complaint, company, stage, handler, chance, now)
    elif drawn < RECOVERED + DOUBTED:
        _doubt(complaint, company, stage, chance, now)


def _recover(
    complaint: Complaint,
    company: Company,
    stage: Stage,
    handler: Person,
    chance: random.Random,
    now: datetime,
) -> None:
    offer = chance.choice(list(RecoveryOffer.objects.order_by("pk")))
    amount = None if offer.unit_value is not None else Decimal(chance.randrange(5, 60) * 10)
    made = recoveries.give(
        complaint=complaint,
        offer=offer,
        amount=amount,
        words=chance.choice(REASONS),
        by=handler,
        now=now,
    )
    (director,) = company.who(company.root.code, Role.SERVICE_DIRECTOR)

    def decide(later: datetime) -> None:
        recoveries.approve(recovery=made, by=director, now=later)

    if made.granted_at is None:
        stage.at(now + chance.uniform(3, 30) * HOUR, decide)


def _doubt(
    complaint: Complaint, company: Company, stage: Stage, chance: random.Random, now: datetime
) -> None:
    (voice,) = company.who(company.root.code, Role.CUSTOMER_REPRESENTATIVE)
    quality = company.who(company.root.code, Role.QUALITY_MANAGER)[0]

    def doubt(later: datetime) -> None:
        complaint.refresh_from_db()
        following.follow(complaint=complaint, by=voice, now=later)
        if complaint.status in challenges.OPEN_IN and challenges.has_result(complaint):
            challenges.challenge(
                complaint=complaint, words=chance.choice(DOUBTS), by=voice, now=later
            )

    def answer(later: datetime) -> None:
        complaint.refresh_from_db()
        for made in Challenge.objects.filter(complaint=complaint, answered_at=None):
            made.complaint = complaint
            words = chance.choice(ANSWERS)
            challenges.answer(
                challenge=made, outcome="explained", words=words, by=quality, now=later
            )

    stage.at(now + 2 * HOUR, doubt)
    stage.at(now + chance.uniform(10, 60) * HOUR, answer)
