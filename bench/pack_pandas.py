"""Four of the pack's questions in pandas, as its users write them."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

AS_OF = pd.Timestamp("2026-06-10")
PENSIONS = ["城乡居民基本养老保险", "企业职工基本养老保险", "机关事业单位基本养老保险"]


@dataclass(frozen=True)
class Question:
    """Which columns of which tables, and the subjects found in them."""

    tables: dict[str, list[str]]
    answer: Callable[..., set[str]]


def _known(paid: pd.DataFrame) -> pd.DataFrame:
    return paid[pd.to_datetime(paid["paid_date"]) <= AS_OF]


def after_death(paid: pd.DataFrame, deaths: pd.DataFrame) -> set[str]:
    """B01."""
    joined = _known(paid[paid["programme"] == "高龄津贴"]).merge(deaths, on="person_id")
    died = pd.to_datetime(joined["death_date"])
    late = pd.to_datetime(joined["paid_date"]) > died + pd.DateOffset(months=1)
    return set(joined[late & (died <= AS_OF)]["person_id"])


def twice(paid: pd.DataFrame) -> set[str]:
    """B05."""
    rows = _known(paid[paid["programme"].isin(PENSIONS)])
    counted = rows.groupby(["person_id", "programme", "pay_month"]).size()
    return set(counted[counted > 1].reset_index()["person_id"])


def more_land(paid: pd.DataFrame, land: pd.DataFrame) -> set[str]:
    """B28; floats, which ours are not."""
    rows = _known(paid[paid["programme"] == "耕地地力保护补贴"])
    rows = rows.assign(year=rows["pay_month"].str[:4], area_mu=rows["area_mu"].astype(float))
    sums = rows.groupby(["person_id", "year"])["area_mu"].sum().reset_index().merge(land, on="person_id")
    return set(
        sums[sums["area_mu_x"].round(4) > (sums["area_mu_y"].astype(float) * 1.05).round(4)]["person_id"]
    )


def one_account(paid: pd.DataFrame) -> set[str]:
    """B31."""
    rows = _known(paid[paid["account_no"].notna()])
    people = rows.groupby("account_no")["person_id"].nunique()
    return set(people[people > 1].index)


PAID = "benefit_payments"
PANDAS = {
    "B01": Question({PAID: ["programme", "person_id", "paid_date"], "deaths": ["person_id", "death_date"]}, after_death),
    "B05": Question({PAID: ["programme", "person_id", "pay_month", "paid_date"]}, twice),
    "B28": Question({PAID: ["programme", "person_id", "pay_month", "area_mu", "paid_date"],
                     "land_rights": ["person_id", "area_mu"]}, more_land),
    "B31": Question({PAID: ["account_no", "person_id", "paid_date"]}, one_account),
}  # fmt: skip
