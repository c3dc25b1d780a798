"""What the customers of the yearly survey answer: most are content, a few not, some are silent."""

from datetime import datetime, timedelta
from itertools import cycle, islice

from surveys.actions import answering
from surveys.actions.answering import Sender
from surveys.models import OPEN, Invitation, Survey

# Of each ten who were asked, in the order of the draw: total, recommendation, effort, words.
# None: no answer yet.
SHEETS: tuple[tuple[int, int, int, str] | None, ...] = (
    (9, 9, 6, "希望周末也能派送。"),
    (8, 8, 6, ""),
    None,
    (10, 10, 7, "司机态度很好，谢谢！"),
    (7, 7, 5, "月底账单出得再早一点。"),
    (9, 10, 6, ""),
    None,
    (8, 7, 5, "异常情况希望主动通知。"),
    (9, 8, 7, ""),
    None,
)
# Who is not content, by the place in the draw.
LOW = {
    11: (5, 4, 2, "异常响应速度较慢，问题反馈后没人跟进。"),
    24: (6, 5, 3, "月底仓库发货数量有差异。"),
    47: (4, 2, 2, "约好下午送到，晚上还没到，电话打不通。"),
}
A_DAY = 8
# Of what satisfaction comes from: as done (1…10), how much it counts and as expected (1…7).
DETAILS = {
    "pickup": (8, 4, 5),
    "delivery": (8, 6, 6),
    "safety": (9, 6, 6),
    "response": (7, 6, 6),
    "invoice": (8, 3, 4),
}


def give(survey: Survey, day: int, now: datetime) -> None:
    """The sheets that come in on one day; they take some minutes each."""
    asked = list(survey.invitations.select_related("survey", "branch", "customer").order_by("pk"))
    sheets = [
        LOW.get(place, sheet) for place, sheet in enumerate(islice(cycle(SHEETS), len(asked)))
    ]
    for place in range(day * A_DAY, min((day + 1) * A_DAY, len(asked))):
        sheet = sheets[place]
        if sheet is not None and asked[place].status in OPEN:
            _answer(asked[place], sheet, place, now + timedelta(minutes=7 * (place % A_DAY)))


def _answer(
    invitation: Invitation, sheet: tuple[int, int, int, str], place: int, now: datetime
) -> None:
    total, recommend, effort, words = sheet
    reason = "why-total" if total < 7 else "q-wish"
    fields = {
        "q-total": [str(total)],
        "q-recommend": [str(recommend)],
        "q-effort": [str(effort)],
        reason: [words],
    } | _details(place)
    answering.save(sender=Sender(invitation), fields=fields, by=None, now=now)


def _details(place: int) -> dict[str, list[str]]:
    """Each customer a little above or below what most say."""
    fields = {}
    for turn, (key, (done, counts, expected)) in enumerate(DETAILS.items()):
        fields[f"q-{key}"] = [str(done + (place + turn) % 2)]
        fields[f"importance-{key}"] = [str(counts + (place + turn) % 3 - 1)]
        fields[f"expectation-{key}"] = [str(expected + (place * 2 + turn) % 3 - 1)]
    return fields
