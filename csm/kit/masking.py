"""Masking of personal data for lists, messages and exports.

What cannot be recognised is hidden whole. The number of stars tells nothing about the
length, except in Chinese names and in text that is hidden whole. Empty text stays empty.
"""

import re
import unicodedata

FEWEST_DIGITS = 7
MOST_SHOWN = 4
FEWEST_HIDDEN = 4

SEPARATOR = re.compile(r"(\s*[/;,、|\n]\s*)")
# Written 转801, 分机801, ext. 801, x801, #801 or, after a whole number, -801.
EXTENSION = re.compile(
    r"(?:\s*(?:转|轉|分机|分機|ext(?:ension)?\.?|x|#)|(?<=\d{7})\s*-)\s*:?\s*\d{1,6}\s*$",
    re.IGNORECASE,
)
INTERNATIONAL = re.compile(r"\D*?(?:\+|00(?=[1-9]))")
# Calling codes of the ITU: two of one digit, the listed ones of two, the rest of three.
CALLING_CODE = re.compile(r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}")
CHINA = "86"
CHINESE_MOBILE = re.compile(r"(1[3-9]\d)\d{4}(\d{4})")
CHINESE_MOBILE_WITH_CODE = re.compile(r"861[3-9]\d{9}")
CHINESE_SERVICE = re.compile(r"([48]00)\d{3}(\d{4})")
CHINESE_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))(\d{7,8})")
# After +86 the 0 before the area is left out, by most people.
CHINESE_LANDLINE_AFTER_CODE = re.compile(r"(0?(?:10|2\d|[3-9]\d\d))(\d{7,8})")

DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
STARTS_WITH_HAN = re.compile(f"[{HAN}]")
GAP_IN_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
# Only those in use: a rare one, wrongly taken for a surname, would show a given name.
COMPOUND_SURNAMES = frozenset(
    re.findall(
        r"\S+",
        "欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 司徒 司空 司寇 东方 東方 独孤 獨孤 南宫 南宮 "
        "万俟 萬俟 闻人 聞人 夏侯 尉迟 尉遲 公羊 公孙 公孫 公冶 赫连 赫連 澹台 澹臺 皇甫 "
        "宗政 濮阳 濮陽 淳于 单于 單于 太史 太叔 申屠 仲孙 仲孫 轩辕 軒轅 令狐 钟离 鍾離 "
        "宇文 长孙 長孫 慕容 鲜于 鮮于 闾丘 閭丘 亓官 巫马 巫馬 颛孙 顓孫 端木 漆雕 拓跋 "
        "百里 东郭 東郭 西门 西門 呼延 贺兰 賀蘭 纳兰 納蘭 完颜 完顏 耶律 第五",
    )
)


def mask_phone(text: str) -> str:
    """Mask a telephone number so that people who know it recognise it.

    Chinese mobiles keep 3 and 4 digits (`138****8000`), service numbers too
    (`400****1234`), landlines their area and the last 4 (`0510-****5678`), others
    their calling code and the last 4 (`+1 ****0123`); of a short number fewer are shown,
    since 4 digits at least are hidden. Extensions are hidden (`0510-****5678转***`).
    Numbers listed with `/ ; , 、 |` or line breaks are masked one by one. Words around a
    number are dropped. Fewer than 7 digits, calling code not counted: all stars.
    """
    # Split by a group, so that numbers and separators take turns.
    pieces = SEPARATOR.split(_plain(text).strip())
    pieces[::2] = [_mask_number(piece) for piece in pieces[::2]]
    return "".join(pieces)


def _plain(text: str) -> str:
    """Full-width signs and the digits of other scripts in ASCII, single spaces."""
    plain = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in unicodedata.normalize("NFKC", text)
    )
    # Long runs of spaces would make the patterns below slow.
    return re.sub(r"[^\S\n]+", " ", plain)


def _mask_number(text: str) -> str:
    found = EXTENSION.search(text)
    number, extension = (text[: found.start()], found.group()) if found else (text, "")
    masked = _mask_line(number)
    if masked is None:
        return "*" * len(text)
    return masked + re.sub(r"\d", "*", extension)


def _mask_line(number: str) -> str | None:
    """The number without extension, masked; `None` if too short to show any of it."""
    digits = _digits(number)
    if prefix := INTERNATIONAL.match(number):
        return _mask_with_code(_digits(number[prefix.end() :]))
    if CHINESE_MOBILE_WITH_CODE.fullmatch(digits):
        return _mask_with_code(digits)
    return _mask_chinese(digits, CHINESE_LANDLINE)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _mask_with_code(digits: str) -> str | None:
    code = CALLING_CODE.match(digits)
    if code is None:
        return None
    national = digits[code.end() :]
    if code.group() == CHINA:
        masked = _mask_chinese(national, CHINESE_LANDLINE_AFTER_CODE)
    else:
        masked = _mask_start(national)
    return masked and f"+{code.group()} {masked}"


def _mask_chinese(digits: str, landline: re.Pattern[str]) -> str | None:
    if line := CHINESE_MOBILE.fullmatch(digits) or CHINESE_SERVICE.fullmatch(digits):
        return f"{line[1]}****{line[2]}"
    if line := landline.fullmatch(digits):
        return f"{line[1]}-{_mask_start(line[2])}"
    return _mask_start(digits)


def _mask_start(digits: str) -> str | None:
    if len(digits) < FEWEST_DIGITS:
        return None
    shown = min(MOST_SHOWN, len(digits) - FEWEST_HIDDEN)
    return f"****{digits[-shown:]}"


def mask_email(text: str) -> str:
    """Mask an e-mail address: first letter and domain stay (`z***@a.cn`).

    Text that does not end with `@` and a domain of two names is no address: all stars.
    """
    address = text.strip()
    local, _, domain = address.rpartition("@")
    if not local or not DOMAIN.fullmatch(domain):
        return "*" * len(address)
    return f"{local[0]}***@{domain}"


def mask_name(text: str) -> str:
    """Mask a person's name: the surname stays in Chinese, initials in other scripts.

    `王小明` gives `王**`, one star a character; a compound surname stays whole if a given
    name follows (`欧阳*`), and a lone character gets a star too. Words in other scripts
    give their first letter and three stars (`J*** S***`).
    """
    # 张 三 is one name: as two words it would show both characters.
    words = GAP_IN_HAN.sub("", text).split()
    return " ".join(_mask_word(word) for word in words)


def _mask_word(word: str) -> str:
    if not STARTS_WITH_HAN.match(word):
        return f"{word[0]}***"
    surname = 2 if len(word) > 2 and word[:2] in COMPOUND_SURNAMES else 1
    return word[:surname] + "*" * max(1, len(word) - surname)
