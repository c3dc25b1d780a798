"""The statements of the summaries: what a span of days counts, and how the tables become so.

A statement compares the days from `first` to `last` with the facts and writes only what differs.
"""

from dataclasses import dataclass

from staff.outcomes import SOURCES

DAY_OF = "({moment} AT TIME ZONE %(zone)s)::date"


@dataclass(frozen=True)
class Summary:
    """`fresh` gives the rows of a span by its keys; numbers in `values` are compared."""

    table: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    fresh: str

    @property
    def statement(self) -> str:
        columns, keys = ", ".join((*self.keys, *self.values)), ", ".join(self.keys)
        taken = ", ".join(f"{name} = excluded.{name}" for name in self.values)
        return f"""
WITH differing AS MATERIALIZED (
    SELECT {", ".join(f"coalesce(f.{key}, t.{key}) AS {key}" for key in self.keys)},
        {", ".join(f"f.{name}" for name in self.values)}, f.day IS NULL AS is_gone, t.ctid AS place
    FROM ({self.fresh}) f
    FULL JOIN (SELECT ctid, * FROM {self.table} WHERE day BETWEEN %(first)s AND %(last)s) t
        ON {" AND ".join(map(_same, self.keys))}
    WHERE f.day IS NULL OR t.day IS NULL
        OR {" OR ".join(f"f.{name} <> t.{name}" for name in self.values)}
),
gone AS (
    DELETE FROM {self.table} t USING differing d WHERE d.is_gone AND t.ctid = d.place
),
written AS (
    INSERT INTO {self.table} ({columns}) SELECT {columns} FROM differing WHERE NOT is_gone
    ON CONFLICT ({keys}) DO UPDATE SET {taken}
)
SELECT count(*) FROM differing
"""  # noqa: S608  constants only


def _same(key: str) -> str:
    """No category equals no category, in words that a hash join understands."""
    if key == "category_id":
        return "coalesce(f.category_id, 0) = coalesce(t.category_id, 0)"
    return f"f.{key} = t.{key}"


def _outcome(source: str, counted: str) -> str:
    return f"""
    SELECT {DAY_OF.format(moment="o.at")}, o.branch_id, {counted}
    FROM ({SOURCES[source]}) o"""  # noqa: S608  constants only


