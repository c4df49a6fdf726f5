"""A small county for the importer's tests: departments, their clerks, inspectors, and files as they send them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlsxwriter

from qingqu.base.clock import SHANGHAI

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=SHANGHAI)
HEAD = "项目代码,项目名称,建设单位,行政区划代码,批复日期,概算批复,计划开工时间,计划竣工时间,实际开工时间"


@pytest.fixture
def now() -> datetime:
    """The moment of every action, unless a test says otherwise."""
    return NOW


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """People with posts: two clerks, two owners' clerks, an inspector of the county, of a town, of the next county."""
    from qingqu.orgs.models import Division, Organisation, Person, Post

    people = SimpleNamespace()
    county = Division.objects.create(code="990101000000", name="明山县", level="county")
    town = Division.objects.create(code="990101003000", name="青石镇", level="township", parent=county)
    other = Division.objects.create(code="990102000000", name="邻山县", level="county")
    made = {
        "reform": ("development_reform", "department", "data_steward", county, county),
        "finance": ("finance", "department", "data_steward", county, county),
        "hospital": ("public_hospital", "project_owner", "project_owner", county, county),
        "school": ("middle_school", "project_owner", "project_owner", county, county),
        "inspector": ("discipline_commission", "county_discipline", "party_conduct_office", county, county),
        "township": ("town_discipline", "township_discipline", "township_discipline", county, town),
        "outsider": ("next_discipline", "county_discipline", "party_conduct_office", other, other),
        "powerless": ("administration", "department", "sys_admin", county, county),
    }
    for number, (name, (code, kind, role, seat, area)) in enumerate(made.items()):
        organisation = Organisation.objects.create(code=code, name=f"单位{number}", kind=kind, division=seat)
        person = Person.objects.create(username=name, name=f"人员{number}", ref=f"P-{number + 100}")
        Post.objects.create(
            person=person, organisation=organisation, division=area, role=role, valid_from="2020-01-01"
        )
        setattr(people, name, person)
    operator = Person.objects.filter(username="system").first()
    if operator is None:
        operator = Person.objects.create(username="system", name="系统", ref="P-0000")
        server = Organisation.objects.create(code="server", name="服务器", kind="server")
        Post.objects.create(
            person=operator, organisation=server, role="system_operator", valid_from="2020-01-01"
        )
    people.operator = operator
    return people


@pytest.fixture
def projects(tmp_path: Path) -> Callable[..., Path]:
    """Writes a csv of projects: lines of `HEAD`'s columns."""

    def write(*lines: str, head: str = HEAD, name: str = "项目.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text("\n".join((head, *lines)) + "\n", encoding=encoding)
        return path

    return write


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Writes an xlsx: sheet name → rows of cells, each written as its Python type."""

    def write(
        sheets: dict[str, list[list[object]]], name: str = "表.xlsx", hidden: tuple[str, ...] = ()
    ) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                if title in hidden:
                    sheet.hide()
                for number, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        sheet.write(number, column, cell)
        return path

    return write


@pytest.fixture(autouse=True)
def waiting_worker(settings: object) -> None:
    """Tasks wait for the test to do the worker's part, as they wait for the worker's own transaction."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}  # type: ignore[attr-defined]
