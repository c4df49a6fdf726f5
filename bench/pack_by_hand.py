"""An invented county in SQL, and the pack's questions as somebody who knows DuckDB would write them.

`MAKE`: dataset → (rows per person, columns over `i`). `BY_HAND`: rule → SQL giving the triggered subjects' keys."""

PERSON = "'990101' || strftime(DATE '1930-01-01' + ({0} % 28000)::INTEGER, '%Y%m%d') || lpad((({0}) // 28000)::VARCHAR, 3, '0') || 'X'"
FIRM = "'91990101MA' || lpad(({0})::VARCHAR, 8, '0')"
ID = PERSON.format("i")


def person(number: str) -> str:
    """The ID number of the n-th person (no check digit: nothing here looks at it)."""
    return PERSON.format(f"({number})")


VILLAGE = "'990101' || lpad(((i % 20) + 1)::VARCHAR, 3, '0') || lpad(((i % 180) % 9 + 1)::VARCHAR, 3, '0')"
PROGRAMMES = ("['城乡居民基本养老保险', '城乡居民基本养老保险', '企业职工基本养老保险', '高龄津贴', '低保',"
              " '耕地地力保护补贴', '机关事业单位基本养老保险', '特困供养', '残疾人两项补贴', '临时救助']")  # fmt: skip

