"""Who hears what, and who is shown as looking; without a socket, at any moment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from axsupport.events.hub import FULL, GATHERED, QUICK, REPLAYS, Ear, Hub
from axsupport.events.presence import LINGERS, TYPES
from core.events.passes import LIFETIME, Pass


class Page(Ear):
    """An ear that keeps what it was sent."""

    def __init__(self, granted: Pass, tab: str = "a", came: float = 0.0) -> None:
        self.raw: list[bytes] = []
        self.is_closed = False
        super().__init__(granted, tab, self.raw.append, self._close, came)

    def _close(self) -> None:
        self.is_closed = True

    def heard(self) -> list[tuple[str, Any]]:
        """What came since it was asked last."""
        text, found = b"".join(self.raw).decode(), []
        self.raw.clear()
        for block in filter(None, text.split("\n\n")):
            name, _, data = block.partition("\ndata: ")
            found.append((name.removeprefix("event: "), json.loads(data)))
        return found

    def news(self) -> list[tuple[str, Any]]:
        """The same without who looks."""
        return [one for one in self.heard() if one[0] != "presence"]

    def sees(self) -> list[tuple[str, str]]:
        """The onlookers in the last that came."""
        shown = [data for name, data in self.heard() if name == "presence"]
        return [(one["name"], one["doing"]) for one in shown[-1]["who"]] if shown else []


def engineer(number: int, *, on: int = 3, side: str = "vendor") -> Pass:
    hears = (f"person:{number}", f"incident:{on}")
    looks = f"incident:{on}"
    return Pass(number, f"Engineer {number}", side, side.title(), hears, looks, ("incidents",))


LIST = Pass(90, "Lead", "vendor", "Vendor", ("person:90", "incidents"))
CUSTOMER = Pass(50, hears=("person:50", "public:3"))


@pytest.fixture
def hub() -> Hub:
    return Hub()


def join(hub: Hub, granted: Pass, *, tab: str = "a", now: float = 0.0) -> Page:
    page = Page(granted, tab, now)
    hub.join(page, now)
    return page


def news(*to: str, incident: int = 3, version: int = 1) -> dict[str, Any]:
    facts = {"incident": incident, "version": version}
    return {"event": "changed", "to": list(to), "facts": facts, "same": f"incident:{incident}"}


def flush(hub: Hub, now: float = 10.0) -> None:
    hub.flush(now)


def test_a_page_hears_of_its_incident_and_of_no_other(hub):
    ours, others = join(hub, engineer(1, on=3)), join(hub, engineer(2, on=4))

    hub.publish(news("incident:3", "incidents"), 1.0)
    flush(hub)

    assert [name for name, _ in ours.news()] == ["changed"]
    assert others.news() == []


def test_customers_hear_what_is_public_alone_and_never_who_looks(hub):
    customer = join(hub, CUSTOMER)
    join(hub, engineer(1))
    hub.do(engineer(1), "a", "answer", 1.0)

    hub.publish(news("incident:3", "incidents"), 1.0)
    flush(hub)
    assert customer.heard() == []

    hub.publish(news("public:3"), 2.0)
    flush(hub)
    assert [name for name, _ in customer.heard()] == ["changed"]


def test_a_customer_is_never_shown_not_even_with_a_pass_that_says_so(hub):
    page = join(hub, engineer(1))
    typing = Pass(50, "Ana", "", "", ("public:3",), "incident:3", ("incidents",))
    join(hub, typing)
    hub.do(typing, "a", "answer", 1.0)
    flush(hub)

    assert page.sees() == []


def test_of_ten_changes_of_one_incident_a_list_hears_the_last(hub):
    page = join(hub, LIST)
    for version in range(10):
        hub.publish(news("incidents", version=version), 1.0)

    flush(hub, 1.0 + GATHERED / 2)
    assert page.heard() == []
    flush(hub, 1.0 + GATHERED)
    assert page.heard() == [("changed", {"incident": 3, "version": 9})]


def test_a_page_of_one_incident_hears_at_once(hub):
    page = join(hub, engineer(1))
    flush(hub)
    page.heard()

    hub.publish(news("incident:3"), 20.0)
    flush(hub, 20.0 + QUICK)

    assert len(page.heard()) == 1


def test_a_storm_makes_one_word_of_all(hub):
    page = join(hub, LIST)
    for number in range(FULL + 50):
        one = news("incidents", incident=number)
        hub.publish(one | {"same": f"incident:{number}"}, 1.0)
    flush(hub)

    said = page.heard()
    assert said[0] == ("missed", {})
    assert len(said) <= 51


def test_what_happened_while_the_page_was_on_its_way_is_heard(hub):
    hub.publish(news("incident:3", version=1), 1.0)
    hub.publish(news("incident:4", version=2), 1.0)

    page = join(hub, engineer(1), now=REPLAYS)
    late = join(hub, engineer(2), now=REPLAYS + 2)
    flush(hub, 100)

    assert ("changed", {"incident": 3, "version": 1}) in page.heard()
    assert [name for name, _ in late.heard()] == ["presence"]


def test_who_looks_is_seen_on_the_page_and_in_the_list_and_leaves_at_once(hub):
    page, listed = join(hub, engineer(1)), join(hub, LIST)
    join(hub, engineer(2), tab="b", now=1.0)
    flush(hub)
    assert page.sees() == [("Engineer 2", "")]
    assert listed.sees() == [("Engineer 1", ""), ("Engineer 2", "")]

    hub.leave(engineer(2), "b", 2.0)
    flush(hub)
    assert page.sees() == []
    assert listed.sees() == [("Engineer 1", "")]


def test_whoever_comes_later_sees_who_is_there(hub):
    join(hub, engineer(1))

    assert _after(hub, join(hub, engineer(2))) == [("Engineer 1", "")]
    assert _after(hub, join(hub, LIST)) == [("Engineer 1", ""), ("Engineer 2", "")]


def _after(hub: Hub, page: Page) -> list[tuple[str, str]]:
    flush(hub)
    return page.sees()


def test_an_idle_tab_stays_and_a_closed_browser_goes_after_the_sweep(hub):
    page, gone = join(hub, engineer(1)), join(hub, engineer(2), tab="b")
    hub.sweep(500.0)  # nobody did anything
    flush(hub, 500.0)
    assert page.sees() == [("Engineer 2", "")]

    hub.part(gone, 500.0)
    hub.sweep(500.0 + LINGERS - 1)
    flush(hub, 600)
    assert page.heard() == []
    hub.sweep(500.0 + LINGERS)
    flush(hub, 600)
    assert page.heard() == [("presence", {"on": "incident:3", "who": []})]


def test_a_line_that_comes_back_does_not_flicker(hub):
    page, lost = join(hub, engineer(1)), join(hub, engineer(2), tab="b")
    flush(hub)
    page.heard()

    hub.part(lost, 20.0)
    back = join(hub, engineer(2), tab="b", now=25.0)
    hub.sweep(25.0 + LINGERS)
    flush(hub, 200)

    assert page.heard() == []
    assert back.sees() == [("Engineer 1", "")]


def test_of_two_tabs_one_may_leave(hub):
    page = join(hub, engineer(1))
    join(hub, engineer(2), tab="b")
    join(hub, engineer(2), tab="c")
    hub.leave(engineer(2), "b", 1.0)
    flush(hub)

    assert page.sees() == [("Engineer 2", "")]


def test_typing_is_seen_and_times_out(hub):
    page = join(hub, engineer(1))
    join(hub, engineer(2), tab="b")
    hub.do(engineer(2), "b", "note", 1.0)
    flush(hub)
    assert page.sees() == [("Engineer 2", "note")]

    hub.do(engineer(2), "b", "note", 5.0)  # goes on
    hub.sweep(1.0 + TYPES)
    flush(hub, 20)
    assert page.heard() == []
    hub.sweep(5.0 + TYPES)
    flush(hub, 20)
    assert page.sees() == [("Engineer 2", "")]


def test_what_nobody_can_do_is_nothing(hub):
    page = join(hub, engineer(1))
    join(hub, engineer(2), tab="b")
    hub.do(engineer(2), "b", "<script>", 1.0)
    hub.do(engineer(9), "z", "answer", 1.0)  # whose page is not open
    flush(hub)

    assert page.sees() == [("Engineer 2", "")]


def test_of_another_house_only_its_name_is_heard(hub):
    ours = join(hub, engineer(1))
    local = join(hub, engineer(2, side="partner:5"))
    flush(hub)

    assert ours.sees() == [("Partner:5", "")]
    assert local.sees() == [("Vendor", "")]


def test_a_pass_that_ends_ends_the_stream(hub):
    page = join(hub, engineer(1), now=100.0)
    hub.sweep(100.0 + LIFETIME - 1)
    assert not page.is_closed

    hub.sweep(100.0 + LIFETIME)
    assert page.is_closed
    assert page.heard()[-1] == ("renew", {})


def test_a_page_that_is_gone_leaves_nothing_behind(hub):
    page = join(hub, engineer(1))
    hub.publish(news("incident:3"), 1.0)
    hub.part(page, 2.0)
    hub.part(page, 2.0)
    flush(hub)
    hub.sweep(2.0 + LINGERS)
    hub.sweep(3.0 + LINGERS)

    assert page.heard() == []
    assert (hub.ears, hub.dirty, hub._by_channel) == (set(), set(), {})
    assert (hub.presence._looking, hub.presence._channels) == ({}, {})
