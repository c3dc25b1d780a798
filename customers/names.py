"""What a customer's name is found by, and what makes two names near the same (K-28, U-19)."""

import re
from functools import lru_cache
from itertools import pairwise

from csm.kit.chinese import folded
from organisation import spelling

# What companies are called beside their name; the longest first.
SUFFIX = re.compile(
    r"(?:集团)?(?:股份|控股)?(?:有限)?(?:责任)?分?公司(?:.{0,8}分公司)?$|集团$"
    r"|(?:co\.?,? ?)?ltd\.?$|inc\.?$|llc$|gmbh$"
)
IN_BRACKETS = re.compile(r"[(（【\[][^)）】\]]*[)）】\]]")
NO_LETTER = re.compile(r"[\W_]+")
LATIN = re.compile(r"[a-z0-9]+")
LONGEST = 120


# A name is asked for its core, its sound, and every way to type it: cut once.
@lru_cache(maxsize=1024)
def core(name: str) -> str:
    """The name without legal form, brackets, marks, spaces: 無錫百貨（集團）有限公司 is 无锡百货.

    A name that is nothing else stays whole.
    """
    plain = folded(name)
    short = plain
    while (cut := SUFFIX.sub("", IN_BRACKETS.sub("", short)).strip(" ,.")) != short and cut:
        short = cut
    return (NO_LETTER.sub("", short) or NO_LETTER.sub("", plain) or plain)[:LONGEST]


def text_of(name: str, *, own: str = "", is_person: bool, contacts: tuple[str, ...] = ()) -> str:
    """Every way to type it, in one text: as written, by pinyin, by initials; its contacts, too."""
    spelled = spelling.all_of_place(core(name), own)
    if is_person and not own:
        spelled = spelling.all_of_person(core(name))
    others = [each for each in dict.fromkeys(contacts) if each and each != name]
    lines = [folded(name), spelled]
    for each in others:
        lines += [folded(each), spelling.all_of_person(folded(each))]
    return "\n".join(line for line in lines if line)


def sound_of(name: str, *, own: str = "", is_person: bool) -> str:
    """How the core of the name is read; two that sound alike may be one that was typed wrongly."""
    if is_person and not own:
        return spelling.of_person(core(name))
    return spelling.of_place(core(name), own)


def pieces_of(text: str) -> list[str]:
    """Pairs of neighbours in each word, and the threes of Latin letters: what an index holds."""
    found: set[str] = set()
    for word in text.split():
        found.update(map("".join, pairwise(word)))
        for run in LATIN.findall(word):
            found.update(map("".join, zip(run, run[1:], run[2:], strict=False)))
    return sorted(found)


def words_of(text: str) -> list[str]:
    return folded(text).split()


def asked_pieces(word: str) -> list[str]:
    """The pieces that a text with this word must have; none for a single character."""
    if len(word) > 2 and LATIN.fullmatch(word):
        return [word[at : at + 3] for at in range(len(word) - 2)]
    return [a + b for a, b in pairwise(word)]