MAKE: dict[str, tuple[float, list[str]]] = {
    "population": (1, [f"{ID} AS person_id", "'人' || i AS name", "'H' || (i // 3) AS household_id",
                       f"{VILLAGE} AS division_code", "CASE WHEN i % 3 = 0 THEN '户主' ELSE '其他' END AS relation_to_head"]),
    # Every person of the first third is paid by one programme in five months.
    "benefit_payments": (5, [
        "'B' || i AS payment_id", f"{PROGRAMMES}[((i // 12) % 10 + 1)::INTEGER] AS programme", f"{person('(i // 12) * 2')} AS person_id",
        "'人' AS name", f"{VILLAGE} AS division_code",
        "'6228' || CASE WHEN (i // 12) % 5000 = 7 THEN '0' ELSE (i // 12)::VARCHAR END AS account_no",
        "CASE WHEN (i // 12) % 10 = 5 THEN 1 + (i // 12) % 40 / 10.0 END AS area_mu", "100 + i % 900 AS amount",
        "strftime(DATE '2025-07-01' + INTERVAL 1 MONTH * ((i % 12) - CASE WHEN (i // 12) % 900 = 1 AND i % 12 = 5 THEN 1 ELSE 0 END), '%Y-%m') AS pay_month",
        "DATE '2025-07-10' + INTERVAL 1 MONTH * (i % 12) AS paid_date"]),
    "deaths": (0.02, [f"{person('i * 26')} AS person_id", "DATE '2021-01-01' + (i * 7 % 1980)::INTEGER AS death_date"]),
    "inmates": (0.001, [f"{person('i * 700')} AS person_id", "DATE '2020-01-01' + (i * 7 % 2300)::INTEGER AS start_date",
                        "CASE WHEN i % 20 <> 0 THEN DATE '2020-01-01' + (i * 7 % 2300 + 300)::INTEGER END AS end_date"]),
    "benefit_register": (0.02, ["'低保' AS programme", f"{person('i * 20 + 8')} AS person_id", "DATE '2023-01-01' AS start_date",
                                "CASE WHEN i % 9 = 0 THEN DATE '2025-01-01' END AS end_date"]),
    "companies": (0.04, [f"{FIRM.format('i')} AS company_id", "'公司' || i AS name", f"{person('i * 23')} AS legal_rep_id",
                         "CASE i % 5 WHEN 0 THEN '注销' ELSE '存续' END AS status"]),
    "shareholders": (0.06, [f"{FIRM.format('i * 2 // 3')} AS company_id", f"{person('i * 15 + 1')} AS person_id"]),
    "village_cadres": (0.003, [f"{person('i * 331')} AS person_id", "'干部' AS name", f"{VILLAGE} AS division_code", "'村主任' AS post",
                               "DATE '2021-01-01' AS start_date", "CASE WHEN i % 3 = 0 THEN DATE '2025-10-31' END AS end_date"]),
    "kinship": (0.006, [f"{person('i // 2 * 331')} AS person_id", f"{person('i * 151')} AS relative_id", "'兄弟姐妹' AS relation"]),
    "land_rights": (0.5, [f"{person('i * 2')} AS person_id", f"{VILLAGE} AS division_code", "25 AS area_mu"]),
    "projects": (0.02, ["'P' || i AS project_id", "'工程' || (i // 3) || '（' || (i % 3) || '标段）' AS name", "'道路' AS kind",
                        "'业主' || (i // 3 % 500) AS owner_name", f"{VILLAGE.replace('i %', 'i // 3 %')} AS division_code", "DATE '2023-01-01' + (i % 900)::INTEGER AS approved_date",
                        "500000 + i * 7919 % 3900000 AS approved_amount", "DATE '2023-03-01' + (i % 1300)::INTEGER AS planned_start",
                        "DATE '2023-09-01' + (i % 1300)::INTEGER AS planned_finish",
                        "CASE WHEN i % 40 <> 0 THEN DATE '2023-03-01' + (i % 1300 + i % 60)::INTEGER END AS actual_start",
                        "CASE WHEN i % 30 <> 0 THEN DATE '2023-09-01' + (i % 1300 + i % 60)::INTEGER END AS actual_finish",
                        "CASE WHEN i % 2 = 0 THEN DATE '2024-09-01' END AS acceptance_date"]),
    "progress_reports": (0.3, ["'P' || (i // 15) AS project_id", "strftime(DATE '2025-03-01' + INTERVAL 1 MONTH * (i % 15), '%Y-%m') AS month",
                               "DATE '2025-04-03' + INTERVAL 1 MONTH * (i % 15) AS reported_at", "least(100, 6 * (i % 15) + i % 9) AS physical_percent"]),
    "contracts": (0.02, ["'C' || i AS contract_id", "CASE WHEN i % 4 = 3 THEN '监理' ELSE '施工' END AS kind", "'P' || i AS project_id",
                         "'承包' AS party_b_name", "450000 + i % 4000000 AS amount", "DATE '2023-02-01' + (i % 900)::INTEGER AS signed_date",
                         f"{VILLAGE} AS division_code"]),
    "payments": (0.1, ["'Z' || i AS payment_id", "CASE WHEN i % 50 <> 0 THEN 'P' || (i // 5) END AS project_id",
                       "CASE WHEN i % 3 <> 0 THEN 'C' || (i // 5) END AS contract_id", "90000 + i // 5 % 4000000 / 5 AS amount",
                       "DATE '2023-06-01' + (i % 1000)::INTEGER AS paid_date"]),
    "tenders": (0.01, ["'T' || i AS tender_id", "'P' || (i * 2) AS project_id", "CASE WHEN i % 5 = 0 THEN '直接发包' ELSE '公开招标' END AS method",
                       "DATE '2023-01-15' + (i % 900)::INTEGER AS publish_date"]),
    "bids": (0.05, ["'T' || (i // 5) AS tender_id", f"{FIRM.format('i * 37 % 40000')} AS bidder_id",
                    "1000000 + (i // 5) * 13 + (i * 7919 % 9973) * 11.37 AS amount",
                    "CASE WHEN i % 61 = 0 THEN '撤回' ELSE '有效' END AS status"]),
    "rents_due": (0.02, ["'C' || (i // 4) AS contract_id", "DATE '2025-01-01' + (i % 4 * 150)::INTEGER AS due_date", "5000 AS due_amount"]),
    "receipts": (0.02, ["'R' || i AS receipt_id", "'C' || (i // 4) AS contract_id", "DATE '2025-01-01' + (i % 4 * 150 + i % 200)::INTEGER AS received_date",
                        "CASE WHEN i % 37 = 0 THEN 3000 ELSE 5000 END AS amount"]),
    "village_entries": (0.2, ["'E' || i AS entry_id", f"{VILLAGE} AS division_code", "DATE '2025-01-01' + (i % 500)::INTEGER AS date",
                              "CASE WHEN i % 4 = 0 THEN '收入' ELSE '支出' END AS direction", "i * 7919 % 60000 AS amount",
                              "CASE WHEN i % 90 = 1 THEN '某某基金' ELSE '某某公司' END AS payee_name",
                              f"{FIRM.format('i % 40000')} AS payee_id"]),
    "fuel_fills": (0.05, ["'F' || i AS fill_id", "'车' || (i // 40) AS plate", "30 + i % 41 AS litres",
                          "TIMESTAMP '2026-01-01 08:00:00' + INTERVAL 1 HOUR * (i % 40 * 70 % 200) AS filled_at", "70 AS tank_litres"]),
}  # fmt: skip

