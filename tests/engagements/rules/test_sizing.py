"""N8: capacity and cost, checked by examples that were computed by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engagements.rules.assumptions import AssumptionFault, as_delivered, checked
from engagements.rules.ownership import cost_of
from engagements.rules.planning_list import (
    PriceList,
    price_list_as_delivered,
    read_prices,
    write_prices,
)
from engagements.rules.planning_paper import (
    EXPECTED,
    charts_of,
    cost_chart,
    month_said,
    recommendations,
    sums_of,
)
from engagements.rules.sizing import (
    Ceiling,
    Needs,
    NeedsMissing,
    capacity,
    cases,
    ceiling,
    plan,
    reached,
)

SHEET = {
    "users": 1024,
    "messages": 100,
    "size": 10.24,  # KB: 1 MB a day and user
    "quota": 1000,
    "concurrent": 100,
    "growth": 0,
}
ROUND = {
    **{"filled": 50, "retention": 9, "overhead": 10, "index": 0, "busy": 36, "passes": 1},
    **{"clients": 1, "session": 10, "volume": 0, "slow": 50, "fast": 200},
    **{"units": 1, "node": 512, "spare": 1, "full": 50, "lead": 8, "horizon": 1},
    **{"copies": 2, "change": 2, "history": 30, "pack": 100},
    **{"node_price": 1000, "storage_price": 1024, "backup_price": 1024, "licence_price": 10},
    **{"support": 20, "line_price": 5, "power_price": 100, "work": 10, "day_price": 100},
}


def values(**more):
    return checked({**ROUND, **more})


def expected(needs, assumed, years):
    return capacity(needs, assumed, cases(assumed)[1], years)


def test_the_capacity_of_a_platform_that_does_not_grow():
    found = expected(Needs.read(SHEET, values()), values(), 5)

    # A mailbox: 500 MB kept, 1 MB a day for 10 days, 100 MB overhead: 610 MB. 1,024 are 610 GB.
    assert found.stored == pytest.approx(610)
    assert found.storage == 1220  # half full
    assert found.backup == 1586  # two copies, and 30 times 2 %: 2.6 times 610
    assert found.iops == 14  # 102.4 * 10.24 / 75 is 13.98
    # Two nodes of 512 units, one to spare, four cores and 24 GB each.
    assert (found.nodes, found.cores, found.memory) == (3, 12, 72)
    # 10.24 messages a second of 10.24 KB are 0.859 Mbit/s, 100 sessions 1 Mbit/s; half full.
    assert (found.line, found.sessions, found.licences) == (4, 100, 1100)
    assert found.mail_a_day == pytest.approx(1)


def test_growth_of_users_and_of_what_they_send():
    needs, assumed = Needs.read(SHEET | {"growth": 50}, values()), values(volume=100)

    found = expected(needs, assumed, 2)

    # 1,024 * 1.5 * 1.5 users. Four times the mail: the quota is full, 4 MB a day for 10 days.
    assert found.users == 2304
    assert found.stored == pytest.approx(2304 * (1000 + 40 + 100) / 1024)
    low, _, high = (capacity(needs, assumed, case, 1).users for case in cases(assumed))
    assert (low, high) == (1280, 2048)  # 25 and 100 %


@pytest.mark.parametrize(
    ("units", "cores", "memory"),
    (
        *((200, 2, 24), (201, 4, 24), (1000, 4, 24), (1001, 6, 32), (3000, 8, 48)),
        *((6000, 12, 64), (6001, 14, 64), (8000, 16, 64), (10001, 22, 96)),
    ),
)
def test_cores_and_memory_of_one_node(units, cores, memory):
    assumed = values(node=100_000, spare=0)
    found = expected(Needs.read(SHEET | {"users": units}, assumed), assumed, 0)

    assert (found.nodes, found.node_cores, found.node_memory) == (1, cores, memory)


def test_what_it_costs():
    assumed = values()
    found = cost_of(plan(Needs.read(SHEET, assumed), assumed)[1], assumed)

    # 3 nodes, 1,220 GB and 1,586 GB at 1 a GB; 1,100 licences at 10, 20 % support of them;
    # 4 Mbit/s at 5 a month and 3 nodes at 100; 10 days of 100 for 1,024 mailboxes.
    assert found.years[0].parts == (5806, 11000, 2200, 540, 1024)
    assert [one.total for one in found.years] == [20570, 3764, 3764, 3764, 3764]
    assert (found.total, found.a_mailbox_and_month) == (35626, Decimal("0.58"))
    assert found.by_kind[0] == ("Hardware", 5806)


def test_the_second_purchase_is_what_is_missing_then():
    needs, assumed = Needs.read(SHEET | {"growth": 100}, values()), values(horizon=2, filled=0)
    found = cost_of(plan(needs, assumed)[1], assumed)

    # 4,096 users after two years, 32,768 after five: 110 MB each, half full, 8 and 64 nodes.
    first, second = found.years[0].parts[0], found.years[2].parts[0]
    assert first == 9 * 1000 + 880 + 1144
    assert second == 56 * 1000 + 6160 + 8008
    assert [one.parts[0] for one in found.years[1::2]] == [0, 0]
    # Licences of a year are those that come in it.
    assert found.years[1].parts[1] == (4100 - 2100) * 10


def test_how_long_the_first_purchase_lasts():
    assumed = values(horizon=3)
    needs = Needs.read(SHEET | {"growth": 100}, assumed)
    low, usual, high = cases(assumed)

    storage = {case.key: reached(needs, assumed, case)[0] for case in (low, usual, high)}

    # Enough until the end of year three, month 36. Eight weeks before that are two months.
    assert (storage["expected"].month, storage["expected"].order) == (37, 35)
    # 3 ** (m / 12) is 8 after 22.7 months; 1.5 ** (m / 12) after 61.5.
    assert (storage["high"].month, storage["low"].month) == (23, None)
    assert ceiling(needs, assumed) == Ceiling(8192, "nodes")  # 16 that work, of 512 units


def test_what_the_sheet_has_to_say_and_what_is_assumed():
    with pytest.raises(NeedsMissing) as fault:
        Needs.read({"users": 5}, values())
    assert fault.value.names == [
        "messages a day and user",
        "size of a message",
        "quota of a mailbox",
    ]
    silent = {key: SHEET[key] for key in ("users", "messages", "size", "quota")}

    needs = Needs.read(silent, values(active=25, growth=5))

    assert (needs.concurrent, needs.growth) == (256, 5)
    assert Needs.read(SHEET, values(growth=5)).growth == 0  # said, not assumed


@pytest.mark.parametrize("wrong", ({"full": 0}, {"pack": -1}, {"busy": "x"}, {"lead": "NaN"}))
def test_a_value_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(AssumptionFault):
        checked(wrong)


def test_the_managers_list_is_read_as_it_is_written():
    shipped = price_list_as_delivered()
    assert read_prices(write_prices(shipped)) == shipped
    assert read_prices("currency = ron\nnode_price = 12000.50 # each") == PriceList(
        "RON", {**as_delivered(), "node_price": Decimal("12000.50")}
    )
    for wrong in ("nonsense", "party = 3", "node_price = many", "currency = EURO"):
        with pytest.raises(AssumptionFault):
            read_prices(wrong)


def test_charts_and_recommendations_follow_from_the_figures():
    sums = sums_of({"users": 40000, "messages": 60, "size": 90, "quota": 5000}, {})
    charts = charts_of(sums.growths)

    assert [one.title for one in charts][:2] == ["Storage, TB", "Backup, TB"]
    assert all(len(one.series) == 3 and one.highest < 10_000 for one in charts)
    assert cost_chart(sums.costs, "EUR").title == "Cost by year, thousand EUR"
    told = " ".join(recommendations(sums, "EUR", date(2026, 12, 1)))
    assert f"Buy {sums.first.nodes} nodes" in told
    assert f"Set aside {sums.costs[EXPECTED].total:,} EUR" in told
    assert "In the high case" in told
    assert month_said(14, date(2026, 12, 31)) == "month 14 (February 2028)"
    assert month_said(14, None) == "month 14"
