"""U-18: masking of telephone numbers, e-mail addresses and names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csm.kit.masking import mask_email, mask_name, mask_phone

PHONES = [
    # the contract's own
    ("13800138000", "138****8000"),
    ("+86 138 0013 8000", "+86 138****8000"),
    ("0510-82345678", "0510-****5678"),
    ("4008001234", "400****1234"),
    ("12345", "*****"),
    # mobiles in other dress
    ("138-0013-8000", "138****8000"),
    ("  13800138000\n", "138****8000"),
    ("１３８００１３８０００", "138****8000"),
    ("8613800138000", "+86 138****8000"),
    ("0086 13800138000", "+86 138****8000"),
    ("(+86)13800138000", "+86 138****8000"),
    ("张三 13800138000", "138****8000"),
    # landlines and service numbers
    ("051082345678", "0510-****5678"),
    ("（0510）82345678", "0510-****5678"),
    ("010-82345678", "010-****5678"),
    ("021 8234 5678", "021-****5678"),
    ("0516-8234567", "0516-****567"),
    ("+86 510 8234 5678", "+86 510-****5678"),
    ("+86 (0)510 8234 5678", "+86 0510-****5678"),
    ("82345678", "****5678"),
    ("8234567", "****567"),
    ("400-800-1234", "400****1234"),
    ("800 810 1234", "800****1234"),
    ("+86 400 800 1234", "+86 400****1234"),
    # extensions
    ("0510-82345678转801", "0510-****5678转***"),
    ("0510-82345678 轉 801", "0510-****5678 轉 ***"),
    ("0510-82345678 分机：801", "0510-****5678 分机:***"),
    ("0510-82345678-801", "0510-****5678-***"),
    ("0510-82345678 - 801", "0510-****5678 - ***"),
    ("82345678 ext. 12", "****5678 ext. **"),
    ("82345678x12", "****5678x**"),
    ("13800138000转1234", "138****8000转****"),
    ("95588转1", "*******"),
    # abroad
    ("+1 (212) 555-0123", "+1 ****0123"),
    ("+12125550123", "+1 ****0123"),
    ("001 212 555 0123", "+1 ****0123"),
    ("+852 9123 4567", "+852 ****4567"),
    ("+44 20 7946 0958 ext. 12", "+44 ****0958 ext. **"),
    ("+376 123456", "***********"),
    ("212 555 0123", "****0123"),
    ("٠١٢٣٤٥٦٧٨٩", "****6789"),
    # several in one field
    ("13800138000 / 0510-82345678", "138****8000 / 0510-****5678"),
    ("13800138000，82345678；801", "138****8000,****5678;***"),
    # too short, too long, no number at all
    ("1380013800013900139000", "****9000"),
    ("95588", "*****"),
    ("12 34 56", "********"),
    ("+86 12345", "*********"),
    ("+8", "**"),
    ("none", "****"),
    ("", ""),
    ("   ", ""),
]

EMAILS = [
    ("zhang.san@a.cn", "z***@a.cn"),
    (" zhang.san@mail.a.cn ", "z***@mail.a.cn"),
    ("a@b.cn", "a***@b.cn"),
    ("王小明@例子.中国", "王***@例子.中国"),
    ("a@x.cn, b@y.cn", "a***@y.cn"),
    ('"a@b"@c.cn', '"***@c.cn'),
    ("zhang@a.cn 13800138000", "*" * 22),
    ("<z@a.cn>", "*" * 8),
    ("root@localhost", "*" * 14),
    ("@a.cn", "*****"),
    ("zhang@", "******"),
    ("none", "****"),
    ("", ""),
]

NAMES = [
    ("张三", "张*"),
    ("王小明", "王**"),
    ("欧阳修", "欧阳*"),
    ("欧阳娜娜", "欧阳**"),
    ("司马相如", "司马**"),
    ("諸葛亮", "諸葛*"),
    ("陈王美玲", "陈***"),
    ("欧阳", "欧*"),
    ("张", "张*"),
    ("张 三", "张*"),
    (" 欧 阳\u3000修 ", "欧阳*"),
    ("张三先生", "张***"),
    ("阿卜杜拉·买买提", "阿*******"),
    ("田中太郎", "田***"),
    ("John Smith", "J*** S***"),
    ("J. Smith", "J*** S***"),
    ("Mary-Jane O'Neill", "M*** O***"),
    ("김철수", "김***"),
    ("王 John", "王* J***"),
    ("John 王小明", "J*** 王**"),
    ("", ""),
    ("  ", ""),
]


@pytest.mark.parametrize(("text", "masked"), PHONES)
def test_u18_phone(text: str, masked: str) -> None:
    assert mask_phone(text) == masked


@pytest.mark.parametrize(("text", "masked"), EMAILS)
def test_u18_email(text: str, masked: str) -> None:
    assert mask_email(text) == masked


@pytest.mark.parametrize(("text", "masked"), NAMES)
def test_u18_name(text: str, masked: str) -> None:
    assert mask_name(text) == masked


def digits_of(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


@settings(deadline=None)
@given(st.text(alphabet="0123456789 -()", max_size=24))
def test_u18_phone_hides_four_digits_at_least(text: str) -> None:
    shown = digits_of(mask_phone(text).removeprefix("+86"))
    assert not shown or len(shown) <= len(digits_of(text)) - 4


@settings(deadline=None)
@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_u18_phone_with_calling_code_hides_four_digits_at_least(text: str) -> None:
    assert len(digits_of(mask_phone(text))) <= len(digits_of(text)) - 4


@settings(deadline=None)
@given(
    st.sampled_from(["13800138000", "0510-82345678", "+86 510 82345678", "82345678"]),
    st.sampled_from(["转", " 转 ", "-", " ext ", "x", "#", "分机"]),
    st.from_regex(r"[0-9]{1,6}", fullmatch=True),
)
def test_u18_phone_never_shows_an_extension(number: str, mark: str, extension: str) -> None:
    masked = mask_phone(number + mark + extension)
    assert masked == mask_phone(number) + mark + "*" * len(extension)


@settings(deadline=None)
@given(st.text())
def test_u18_phone_shows_nothing_but_digits_of_any_text(text: str) -> None:
    shown = digits_of(mask_phone(text))
    assert all(sign in "0123456789" for sign in shown)
    assert not text.strip() or mask_phone(text)


@settings(deadline=None)
@given(st.emails())
def test_u18_email_keeps_first_letter_and_domain(address: str) -> None:
    local, _, domain = address.rpartition("@")
    assert mask_email(address) == f"{local[0]}***@{domain}"


@settings(deadline=None)
@given(st.text(alphabet="王张欧阳司马小明修相如 ", min_size=1))
def test_u18_chinese_name_keeps_its_length_and_two_characters_at_most(text: str) -> None:
    name = "".join(text.split())
    masked = mask_name(text)
    shown = masked.rstrip("*")
    assert name.startswith(shown)
    assert len(shown) == (0 if not name else 2 if shown in {"欧阳", "司马"} else 1)
    assert len(masked) == (2 if len(name) == 1 else len(name))
