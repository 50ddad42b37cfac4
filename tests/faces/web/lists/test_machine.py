"""The machine of all lists over HTTP: views, filters, selection, acts, files, and who may not."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceFilter
from guilder.faces.web.lists import filters
from tests import make

Browse = Callable[[str], Client]
LISTS = ("invoices", "credit_notes", "clients", "items", "payments")
# Of Django's own statements, transactions among them: what a page asks while nothing is changed, and
# the first page after something was. None of it grows with the rows. Whoever comes is found by a
# hand-written statement of its own.
STILL, ANEW = 9, 15


def names(page: Any) -> list[str]:
    """What the rows of a list are called."""
    return [row.name for row in page.context["rows"]]


def rows_of(answer: Any) -> list[dict[str, str]]:
    """A CSV's rows."""
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def alice(browsing: Browse) -> Client:
    """An admin's browser."""
    return browsing("alice")


# Looking


@pytest.mark.parametrize("name", LISTS)
def test_every_list_says_three_different_things_about_nothing(world, alice, name):
    page = alice.get(reverse(f"web:{name}"))
    none = alice.get(reverse(f"web:{name}"), {"q": "zzz"})

    table = page.context["table"]
    assert str(table.empty.title) in page.content.decode()
    assert str(table.none_match) in none.content.decode()
    assert "Clear filters" in none.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_queries_however_long(world, alice, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = reverse(f"web:{name}")
    alice.get(address)
    counts = []
    for more in (1, 4):
        for _ in range(more):
            make.payment(world.alice, make.issued_invoice(world.alice), "10.00")
        with CaptureQueriesContext(connection) as anew:
            assert alice.get(address).status_code == 200
        counts.append(len(anew))
    with CaptureQueriesContext(connection) as still:
        assert alice.get(address).status_code == 200

    assert counts[1] <= counts[0] <= ANEW, [one["sql"][:80] for one in anew]
    assert len(still) <= STILL, [one["sql"][:80] for one in still]


def test_a_view_is_overruled_by_the_address_and_says_so(world, alice):
    make.draft(world.alice)
    issued = make.issued_invoice(world.alice, due_on="2027-01-01")
    address = reverse("web:invoices")

    drafts = alice.get(address, {"view": "drafts"})
    other = alice.get(address, {"view": "drafts", "status": "issued"})
    every = alice.get(address, {"view": "drafts", "status": ""})

    assert drafts.context["chips"] == []
    assert names(other) == [issued.number]
    assert other.context["chips"][0]["chip"] == "Issued"
    assert len(names(every)) == 2


def test_filters_narrow_by_what_they_say(world, alice):
    client = make.client(world.alice, name="Nordlicht")
    big = make.issued_invoice(
        world.alice, client_id=client.id, lines=[make.line(quantity="50")], due_on="2026-12-24"
    )
    make.issued_invoice(world.alice, due_on="2027-06-01")

    def found(**query: str) -> list[str]:
        return names(alice.get(reverse("web:invoices"), query))

    assert found(q="nordl") == [big.number]
    assert found(q=big.number.lower()) == [big.number]
    assert found(q="5950") == [big.number]  # 50 × 100.00 and 19 %
    assert found(q="5.950,00") == [big.number]
    assert found(client=str(client.id)) == [big.number]
    assert found(amount_min="1.000,00") == [big.number]
    assert found(amount_min="1000", currency="USD") == []
    assert found(due_to="24 Dec 2026") == [big.number]
    assert found(status="paid") == []
    assert len(found(kind="invoice", issued_from="2026-11-20")) == 2


def test_presets_are_whole_periods():
    def days(name: str, today: date) -> tuple[str, str]:
        first, last = filters.PRESETS[name][1](today)
        return str(first), str(last)

    assert days("last_month", date(2026, 1, 15)) == ("2025-12-01", "2025-12-31")
    assert days("this_quarter", date(2026, 5, 31)) == ("2026-04-01", "2026-06-30")
    assert days("last_quarter", date(2026, 2, 1)) == ("2025-10-01", "2025-12-31")
    assert days("last_7", date(2026, 3, 3)) == ("2026-02-25", "2026-03-03")
    assert days("past", date(2026, 3, 3)) == ("None", "2026-03-02")


def test_sums_are_those_of_the_rows_and_of_orm(world, alice):
    from guilder.books.invoicing.models import Invoice
    from guilder.foundation.tenancy.transaction import transaction

    for quantity in ("1", "2.5"):
        make.issued_invoice(world.alice, lines=[make.line(quantity=quantity)])
    make.payment(world.alice, make.issued_invoice(world.alice), "19.00")

    figures = invoicing.figures(InvoiceFilter(today=make.TODAY), by=world.alice)
    with transaction(world.organization):
        rows = list(Invoice.objects.of(world.organization))

    assert figures.count == 3
    assert [one.minor for one in figures.gross] == [sum(row.gross_amount for row in rows)]
    # 119.00 + 297.50 + 100.00
    assert [str(one) for one in figures.open] == ["516.50"]
    assert [row.open_amount for row in rows if row.settled_on] == []


def test_more_rows_than_are_summed_at_once_are_asked_for_alone(world, alice, monkeypatch):
    from guilder.faces.web.lists import drawing

    monkeypatch.setattr(drawing, "SUMMED", 1)
    for _ in range(2):
        make.issued_invoice(world.alice)

    page = alice.get(reverse("web:invoices"), {"status": "overdue,issued"})
    later = page.context["foot"]["later"]
    sums = alice.get(later, headers={"HX-Request": "true"}).content.decode()

    assert "status=overdue,issued" in later
    assert "€238.00" not in page.content.decode()
    assert "€238.00" in sums
    assert "2 invoices" in sums
    assert "€238.00" in alice.get(page.context["foot"]["all"]).content.decode()


# Selecting and acting


def test_the_bar_counts_and_adds_up_what_is_selected(world, alice):
    one, two, _three = (make.issued_invoice(world.alice) for _ in range(3))

    bar = alice.post(
        reverse("web:invoices_selection"),
        {"ids": f"{one.id},{two.id}", "here": reverse("web:invoices")},
    ).content.decode()

    assert "2 selected" in bar
    assert "€238.00" in bar
    assert "Select all 3" in bar


def test_all_but_some_are_selected(world, alice):
    made = [make.issued_invoice(world.alice) for _ in range(3)]

    bar = alice.post(
        reverse("web:invoices_selection"),
        {"all": "1", "query": "status=overdue,issued", "without": str(made[0].id)},
    ).content.decode()

    assert "2 selected" in bar


def test_many_drafts_are_issued_and_what_is_left_out_is_told(world, alice):
    good, bare = make.draft(world.alice), make.draft(world.alice, lines=[])
    sent = {"act": "issue", "ids": f"{good.id},{bare.id}", "here": reverse("web:invoices")}

    asked = alice.post(reverse("web:invoices_bulk"), sent)
    answer = alice.post(reverse("web:invoices_bulk"), sent | {"sure": "1"}, follow=True)

    assert "Issue 2 drafts?" in asked.content.decode()
    assert invoicing.get_invoice(good.id, by=world.alice).number
    assert invoicing.get_invoice(bare.id, by=world.alice).number is None
    assert len(answer.context["failures"]) == 1
    assert answer.context["failures"][0]["problem"]


def test_drafts_are_deleted_and_issued_ones_stay(world, alice):
    draft, issued = make.draft(world.alice), make.issued_invoice(world.alice)
    ids = f"{draft.id},{issued.id}"

    answer = alice.post(
        reverse("web:invoices_bulk"), {"act": "delete", "ids": ids, "sure": "1"}, follow=True
    )

    assert names(answer) == [issued.number]
    assert len(answer.context["failures"]) == 1


def test_many_are_sent_and_taken_back_in_time(world, alice):
    from guilder.office.dispatch import queries as mails

    ids = ",".join(str(make.issued_invoice(world.alice).id) for _ in range(2))
    answer = alice.post(reverse("web:invoices_bulk"), {"act": "send", "ids": ids}, follow=True)
    (message,) = answer.context["messages"]
    undo = dict(part.split("=", 1) for part in message.extra_tags.split("&"))["undo"]
    queued = mails.list_mails(by=world.alice, limit=10)

    from urllib.parse import unquote

    alice.post(unquote(undo))

    assert str(message) == "2 mails are on their way."
    assert len(queued) == 2
    assert all(one.state != "queued" for one in mails.list_mails(by=world.alice, limit=10))


def test_pdfs_of_many_come_in_one_file(world, alice):
    import zipfile

    one, two = make.issued_invoice(world.alice), make.issued_invoice(world.alice)

    answer = alice.post(
        reverse("web:invoices_bulk"), {"act": "download", "ids": f"{one.id},{two.id}"}
    )

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == [f"{one.number}.pdf", f"{two.number}.pdf"]
        assert archive.read(f"{one.number}.pdf").startswith(b"%PDF")


def test_nothing_selected_is_said(world, alice):
    answer = alice.post(reverse("web:invoices_bulk"), {"act": "send", "ids": ""}, follow=True)

    assert b"Nothing is selected." in answer.content


def test_clients_are_archived_and_brought_back(world, alice):
    client = make.client(world.alice, name="Nordlicht")
    address = reverse("web:clients_bulk")

    answer = alice.post(address, {"act": "archive", "ids": str(client.id)}, follow=True)
    archived = alice.get(reverse("web:clients"), {"view": "archived"})
    alice.post(address, {"act": "restore", "ids": str(client.id)})

    assert names(answer) == []
    assert names(archived) == ["Nordlicht"]
    assert names(alice.get(reverse("web:clients"))) == ["Nordlicht"]


# Who may not


def test_rows_of_another_organization_are_not_selected_and_not_touched(world, browsing):
    draft = make.draft(world.alice)
    mallory = browsing("mallory")

    bar = mallory.post(reverse("web:invoices_selection"), {"ids": str(draft.id)}).content.decode()
    mallory.post(reverse("web:invoices_bulk"), {"act": "delete", "ids": str(draft.id), "sure": "1"})

    assert "0 selected" in bar
    assert names(mallory.get(reverse("web:invoices"))) == []
    assert rows_of(mallory.get(reverse("web:invoices_export"))) == []
    assert invoicing.get_invoice(draft.id, by=world.alice).id == draft.id


def test_an_act_needs_its_permission(world, browsing):
    draft = make.draft(world.alice)
    bob = browsing("bob")

    answer = bob.post(reverse("web:invoices_bulk"), {"act": "issue", "ids": str(draft.id)})

    assert answer.status_code == 403
    assert bob.get(reverse("web:payments_export")).status_code == 403
    assert bob.get(reverse("web:clients_import")).status_code == 403


@pytest.mark.parametrize("name", [*LISTS, "invoices_export", "invoices_sums", "clients_import"])
def test_who_is_signed_out_is_sent_to_sign_in(db, name):
    answer = Client().get(reverse(f"web:{name}"))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_a_form_leads_back_to_its_own_list_only(world, alice):
    answer = alice.post(
        reverse("web:invoices_bulk"), {"act": "send", "ids": "", "here": "https://evil.example/"}
    )

    assert answer["Location"] == reverse("web:invoices")


# Views and files


def test_a_view_is_saved_shared_changed_and_deleted(world, alice, browsing):
    make.draft(world.alice)
    address = reverse("web:invoices_views")
    state = "view=drafts&sort=-gross&cols=client,total"

    saved = alice.post(address, {"do": "save", "name": "Mine", "state": state, "shared": "1"})
    page = alice.get(saved["Location"])
    seen = browsing("bob").get(reverse("web:invoices"))
    taken = alice.post(address, {"do": "save", "name": "Mine", "state": state}, follow=True)
    key = saved["Location"].partition("view=")[2]
    alice.post(address, {"do": "delete", "state": f"view={key}", "name": "Mine"})

    assert [head["column"].key for head in page.context["columns"]] == ["number", "client", "total"]
    assert [chip["chip"] for chip in page.context["chips"]] == ["Draft"]
    assert "Mine" in [str(one["label"]) for one in seen.context["views"]]
    assert "already" in taken.content.decode()
    assert "Mine" not in [
        str(one["label"]) for one in alice.get(reverse("web:invoices")).context["views"]
    ]


def test_an_export_is_the_view_and_harmless(world, alice):
    make.draft(world.alice, client_id=make.client(world.alice, name="@SUM(1+1)*cmd").id)
    make.draft(world.alice, client_id=make.client(world.alice, name="-2+3 GmbH").id)

    rows = rows_of(alice.get(reverse("web:invoices_export"), {"cols": "client,total"}))

    assert list(rows[0]) == ["Number", "Client", "Total", "Currency"]
    assert [row["Client"] for row in rows] == ["'-2+3 GmbH", "'@SUM(1+1)*cmd"]
    assert {row["Total"] for row in rows} == {"119.00"}


def test_a_long_export_is_made_by_a_job_and_lies_in_the_inbox(world, alice, monkeypatch):
    from guilder.faces.web.lists import answers, jobs
    from guilder.foundation.files import queries as files
    from guilder.foundation.tenancy.transaction import transaction
    from guilder.office.desk.models import Progress

    monkeypatch.setattr(answers, "MOST_AT_ONCE", 1)
    numbers = {make.issued_invoice(world.alice).number for _ in range(3)}

    answer = alice.get(reverse("web:invoices_export"), {"cols": "client"}, follow=True)
    with transaction(world.organization):
        progress = Progress.objects.of(world.organization).get()
    ids = {"organization_id": world.organization, "progress_id": progress.id}
    jobs.make_file(**ids, user_id=world.alice.user_id)
    jobs.make_file(**ids, user_id=world.alice.user_id)  # twice does no harm

    with transaction(world.organization):
        done = Progress.objects.of(world.organization).get()
        text = files.read(done.file_id, world.alice).decode("utf-8-sig")
    assert b"under way" in answer.content
    assert (done.state, done.done) == ("finished", 3)
    assert {row["Number"] for row in csv.DictReader(io.StringIO(text))} == numbers
