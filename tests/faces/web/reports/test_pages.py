"""Pages of the reports over HTTP: figures, drill down, files, the close of a month; and who may."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guilder.books.ledger import queries as ledger
from guilder.faces.web.reports import tasks
from guilder.faces.web.reports.kinds import KINDS
from guilder.foundation.files import queries as files
from guilder.foundation.jobs import queue
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money
from guilder.office.desk import queries as desk
from guilder.office.desk.models import Progress
from tests import make
from tests.make import World

MOST_QUERIES = 14
YEAR = {"period": "custom", "from": "2026-01-01", "to": "2026-12-31"}


@pytest.fixture
def alice(browsing: Callable[[str], Client]) -> Client:
    """An admin's browser."""
    return browsing("alice")


def at(name: str, **query: str) -> tuple[str, dict[str, str]]:
    """The address of a report and its query."""
    return reverse("web:report", args=[name]), query


def body(answer: Any) -> bytes:
    """The whole of an answer, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def rows_of(answer: Any) -> list[list[str]]:
    """The rows of a CSV answer, heads first."""
    return list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))


def texts(answer: Any) -> list[list[str]]:
    """The rows on a page, totals included."""
    table = answer.context["table"]
    return [
        [cell.text for cell in row]
        for section in table.sections
        for row in [*section.rows, *([section.total] if section.total else [])]
    ]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_report_is_drawn_empty_and_filled(name: str, world: World, alice: Client) -> None:
    empty = alice.get(*at(name, **YEAR))
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "50.00")

    with CaptureQueriesContext(connection) as seen:
        filled = alice.get(*at(name, **YEAR, compare="year"))

    assert empty.status_code == filled.status_code == 200
    assert len(seen) <= MOST_QUERIES
    assert str(KINDS[name].label).encode() in filled.content
    for kind in ("csv", "xlsx", "pdf"):
        answer = alice.get(*at(name, **YEAR, format=kind))
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{name}-')
        assert body(answer)[:2] in {b"\xef\xbb", b"PK", b"%P"}


def test_revenue_by_client_leads_to_the_documents_behind_it(world: World, alice: Client) -> None:
    client = make.client(world.alice, name="=Bremen & Söhne")
    first = make.issued_invoice(world.alice, client_id=client.id)
    make.issued_invoice(world.alice, client_id=client.id, lines=[make.line(quantity="2")])
    make.issued_invoice(world.alice)

    page = alice.get(*at("revenue", **YEAR, group="client"))
    url = next(
        row[4].url
        for row in page.context["table"].sections[0].rows
        if row[0].text == "=Bremen & Söhne"
    )
    behind = alice.get(url)

    # 100.00 + 200.00 of one client, 100.00 of the other.
    assert texts(page)[-1][4] == "400.00"
    assert texts(behind)[0][0] == first.number
    assert texts(behind)[-1][-1] == "300.00"
    assert "group=client" in behind.context["back"]["url"]
    assert rows_of(alice.get(*at("revenue", **YEAR, group="client", format="csv")))[1][0] == (
        "'=Bremen & Söhne"
    )


def test_ageing_on_an_earlier_day_takes_later_payments_back(world: World, alice: Client) -> None:
    invoice = make.issued_invoice(world.alice, on=make.date(2026, 10, 1))
    make.payment(world.alice, invoice, "119.00", on=make.date(2026, 11, 10))

    before = alice.get(*at("ageing", on="2026-11-09"))
    after = alice.get(*at("ageing", on="10 Nov 2026"))

    assert texts(before)[-1][6] == "119.00"
    assert "Nothing in these days" in after.content.decode()


def test_the_tax_report_says_what_is_owed(world: World, alice: Client) -> None:
    make.issued_invoice(world.alice, lines=[make.line(), make.line(tax="reduced")])

    page = alice.get(*at("tax", **YEAR))
    url = page.context["table"].sections[0].rows[0][2].url

    # 19 % of 100.00 and 7 % of 100.00.
    assert [row[-1] for row in texts(page)] == ["19.00", "7.00", "26.00"]
    assert texts(alice.get(url))[-1][-1] == "19.00"


def test_days_as_people_type_them_make_a_period(world: World, alice: Client) -> None:
    page = alice.get(*at("revenue", period="custom", **{"from": "1.3.2026", "to": "31 Mar 2026"}))

    assert page.context["table"].period.replace("\u2009", " ") == "1–31 Mar 2026"
    turned = alice.get(
        *at("revenue", period="custom", **{"from": "2026-05-31", "to": "2026-05-01"})
    )
    assert "May 2026" in turned.context["table"].period


def test_an_account_leads_to_its_statement(world: World, alice: Client) -> None:
    invoice = make.issued_invoice(world.alice)

    page = alice.get(*at("balance", **YEAR))
    row = next(one for one in page.context["table"].sections[0].rows if one[0].text == "1400")
    statement = alice.get(row[1].url)

    assert row[5].text == "119.00"
    assert f"Document issued {invoice.number}" in [line[1] for line in texts(statement)]
    assert texts(statement)[-1][-1] == "119.00"
    assert alice.get(row[1].url.replace("account=", "account=0")).status_code == 404


def test_htmx_gets_the_report_alone(world: World, alice: Client) -> None:
    part = alice.get(*at("revenue", **YEAR), headers={"HX-Request": "true"})

    assert b"<html" not in part.content
    assert b'id="report"' in part.content


def test_profit_is_income_less_expenses(world: World, alice: Client) -> None:
    from guilder.books.invoicing import operations as invoicing

    make.issued_invoice(world.alice, lines=[make.line(quantity="3")])
    lost = make.issued_invoice(world.alice)
    invoicing.write_off(lost.id, by=world.alice, on=make.TODAY, at=make.NOW, reason="Gone")

    page = alice.get(*at("profit", **YEAR))

    # 400.00 of income less 119.00 given up, tax and all.
    assert texts(page)[-1][1:3] == ["Profit", "281.00"]


def test_the_journal_is_streamed_and_balances(world: World, alice: Client) -> None:
    invoice = make.issued_invoice(world.alice)

    answer = alice.get(reverse("web:report_journal"), YEAR)
    found = rows_of(answer)

    assert answer.streaming
    heads = found[0]
    debit = sum(Money.of(row[heads.index("base_debit")] or "0", "EUR").minor for row in found[1:])
    credit = sum(Money.of(row[heads.index("base_credit")] or "0", "EUR").minor for row in found[1:])
    assert debit == credit == 11_900
    assert {row[heads.index("document")] for row in found[1:]} == {invoice.number}


def test_a_month_is_locked_from_its_checklist_and_opened_again(world: World, alice: Client) -> None:
    invoice = make.issued_invoice(world.alice, on=make.date(2026, 10, 5))
    make.draft(world.alice)
    url = reverse("web:report_close")

    page = alice.get(url, {"month": "2026-10"})
    locked = alice.post(url, {"month": "2026-10"})

    assert page.context["month"] == "Oct 2026"
    labels = {one["label"]: one for one in page.context["checks"]}
    assert labels["Numbers run without a gap"]["tone"] == "green"
    assert labels["What is owed is what the ledger says"]["amount"] == Money(11_900, "EUR")
    assert labels["Everything issued was sent"]["tone"] == "amber"
    assert locked.status_code == 302
    with transaction(world.organization):
        (period,) = ledger.list_periods(world.organization)
    with pytest.raises(Conflict):
        make.payment(world.alice, invoice, "10.00", on=make.date(2026, 10, 20))
    assert b"Open again" in alice.get(url, {"month": "2026-10"}).content

    alice.post(reverse("web:report_reopen", args=[period.id]))

    make.payment(world.alice, invoice, "10.00", on=make.date(2026, 10, 20))


def test_the_papers_of_a_period_come_as_one_archive(
    world: World, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoices = [make.issued_invoice(world.alice) for _ in range(2)]
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "guilder.faces.web.reports.outgoing.enqueue", lambda _task, **given: queued.append(given)
    )

    alice.post(f"{reverse('web:report_accountant')}?period=custom&from=2026-11-01&to=2026-11-30")
    tasks.papers(**queued[0])
    tasks.papers(**queued[0])  # twice does no harm

    progress = desk.get_progress(queued[0]["progress_id"], by=world.alice)
    assert (progress.state, progress.done, progress.failed) == (Progress.State.FINISHED, 2, 0)
    assert progress.file_id is not None
    data = files.read(progress.file_id, by=world.alice)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == [f"{one.number}.pdf" for one in invoices]
        assert archive.read(archive.namelist()[0]).startswith(b"%PDF")
    assert queue.enqueue is not None


def test_other_organizations_and_roles_see_nothing_of_it(
    world: World, alice: Client, browsing: Callable[[str], Client]
) -> None:
    invoice = make.issued_invoice(world.alice)
    foreign = browsing("mallory")
    agent = browsing("bob")

    for name in KINDS:
        assert invoice.number.encode() not in foreign.get(*at(name, **YEAR)).content, name
        assert Client().get(*at(name)).status_code == 302, name
    url = reverse("web:report_documents", args=["revenue"])
    assert invoice.number.encode() not in foreign.get(url, YEAR).content
    assert agent.get(*at("revenue", **YEAR)).status_code == 200
    assert invoice.number.encode() not in agent.get(url, YEAR).content
    for name in ("balance", "profit", "payments"):
        assert agent.get(*at(name)).status_code == 403, name
    for name in ("report_close", "report_journal", "report_accountant"):
        assert agent.get(reverse(f"web:{name}")).status_code == 403, name
    assert b"Trial balance" not in agent.get(reverse("web:reports")).content
    assert alice.get(*at("nonsense")).status_code == 404


def test_a_report_prints_its_heads_on_every_page(world: World, alice: Client) -> None:
    make.issued_invoice(world.alice)

    page = alice.get(*at("revenue", **YEAR)).content.decode()

    assert re.search(r'<table class="table report-table">\s*<caption', page)
    assert "<thead>" in page and 'scope="col"' in page


def test_a_long_report_shows_its_first_rows_and_all_of_them_when_asked(
    world: World, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guilder.faces.web.reports.views.FIRST", 2)
    for _ in range(3):
        make.issued_invoice(world.alice)
    url = reverse("web:report_documents", args=["revenue"])

    short = alice.get(url, YEAR)
    shown = texts(short)
    rest = short.context["table"].rest_url
    whole = alice.get(rest)

    assert len(shown) == 3  # two of three, and the total of all of them
    assert shown[-1][-1] == texts(whole)[-1][-1]
    assert "Show all 3 rows" in short.content.decode()
    assert len(texts(whole)) == 4
    assert "data-rest" not in whole.content.decode()
