"""The contracts of the standard datasets, held against DATASETS.md as written out here by hand; each takes a file."""

import csv

import pytest

from qingqu.domain.values import clean
from qingqu.exchange import contracts
from qingqu.exchange.actions import import_file
from qingqu.exchange.tests.helpers import wish
from qingqu.reading import header
from qingqu.reading.header import plain

# field = key, + = required, - = may be missing; then the kind of value where it is not text.
STANDARD = {
    "population": "person_id=id_number name+ sex-code birth_date-date household_id- relation_to_head-code"
    " division_code+division_code hukou_kind-code",
    "deaths": "person_id=id_number name- death_date+date source-code",
    "inmates": "person_id=id_number name- start_date=date end_date-date",
    "public_employees": "person_id=id_number name- employer= post- start_date-date end_date-date",
    "village_cadres": "person_id=id_number name+ division_code=division_code post+ start_date=date end_date-date",
    "kinship": "person_id=id_number relative_id=id_number relation+code",
    "companies": "company_id=credit_code name+ kind-code legal_rep_id-id_number legal_rep_name- phone- address-"
    " founded_date-date status-code",
    "shareholders": "company_id=credit_code person_id=id_number share-percent",
    "vehicles": "plate= owner_id+id_or_credit_code kind-code price-money registered_date-date",
    "properties": "property_id= owner_id+id_or_credit_code area_m2-quantity kind-code acquired_date-date",
    "social_insurance": "person_id=id_number employer_id=credit_code month=month",
    "benefit_register": "programme=code person_id=id_number household_id- start_date=date end_date-date standard-money",
    "benefit_payments": "payment_id= programme+code person_id+id_number name- division_code-division_code account_no-"
    " account_name- area_mu-quantity amount+money pay_month+month paid_date+date",
    "land_rights": "person_id=id_number division_code-division_code area_mu+quantity",
    "projects": "project_id= name+ kind-code owner_id-credit_code owner_name+ division_code+division_code"
    " approved_date-date feasibility_amount-money approved_amount-money planned_start+date planned_finish+date"
    " actual_start-date actual_finish-date acceptance_date-date statistics_date-date start_delay_reason-",
    "project_stages": "project_id= stage=code planned_date-date actual_date-date",
    "progress_reports": "project_id= month=month reported_at+date planned_percent-percent physical_percent+percent"
    " paid_amount-money",
    "tenders": "tender_id= project_id- method+code publish_date-date deadline-date award_date-date control_price-money"
    " buyer_id-credit_code agent_id-credit_code winner_id-credit_code award_amount-money",
    "bids": "tender_id= bidder_id=credit_code bidder_name- amount+money status-code submitted_at-datetime contact_name-"
    " contact_id-id_number contact_phone- machine_code- bond_account-",
    "contracts": "contract_id= kind+code project_id- tender_id- party_a_id-id_or_credit_code party_a_name-"
    " party_b_id-id_or_credit_code party_b_name+ division_code-division_code object_class-code area_m2-quantity"
    " amount-money unit_rent-money signed_date+date start_date-date end_date-date escalation_percent-percent"
    " traded_openly-yes_no",
    "payments": "payment_id= project_id- contract_id- payer- payee_id-id_or_credit_code payee_name- payee_account-"
    " kind-code amount+money paid_date+date",
    "settlements": "project_id= item= unit- billed_qty+quantity measured_qty-quantity unit_price+money"
    " settled_amount-money settled_date-date",
    "change_orders": "project_id= change_id= approved_date-date amount+money",
    "assets": "asset_id= kind+code division_code+division_code area_m2-quantity contract_id- status+code",
    "rents_due": "contract_id= due_date=date due_amount+money",
    "receipts": "receipt_id= contract_id- received_date+date amount+money",
    "village_entries": "entry_id= division_code+division_code date+date direction+code amount+money payee_name-"
    " payee_id-id_or_credit_code invoice_no- approver-",
    "fuel_fills": "fill_id= plate+ litres+quantity filled_at+datetime tank_litres-quantity",
    "payment_plans": "project_id= due_date=date due_amount+money",
    "homestead_approvals": "application_id= household_id- division_code+division_code land_class-code"
    " plot_area_m2-quantity floor_area_m2-quantity floors-integer applied_date-date group_meeting_date-date"
    " displayed_from-date displayed_to-date village_review_date-date township_decision_date-date certificate_no-"
    " staked_date-date completed_date-date visits-integer status+code",
}  # fmt: skip
ROSTERS = {
    "population", "inmates", "public_employees", "village_cadres", "kinship", "companies", "shareholders", "vehicles",
    "properties", "benefit_register", "land_rights", "projects", "assets",
}  # fmt: skip
CLOSED = {
    ("population", "sex"), ("kinship", "relation"), ("companies", "status"), ("tenders", "method"), ("bids", "status"),
    ("contracts", "kind"), ("contracts", "object_class"), ("payments", "kind"), ("assets", "status"),
    ("village_entries", "direction"),
}  # fmt: skip
TERMS = {
    ("population", "sex"): "男 女 未知",
    ("population", "relation_to_head"): "户主 配偶 子 女 父 母 孙 其他",
    ("population", "hukou_kind"): "农业户口 非农业户口 居民户口",
    ("kinship", "relation"): "配偶 父母子女 兄弟姐妹",
    ("companies", "status"): "存续 注销 吊销 迁出",
    (
        "benefit_register",
        "programme",
    ): "城乡居民基本养老保险 企业职工基本养老保险 机关事业单位基本养老保险 高龄津贴 低保"
    " 特困供养 临时救助 残疾人两项补贴 耕地地力保护补贴",
    ("tenders", "method"): "公开招标 邀请招标 竞争性谈判 询价 直接发包",
    ("bids", "status"): "有效 无效 否决 撤回",
    ("contracts", "kind"): "施工 监理 租赁 家庭承包 采购 服务 其他",
    ("contracts", "object_class"): "耕地 林地 四荒地 水面 建设用地 房屋 厂房 商铺 其他",
    ("payments", "kind"): "预付款 进度款 结算款 质保金 其他",
    ("assets", "status"): "出租 被占用 闲置 自用",
    ("village_entries", "direction"): "收入 支出",
}
SPELLINGS = [
    ("population", "sex", "1", "男"), ("population", "sex", "M", "男"), ("population", "sex", "2", "女"),
    ("population", "relation_to_head", "长女", "女"), ("kinship", "relation", "妻子", "配偶"),
    ("companies", "status", "存续（在营、开业、在册）", "存续"), ("companies", "status", "在业", "存续"),
    ("companies", "status", "吊销，未注销", "吊销"), ("companies", "status", "吊销，已注销", "注销"),
    ("companies", "status", "停业", None), ("benefit_payments", "programme", "农村低保", "低保"),
    ("benefit_payments", "programme", "新农保", "城乡居民基本养老保险"), ("benefit_payments", "programme", "养老金", None),
    ("benefit_payments", "programme", "重度残疾人护理补贴", "残疾人两项补贴"),
    ("benefit_register", "programme", "五保供养", "特困供养"), ("village_entries", "direction", "支", "支出"),
    ("village_entries", "direction", "贷", None), ("contracts", "kind", "承包", None),
    ("contracts", "object_class", "门面房", "商铺"), ("kinship", "relation", "岳父", None),
    ("assets", "status", "承包", None), ("bids", "status", "未中标", None), ("bids", "status", "废标", "否决"),
]  # fmt: skip
SAMPLE = {
    "text": "甲-1", "date": "2026-05-06", "datetime": "2026-05-06 08:30", "month": "2026-05", "money": "1200.00",
    "quantity": "12.5", "percent": "35", "integer": "2", "id_number": "990101199003070015",
    "credit_code": "919901010000100063", "id_or_credit_code": "990101199003070015", "division_code": "990101100201",
    "yes_no": "是",
}  # fmt: skip


