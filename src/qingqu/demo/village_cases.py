"""The stated cases about the collectives' money, leases and cars, as data."""

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["blue", "yellow", "orange", "red"]


@dataclass(frozen=True)
class VillageCase:
    """`village`: its number (0 to 179); `levels`: rule → level (none: must stay silent); `plant`: which facts are laid,
    with `facts`; `why` in words."""

    village: int
    plant: str
    levels: dict[str, Level]
    why: str
    facts: dict[str, object] = field(default_factory=dict)


VILLAGE_CASES = (
    # C94: longer than twenty years (the story's lease first)
    VillageCase(15, "lease", {"C94": "red"}, "集体土地一租五十年，租金五十年不涨", {"years": 50, "object": "建设用地", "area": 1_706_667}),
    VillageCase(31, "lease", {"C94": "red"}, "二十年零一天", {"years": 20, "days": 1, "object": "厂房"}),
    VillageCase(32, "lease", {}, "正好二十年", {"years": 20, "object": "厂房"}),
    VillageCase(33, "lease", {}, "家庭承包三十年：不是租赁", {"years": 30, "kind": "家庭承包", "object": "耕地"}),
    # C91: rent that nobody paid
    VillageCase(41, "lease", {"C91": "red"}, "两年租金没有交", {"years": 8, "object": "水面", "unpaid": 2}),
    VillageCase(42, "lease", {"C91": "red"}, "去年的租金少交了一半", {"years": 6, "object": "商铺", "short": 50}),
    VillageCase(43, "lease", {}, "最近一期到期才一个月，还没有交", {"years": 6, "object": "商铺", "recent": True}),
    VillageCase(44, "lease", {}, "晚交了四个月，但交足了", {"years": 6, "object": "房屋", "slow": 120}),
    # C92: past its end, still let
    VillageCase(51, "lease", {"C92": "orange"}, "到期五个月，资产仍登记在这份合同名下出租", {"ended": 150, "object": "商铺"}),
    VillageCase(52, "lease", {"C92": "orange"}, "到期一年多，资产被原承租人占用",
                {"ended": 400, "object": "厂房", "status": "被侵占"}),
    VillageCase(53, "lease", {}, "今天到期，还没有过", {"ended": 0, "object": "商铺"}),
    VillageCase(54, "lease", {}, "到期后资产收回，闲置", {"ended": 200, "object": "房屋", "status": "空置"}),
    # C101: large sums to a person, or into finance
    VillageCase(61, "spend", {"C101": "red"}, "一笔 50,000 元付给个人：正好到线", {"amount": 5_000_000, "to": "person"}),
    VillageCase(62, "spend", {"C101": "red"}, "30 万元集体资金买了理财", {"amount": 30_000_000, "to": "安稔理财管理有限公司"}),
    VillageCase(63, "spend", {}, "49,999.99 元付给个人", {"amount": 4_999_999, "to": "person"}),
    VillageCase(64, "spend", {}, "个人交来 12 万元承包款：是收入", {"amount": 12_000_000, "to": "person", "income": True}),
    VillageCase(65, "spend", {}, "6 万元付给施工企业", {"amount": 6_000_000, "to": "firm"}),
    # P90: one firm builds most of a village's works
    VillageCase(71, "works", {"P90": "yellow"}, "十二个月里五份工程合同，三份是同一家", {"firms": (30, 30, 30, 31, 32)}),
    VillageCase(72, "works", {"P90": "yellow"}, "四份合同四家，但一家占了金额的一半多",
                {"firms": (33, 34, 35, 36), "amounts": (48, 14, 13, 12)}),
    VillageCase(73, "works", {}, "五份里两份是同一家：正好四成", {"firms": (37, 37, 38, 39, 40), "amounts": (20, 20, 20, 20, 20)}),
    VillageCase(74, "works", {}, "三份都是同一家：不足四份", {"firms": (41, 41, 41)}),
    # C104: more fuel than the tank holds
    VillageCase(0, "fuel", {"C104": "red"}, "一次加的油比油箱多", {"fills": ((10, 0, 62.5),)}),
    VillageCase(0, "fuel", {"C104": "red"}, "四小时里加了两次，合起来比油箱多", {"fills": ((9, 0, 40), (12, 40, 38.6))}),
    VillageCase(0, "fuel", {}, "相隔四小时零一分", {"fills": ((9, 0, 40), (13, 1, 38.6))}),
    VillageCase(0, "fuel", {}, "正好加满一箱", {"fills": ((10, 0, 55),)}),
)  # fmt: skip
