"""Of what many comments speak: words, and in how many comments each occurs."""

import logging
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings

with warnings.catch_warnings():
    # Its old way to find its own files; nothing of ours.
    warnings.simplefilter("ignore")
    import jieba

jieba.setLogLevel(logging.WARNING)
MOST, FEWEST = 20, 2
# Signs that are read, all comments together: about a second of work (B-29).
LONGEST = 100_000
# In Chinese two signs, in English three letters: shorter ones bear no theme.
WORD = re.compile(r"[\u4e00-\u9fff]{2,}|[a-z][a-z'-]{2,}")
STOP = frozenset(Path(__file__).with_name("stop_words.txt").read_text("utf-8").split())


def themes(comments: Iterable[str]) -> list[tuple[str, int]]:
    """(word, comments with it), the most frequent first; what only one says is no theme."""
    found: Counter[str] = Counter()
    left = LONGEST
    for text in comments:
        found.update(_words(text[:left]))
        left -= len(text)
        if left <= 0:
            break
    return [(word, number) for word, number in found.most_common(MOST) if number >= FEWEST]


def _words(text: str) -> set[str]:
    pieces = _cutter().cut(text.lower())
    return {piece for piece in pieces if WORD.fullmatch(piece)} - STOP


@cache
def _cutter() -> jieba.Tokenizer:
    """Its dictionary is read once per process, and kept among our own files."""
    cutter = jieba.Tokenizer()
    cutter.tmp_dir = str(settings.DATA_DIR)
    return cutter