def described(name: str) -> str:
    """A contract in the notation of STANDARD."""
    contract = contracts.load(name)
    return " ".join(
        f"{one.name}{'=' if one.name in contract.key else '+' if one.required else '-'}"
        f"{'' if one.type == 'text' else one.type}"
        for one in contract.fields
    )


def test_there_is_a_contract_for_every_standard_dataset_and_no_other():
    assert set(contracts.names()) == set(STANDARD)


@pytest.mark.parametrize("name", STANDARD)
def test_fields_kinds_keys_and_duties_are_as_in_the_document(name):
    assert described(name) == STANDARD[name]
    assert contracts.load(name).roster == (name in ROSTERS)


def test_code_lists_are_open_or_closed_as_in_the_document_and_hold_its_terms():
    coded = {(name, one.name): one for name in STANDARD for one in contracts.load(name).fields if one.codes}
    assert {place for place, one in coded.items() if not one.codes.open} == CLOSED
    for place, terms in TERMS.items():
        assert " ".join(coded[place].codes.values) == terms
    assert (
        coded["benefit_payments", "programme"].codes.values
        == coded["benefit_register", "programme"].codes.values
    )


@pytest.mark.parametrize(("dataset", "field", "written", "term"), SPELLINGS)
def test_what_is_certain_is_mapped_and_what_is_not_is_left(dataset, field, written, term):
    codes = contracts.load(dataset).by_name[field].codes
    assert codes.spelling.get(plain(written)) == term


