"""Word documents (DOCX) from templates that somebody else has written: checked, then filled.

A template is text with fields, as {{ number }}, and with loops and conditions around them. It can
do nothing else: it calls nothing, fetches nothing, and what is filled in stays text (B-05, B-11).
"""

from csm.kit.docx.charts import Chart, Series, draw
from csm.kit.docx.filling import DAMAGES, check, fill
from csm.kit.docx.shapes import Plain

__all__ = ["DAMAGES", "Chart", "Plain", "Series", "check", "draw", "fill"]
