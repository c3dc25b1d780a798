"""The pages of docs/ that are printed from the code; `make docs` writes them."""

from collections.abc import Mapping
from pathlib import Path

from complaints.models import (
    Assessment,
    Complaint,
    DissatisfiedItem,
    EffectivenessCheck,
    Improvement,
    Lesson,
    Measure,
    Notice,
    Recovery,
    WorkOrder,
)
from organisation.access import ROLE_VERBS

DOCS = Path(__file__).resolve().parent.parent / "docs"


def access_table(role_verbs: Mapping[str, frozenset[str]]) -> str:
    """Which role has which verb, over its branch and all below it."""
    verbs = sorted(frozenset().union(*role_verbs.values()))
    lines = [
        "# Who may do what",
        "",
        "A posting gives its role's verbs over a branch and all below it. Printed from",
        "`organisation/access.py` by `make docs`.",
        "",
    ]
    for role, own in role_verbs.items():
        lines.append(f"- **{role}**: {', '.join(verb for verb in verbs if verb in own)}")
    return "\n".join(lines) + "\n"


def state_diagrams(machines: Mapping[str, Mapping[str, tuple[str, ...]]]) -> str:
    """The moves of each record, as Mermaid diagrams."""
    lines = [
        "# States and moves",
        "",
        "Printed from `MOVES` of the models by `make docs`.",
    ]
    for name, moves in machines.items():
        lines += ["", f"## {name}", "", "```mermaid", "stateDiagram-v2"]
        lines += [f"    {was} --> {to}" for was, follow in moves.items() for to in follow]
        lines.append("```")
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """File name → text, as the code stands now."""
    machines = {
        "Complaint": Complaint.MOVES,
        "Rectification work order": WorkOrder.MOVES,
        "Dissatisfied item": DissatisfiedItem.MOVES,
        "Measure": Measure.MOVES,
        "Lesson": Lesson.MOVES,
        "Effectiveness check": EffectivenessCheck.MOVES,
        "QC topic or course": Improvement.MOVES,
        "Notice": Notice.MOVES,
        "Assessment": Assessment.MOVES,
        "Recovery": Recovery.MOVES,
    }
    return {"access.md": access_table(ROLE_VERBS), "states.md": state_diagrams(machines)}


def write() -> None:
    """Bring the files up to date."""
    for name, text in pages().items():
        (DOCS / name).write_text(text)
