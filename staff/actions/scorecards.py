"""Closing the scorecards of a quarter, and appeals against them (O-21)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.periods import Period
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import ROLE_VERBS, require, require_everywhere
from organisation.models import Person
from staff import scorecards as reading
from staff.actions import card_corrections
from staff.actions.card_corrections import Corrected
from staff.models import CardAppeal, CardKind, Scorecard, ScorecardLine
from staff.scorecards import Standing

CLOSE, ANSWER, SEE = "scorecard.edit", "scorecard.answer", "incentive.see"
APPEAL_DAYS = 14
CLOSING_LOCK = 5_010
PATH = "/staff/scorecards/"


@transaction.atomic
def close(*, period: Period, by: Person | None, now: datetime) -> int:
    """Keep every card as it is now, once, after the quarter; gives their number.

    Each person hears of the own card, and may appeal for fourteen days.
    """
    require_everywhere(by, CLOSE)
    if not period.has_ended(now):
        raise NotOpen(_("This quarter is not over."))
    _one_at_a_time()
    if reading.is_closed(period):
        raise NotOpen(_("The scorecards of this quarter are closed already."))
    found = _ranked(reading.standings(reading.every(), period=period, now=now))
    cards = [_card(row, place, of, period, by, now) for row, place, of in found]
    Scorecard.objects.bulk_create(cards)
    ScorecardLine.objects.bulk_create(
        line
        for card, (row, _place, _of) in zip(cards, found, strict=True)
        for line in _lines(card, row)
    )
    _tell(cards, now)
    return len(cards)


def _one_at_a_time() -> None:
    """Whoever closes, or ranks a card anew, reads the cards of the others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLOSING_LOCK])


Placed = tuple[Standing, int | None, int | None]


def _ranked(rows: Iterable[Standing]) -> list[Placed]:
    """In the order of reading: by kind and peers, the best first; ties share a place."""
    peers: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for row in rows:
        peers[row.subject.kind, row.subject.peers].append(row)
    return [placed for _key, group in sorted(peers.items()) for placed in _placed(group)]


def _placed(group: Sequence[Standing]) -> list[Placed]:
    best_first = sorted(group, key=lambda row: (bool(row.card.barrier), -_score(row)))
    scores = [_score(row) for row in best_first if not row.card.barrier]
    return [
        (row, None, None) if row.card.barrier else (row, scores.index(_score(row)) + 1, len(scores))
        for row in best_first
    ]


def _score(row: Standing) -> float:
    return round(row.card.score or 0.0, 2)


def _card(
    row: Standing,
    place: int | None,
    of: int | None,
    period: Period,
    by: Person | None,
    now: datetime,
) -> Scorecard:
    return Scorecard(
        quarter=period.key,
        kind=row.subject.kind,
        scheme=row.scheme,
        branch_id=row.subject.branch_id,
        person_id=row.subject.person_id,
        role=row.subject.role,
        score=None if row.card.score is None else round(row.card.score, 2),
        is_complete=row.card.is_complete,
        barrier=row.card.barrier,
        place=place,
        of=of,
        closed_at=now,
        closed_by=by,
    )


def _lines(card: Scorecard, row: Standing) -> list[ScorecardLine]:
    return [
        ScorecardLine(
            card=card,
            perspective=line.perspective,
            measure=line.measure.name,
            value=None if line.value is None else round(line.value, 4),
            n=line.n,
            floor=line.floor,
            target=line.target,
            weight=round(line.weight, 2),
            share=round(line.share, 2),
            score=None if line.score is None else round(line.score, 2),
        )
        for line in row.card.lines
    ]


def _tell(cards: Iterable[Scorecard], now: datetime) -> None:
    until = (now + timedelta(days=APPEAL_DAYS)).isoformat()
    notices = [
        outbox.Notice(
            key=f"scorecard:{card.pk}:closed",
            people=[card.person_id],
            text="scorecard_closed",
            context={"quarter": card.quarter, "due_at": until},
            path=f"{PATH}{card.pk}/",
        )
        for card in cards
        if card.person_id is not None
    ]
    outbox.put_all(notices, now=now)


