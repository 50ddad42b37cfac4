"""The overview: figures, what is late, what waits, what happened; never stale."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from django.utils.timezone import localdate

from guilder.books.payments import operations as payments
from guilder.faces.web.overview import figures
from guilder.foundation.identity import operations as identity
from guilder.kernel.period import Span
from guilder.office.desk import operations as desk
from guilder.office.reports.queries import overview
from guilder.office.reports.queries.payments import money_in
from tests import make
from tests.make import NOW, World

Browse = Callable[[str], Client]


def today() -> date:
    return localdate()


def paid(world: World, invoice: Any, amount: str, *, days_ago: int = 0) -> Any:
    """A payment of so many days ago."""
    data = {
        "client": str(invoice.partner_id),
        "amount": {"amount": amount, "currency": "EUR"},
        "received_on": (today() - timedelta(days=days_ago)).isoformat(),
        "method": "bank_transfer",
        "allocations": [{"invoice": str(invoice.id), "amount": amount}],
    }
    return payments.record_payment(by=world.alice, data=data, at=datetime.now(UTC))


def issued(world: World, *, days_ago: int = 0, by: Any = None, **changes: Any) -> Any:
    return make.issued_invoice(by or world.alice, on=today() - timedelta(days=days_ago), **changes)


def test_the_overview_says_what_is_open_and_collected(world: World, browsing: Browse) -> None:
    invoice = issued(world)
    paid(world, invoice, "19.00")
    make.draft(world.alice)

    page = browsing("alice").get("/").content.decode()

    assert "€100<small>.00" in page  # open: 119.00 − 19.00
    assert "€19<small>.00" in page  # collected
    assert "1 draft not sent" in page
    assert (
        f'<span class="num">€19.00</span> from <b class="strong">{escape(invoice.partner_name)}</b> received'
        in page
    )
    assert "0<small> days</small>" in page  # paid on the day of its issue


def test_every_change_shows_at_once(world: World, browsing: Browse) -> None:
    alice = browsing("alice")
    figures.forget()
    shown = []
    for _ in range(3):
        issued(world)
        shown.append(alice.get("/").context["figures"].open.minor)
    invoice = issued(world)
    shown.append(alice.get("/").context["figures"].open.minor)
    paid(world, invoice, "119.00")
    shown.append(alice.get("/").context["figures"].open.minor)

    assert shown == [11900, 23800, 35700, 47600, 35700]


def test_what_is_kept_is_what_is_there(world: World, browsing: Browse) -> None:
    """Figures kept through a row of changes equal those read anew, old days included."""
    alice = browsing("alice")
    alice.get("/")
    steps: list[Callable[[], Any]] = [
        lambda: issued(world, days_ago=40),
        lambda: issued(world, days_ago=3),
        lambda: paid(world, issued(world), "50.00", days_ago=30),
        lambda: paid(world, issued(world), "119.00"),
        lambda: make.draft(world.alice),
    ]
    for step in steps:
        step()
        kept = alice.get("/").context
        figures.forget()
        anew = alice.get("/").context
        for name in ("figures", "ages", "table", "waiting"):
            assert str(kept[name]) == str(anew[name])


def test_nothing_is_read_twice_while_nothing_happens(world: World, browsing: Browse) -> None:
    issued(world)
    alice = browsing("alice")
    alice.get("/")
    desk.set_preference("x", 1, by=world.alice, at=NOW)

    with CaptureQueriesContext(connection) as asked:
        alice.get("/")

    assert not [one for one in asked.captured_queries if "GROUP BY" in one["sql"]]
    assert len(asked) <= 15, [one["sql"][:90] for one in asked.captured_queries]


def test_another_organization_counts_nothing_of_ours(world: World, browsing: Browse) -> None:
    invoice = issued(world)

    page = browsing("mallory").get("/").content.decode()

    assert "€0<small>.00" in page
    assert "€119" not in page
    assert escape(invoice.partner_name) not in page
    assert "Nobody owes you anything." in page


def test_an_agent_sees_figures_of_own_invoices_and_no_money(world: World, browsing: Browse) -> None:
    invoice = issued(world)
    paid(world, invoice, "19.00")

    page = browsing("bob").get("/").content.decode()

    assert "€100" not in page
    assert "€19" not in page
    assert "Collected in" not in page
    assert "Start here" not in page


def test_who_is_signed_out_is_sent_to_sign_in(db: Any) -> None:
    answer = Client().get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")


def test_what_is_late_comes_longest_first_with_its_last_step(
    world: World, browsing: Browse
) -> None:
    old = issued(world, days_ago=80)
    issued(world, days_ago=50)

    page = browsing("alice").get("/")

    days = [row["days"] for row in page.context["overdue"]]
    assert days == sorted(days, reverse=True)
    assert len(days) == 2
    text = page.content.decode()
    assert f"/payments/new/?invoice={old.id}" in text
    assert 'data-row-key="p"' in text


def test_the_chart_has_a_table_with_the_same_figures(world: World, browsing: Browse) -> None:
    invoice = issued(world)
    paid(world, invoice, "19.00")
    alice = browsing("alice")

    for span, count in (("12", 12), ("year", 12), ("month", None)):
        page = alice.get(f"/?span={span}")
        table = page.context["table"]
        assert count is None or len(table) == count
        assert sum(row.invoiced.minor for row in table) == 11900
        assert sum(row.collected.minor for row in table) == 1900
        assert len(page.context["chart"].columns) == len(table)
    assert "Show as table" in page.content.decode()


def test_the_figures_come_as_a_file(world: World, browsing: Browse) -> None:
    issued(world)

    answer = browsing("alice").get("/overview/export/")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Period,Currency,Invoiced,Collected,Expected"
    assert lines[-1].startswith(f"{today():%Y-%m},EUR,119.00,0.00,")
    assert len(lines) == 13


def test_the_first_steps_can_be_skipped_and_taken_back(world: World, browsing: Browse) -> None:
    alice = browsing("mallory")
    page = alice.get("/").content.decode()
    assert "Start here" in page
    assert "Write the first invoice" in page

    answer = alice.post("/overview/skip/invoice/", HTTP_HX_REQUEST="true")

    assert "/overview/skip/invoice/?undo=1" in answer["HX-Trigger"]
    assert "Write the first invoice" not in alice.get("/").content.decode()
    alice.post("/overview/skip/invoice/?undo=1")
    assert "Write the first invoice" in alice.get("/").content.decode()
    for name in ("profile", "invoice", "bank", "payment"):
        alice.post(f"/overview/skip/{name}/")
    assert "Start here" not in alice.get("/").content.decode()
    assert alice.post("/overview/skip/nonsense/").status_code == 404
    assert browsing("bob").post("/overview/skip/bank/").status_code == 403


def test_many_papers_in_a_row_are_one_line(world: World, browsing: Browse) -> None:
    for _ in range(4):
        issued(world)

    page = browsing("alice").get("/")

    assert [(one.kind, one.count) for one in page.context["recent"]] == [("run", 4)]
    assert re.search(r"4 invoices</a>,\s+<bdi class=\"num\">€476.00", page.content.decode())


def test_tasks_of_a_kind_become_one_line(world: World, browsing: Browse) -> None:
    client = make.client(world.alice)
    for n in range(3):
        desk.add_comment("client", client.id, by=world.bob, text=f"@Alice {n}", at=NOW)

    page = browsing("alice").get("/").content.decode()

    assert "3 comments name you" in page
    assert "1 thing<" in page


def test_a_viewer_sees_and_acts_on_nothing(world: World, browsing: Browse) -> None:
    issued(world, days_ago=60)
    user = identity.create_user(email=f"{uuid4()}@a.example", password=make.PASSWORD, name="V")
    identity.add_member(by=world.alice, user_id=user.id, role="viewer")
    client = Client()
    client.force_login(user)

    page = client.get("/").content.decode()

    assert "€119<small>.00" in page
    assert "Record a payment" not in page
    assert "to pay again" not in page


def test_the_part_alone_renews_itself(world: World, browsing: Browse) -> None:
    part = (
        browsing("alice")
        .get("/?span=year", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="overview")
        .content.decode()
    )

    assert part.lstrip().startswith('<div id="overview" data-live=')
    assert "<html" not in part


def test_what_bounced_counts_on_its_day_and_goes_again_on_the_day_it_bounced(world: World) -> None:
    first = paid(world, issued(world, days_ago=40), "119.00", days_ago=30)
    paid(world, issued(world, days_ago=40), "50.00", days_ago=30)
    bounced_on = today() - timedelta(days=20)
    payments.reverse_payment(
        first.id, by=world.alice, on=bounced_on, at=datetime.now(UTC), reason="Returned"
    )

    start, end = today() - timedelta(days=60), today() + timedelta(days=1)
    days = overview.days(by=world.alice, start=start, end=end)
    assert days.collected == {today() - timedelta(days=30): 16900, bounced_on: -11900}
    told = money_in(by=world.alice, span=Span(start, today()), group="month")
    assert sum(days.collected.values()) == sum(one.net for one in told) == 5000
