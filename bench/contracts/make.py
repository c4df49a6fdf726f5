"""The generator: `contract(seed, closed=…)` gives a text and what it says. Nothing here knows the grammar.

Each contract takes one phrasing an element. An open contract takes only open phrasings; a closed one takes closed ones
wherever the element has any. About half carry one trap whose lock-level code is part of the gold; the rest are lawful."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import cn2an

from bench.contracts import phrases as p
from bench.contracts.names import GIVEN, SPOTS, SURNAMES, TOWNS, VILLAGES

CENT = Decimal("0.01")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass
class Made:
    """A contract: its text, its gold, the names of phrasings used, the trap if any."""

    text: str
    gold: dict[str, Any]
    used: list[str] = field(default_factory=list)
    trap: str | None = None


def money(value: Decimal) -> str:
    """Two places."""
    return f"{value.quantize(CENT, ROUND_HALF_UP):f}"


def plain(value: Decimal) -> str:
    """No trailing noughts."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def words(value: Decimal) -> str:
    """Capital words of a sum."""
    return cn2an.an2cn(plain(value), "rmb").replace("元整", "元整")


def id_number(r: random.Random) -> str:
    """An invented ID number with a right check digit."""
    body = f"9901{r.randint(1, 20):02d}{r.randint(1955, 1999)}{r.randint(1, 12):02d}{r.randint(1, 28):02d}{r.randint(1, 999):03d}"
    return body + "10X98765432"[sum(int(a) * b for a, b in zip(body, _WEIGHTS, strict=True)) % 11]


def credit_code(r: random.Random, lead: str) -> str:
    """An invented credit code with a right check character."""
    body = f"{lead}990101MA" + "".join(r.choice(_ALPHABET) for _ in range(7))
    factors, total = 1, 0
    for sign in body:
        total += _ALPHABET.index(sign) * factors
        factors = factors * 3 % 31
    return body + _ALPHABET[(31 - total) % 31]


def written(r: random.Random, day: date) -> str:
    """A date in one of the styles in use."""
    small = "〇一二三四五六七八九"
    styles = [
        f"{day.year}年{day.month}月{day.day}日", f"{day.year}年{day.month}月{day.day}日", f"{day.year}年{day.month:02d}月{day.day:02d}日",
        f"{day.year}.{day.month}.{day.day}", f"{day.year}-{day.month:02d}-{day.day:02d}", f"{day.year} 年 {day.month} 月 {day.day} 日",
        "".join(small[int(c)] for c in str(day.year)) + f"年{cn2an.an2cn(day.month)}月{cn2an.an2cn(day.day)}日".replace("一十", "十"),
        f"{day.year}年{day.month}月{day.day}号",
    ]  # fmt: skip
    return r.choice(styles)


def count(r: random.Random, n: int) -> str:
    """A number of years in one of the styles in use."""
    small, capital = cn2an.an2cn(n).replace("一十", "十") if n < 20 else cn2an.an2cn(n), cn2an.an2cn(n, "up")
    return r.choice([str(n), str(n), small, capital, f"{n}（{capital}）", f"{small}", f" {n} "])


def after(start: date, months: int) -> date:
    """The last day of a term."""
    y, m = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(y, m + 1, start.day) - timedelta(days=1)