PENSIONS = "('城乡居民基本养老保险', '企业职工基本养老保险', '机关事业单位基本养老保险')"
POVERTY = "('低保', '特困供养', '临时救助')"
OFFICE = ("v.start_date <= last_day((p.pay_month || '-01')::DATE) AND (v.end_date IS NULL OR v.end_date >= (p.pay_month || '-01')::DATE)"
          " AND v.start_date <= $day AND p.paid_date <= $day")  # fmt: skip
WORKS_PAID = """
w AS (SELECT project_id, count(*) n, sum(amount) total FROM <contracts> WHERE kind = '施工' AND signed_date <= $day GROUP BY 1),
paid AS (SELECT coalesce(c.project_id, p.project_id) AS project_id, sum(p.amount) AS paid FROM <payments> p LEFT JOIN <contracts> c
 ON c.contract_id = p.contract_id AND c.signed_date <= $day JOIN w ON w.project_id = coalesce(c.project_id, p.project_id)
 WHERE p.paid_date <= $day AND (c.kind = '施工' OR (p.contract_id IS NULL AND w.n = 1)) GROUP BY 1)
"""

BY_HAND: dict[str, str] = {
    "B01": "SELECT DISTINCT p.person_id FROM <benefit_payments> p JOIN <deaths> d USING (person_id) WHERE p.programme = '高龄津贴'"
           " AND p.paid_date > d.death_date + INTERVAL 1 MONTH AND p.paid_date <= $day AND d.death_date <= $day",
    "B04": f"SELECT DISTINCT p.person_id FROM <benefit_payments> p JOIN <inmates> n USING (person_id) WHERE p.programme IN {PENSIONS}"
           " AND p.paid_date <= $day AND n.start_date <= $day AND n.start_date <= last_day((p.pay_month || '-01')::DATE)"
           " AND (n.end_date >= (p.pay_month || '-01')::DATE OR n.start_date >= (p.pay_month || '-01')::DATE)",
    "B05": f"SELECT DISTINCT person_id FROM (SELECT person_id FROM <benefit_payments> WHERE programme IN {PENSIONS} AND paid_date <= $day"
           " GROUP BY person_id, programme, pay_month HAVING count(*) > 1)",
    "B10": "WITH r AS (SELECT coalesce(p.household_id, b.household_id) AS h, b.person_id FROM <benefit_register> b LEFT JOIN <population> p"
           " USING (person_id) WHERE programme = '低保' AND start_date <= $day AND (end_date IS NULL OR end_date >= $day)),"
           " o AS (SELECT company_id, legal_rep_id AS person_id FROM <companies> UNION ALL SELECT company_id, person_id FROM <shareholders>),"
           " m AS (SELECT household_id AS h, person_id FROM <population> UNION ALL SELECT h, person_id FROM r)"
           " SELECT DISTINCT r.h FROM r JOIN m ON m.h = r.h JOIN o ON o.person_id = m.person_id JOIN <companies> c USING (company_id)"
           " WHERE c.status = '存续'",
    "B16": f"WITH p AS (SELECT person_id, pay_month, paid_date FROM <benefit_payments> WHERE programme IN {POVERTY})"
           f" SELECT p.person_id FROM p JOIN <village_cadres> v USING (person_id) WHERE {OFFICE}"
           f" UNION SELECT p.person_id FROM p JOIN <population> a ON a.person_id = p.person_id JOIN <population> b ON a.household_id = b.household_id"
           f" JOIN <village_cadres> v ON v.person_id = b.person_id WHERE v.person_id <> p.person_id AND {OFFICE}"
           f" UNION SELECT p.person_id FROM p JOIN <kinship> k ON k.relative_id = p.person_id JOIN <village_cadres> v ON v.person_id = k.person_id WHERE {OFFICE}",
    "B28": "SELECT DISTINCT s.person_id FROM (SELECT person_id, left(pay_month, 4) y, sum(area_mu) a FROM <benefit_payments>"
           " WHERE programme = '耕地地力保护补贴' AND paid_date <= $day GROUP BY 1, 2) s JOIN <land_rights> l USING (person_id) WHERE s.a > l.area_mu * 1.05",
    "B31": "SELECT account_no FROM <benefit_payments> WHERE paid_date <= $day AND account_no IS NOT NULL GROUP BY 1 HAVING count(DISTINCT person_id) > 1",
    "P47": "SELECT project_id FROM <projects> WHERE approved_date <= $day AND planned_start < $day"
           " AND (actual_start IS NULL OR actual_start > $day) AND start_delay_reason IS NULL",
    "P54": "SELECT project_id FROM <projects> WHERE approved_date <= $day AND planned_finish < $day"
           " AND (actual_finish IS NULL OR actual_finish > $day) AND (acceptance_date IS NULL OR acceptance_date > $day)",
    "P62": "SELECT s.p FROM (SELECT coalesce(y.project_id, c.project_id) p, sum(y.amount) a FROM <payments> y LEFT JOIN <contracts> c"
           " ON c.contract_id = y.contract_id AND c.signed_date <= $day WHERE y.paid_date <= $day GROUP BY 1) s JOIN <projects> j"
           " ON j.project_id = s.p WHERE s.a > j.approved_amount AND j.approved_date <= $day",
    "P64": f"WITH {WORKS_PAID}, r AS (SELECT project_id, arg_max(physical_percent, month) f FROM <progress_reports> WHERE reported_at <= $day GROUP BY 1)"
           " SELECT project_id FROM paid JOIN w USING (project_id) JOIN r USING (project_id) LEFT JOIN <projects> j USING (project_id)"
           " WHERE paid * 100 > total * (f + 10) AND (j.acceptance_date IS NULL OR j.acceptance_date > $day)",
    "P69": "WITH u AS (SELECT project_id, coalesce(owner_id, owner_name) o, division_code d, trim(regexp_replace(name, '[(（][^)）]*[)）]', '', 'g')) n,"
           " approved_date t, approved_amount a FROM <projects> p WHERE approved_date <= $day AND approved_amount < 4000000 AND NOT EXISTS"
           " (SELECT 1 FROM <tenders> x WHERE x.project_id = p.project_id AND x.method IN ('公开招标', '邀请招标') AND x.publish_date <= $day)),"
           " g AS (SELECT o, d, n, t, sum(a) OVER f AS s, count(*) OVER f AS c, list(project_id) OVER f AS ids, max(t) OVER f AS r FROM u WINDOW f AS"
           " (PARTITION BY o, d, n ORDER BY t RANGE BETWEEN CURRENT ROW AND INTERVAL 180 DAY FOLLOWING)),"
           " h AS (SELECT * FROM g QUALIFY coalesce(lag(r) OVER (PARTITION BY o, d, n ORDER BY t) < r, true))"
           " SELECT array_to_string(list_sort(ids), '+') FROM h WHERE s >= 4000000 AND c >= 2",
    "P75": "WITH b AS (SELECT DISTINCT tender_id, bidder_id, amount FROM <bids> WHERE status IS DISTINCT FROM '撤回'), v AS (SELECT DISTINCT tender_id, amount FROM b)"
           " SELECT tender_id FROM b GROUP BY tender_id, amount HAVING count(*) > 1 UNION SELECT x.tender_id FROM v x JOIN v y ON x.tender_id = y.tender_id"
           " AND y.amount > x.amount JOIN v z ON z.tender_id = x.tender_id AND z.amount > y.amount WHERE z.amount - y.amount = y.amount - x.amount"
           " OR ((x.amount + 0.005) * (z.amount + 0.005) >= (y.amount - 0.005) ** 2 AND (x.amount - 0.005) * (z.amount - 0.005) <= (y.amount + 0.005) ** 2)",
    "P77": "WITH o AS (SELECT company_id, legal_rep_id AS person_id FROM <companies> UNION ALL SELECT company_id, person_id FROM <shareholders>)"
           " SELECT DISTINCT tender_id FROM (SELECT tender_id FROM <bids> b JOIN o ON o.company_id = b.bidder_id WHERE o.person_id IS NOT NULL"
           " GROUP BY tender_id, o.person_id HAVING count(DISTINCT bidder_id) > 1)",
    "C91": "SELECT d.contract_id FROM (SELECT contract_id, sum(due_amount) a FROM <rents_due> WHERE due_date + INTERVAL 2 MONTH < $day GROUP BY 1) d LEFT JOIN"
           " (SELECT contract_id, sum(amount) a FROM <receipts> WHERE received_date <= $day GROUP BY 1) r USING (contract_id) WHERE d.a > coalesce(r.a, 0)",
    "C101": "SELECT DISTINCT division_code FROM <village_entries> WHERE date <= $day AND direction = '支出' AND amount >= 50000"
            " AND regexp_matches(payee_name, '理财|基金|证券|信托|保险')",
    "C104": "SELECT DISTINCT plate FROM (SELECT plate, tank_litres, litres, sum(litres) OVER (PARTITION BY plate ORDER BY filled_at"
            " RANGE BETWEEN CURRENT ROW AND INTERVAL 4 HOUR FOLLOWING) s FROM <fuel_fills> WHERE filled_at < $day + 1) WHERE s > tank_litres OR litres > tank_litres",
}  # fmt: skip