@pytest.mark.parametrize("name", STANDARD)
def test_a_header_names_one_field_only_and_every_field_has_other_names(name):
    contract = contracts.load(name)
    listed = [word for one in contract.fields for word in {one.zh, one.name, *one.synonyms, *one.weak}]
    assert len(listed) == len(set(listed))
    assert all(len(one.synonyms) + len(one.weak) >= 4 for one in contract.fields)


@pytest.mark.parametrize(
    ("dataset", "headers", "field", "chosen"),
    [
        ("benefit_payments", "补贴标准 补贴金额 实发金额", "amount", "实发金额"),
        ("benefit_payments", "补贴标准 补贴金额", "amount", "补贴金额"),
        ("benefit_payments", "补贴对象身份证号 领款人身份证号", "person_id", "补贴对象身份证号"),
        ("public_employees", "参加工作时间 进入本单位时间", "start_date", "进入本单位时间"),
        ("public_employees", "参加工作时间 姓名", "start_date", None),
        ("settlements", "送审工程量 结算工程量 审定工程量 实测工程量", "billed_qty", "结算工程量"),
        ("settlements", "结算工程量 审定工程量", "measured_qty", None),
        ("land_rights", "合同面积 确权面积", "area_mu", "确权面积"),
        ("benefit_register", "低保证号 身份证号", "household_id", None),
        ("tenders", "招标项目编号 标段编号", "tender_id", "标段编号"),
        ("inmates", "收监日期 刑期起日", "start_date", "刑期起日"),
    ],
)
def test_beside_a_better_column_a_weaker_word_names_nothing(dataset, headers, field, chosen):
    words = headers.split()
    found = header.find([(1, words)], contracts.load(dataset).headers, [])
    column = found.fields.get(field)
    assert field not in found.doubled
    assert (column.header if column else None) == chosen


@pytest.mark.parametrize("name", sorted(ROSTERS - {"projects"}))
def test_a_roster_is_as_old_as_its_delivery(name):
    contract = contracts.load(name)
    assert contract.aged_by_delivery or contract.event_date is None
    assert contract.max_age_days


def test_dates_that_may_lie_ahead_are_plans_and_not_events():
    for name in STANDARD:
        ahead = {
            "end_date",
            "planned_start",
            "planned_finish",
            "planned_date",
            "deadline",
            "due_date",
            "displayed_to",
        }
        assert not contracts.load(name).events & ahead  # fmt: skip


@pytest.mark.parametrize("name", STANDARD)
def test_a_smallest_file_with_official_headers_is_imported_whole(name, cast, now, tmp_path):
    contract = contracts.load(name)
    path = tmp_path / f"{name}.csv"
    cells = [next(iter(one.codes.values), "甲") if one.codes else SAMPLE[one.type] for one in contract.fields]
    if name == "kinship":
        cells[1] = "990101196512190038"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(([one.zh for one in contract.fields], cells))
    told = import_file(path=path, wish=wish(path, name, contract.owners[0]), by=cast.operator, now=now)
    assert (told["inserted"], told["rejected"], told["errors"]) == (1, 0, [])


def test_the_samples_are_canonical():
    for kind, text in SAMPLE.items():
        assert clean(kind, text)
