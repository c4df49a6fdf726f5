"""Contracts with invented facts, as text and as typst markup, in layouts that offices use."""

import random
from dataclasses import dataclass, field
from pathlib import Path

import cn2an
import pylopdf_fonts_zh_cn
import typst

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志梅玉兰春红亮鹏飞宇浩晨欣怡"
VILLAGES = ("柳湾村", "青溪村", "石桥头村", "大王庄村", "南岸社区", "下坂里村", "枫林坞村", "三里墩村")
CROPS = ("水稻种植", "苗木培育", "茶叶种植", "水产养殖", "果蔬大棚", "中药材种植", "生态停车场", "仓储加工")
FILLER = (
    "乙方应当按照约定的用途使用土地，不得擅自改变土地用途，不得在承租土地上修建永久性建筑物、构筑物或者挖砂、采石、取土。",
    "承租期间因国家建设征收的，土地补偿费归土地所有权人所有，青苗及地上附着物补偿费归乙方所有，双方互不追究违约责任。",
    "未经甲方书面同意，乙方不得将承租土地转租、转包或者以其他方式交由第三人经营，否则甲方有权解除合同并收回土地。",
    "合同期满，在同等条件下乙方享有优先承租权，但应当在期满前三个月以书面形式提出，经村民代表会议讨论决定后另行签订合同。",
    "任何一方违反本合同约定的，应当承担违约责任；因不可抗力致使合同不能履行的，可以部分或者全部免除责任。",
    "本合同履行中发生争议，由双方协商解决；协商不成的，可以请求村民委员会、乡镇人民政府调解，也可以向人民法院提起诉讼。",
    "甲方应当维护乙方的经营自主权，协助乙方办理用水用电等手续，所需费用由乙方承担，并协调处理与周边农户的相邻关系。",
)


@dataclass
class Contract:
    """`lines`: what stands on the paper, in reading order, cells of a table parted by tabs; `facts`: what must not be
    misread; `hand`: what is written by hand."""

    lines: list[str] = field(default_factory=list)
    markup: str = ""
    facts: list[str] = field(default_factory=list)
    hand: list[str] = field(default_factory=list)


def words(amount: int) -> str:
    """An amount in Chinese words."""
    return str(cn2an.an2cn(amount, "rmb"))


def contract(
    seed: int, *, table: bool = True, hand: bool = False, size: float = 12, clauses: int = 9
) -> Contract:
    """One lease. `hand`: names and some figures stand in underlined places, to be written in later."""
    r = random.Random(seed)
    made = Contract()
    village, man = r.choice(VILLAGES), r.choice(SURNAMES) + "".join(r.sample(GIVEN, r.choice((1, 2, 2))))
    number = "".join(r.choice("0123456789") for _ in range(17)) + r.choice("0123456789X")
    phone = "1" + "".join(r.choice("0123456789") for _ in range(10))
    area = r.choice((f"{r.randint(2, 400)}.{r.randint(1, 99)}", f"{r.randint(2, 400)}"))
    price, years = r.randint(35, 400) * r.choice((1, 5, 10)), r.choice((5, 8, 10, 15, 20, 30, 50))
    start = f"20{r.randint(10, 26)}年{r.randint(1, 12)}月{r.randint(1, 28)}日"
    end = f"20{r.randint(30, 74)}年{r.randint(1, 12)}月{r.randint(1, 28)}日"
    total, bond = r.randint(3000, 900_000), r.randint(1, 50) * 1000
    made.facts = [
        village,
        man,
        number,
        phone,
        f"{area}亩",
        start,
        end,
        f"{price}元",
        f"{total:,}.00元",
        words(total),
        f"{bond}元",
    ]

    def line(text: str, *, indent: bool = True, center: bool = False) -> None:
        made.lines.append(text)
        shown = (
            text.replace("#", "\\#")
            .replace("_", "\\_")
            .replace("*", "\\*")
            .replace("$", "\\$")
            .replace("@", "\\@")
        )
        for fact in (man, number, phone) if hand else ():
            wide = len(fact) * (0.62 if fact.isascii() else 1.1) + 1
            shown = shown.replace(fact, f"#fill({wide}em)[{fact}]") if fact in shown else shown
        made.markup += f"#align(center)[#text({size * 1.6}pt)[{shown}]]\n\n" if center else (
            f"{shown}\n\n" if indent else f"#par(first-line-indent: 0em)[{shown}]\n\n")  # fmt: skip

    line("土地租赁合同", center=True)
    line(f"甲方（出租方）：清渠县青溪镇{village}股份经济合作社", indent=False)
    line(f"乙方（承租方）：{man}", indent=False)
    line(f"身份证号：{number}　联系电话：{phone}", indent=False)
    body = [
        f"甲方将位于本村的集体农用地{area}亩出租给乙方用于{r.choice(CROPS)}，四至为：东至机耕路，南至水渠，西至{r.choice(SURNAMES)}家田，北至山脚。",
        f"租赁期限{years}年，自{start}起至{end}止。租赁期满，甲方有权收回土地，乙方应当如期返还。",
        f"租金为每亩每年{price}元，合计人民币{total:,}.00元（大写：{words(total)}），乙方应于每年12月31日前一次性付清下一年度租金。",
        f"乙方应于本合同签订之日起{r.choice((3, 5, 7, 10, 15))}日内向甲方缴纳履约保证金{bond}元，合同期满无违约的，无息退还。",
        *r.sample(FILLER, min(len(FILLER), clauses - 4)),
    ]
    for index, text in enumerate(body, start=1):
        line(f"第{cn2an.an2cn(index)}条　{text}")
        if table and index == 3:
            _table(made, r, area, price, years)
    made.hand = [man, number, phone] if hand else []
    line("甲方（盖章）：　　　　　　　　　　　　乙方（签字）：", indent=False)
    line(f"签订日期：{start}", indent=False)
    return made


def _table(made: Contract, r: random.Random, area: str, price: int, years: int) -> None:
    rows, first = [["年度", "面积（亩）", "单价（元）", "租金（元）"]], 2024
    for step in range(min(4, years // 2)):
        rent = float(area) * price * (1 + 0.05 * step)
        rows.append([f"{first}至{first + 4}年", area, f"{price * (1 + 0.05 * step):.1f}", f"{rent:,.2f}"])
        made.facts.append(f"{rent:,.2f}")
        first += 5
    made.lines += ["\t".join(row) for row in rows]
    cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
    made.markup += f"#align(center, table(columns: 4, inset: {r.choice((4, 6, 8))}pt, {cells}))\n\n"


def pdf(
    made: Contract, *, font: str, fonts: list[Path], size: float = 12, leading: float = 0.9, header: str = ""
) -> bytes:
    """The contract as PDF."""
    top = f"header: [{header}], " if header else ""
    head = (
        f'#set page(paper: "a4", {top}footer: context align(center)[— #counter(page).display() —], '
        "margin: (x: 2.6cm, y: 2.6cm))\n"
        f'#set text(font: ("{font}", "Noto Serif SC"), size: {size}pt, lang: "zh")\n'
        f"#set par(justify: true, leading: {leading}em, spacing: {leading}em, first-line-indent: (amount: 2em, all: true))\n"
        "#let fill(wide, body) = box(width: wide, stroke: (bottom: 0.6pt), outset: (bottom: 2pt), align(center, text(fill: rgb(255, 255, 255, 0), body)))\n"
    )
    paths = [str(Path(pylopdf_fonts_zh_cn.__file__).parent), *map(str, fonts)]
    return bytes(typst.compile((head + made.markup).encode(), font_paths=paths))
