"""The inbox with 5,000 open warnings: queries and milliseconds against the bar (12 queries, 300 ms), and how long it
takes to record a run of 5,000 findings. Uses a home of its own in a temporary folder."""

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent / "src"), str(Path(__file__).parent.parent)]
NUMBER, TIMES, QUERIES, MILLISECONDS = 5000, 9, 12, 300


def main() -> None:
    """Builds, measures, prints."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"QINGQU_HOME": home, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "qingqu.settings"}
        import django

        django.setup()
        from qingqu.ops.home import prepare

        prepare()
        _record()
        _into_sections()
        _pages()


def _findings(day: int) -> list[object]:
    from qingqu.engine.spec import Finding

    kinds = (("P47", "project"), ("B01", "person"), ("C91", "contract"), ("P90", "village"))
    return [
        Finding(
            rule="P47", version=1, title="项目未按计划开工", state="triggered", subject_kind=kinds[n % 4][1],
            subject_key=f"K{n:05d}", subject_name=f"对象{n}", place=f"99010100{1 + n % 2}000", owner="",
            level=("yellow", "orange", "red")[n % 3], measured="2", threshold="3", unit="个月",
            message=f"计划开工 2026-03-01，至第 {day} 天未登记开工", evidence=(
                {"dataset": "projects", "department": "development_reform", "row": {"project_id": f"K{n:05d}", "planned_start": "2026-03-01"},
                 "snapshot": "S", "import": "I-2026-0001", "file": "项目.xlsx", "sheet": "", "file_row": n, "known_at": "2026-06-10T00:00:00+08:00"},
            ),
        )
        for n in range(NUMBER)
    ]  # fmt: skip


def _record() -> None:
    from unittest import mock

    from qingqu.orgs.actions import system_operator
    from qingqu.watch import actions
    from qingqu.watch.rules import published
    from tests.cast import NOW, make_cast

    make_cast()
    rules = published(codes=["P47"])
    for day, word in ((0, "raises"), (1, "updates")):
        when, told = NOW + timedelta(days=day), _findings(day)
        with mock.patch.object(actions.runner, "run", lambda *_a, told=told, **_k: iter(told)):
            start = time.perf_counter()
            actions.run_rules(
                rules=rules, as_of=when.date(), known_at=when, by=system_operator(), now=when, stock=False
            )
            print(f"a run that {word} {NUMBER:,} warnings: {time.perf_counter() - start:.2f} s")


def _into_sections() -> None:
    from qingqu.watch.models import Warning

    for n, section in enumerate(("projects", "benefits", "collective", "micro_power")):
        Warning.objects.filter(
            pk__in=[item for item in Warning.objects.values_list("pk", flat=True) if item % 4 == n]
        ).update(section=section)


def _pages() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import override_settings

    from qingqu.orgs.models import Person

    client = Client()
    plain = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        client.force_login(
            Person.objects.get(username="chen"), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        for address in (
            "/desk/inbox/",
            "/desk/inbox/?section=benefits",
            "/desk/inbox/?level=red&page=3",
            "/desk/since-yesterday/",
            "/desk/dashboard/",
        ):
            client.get(address)
            told: list[str] = []

            def count(execute, sql, params, many, context, told=told):  # type: ignore[no-untyped-def]
                told.append(sql)
                return execute(sql, params, many, context)

            with connection.execute_wrapper(count):
                answer = client.get(address)
            assert answer.status_code == 200, answer.status_code
            spent = []
            for _ in range(TIMES):
                start = time.perf_counter()
                client.get(address)
                spent.append((time.perf_counter() - start) * 1000)
            mid = statistics.median(spent)
            print(
                f"{address}: {len(told)} queries (bar {QUERIES}), {mid:.0f} ms (bar {MILLISECONDS}; ratio {mid / MILLISECONDS:.2f})"
            )


if __name__ == "__main__":
    main()
