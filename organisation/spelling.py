"""Chinese names in Latin letters: to sort by, and to find by what is typed without an input method.

重庆江北 is found by `chongqing`, `cqjb` and `重庆` alike (U-19); a character with several
readings by each. What the library guesses wrong, a surname or a place, is spelled by hand.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import product
from math import prod

from django.db.models import Q
from pypinyin import Style, pinyin

# Read otherwise as a surname.
SURNAMES = {
    "单": "shan",
    "仇": "qiu",
    "区": "ou",
    "朴": "piao",
    "解": "xie",
    "查": "zha",
    "曾": "zeng",
    "盖": "ge",
    "华": "hua",
    "任": "ren",
    "缪": "miao",
    "翟": "zhai",
    "乐": "yue",
    "覃": "qin",
    "员": "yun",
    "种": "chong",
    "冼": "xian",
    "牟": "mou",
    "宓": "mi",
    "那": "na",
    "折": "she",
    "黑": "he",
    "秘": "bi",
    "么": "yao",
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "长孙": "zhang sun",
    "单于": "chan yu",
    "令狐": "ling hu",
}
LONGEST = 200
# Mixtures of readings that are kept: 2 of each of 5 characters, say.
MOST = 32
WORD = re.compile(r"[a-z0-9]+")
UMLAUTS = str.maketrans(dict.fromkeys("üǖǘǚǜ", "v"))


def of_person(name: str) -> str:
    """To sort by: "shan xiong xin"; the surname as surnames are read."""
    return _joined(_person(name))


def of_place(name: str, own: str = "") -> str:
    """To sort by: "chong qing jiang bei"; `own` is what somebody spelled by hand."""
    return _joined([[syllable] for syllable in _words(own)] or _syllables(name))


def all_of_person(name: str) -> str:
    """Every way to type it, one word each: in full and by initials, in each reading."""
    return _every(_person(name), _syllables(name))


def all_of_place(name: str, own: str = "") -> str:
    return _every([[syllable] for syllable in _words(own)], _syllables(name))


def typed(text: str) -> str:
    """What is looked for among these ways; empty when it has other characters than letters."""
    folded = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"[\s'’-]", "", folded)
    return plain if WORD.fullmatch(plain) else ""


def called(text: str, *fields: str) -> Q:
    """Rows with the text in one of these fields, or whose name is typed so."""
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": text})
    letters = typed(text)
    return found | Q(spellings__contains=letters) if letters else found


def _person(name: str) -> list[list[str]]:
    name = unicodedata.normalize("NFKC", name).strip()
    for length in (2, 1):
        if known := SURNAMES.get(name[:length]):
            return [[syllable] for syllable in known.split()] + _syllables(name[length:])
    return _syllables(name)


def _syllables(name: str) -> list[list[str]]:
    """For each character its readings, the likeliest first; Latin words stay whole."""
    return [list(readings) for readings in _read(unicodedata.normalize("NFKC", name).lower())]


# A name is asked for its sound, and for every way to type it: read once.
@lru_cache(maxsize=1024)
def _read(folded: str) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    # Without tones the library itself takes twice as long.
    for toned in pinyin(folded, style=Style.TONE, heteronym=True):
        readings = dict.fromkeys(map(_without_tone, toned))
        whole = tuple(reading for reading in readings if WORD.fullmatch(reading))
        found += [whole] if whole else [(word,) for word in _words(toned[0])]
    return tuple(found)


@lru_cache(maxsize=4096)
def _without_tone(syllable: str) -> str:
    """lǚ is lv, as it is typed."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFC", syllable).translate(UMLAUTS))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


def _joined(syllables: list[list[str]]) -> str:
    return " ".join(readings[0] for readings in syllables)[:LONGEST]


def _every(*spelled: list[list[str]]) -> str:
    ways: dict[str, None] = {}
    for syllables in spelled:
        for reading in _readings(syllables):
            full, initials = "".join(reading), "".join(word[:1] for word in reading)
            # ü is typed v, or u by those who do not know better.
            ways |= dict.fromkeys((full, initials, full.replace("lv", "lu").replace("nv", "nu")))
    return " ".join(way for way in ways if way)


def _readings(syllables: list[list[str]]) -> list[list[str]]:
    """Every mixture of a short name; of a long one the likeliest, and each other reading once."""
    if prod(map(len, syllables)) <= MOST:
        return [list(reading) for reading in product(*syllables)]
    likeliest = [readings[0] for readings in syllables]
    others = [
        [*likeliest[:place], reading, *likeliest[place + 1 :]]
        for place, readings in enumerate(syllables)
        for reading in readings[1:]
    ]
    return [likeliest, *others]
