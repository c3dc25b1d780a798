"""Figures that the rankings, surveys and charts rest on: plain sums, no database, no settings.

Shares are 0…1, intervals are 95 % unless `z` is given. A figure that rests on nothing
(no answers, no shipments) is `None`, never 0; the shape of the result stays the same.
Nothing is rounded here. Counts that cannot be (negative, more hits than tries) raise
`ValueError`. The ids F-01 … F-22 name the formulas of the requirements.
"""

from csm.kit.statistics.charts import Chart, Point, p_chart, u_chart, xmr_chart
from csm.kit.statistics.churn import churn_level, churn_points, relative_drop
from csm.kit.statistics.delays import delay_units
from csm.kit.statistics.intervals import (
    RateInterval,
    funnel_limits,
    margin_of,
    rate_interval,
    sample_size,
    wilson_interval,
)
from csm.kit.statistics.privacy import suppress_small, suppress_within
from csm.kit.statistics.rankings import (
    Composite,
    Shrunk,
    composite,
    shrink_proportions,
    shrink_rates,
)
from csm.kit.statistics.surveys import (
    NetPromoter,
    NetPromoterChange,
    Satisfaction,
    ServiceGap,
    ces,
    csat,
    importance_performance,
    nps,
    nps_change,
    response_rate,
    servqual,
)
from csm.kit.statistics.value import Rfm, lifetime_value, quadrant, rfm, tier, value_index

__all__ = [
    "Chart",
    "Composite",
    "NetPromoter",
    "NetPromoterChange",
    "Point",
    "RateInterval",
    "Rfm",
    "Satisfaction",
    "ServiceGap",
    "Shrunk",
    "ces",
    "churn_level",
    "churn_points",
    "composite",
    "csat",
    "delay_units",
    "funnel_limits",
    "importance_performance",
    "lifetime_value",
    "margin_of",
    "nps",
    "nps_change",
    "p_chart",
    "quadrant",
    "rate_interval",
    "relative_drop",
    "response_rate",
    "rfm",
    "sample_size",
    "servqual",
    "shrink_proportions",
    "shrink_rates",
    "suppress_small",
    "suppress_within",
    "tier",
    "u_chart",
    "value_index",
    "wilson_interval",
    "xmr_chart",
]
