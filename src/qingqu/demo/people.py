"""The county's invented people, made in arrays: households in villages, ages as in an ageing county, ID numbers with
right check digits under the invented prefix 990101. The first households are kept for the stated cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qingqu.demo.codes import AREA
from qingqu.demo.places import VILLAGES, places
from qingqu.demo.words import TOWNS

Ints = NDArray[np.int64]

KEPT = 400  # households kept for the stated cases: a couple in its forties with the husband's father
MALE, FEMALE = 1, 0
# Each household has one walk of life, so that nobody in order can meet a rule by accident.
WALKS = 20
POOR, OFFICIAL, CADRE, OWNER, INSURED, FARMERS = (0,), (1,), (2,), (3,), (4, 5, 6, 7), tuple(range(8, 20))
EVERYBODY = tuple(range(WALKS))
RELATIONS = ("户主", "配偶", "子", "女", "父", "母")
HEAD, SPOUSE, SON, DAUGHTER, FATHER, MOTHER = range(6)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN_MALE = "伟强军勇杰涛明超刚平辉健波斌宁亮鹏飞志建国庆华春林松柏根生水火土木金有贵福寿安康宗祥德仁义礼信文武才学成功业兴旺发达"
GIVEN_FEMALE = "芳娜敏静丽艳娟霞秀英兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛艳瑞凡佳嘉琼勤珍贞莉桂娣叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴"
GIVEN_ANY = (
    "",
    "",
    "",
    "家",
    "世",
    "永",
    "玉",
    "春",
    "秋",
    "晓",
    "小",
    "大",
    "新",
    "海",
    "天",
    "正",
    "元",
    "广",
    "光",
    "长",
)
# (share, who: (relation, years older or younger than the head: from, to)); the head's age: from, to
_PATTERNS: tuple[tuple[float, tuple[int, int], tuple[tuple[int, int, int], ...]], ...] = (
    (0.09, (66, 93), ()),
    (0.12, (24, 64), ()),
    (0.16, (61, 88), ((SPOUSE, -4, 1),)),
    (0.12, (24, 60), ((SPOUSE, -4, 2),)),
    (0.20, (27, 56), ((SPOUSE, -4, 2), (-1, -30, -22))),
    (0.12, (28, 54), ((SPOUSE, -4, 2), (-1, -29, -22), (-1, -33, -25))),
    (0.11, (34, 58), ((SPOUSE, -4, 2), (-1, -31, -22), (FATHER, 21, 29), (MOTHER, 19, 27))),
    (0.08, (38, 62), ((SPOUSE, -3, 2), (-1, -30, -22), (MOTHER, 19, 30))),
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """Everybody, one entry a person: `born` as an ordinal day, `sex`, `household` (number), `village` (0 to 179),
    `relation` (index in RELATIONS). The first 3 × KEPT persons are the kept households."""

    ids: list[str]
    names: list[str]
    born: Ints
    sex: Ints
    household: Ints
    village: Ints
    relation: Ints
    as_of: date

    @cached_property
    def ages(self) -> Ints:
        """Whole years on the day (a leap day's birthday counts from March)."""
        return ages(self.born, self.as_of)

    @cached_property
    def walks(self) -> Ints:
        """Each person's walk of life; every village has all of them."""
        return (self.household + self.household // (len(TOWNS) * VILLAGES)) % WALKS

    def of(self, walks: Sequence[int], low: int, high: int) -> Ints:
        """Persons of that age in households of these walks of life, in order; never of a kept household."""
        inside = (self.ages >= low) & (self.ages <= high) & np.isin(self.walks, walks)
        inside[: 3 * KEPT] = False
        return np.flatnonzero(inside)


@dataclass(frozen=True)
class Kin:
    """A kept household's three persons: (ID number, name) each."""

    head: tuple[str, str]
    wife: tuple[str, str]
    elder: tuple[str, str]
    household: str
    village: str


def village_codes() -> list[str]:
    """The 180 villages' codes in the order of their numbers."""
    return [place.code for place in places() if not place.code.endswith("000")]


def household_no(number: int) -> str:
    """A household's number as the police write it."""
    return f"H{AREA}{number:07d}"


def account(number: int, bank: str = "6299010") -> str:
    """A person's bank account: digits only, one a person."""
    return f"{bank}{number:012d}"


def make(count: int, as_of: date, seed: int) -> People:
    """`count` persons in households, the kept ones first."""
    rng = np.random.default_rng([seed, 1])
    parts = [_kept(as_of, rng), *_households(count - 3 * KEPT, as_of, rng)]
    household, relation, born, sex = (
        np.concatenate([part[column] for part in parts])[:count] for column in range(4)
    )
    order = np.argsort(household, kind="stable")
    household, relation, born, sex = household[order], relation[order], born[order], sex[order]
    village = (household * 7) % (len(TOWNS) * VILLAGES)
    return People(
        id_numbers(born, sex), _names(household, relation, sex, rng), born, sex, household, village, relation, as_of,
    )  # fmt: skip


def ages(born: Ints, as_of: date) -> Ints:
    """Whole years from birth to the day."""
    days = (born - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    months = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    in_month = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    later = (months > as_of.month) | ((months == as_of.month) & (in_month > as_of.day))
    return np.asarray(as_of.year - years - later, dtype=np.int64)


def _kept(as_of: date, rng: np.random.Generator) -> tuple[Ints, Ints, Ints, Ints]:
    household = np.repeat(np.arange(KEPT), 3)
    relation = np.tile([HEAD, SPOUSE, FATHER], KEPT)
    years = np.tile([46, 44, 83], KEPT)
    born = as_of.toordinal() - years * 366 - rng.integers(0, 300, household.size)
    return household, relation, born, np.tile([MALE, FEMALE, MALE], KEPT)


def _households(count: int, as_of: date, rng: np.random.Generator) -> list[tuple[Ints, Ints, Ints, Ints]]:
    """Households by pattern, somewhat more than needed; whoever lies beyond the count is cut off by the caller."""
    mean = sum(share * (1 + len(others)) for share, _, others in _PATTERNS)
    total = int(count / mean * 1.03) + 50
    chosen = rng.choice(len(_PATTERNS), total, p=[share for share, _, _ in _PATTERNS])
    parts = []
    for number, (_, (low, high), others) in enumerate(_PATTERNS):
        homes = np.flatnonzero(chosen == number)
        age = _ages(low, high, homes.size, rng)
        head_sex = (rng.random(homes.size) < 0.82).astype(np.int64)
        parts.append((homes + KEPT, np.full(homes.size, HEAD), _born(age, as_of, rng), head_sex))
        for relation, younger, older in others:
            years = np.clip(age + rng.integers(younger, older + 1, homes.size), 0, 104)
            sex, kin = _who(relation, head_sex, rng)
            parts.append((homes + KEPT, kin, _born(years, as_of, rng), sex))
    return parts


def _ages(low: int, high: int, count: int, rng: np.random.Generator) -> Ints:
    """Ages of heads; of old couples and single old people the fewer the older."""
    if low < 60 or not count:
        return rng.integers(low, high + 1, count)
    return np.asarray(rng.triangular(low, low, high, count), dtype=np.int64)


def _who(relation: int, head_sex: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    if relation == -1:
        sex = (rng.random(head_sex.size) < 0.52).astype(np.int64)
        return sex, np.where(sex == MALE, SON, DAUGHTER)
    if relation == SPOUSE:
        return 1 - head_sex, np.full(head_sex.size, SPOUSE)
    return np.full(head_sex.size, MALE if relation == FATHER else FEMALE), np.full(head_sex.size, relation)


def _born(age: Ints, as_of: date, rng: np.random.Generator) -> Ints:
    days = as_of.toordinal() - (age * 365.2425).astype(np.int64) - rng.integers(1, 365, age.size)
    return np.asarray(days, dtype=np.int64)


def id_numbers(born: Ints, sex: Ints, first: int = 0) -> list[str]:
    """ID numbers for days of birth and sexes; nobody shares one. `first`: where the running numbers of a day begin."""
    group = born * 2 + sex
    order = np.argsort(group, kind="stable")
    starts = np.concatenate([[0], np.flatnonzero(np.diff(group[order])) + 1])
    within = np.arange(group.size) - np.repeat(starts, np.diff(np.concatenate([starts, [group.size]])))
    running = np.empty(group.size, dtype=np.int64)
    running[order] = first + 2 * within + np.where(sex[order] == MALE, 1, 2)
    assert running.max(initial=0) <= 999  # noqa: S101 - sizes are bounded
    days = (born - date(1970, 1, 1).toordinal()).astype("datetime64[D]").astype(str)
    bare = [
        f"{AREA}{day[:4]}{day[5:7]}{day[8:]}{number:03d}" for day, number in zip(days, running, strict=True)
    ]
    digits = (
        np.frombuffer("".join(bare).encode(), dtype=np.uint8).reshape(len(bare), 17).astype(np.int64) - 48
    )
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    checks = (digits @ weights) % 11
    return [text + "10X98765432"[check] for text, check in zip(bare, checks, strict=True)]


def _names(household: Ints, relation: Ints, sex: Ints, rng: np.random.Generator) -> list[str]:
    """Children and the husband's parents bear the household's surname, spouses and mothers their own."""
    own = rng.integers(0, len(SURNAMES), household.size)
    family = np.where(
        (relation == SPOUSE) | (relation == MOTHER), own, (household * 31 + household // 97) % len(SURNAMES)
    )
    return given_names([SURNAMES[number] for number in family], sex, rng)


def given_names(surnames: Sequence[str], sex: Ints, rng: np.random.Generator) -> list[str]:
    """Full names for surnames and sexes."""
    middle = rng.integers(0, len(GIVEN_ANY), len(surnames))
    male, female = (
        rng.integers(0, len(GIVEN_MALE), len(surnames)),
        rng.integers(0, len(GIVEN_FEMALE), len(surnames)),
    )
    return [
        surname + GIVEN_ANY[m] + (GIVEN_MALE[a] if s else GIVEN_FEMALE[b])
        for surname, s, m, a, b in zip(surnames, sex, middle, male, female, strict=True)
    ]  # fmt: skip


def kin(people: People, number: int) -> Kin:
    """The kept household of a number below KEPT."""
    at = 3 * number
    head, wife, elder = ((people.ids[one], people.names[one]) for one in range(at, at + 3))
    return Kin(head, wife, elder, household_no(number), village_codes()[int(people.village[at])])