def appeal_until(card: Scorecard) -> datetime:
    return card.closed_at + timedelta(days=APPEAL_DAYS)


def require_own(card: Scorecard, by: Person) -> None:
    """An appeal belongs to the person alone."""
    if card.kind != CardKind.PERSON or card.person_id != by.pk:
        raise Forbidden(_("Only the person whose card it is can appeal."))


@transaction.atomic
def appeal(*, card: Scorecard, text: str, by: Person, now: datetime) -> CardAppeal:
    """Only by whom the card is of, once, within fourteen days."""
    require(by, SEE)
    require_own(card, by)
    if now > appeal_until(card):
        raise NotOpen(_("The fourteen days for an appeal are over."))
    text = text.strip()
    if not text:
        words = _("Say what is wrong, line by line.")
        raise Refused.at("text", words)
    try:
        with transaction.atomic():
            made = CardAppeal.objects.create(
                card=card, closed_by_id=card.closed_by_id, text=text, by=by, at=now
            )
    except IntegrityError as error:
        raise NotOpen(_("There is an appeal against this card already.")) from error
    outbox.put(
        key=f"scorecard:{card.pk}:appeal",
        to=answering(made),
        text="scorecard_appealed",
        context={"name": by.name, "quarter": card.quarter, "words": text},
        path=f"{PATH}{card.pk}/",
        now=now,
        apart_from=by,
    )
    return made


def holders(verb: str) -> QuerySet[Person]:
    """Those who have a verb for the whole company."""
    roles = [role for role, verbs in ROLE_VERBS.items() if verb in verbs]
    return Person.objects.filter(
        is_active=True, postings__role__in=roles, postings__branch__parent=None
    ).distinct()


def answering(row: CardAppeal) -> list[Person]:
    """Who may answer: neither the person nor who closed the card."""
    return list(holders(ANSWER).exclude(pk__in=[row.closed_by_id or 0, row.by_id]))


@transaction.atomic
def answer(
    *,
    of: CardAppeal,
    is_granted: bool,
    words: str,
    by: Person,
    now: datetime,
    version: int | None = None,
    lines: Sequence[Corrected] = (),
) -> None:
    """By another than the person of the card and than who closed it.

    Granted means put right: `lines` that are not as they were closed change the card's result. The
    closed figures stay beside them.
    """
    require(by, ANSWER, of.card)
    if by.pk == of.by_id:
        raise Refused(_("Nobody answers an appeal of their own."))
    if by.pk == of.closed_by_id:
        raise Refused(_("Whoever closed the card does not answer the appeal against it."))
    words = words.strip()
    if not words:
        sentence = _("Say how you decided, and which line is right.")
        raise Refused.at("words", sentence)
    check_version(of, version)
    if not is_granted and lines:
        raise Refused.at("is_granted", _("A card that stands has no corrected figures."))
    changed = card_corrections.check(of, lines) if is_granted else []
    status = CardAppeal.Status.GRANTED if is_granted else CardAppeal.Status.UPHELD
    move(of, to=status, answer=words, answered_by=by, answered_at=now)
    _one_at_a_time()
    result = card_corrections.write(of, changed) if changed else of.card
    outbox.put(
        key=f"scorecard:{of.card_id}:answered",
        to=[of.by],
        text="scorecard_answered",
        context={
            "quarter": of.card.quarter,
            "is_granted": is_granted,
            "score": _shown(result.ranked_score),
            "closed_score": _shown(of.card.ranked_score),
            "words": words,
        },
        path=f"{PATH}{of.card_id}/",
        now=now,
        apart_from=by,
    )


def _shown(score: Decimal | None) -> str:
    return "—" if score is None else f"{score:.1f}"
