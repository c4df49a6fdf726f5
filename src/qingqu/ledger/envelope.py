"""The leaf of an entry, and what must never stand in one.

The checks are a net under mistakes: a caller who puts an ID number where a reference belongs is refused before the
number is hashed into a tree from which nothing can be taken out."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from stdnum import luhn
from stdnum.cn import ric

from qingqu.base.errors import Refusal
from qingqu.domain.chain.canonical import LEAF_MAX, canonical

SCHEMA = "qingqu.entry/1"
FIELDS = frozenset({"schema", "log", "index", "at", "verb", "subject", "role", "correlation", "commit"})
FACTS_MAX = 65_535
"""Bytes of an entry's content; what is larger is stored as a file, and the facts carry its hash."""

_VERB = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,39}", re.ASCII)
_ROLE = re.compile(r"[a-z_]{1,40}", re.ASCII)
_SUBJECT = re.compile(r"[a-z_]{1,30}:[A-Za-z0-9_.+-]{1,80}", re.ASCII)
_ACTOR = re.compile(r"person:[A-Za-z0-9_.-]{1,80}", re.ASCII)
_CORRELATION = re.compile(r"[A-Za-z0-9_.:+-]{0,80}", re.ASCII)
_DIGITS = re.compile(r"\d+[Xx]?", re.ASCII)
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}", re.ASCII)
# Keys that ask for a person's name or way to reach them; the open log has no use for any of them.
_NAMING_KEYS = frozenset(
    [
        "actor",
        "person",
        "person_name",
        "name",
        "full_name",
        "id_number",
        "id_card",
        "phone",
        "mobile",
        "telephone",
        "address",
        "account",
        "account_no",
        "bank_account",
        "card_no",
        "wechat",
        "姓名",
        "身份证号",
        "证件号码",
        "电话",
        "手机号",
        "联系电话",
        "住址",
        "地址",
        "账号",
        "银行账号",
    ]
)


class NotForTheLedger(Refusal):
    """What was to be recorded would put something into the record that must not stand there."""


def check_words(*, verb: str, subject: str, by: str, role: str, correlation: str) -> None:
    """Refuses a subject or correlation that is not a plain reference or carries a personal number; a verb, role or
    actor that is not spelled as one is a programming error (ValueError)."""
    if not _VERB.fullmatch(verb) or not _ROLE.fullmatch(role) or not _ACTOR.fullmatch(by):
        raise ValueError("verb is capability.action, role is a role's name, by is person:<ref>")
    if not _SUBJECT.fullmatch(subject):
        raise NotForTheLedger(
            "记账对象的写法不对：须为“种类:编号”，编号只用字母、数字和 _.+-，最长 80 个字符；请改用平台编号。",
            code="ledger_subject",
        )
    if not _CORRELATION.fullmatch(correlation):
        raise NotForTheLedger(
            "关联编号的写法不对：只用字母、数字和 _.:+-，最长 80 个字符；请改用平台编号。",
            code="ledger_correlation",
        )
    if any(_identifies(run) for text in (subject, correlation) for run in _DIGITS.findall(text)):
        raise NotForTheLedger(
            "记账对象里含有身份证号或银行卡号，账本不能写入；请改用平台编号指代。",
            code="ledger_personal_number",
        )


def check_open(facts: Mapping[str, object]) -> None:
    """The open log takes no key that names a person and no value that is an ID number, a card or a mobile number.

    A name without a number cannot be told from other words; what goes to the open log is chosen by its action."""
    for key, text in _texts(facts):
        if key.lower() in _NAMING_KEYS:
            raise NotForTheLedger(
                f"公开账本的事实里不能有“{key}”这一项；请去掉后重试。", code="ledger_open_name"
            )
        if any(_identifies(run) or _MOBILE.fullmatch(run) for run in _DIGITS.findall(text)):
            raise NotForTheLedger(
                "公开账本的事实里含有身份证号、银行卡号或手机号；请去掉后重试。",
                code="ledger_personal_number",
            )


def content_bytes(by: str, facts: Mapping[str, object]) -> bytes:
    """What the commitment covers: who, and the facts. Refused beyond 65,535 bytes."""
    content = canonical({"actor": by, "facts": facts})
    if len(content) > FACTS_MAX:
        raise NotForTheLedger(
            f"这条记录的事实有 {len(content)} 字节，超过 {FACTS_MAX}；请把长内容存为文件，只记它的指纹。",
            code="ledger_too_long",
        )
    return content


def leaf_bytes(words: Mapping[str, object], *, role: str, correlation: str, commit: str) -> bytes:
    """The canonical leaf of an entry's columns (log, index, at, verb, subject) and what only the leaf keeps.

    Its fields are short by the checks above, so it is far below 65,535 bytes."""
    whole = {"schema": SCHEMA, **words, "role": role, "correlation": correlation, "commit": commit}
    leaf = canonical(whole)
    if whole.keys() != FIELDS or len(leaf) > LEAF_MAX:
        raise ValueError(f"a leaf has exactly its fields and at most {LEAF_MAX} bytes")
    return leaf


def _texts(value: object, key: str = "facts") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield str(name), str(name)
            yield from _texts(item, str(name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, key)
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        yield key, str(value)


def _identifies(run: str) -> bool:
    """Whether a run of digits holds a valid 18-digit ID number or is a bank card's number."""
    windows = (run[at : at + 18] for at in range(len(run) - 17))
    return any(_is_id(window) for window in windows) or _is_card(run)


def _is_id(text: str) -> bool:
    if not text[:17].isdigit() or ric.calc_check_digit(text) != text[17].upper():
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return 1850 <= born.year <= 2100


def _is_card(run: str) -> bool:
    """16, 17 or 19 digits of a card issuer's range with a right check digit (ISO/IEC 7812). Eighteen digits are a
    company's credit code or an ID number."""
    return (
        len(run) in (16, 17, 19)
        and run.isdigit()
        and run.startswith(("3", "4", "5", "6", "9558"))
        and luhn.is_valid(run)
    )