INTAKE = Summary(
    "reports_intakeday",
    ("day", "branch_id", "category_id", "channel"),
    ("received", "valid"),
    f"""
SELECT {DAY_OF.format(moment="received_at")} AS day, branch_id, category_id, channel,
    count(*) AS received,
    count(*) FILTER (WHERE status NOT IN ('invalid_proposed', 'invalid', 'merged')) AS valid
FROM complaints_complaint
WHERE received_at >= %(start)s AND received_at < %(end)s
GROUP BY 1, 2, 3, 4
""",  # noqa: S608  constants only
)
# Of the intake, written just before, and of what customers and staff said.
BRANCHES = Summary(
    "reports_branchday",
    ("day", "branch_id"),
    (
        *("received", "valid", "calls", "calls_satisfied"),
        *("answers", "answers_satisfied", "asked", "aware"),
    ),
    f"""
SELECT day, branch_id, sum(received) AS received, sum(valid) AS valid,
    sum(calls) AS calls, sum(calls_satisfied) AS calls_satisfied,
    sum(answers) AS answers, sum(answers_satisfied) AS answers_satisfied,
    sum(asked) AS asked, sum(aware) AS aware
FROM (
    SELECT day, branch_id, received, valid, 0 AS calls, 0 AS calls_satisfied,
        0 AS answers, 0 AS answers_satisfied, 0 AS asked, 0 AS aware
    FROM reports_intakeday WHERE day BETWEEN %(first)s AND %(last)s
    UNION ALL {_outcome("callbacks", "0, 0, o.n, o.num, 0, 0, 0, 0")}
    UNION ALL {_outcome("answers", "0, 0, 0, 0, o.n, o.num, 0, 0")}
    UNION ALL {_outcome("aware", "0, 0, 0, 0, 0, 0, o.n, o.num")}
) parts
GROUP BY day, branch_id
""",  # noqa: S608  constants only
)
# The verdict of a clock as `verdict_at` has it.
CLOCKS = Summary(
    "reports_clockday",
    ("day", "branch_id", "kind"),
    ("met", "breached", "running", "void", "waived", "unreached"),
    f"""
SELECT day, branch_id, kind, count(*) FILTER (WHERE verdict = 1) AS met,
    count(*) FILTER (WHERE verdict = 2) AS breached,
    count(*) FILTER (WHERE verdict = 3) AS running,
    count(*) FILTER (WHERE verdict = 4) AS void,
    count(*) FILTER (WHERE verdict = 5) AS waived,
    count(*) FILTER (WHERE verdict = 6) AS unreached
FROM (
    SELECT {DAY_OF.format(moment="due_at")} AS day, verdict_branch_id AS branch_id, kind, CASE
        WHEN state = 'void' THEN 4
        WHEN state = 'waived' THEN 5
        WHEN state = 'unreached' AND unreached_at <= due_at THEN 6
        WHEN met_at <= due_at THEN 1
        WHEN due_at < coalesce(met_at, %(now)s) THEN 2
        ELSE 3 END AS verdict
    FROM complaints_timer
    WHERE due_at >= %(start)s AND due_at < %(end)s AND kind = ANY(%(milestones)s)
) clocks
GROUP BY day, branch_id, kind
""",  # noqa: S608  constants only
)
# Periods of one length that begin together are one before they are parted into days.
SHIPMENTS = Summary(
    "reports_shipmentday",
    ("day", "branch_id"),
    ("shipments",),
    """
SELECT d.day::date AS day, v.branch_id, round(sum(v.shipments::numeric / v.days), 4) AS shipments
FROM (
    SELECT branch_id, starts_on, days, sum(shipments) AS shipments
    FROM customers_customervolume
    WHERE starts_on <= %(last)s AND starts_on + days > %(first)s
    GROUP BY branch_id, starts_on, days
) v, generate_series(
    greatest(v.starts_on, %(first)s::date)::timestamp,
    least(v.starts_on + v.days - 1, %(last)s::date)::timestamp, '1 day'
) d (day)
GROUP BY d.day, v.branch_id
""",
)
# Days on which something counts differently since: where each changed complaint counts now, and
# where it did before its receipt or a deadline was moved.
TOUCHED = f"""
WITH changed AS MATERIALIZED (
    SELECT id, received_at FROM complaints_complaint WHERE changed_at >= %(since)s
)
SELECT DISTINCT {DAY_OF.format(moment="moments.at")} FROM (
    SELECT received_at AS at FROM changed
    UNION ALL
    SELECT t.due_at FROM changed c JOIN complaints_timer t ON t.complaint_id = c.id
    WHERE t.kind = ANY(%(milestones)s)
    UNION ALL
    SELECT a.at FROM changed c JOIN complaints_callbackattempt a ON a.complaint_id = c.id
    UNION ALL
    SELECT r.completed_at FROM changed c JOIN surveys_response r ON r.complaint_id = c.id
    WHERE r.completed_at IS NOT NULL
    UNION ALL
    SELECT (e.data ->> 'before')::timestamptz
    FROM changed c JOIN complaints_event e ON e.complaint_id = c.id
    WHERE e.at >= %(since)s AND e.kind IN ('receipt_corrected', 'merged_here')
    UNION ALL
    SELECT (k.clock ->> 'due_before')::timestamptz
    FROM changed c JOIN complaints_event e ON e.complaint_id = c.id,
        jsonb_array_elements(e.data -> 'clocks') k (clock)
    WHERE e.at >= %(since)s
        AND e.kind IN ('receipt_corrected', 'merged_here', 'recalculated', 'paused', 'resumed')
) moments
WHERE moments.at IS NOT NULL
"""  # noqa: S608  constants only
SHIPPED = """
SELECT DISTINCT d.day::date
FROM (
    SELECT DISTINCT starts_on, days FROM customers_customervolume WHERE written_at >= %(since)s
) v, generate_series(
    v.starts_on::timestamp, (v.starts_on + v.days - 1)::timestamp, '1 day') d (day)
"""
# The first and the last day of all facts, and of what the summaries say.
BOUNDS = f"""
SELECT min(day), max(day) FROM (
    SELECT {DAY_OF.format(moment="min(received_at)")} AS day FROM complaints_complaint
    UNION ALL SELECT {DAY_OF.format(moment="max(received_at)")} FROM complaints_complaint
    UNION ALL SELECT {DAY_OF.format(moment="min(due_at)")} FROM complaints_timer
    UNION ALL SELECT {DAY_OF.format(moment="max(due_at)")} FROM complaints_timer
    UNION ALL SELECT {DAY_OF.format(moment="min(at)")} FROM complaints_callbackattempt
    UNION ALL SELECT {DAY_OF.format(moment="min(completed_at)")} FROM surveys_response
    UNION ALL SELECT {DAY_OF.format(moment="min(answered_at)")} FROM staff_askedperson
    UNION ALL SELECT min(starts_on) FROM customers_customervolume
    UNION ALL SELECT max(starts_on + days - 1) FROM customers_customervolume
    UNION ALL SELECT min(day) FROM reports_branchday
    UNION ALL SELECT max(day) FROM reports_branchday
    UNION ALL SELECT min(day) FROM reports_clockday
    UNION ALL SELECT max(day) FROM reports_clockday
    UNION ALL SELECT min(day) FROM reports_shipmentday
    UNION ALL SELECT max(day) FROM reports_shipmentday
) every (day)
"""  # noqa: S608  constants only
# What is still to fall due lies within a few days; this is asked by every sweep.
LAST_DUE = f"""
SELECT greatest(
    (SELECT {DAY_OF.format(moment="max(due_at)")} FROM complaints_timer),
    (SELECT max(day) FROM reports_clockday))
"""  # noqa: S608  constants only
EVERY = (INTAKE, BRANCHES, CLOCKS, SHIPMENTS)
OF_COMPLAINTS = (INTAKE, BRANCHES, CLOCKS)