class Maker:
    """Makes one contract."""

    def __init__(self, seed: int, closed: bool) -> None:
        self.r = random.Random(seed)
        self.closed = closed
        self.used: list[str] = []
        self.gold: dict[str, Any] = {}

    def pick(self, options: list[Any]) -> Any:
        """A phrasing of the open or closed part."""

        def text(option: Any) -> str:
            return option[0] if isinstance(option, tuple) else option

        wanted = [o for o in options if p.closed(text(o)) == self.closed]
        chosen = self.r.choice(wanted or options)
        self.used.append(text(chosen))
        return chosen

    def name(self) -> str:
        """A person's name."""
        return self.r.choice(SURNAMES) + "".join(self.r.sample(GIVEN, self.r.randint(1, 2)))

    def make(self) -> Made:
        """The contract."""
        r = self.r
        nature = r.choice(["lease", "lease", "lease", "contracting", "transfer"])
        thing, code, unit, use = r.choice({
            "lease": [("集体土地", "farmland", "mu", "种植蔬菜"), ("厂房", "factory", "m2", "机械加工"), ("门面房", "shop", "m2", "经营百货"), ("鱼塘", "pond", "mu", "养殖淡水鱼"), ("集体建设用地", "construction_land", "mu", "堆放建材"), ("闲置校舍", "house", "m2", "服装加工"), ("林地", "forest", "mu", "种植油茶")],
            "contracting": [("荒山", "wasteland", "mu", "植树造林"), ("鱼塘", "pond", "mu", "养鱼"), ("林地", "forest", "mu", "种植毛竹"), ("果园", "forest", "mu", "种植柑橘"), ("集体机动地", "farmland", "mu", "种植水稻")],
            "transfer": [("承包地", "farmland", "mu", "种植粮食")],
        }[nature])  # fmt: skip
        self.nature, self.thing, self.use, self.unit = nature, thing, use, unit
        self.rent_word = {"lease": "租金", "contracting": "承包费", "transfer": "流转费"}[nature]
        self.word = {"lease": "租赁", "contracting": "承包", "transfer": "流转"}[nature]
        self.gold |= {
            "class": code,
            "nature": {
                "lease": "lease",
                "contracting": "other_contracting",
                "transfer": "management_right_transfer",
            }[nature],
        }
        self.trap = (
            r.choice([None] * 9 + ["T01", "R01", "R02", "R07", "R06", "T09", "C07", "P03", "V02", "T10"])
            if nature == "lease"
            else r.choice([None, None, None, "R01", "R07", "T09", "P03", "C07"])
        )
        if nature == "transfer" and self.trap == "R01":
            self.trap = None
        parts = self.parties() + self.subject() + self.time() + self.rents() + self.rest()
        text = self.assemble(parts)
        self.gold["locks"] = sorted(self.locks())
        return Made(text, self.gold, self.used, self.trap)

    def parties(self) -> list[tuple[str, str]]:
        """The head."""
        r = self.r
        village, town = r.choice(VILLAGES), r.choice(TOWNS)
        self.village = village
        giver = (
            self.name()
            if self.nature == "transfer"
            else town + village + r.choice(["村村民委员会", "村股份经济合作社", "村经济合作社"])
        )
        company = r.random() < 0.4
        taker = (
            f"明山县{r.choice(['宏达', '绿野', '恒通', '丰源', '华美'])}{r.choice(['机械', '农业发展', '商贸', '食品'])}有限公司"
            if company
            else self.name()
        )
        while taker == giver:
            taker = self.name()
        giver_id = (
            id_number(r)
            if self.nature == "transfer"
            else credit_code(r, "N2")
            if giver.endswith("社")
            else None
        )
        taker_id = credit_code(r, "91") if company else id_number(r)
        if self.trap == "P03":
            taker_id = taker_id[:-1] + ("1" if taker_id[-1] != "1" else "2")
        label = {
            True: ["统一社会信用代码：", "社会信用代码："],
            False: ["身份证号码：", "身份证号：", "公民身份号码："],
        }
        gi = f"{r.choice(label[self.nature != 'transfer'])}{giver_id}\n" if giver_id else ""
        ti = f"{r.choice(label[company])}{taker_id}\n"
        words_of = {
            "lease": ("出租方", "承租方"),
            "contracting": ("发包方", "承包方"),
            "transfer": ("流出方", "流入方"),
        }[self.nature]
        phrase = self.pick(p.PARTIES[self.nature])
        giver_id = giver_id if "{GI}" in phrase else None
        head = phrase.format(
            G=giver, T=taker, GI=gi, TI=ti, ADDR=f"{town}{village}村{r.randint(1, 9)}组", PHONE=f"{r.randint(10**8, 10**9 - 1)}", HEAD=self.name(), gw=words_of[0], tw=words_of[1],
        )  # fmt: skip
        roles = ("employer", "contractor") if self.nature == "contracting" else ("lessor", "lessee")
        self.gold["parties"] = [
            {"role": roles[0], "name": giver, "identifier": giver_id},
            {"role": roles[1], "name": taker, "identifier": taker_id},
        ]
        self.giver, self.taker = giver, taker
        return [("head", head)]

    def subject(self) -> list[tuple[str, str]]:
        """Object, place, area, use."""
        r = self.r
        if self.unit == "mu":
            area = Decimal(r.choice([r.randint(3, 200), r.randint(20, 900) / Decimal(10)]))
            styles = [f"{plain(area)}亩", f"{plain(area)}亩", f" {plain(area)} 亩", f"{plain(area)}市亩"]
            if area == int(area):
                styles += [
                    f"{cn2an.an2cn(int(area))}亩".replace("一十", "十"),
                    f"{cn2an.an2cn(int(area), 'up')}亩",
                ]
            self.gold["area_m2"] = (area * 2000 / 3).quantize(CENT, ROUND_HALF_UP)
        else:
            area = Decimal(r.choice([r.randint(30, 3000), r.randint(300, 9000) / Decimal(10)]))
            styles = [
                f"{plain(area)}平方米",
                f"{plain(area)}㎡",
                f"{area:,}平方米",
                f"{plain(area)} m²",
                f"{plain(area)}平米",
            ]
            self.gold["area_m2"] = area.quantize(CENT, ROUND_HALF_UP)
        self.area = area
        place = f"{self.village}村{r.choice(SPOTS)}"
        text = self.pick(p.GRANT[self.nature]).format(
            PLACE=place, AREA="＿＿＿亩" if self.trap == "C07" else r.choice(styles), THING=self.thing, USE=self.use, WAY=r.choice(["公开招标", "公开协商", "竞价"]),
        )  # fmt: skip
        if self.trap == "C07":
            self.gold["area_m2"] = None
        return [(r.choice([f"{self.word}标的", "标的", f"{self.thing}概况", "位置和面积"]), text)]

    def time(self) -> list[tuple[str, str]]:
        """The term."""
        r = self.r
        self.years = r.choice([3, 5, 6, 8, 10])
        if self.trap in {"R02", "R01"}:
            self.years = r.choice([12, 15, 18, 20])
        if self.trap == "T01":
            self.years = r.choice([25, 30, 40, 50])
        if self.nature == "contracting" and self.thing in {"荒山", "林地"} and r.random() < 0.4:
            self.years = r.choice([30, 40])
        if self.nature == "transfer":
            self.years = r.choice([2, 3, 5])
        start = date(r.randint(2023, 2027), r.choice([1, 1, 1, 3, 5, 7, 10]), r.choice([1, 1, 1, 10, 16]))
        end = after(start, self.years * 12)
        self.start, self.end = start, end
        kind = r.choice(["both", "both", "dates", "length"])
        stated = self.years
        if self.trap == "T09":
            kind, stated = "both", self.years + r.choice([5, 10])
        said_start = written(r, start)
        if self.trap == "T10":
            kind, said_start = "both", f"{start.year}年2月30日"
        table = {"both": p.TERM_BOTH, "dates": p.TERM_DATES, "length": p.TERM_LENGTH}[kind]
        text = self.pick(table).format(K=self.word, S=said_start, E=written(r, end), N=count(r, stated))
        self.gold |= {
            "start": None if self.trap == "T10" else start.isoformat(), "end": end.isoformat(), "months": None if self.trap == "T10" else self.years * 12,
            "stated_months": None if kind == "dates" else stated * 12,
        }  # fmt: skip
        return [(f"{self.word}期限", text)]

    def rents(self) -> list[tuple[str, str]]:
        """The rent, its rise, the schedule."""
        r = self.r
        per = (
            Decimal(r.choice([300, 450, 500, 650, 800, 1000, 1200]))
            if self.unit == "mu"
            else Decimal(r.choice([60, 80, 96, 105, 120, 180, 240]))
        )
        if self.thing in {"荒山", "林地"}:
            per = Decimal(r.choice([10, 20, 30, 50]))
        name = "亩" if self.unit == "mu" else "平方米"
        style = self.style()
        annual = (per * self.area).quantize(CENT, ROUND_HALF_UP)
        if style == "lump":
            annual = Decimal(r.randint(10, 2000) * 100)
        shown = annual if self.trap != "R06" else annual + max(Decimal(200), annual / 10).quantize(Decimal(1))
        spelled = words(shown if self.trap != "R07" else shown + Decimal(r.choice([1000, 20000, 300])))
        slots = {
            "U": plain(per),
            "A": f"{plain(shown)}",
            "UN": name,
            "W": spelled,
            "R": self.rent_word,
            "K": self.word,
            "UW": words(per),
        }
        rise = self.kind_of_rise(style)
        self.rising = rise in {"period", "yearly", "sum"} or (rise == "stages" and self.trap != "R01")
        rows: list[Decimal | None]
        if rise == "stages" and style != "lump":
            text, rows = self.stages(per, name)
        else:
            table = {"both": p.RENT, "unit": p.RENT_UNIT, "lump": p.RENT_LUMP}[style]
            options = [o for o in table if self.trap != "R07" or "{W}" in o]
            text = self.pick(options).format(**slots)
            rise = "period" if rise == "stages" else rise
            extra, rows = self.rise(rise, annual, per, name)
            text += extra
        if rise == "stages" and style != "lump" and self.lump_stage is not None:
            style, annual = "lump", self.lump_stage
        self.gold |= {
            "unit_amount": plain(per) if style != "lump" else plain(annual),
            "unit": f"yuan/{self.unit}/year" if style != "lump" else "yuan/year",
        }
        if self.trap in {"R06", "T10"} or (self.trap == "R07"):
            rows = []
        if self.trap == "R07" and style == "lump":
            self.gold["unit_amount"] = None
        if self.trap == "C07" and style != "lump":
            rows = []
        self.gold["rows"] = [None if v is None else money(v) for v in rows]
        pay, ahead = self.pick(p.PAY)
        due = r.choice(["1月10日", "1月31日", "1月5日"])
        self.gold["advance_months"] = ahead
        return [
            (r.choice([f"{self.rent_word}及支付方式", self.rent_word, f"{self.rent_word}标准"]), text),
            (r.choice(["付款方式", f"{self.rent_word}支付"]), pay.format(R=self.rent_word, D=due)),
        ]

    def style(self) -> str:
        """Whether unit rent, yearly sum or both are said."""
        forced = {"R06": "both", "R01": "both", "C07": "lump"}.get(self.trap or "")
        if self.trap == "R07":
            forced = self.r.choice(["both", "lump"])
        return forced or self.r.choice(["both", "both", "unit", "lump"])

    def kind_of_rise(self, style: str) -> str | None:
        """How the rent changes."""
        plainly = self.years < 5 and self.r.random() < 0.6
        rise = None if plainly else self.r.choice([None, "period", "yearly", "sum", "stages"])
        if self.trap in {"R02", "T01"} or (self.trap in {"R06", "R07"} and rise == "stages"):
            return None
        if self.trap == "R01":
            return "stages"
        if self.years > 8 and rise is None:
            return "period"
        return "period" if rise == "sum" and style == "lump" else rise

    def rise(
        self, rise: str | None, annual: Decimal, per: Decimal, name: str
    ) -> tuple[str, list[Decimal | None]]:
        """The clause of a rise and the rows."""
        r, years = self.r, self.years
        if rise is None:
            if self.trap in {"R02", "T01"}:
                return r.choice(["", f"{self.rent_word}在{self.word}期内保持不变。"]), [annual] * years
            return "", [annual] * years
        if rise == "yearly":
            percent = Decimal(r.choice([2, 3, 5]))
            text = self.pick(p.RISE_YEARLY)
            rows = [annual * (1 + percent / 100) ** n for n in range(years)]
            self.gold["escalation"] = {"every_months": 12, "percent": plain(percent)}
            return text.format(R=self.rent_word, P=plain(percent), PW=cn2an.an2cn(int(percent))), list(rows)
        every = r.choice([y for y in (2, 3, 5) if y < years] or [2])
        if rise == "sum":
            step = Decimal(r.choice([20, 50, 100]))
            text = self.pick(p.RISE_SUM)
            rows = [annual + step * self.area * (n // every) for n in range(years)]
            self.gold["escalation"] = {"every_months": every * 12, "percent": None}
            return text.format(
                R=self.rent_word, Y=self.said(every), UN=name, D=plain(step), N1=cn2an.an2cn(every + 1)
            ), list(rows)
        percent = Decimal(r.choice([5, 8, 10]))
        text = self.pick(p.RISE)
        rows = [annual * (1 + percent / 100) ** (n // every) for n in range(years)]
        self.gold["escalation"] = {"every_months": every * 12, "percent": plain(percent)}
        first = self.r.choice([str(every + 1), cn2an.an2cn(every + 1)])
        return text.format(
            R=self.rent_word,
            Y=self.said(every),
            P=plain(percent),
            PW=cn2an.an2cn(int(percent)),
            N1=first,
            K=self.word,
        ), list(rows)

    def said(self, n: int) -> str:
        """A small number in figures or words."""
        return self.r.choice([str(n), cn2an.an2cn(n), cn2an.an2cn(n)])

    def stages(self, per: Decimal, name: str) -> tuple[str, list[Decimal | None]]:
        """A ladder of two or three stages."""
        r, years = self.r, self.years
        cuts = sorted(r.sample(range(1, years), min(r.choice([1, 2]), years - 1)))
        bounds = list(zip([0, *cuts], [*cuts, years], strict=True))
        direction = -1 if self.trap == "R01" else 1
        phrase, rows, said = self.pick(p.STAGE), [], []
        for n, (first, last) in enumerate(bounds):
            value = (
                per + direction * n * (per / 10).quantize(Decimal(1), ROUND_HALF_UP)
                if per >= 10
                else per + direction * n
            )
            annual = (value * self.area).quantize(CENT, ROUND_HALF_UP)
            begin = self.start if not first else after(self.start, first * 12) + timedelta(days=1)
            said.append(phrase.format(
                F=first + 1, L=last, FW=cn2an.an2cn(first + 1).replace("一十", "十"), LW=cn2an.an2cn(last).replace("一十", "十"), UN=name, U=plain(value), A=plain(annual), R=self.rent_word,
                DS=f"{begin.year}年{begin.month}月{begin.day}日", DE=(lambda d: f"{d.year}年{d.month}月{d.day}日")(after(self.start, last * 12)),
            ))  # fmt: skip
            rows += [annual] * (last - first)
        self.lump_stage = None if "{U}" in phrase else rows[0]
        lead = r.choice(
            [
                f"{self.rent_word}分段计算：",
                f"{self.rent_word}标准如下：",
                f"{self.word}期内{self.rent_word}为：",
            ]
        )
        return lead + r.choice(["；", "，", "；\n"]).join(said) + "。", list(rows)

    def rest(self) -> list[tuple[str, str]]:
        """Deposit, delivery, decision, the usual clauses."""
        r = self.r
        found = []
        if self.nature != "transfer" and r.random() < 0.7:
            bond = Decimal(r.choice([2000, 5000, 10000, 35000]))
            self.gold["deposit"] = money(bond)
            found.append(
                (
                    r.choice(["保证金", "履约保证金"]),
                    self.pick(p.DEPOSIT).format(B=plain(bond), BW=words(bond)),
                )
            )
        if r.random() < 0.6:
            day = self.start - timedelta(days=r.choice([0, 1, 5]))
            self.gold["delivery_date"] = day.isoformat()
            found.append(("交付", self.pick(p.DELIVERY).format(DD=written(r, day), THING=self.thing)))
        self.signed = self.start - timedelta(days=r.randint(8, 60))
        if self.nature != "transfer":
            entitled = r.randint(25, 80)
            came = entitled - r.randint(0, entitled // 8)
            agreed = came - r.randint(0, 2) if self.trap != "V02" else entitled * 6 // 10
            day = self.signed - timedelta(days=r.randint(5, 60))
            self.gold["decision"] = {
                "date": day.isoformat(),
                "entitled": entitled,
                "attended": came,
                "agreed": agreed,
            }
            found.append(
                (
                    "民主决策",
                    self.pick(p.DECISION).format(
                        K=self.word,
                        V=f"{day.year}年{day.month}月{day.day}日",
                        M=r.choice(p.MEETINGS),
                        X=entitled,
                        Y=came,
                        Z=agreed,
                    ),
                )
            )
        found += [("其他约定", text) for text in r.sample(p.OTHERS, r.randint(5, len(p.OTHERS)))]
        return found

    def assemble(self, parts: list[tuple[str, str]]) -> str:
        """Title, head, numbered clauses, signatures."""
        r = self.r
        title = self.pick(p.TITLES[self.nature]).format(THING=self.thing)
        numbered = r.choice(["第{c}条 ", "{c}、", "第{c}条　", "{n}. ", "{n}、"])
        titled = r.random() < 0.6
        between = r.choice(
            [
                "\n\n",
                "\n\n双方经协商一致，订立本合同。\n\n",
                "\n\n为明确双方权利义务，根据有关法律规定，甲乙双方在平等自愿的基础上签订本合同：\n",
            ]
        )
        lines = []
        for n, (name, text) in enumerate(parts[1:], start=1):
            mark = numbered.format(c=cn2an.an2cn(n).replace("一十", "十"), n=n)
            joiner = r.choice(["\n", "：", " "]) if titled else ""
            lines.append(f"{mark}{name if titled else ''}{joiner}{text}")
        signed = written(r, self.signed)
        self.gold["signed_date"] = self.signed.isoformat()
        block = r.choice([
            f"甲方（盖章）：{' ' * 20}乙方（签字）：\n\n签订日期：{signed}", f"甲方（盖章）{' ' * 16}乙方（签章）\n{signed}", f"甲方：（公章）\n代表人：\n乙方：（签名）\n签约时间：{signed}",
            f"甲方（签章）：{self.giver}\n乙方（签字）：{self.taker}\n日期：{signed}",
        ])  # fmt: skip
        return f"{title}\n\n{parts[0][1]}{between}" + "\n".join(lines) + f"\n\n{block}\n"

    def locks(self) -> set[str]:
        """The lock-level codes that the contract must raise."""
        found = {self.trap} if self.trap else set()
        rows = [Decimal(row) for row in self.gold["rows"] if row is not None]
        rises = self.rising or any(b > a for a, b in pairwise(rows))
        longest = max(self.gold["months"] or 0, self.gold["stated_months"] or 0)
        mild = self.nature == "contracting" and self.gold["class"] in {"wasteland", "forest"}
        if longest > 120 and not rises and not mild:
            found.add("R02")
        if self.nature == "lease" and longest > 240:
            found.add("T01")
        return found


def contract(seed: int, *, closed: bool) -> Made:
    """One contract."""
    return Maker(seed, closed).make()
