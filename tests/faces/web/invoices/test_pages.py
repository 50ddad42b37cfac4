"""Invoice pages: list, page, editor, acts."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import make

NOBODY = "01935a6e-0000-7000-8000-000000000001"
LISTS = (
    "", "?view=drafts", "?view=open", "?view=overdue", "?view=paid", "?q=INV", "?status=sent",
    "?sort=-gross", "?sort=number", "?issued_from=2026-01-01&issued_to=2026-12-31", "?cursor=broken",
    "?sort=nonsense&view=nonsense&status=nonsense&from=never&client=x",
)  # fmt: skip


def editor_form(**changes):
    """What a browser posts for a client of a new name and one line."""
    return {
        "client": "",
        "client_name": "New Client GmbH",
        "currency": "EUR",
        "net_days": "14",
        "lines": ["a", "b"],
        "lines-a-name": "Design",
        "lines-a-quantity": "2,5",
        "lines-a-unit": "HUR",
        "lines-a-unit_price": "1.234,50",
        "lines-a-tax": "standard",
        "lines-b-name": "",
        "lines-b-unit": "C62",
        "do": "save",
        **changes,
    }


@pytest.mark.parametrize("query", LISTS)
def test_every_view_of_the_list_opens(world, browsing, query):
    make.draft(world.alice)
    make.issued_invoice(world.alice)

    assert browsing("alice").get(f"/invoices/{query}").status_code == 200


def test_the_list_shows_number_client_and_open_amount(world, browsing):
    invoice = make.issued_invoice(world.alice)

    page = browsing("alice").get("/invoices/").content.decode()

    assert invoice.number in page
    assert "€119.00" in page


def test_the_fragment_is_the_list_alone(world, browsing):
    make.draft(world.alice)

    page = browsing("alice").get("/invoices/", headers={"HX-Request": "true"}).content.decode()

    assert 'id="list"' in page
    assert "<html" not in page


def test_pages_of_the_list_meet_without_gap_or_double(world, browsing, monkeypatch):
    from guilder.faces.web.lists import paging

    monkeypatch.setattr(paging, "PAGE", 2)
    client = make.client(world.alice)
    made = [make.draft(world.alice, client_id=client.id).id for _ in range(5)]
    browser = browsing("alice")
    seen, address = [], "/invoices/"
    for _page in range(3):
        text = browser.get(address).content.decode()
        seen += re.findall(r'id="row-([0-9a-f-]+)"', text)
        links = {
            word: href
            for href, word in re.findall(r'href="([^"]*cursor[^"]*)"[^>]*>(Newer|Older)', text)
        }
        address = links.get("Older", "").replace("&amp;", "&")

    assert seen == [str(one) for one in reversed(made)]

    back = browser.get(links["Newer"].replace("&amp;", "&")).content.decode()
    assert re.findall(r'id="row-([0-9a-f-]+)"', back) == seen[2:4]


def test_a_draft_is_written_with_a_client_of_a_new_name(world, browsing):
    from guilder.books.invoicing import queries

    answer = browsing("alice").post(reverse("web:invoice_new"), editor_form())

    assert answer.status_code == 302
    draft_id = re.search(r"/invoices/([0-9a-f-]+)/edit/", answer.headers["Location"])[1]
    record = queries.get_invoice(draft_id, by=world.alice)
    # 2.5 × 1,234.50 = 3,086.25; 19 % of it is 586.39
    assert (record.net_amount, record.tax_amount) == (308625, 58639)
    assert record.partner_name == "New Client GmbH"
    assert len(record.paper["lines"]) == 1


def test_a_fault_in_a_line_stands_beside_it_and_nothing_is_lost(world, browsing):
    answer = browsing("alice").post(
        reverse("web:invoice_new"), editor_form(**{"lines-a-unit_price": "abc"})
    )
    page = answer.content.decode()

    assert answer.status_code == 422
    assert 'href="#lines-a-unit_price"' in page
    assert 'value="abc"' in page
    assert "New Client GmbH" in page


def test_a_draft_is_changed_and_keeps_what_no_field_shows(world, browsing):
    from guilder.books.invoicing import queries

    line = make.line(
        buyer_accounting_reference="Keep me", gross_price="120.00", price_discount="20.00"
    )
    draft = make.draft(world.alice, lines=[line], sales_order_reference="C-1")
    client = browsing("alice")
    form = editor_form(
        client=str(draft.partner_id),
        lines=["0"],
        version=str(draft.version),
        **{
            "lines-0-at": "0",
            "lines-0-name": "Work",
            "lines-0-quantity": "3",
            "lines-0-unit": "HUR",
            "lines-0-unit_price": "100",
            "lines-0-tax": "standard",
        },
    )

    answer = client.post(reverse("web:invoice_edit", args=[draft.id]), form)

    assert answer.status_code == 302
    after = queries.get_invoice(draft.id, by=world.alice)
    assert after.net_amount == 30000
    assert after.paper["lines"][0]["buyer_accounting_reference"] == "Keep me"
    assert after.paper["sales_order_reference"] == "C-1"


def test_a_lost_race_says_so_and_writes_nothing(world, browsing):
    from guilder.books.invoicing import queries

    draft = make.draft(world.alice)
    form = editor_form(client=str(draft.partner_id), version="999")

    answer = browsing("alice").post(reverse("web:invoice_edit", args=[draft.id]), form)

    assert answer.status_code == 409
    assert "Nothing was overwritten." in answer.content.decode()
    assert queries.get_invoice(draft.id, by=world.alice).net_amount == draft.net_amount


def test_figures_leave_out_the_line_that_is_not_complete(world, browsing):
    form = editor_form(lines=["a", "c"], **{"lines-c-name": "No price yet"})

    page = browsing("alice").post(reverse("web:invoice_figures"), form).content.decode()

    assert "€3,672.64" in page  # 3,086.25 + 586.39
    assert "A line is not complete yet" not in page or "1 thing missing" in page


def test_issuing_gives_the_number_and_sending_waits_in_the_outbox(world, browsing):
    draft = make.draft(world.alice)
    client = browsing("alice")

    answer = client.post(
        reverse("web:invoice_issue", args=[draft.id]), {"on": "2026-11-20", "send": "1"}
    )

    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    assert "INV-2026-00001" in page
    assert "bar@example.test" in page
    assert client.get(reverse("web:invoice_pdf", args=[draft.id])).content[:5] == b"%PDF-"


def test_a_page_of_the_paper_is_a_picture(world, browsing):
    invoice = make.issued_invoice(world.alice)
    client = browsing("alice")

    first = client.get(reverse("web:invoice_page", args=[invoice.id, 1]))

    assert first.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert client.get(reverse("web:invoice_page", args=[invoice.id, 9])).status_code == 404


def test_crediting_makes_a_linked_note(world, browsing):
    invoice = make.issued_invoice(world.alice, on=make.TODAY)
    client = browsing("alice")

    answer = client.post(reverse("web:invoice_credit", args=[invoice.id]))

    page = client.get(answer.headers["Location"]).content.decode()
    assert "CN-" in page
    assert invoice.number in page
    assert "Credited" in client.get(f"/invoices/{invoice.id}/").content.decode()


def test_a_draft_is_copied_and_deleted(world, browsing):
    draft = make.draft(world.alice)
    client = browsing("alice")

    copied = client.post(reverse("web:invoice_duplicate", args=[draft.id]))
    gone = client.post(reverse("web:invoice_delete", args=[draft.id]))

    assert client.get(copied.headers["Location"]).status_code == 200
    assert gone.headers["Location"] == "/invoices/"
    assert client.get(f"/invoices/{draft.id}/").status_code == 404


def test_what_is_issued_has_no_editor(world, browsing):
    invoice = make.issued_invoice(world.alice)

    answer = browsing("alice").get(reverse("web:invoice_edit", args=[invoice.id]))

    assert answer.headers["Location"] == f"/invoices/{invoice.id}/"


GETS = ("invoice", "invoice_edit", "invoice_pdf")
POSTS = ("invoice_issue", "invoice_send", "invoice_credit", "invoice_duplicate", "invoice_delete")


@pytest.mark.parametrize("name", (*GETS, *POSTS))
def test_another_organization_sees_what_is_not_there(world, browsing, name):
    draft = make.draft(world.alice)
    client = browsing("mallory")
    ask = client.get if name in GETS else client.post

    foreign = ask(reverse(f"web:{name}", args=[draft.id]))
    absent = ask(reverse(f"web:{name}", args=[NOBODY]))

    assert (foreign.status_code, absent.status_code) == (404, 404)


@pytest.mark.parametrize("name", ["invoice_issue", "invoice_credit", "invoice_send"])
def test_who_may_not_is_told_who_can_help(world, browsing, name):
    draft = make.draft(world.bob, client_id=make.client(world.alice).id)

    answer = browsing("bob").post(reverse(f"web:{name}", args=[draft.id]))

    assert answer.status_code == 403
    assert "An admin of the organization can give you the right." in answer.content.decode()


@pytest.mark.parametrize("name", GETS)
def test_signed_out_people_sign_in_first(db, name):
    answer = Client().get(reverse(f"web:{name}", args=[NOBODY]))

    assert answer.headers["Location"].startswith("/sign-in/?next=/invoices/")


def test_a_form_without_its_token_is_refused(world):
    from guilder.foundation.identity import queries as identity

    client = Client(enforce_csrf_checks=True)
    client.force_login(identity.user_by_email(world.alice_email))

    assert client.post(reverse("web:invoice_delete", args=[NOBODY])).status_code == 403


# Page → how many statements it may take, transactions included.
# While nothing is changed; after a change see tests/faces/web/lists and overview.
BUDGETS = {"/invoices/": 4, "/": 2, "/clients/": 4, "/items/": 9, "/payments/": 6}


@pytest.mark.parametrize(("page", "most"), BUDGETS.items())
def test_pages_keep_their_budget_however_much_there_is(world, browsing, page, most):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = make.client(world.alice)
    for _ in range(4):
        make.issued_invoice(world.alice, client_id=client.id)
    browser = browsing("alice")
    browser.get(page)

    with CaptureQueriesContext(connection) as seen:
        assert browser.get(page).status_code == 200

    assert len(seen) <= most, [one["sql"][:90] for one in seen]
