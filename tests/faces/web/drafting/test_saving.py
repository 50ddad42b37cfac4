"""Saving what is typed: by itself, in a race, with deposits and with what no field shows."""

import re

import pytest
from django.urls import reverse

from guilder.books.invoicing import operations, queries
from tests import make


def form_of(**changes):
    """What the editor's script posts for one line."""
    return {
        "client": "",
        "client_name": "New Client GmbH",
        "currency": "EUR",
        "settled": "1",
        "lines": ["a"],
        "lines-a-name": "Design",
        "lines-a-quantity": "2",
        "lines-a-unit": "HUR",
        "lines-a-unit_price": "100",
        "lines-a-tax": "standard",
        **changes,
    }


def autosaved(browser, **changes):
    return browser.post(reverse("web:invoice_autosave"), form_of(**changes))


def test_a_draft_is_kept_by_itself_and_changed_the_next_time(world, browsing):
    browser = browsing("alice")
    first = autosaved(browser).json()
    again = autosaved(
        browser,
        paper=first["id"],
        version=str(first["version"]),
        client=first["client"],
        **{"lines-a-at": "0", "lines-a-quantity": "3"},
    ).json()

    assert again["id"] == first["id"]
    assert again["version"] == first["version"] + 1
    assert queries.get_invoice(first["id"], by=world.alice).net_amount == 30000


def test_nothing_is_kept_before_there_is_a_client(world, browsing):
    answer = autosaved(browsing("alice"), client_name="")

    assert answer.status_code == 202


def test_a_name_that_is_still_being_typed_makes_no_client(world, browsing):
    answer = autosaved(browsing("alice"), settled="")

    assert answer.status_code == 202


def test_a_line_with_a_fault_is_left_out_and_told(world, browsing):
    answer = autosaved(
        browsing("alice"), lines=["a", "b"], **{"lines-b-name": "No price yet"}
    ).json()

    assert answer["left_out"] == 1
    assert list(answer["at"]) == ["a"]
    assert "1 line is not complete" in answer["saved"]


def test_a_stored_line_with_a_fault_stays_as_it_was(world, browsing):
    draft = make.draft(world.alice, lines=[make.line(note="Keep me")])
    answer = autosaved(
        browsing("alice"),
        paper=str(draft.id),
        version=str(draft.version),
        client=str(draft.partner_id),
        message="Hello",
        **{"lines-a-at": "0", "lines-a-unit_price": "abc"},
    )

    after = queries.get_invoice(draft.id, by=world.alice)
    assert answer.status_code == 200
    assert after.paper["lines"][0]["note"] == "Keep me"
    assert after.paper["notes"][0]["text"] == "Hello"
    assert after.net_amount == 10000


def test_a_lost_race_is_told_and_writes_nothing(world, browsing):
    draft = make.draft(world.alice)
    answer = autosaved(
        browsing("alice"), paper=str(draft.id), version="9", client=str(draft.partner_id)
    )

    assert answer.status_code == 409
    assert answer.json()["conflict"].endswith("changed this just now.")
    assert queries.get_invoice(draft.id, by=world.alice).net_amount == draft.net_amount


def test_both_versions_are_shown_and_the_choice_is_saved(world, browsing):
    draft = make.draft(world.alice, order_reference="PO 1")
    operations.update_draft(draft.id, by=world.alice, data={"order_reference": "PO 2"}, at=make.NOW)
    browser = browsing("alice")
    url = reverse("web:invoice_edit", args=[draft.id])
    form = form_of(
        client=str(draft.partner_id),
        client_name=draft.partner_name,
        version=str(draft.version),
        order_reference="PO 3",
        do="save",
    )
    page = browser.post(url, form)
    text = page.content.decode()
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    answer = browser.post(
        url, {**form, "version": version, "do": "resolve", "pick-order_reference": "theirs"}
    )

    assert page.status_code == 409
    assert "PO 2" in text
    assert "PO 3" in text
    assert answer.status_code == 302
    after = queries.get_invoice(draft.id, by=world.alice)
    assert after.paper["order_reference"] == "PO 2"
    assert after.net_amount == 20000  # ours: 2 × 100.00


def test_lines_that_did_not_change_keep_what_they_came_from(world, browsing):
    data = {"client": str(make.client(world.alice).id), "lines": [make.line(quantity="4")]}
    quote = operations.create_quote(by=world.alice, data=data, at=make.NOW)
    operations.send_quote(quote.id, by=world.alice, at=make.NOW)
    draft = operations.invoice_quote(quote.id, by=world.alice, at=make.NOW)
    browser = browsing("alice")
    page = browser.get(reverse("web:invoice_edit", args=[draft.id]))
    row = page.context["lines"][0]
    cells = {
        f"lines-0-{name}": getattr(row, name)
        for name in ("at", "item", "name", "description", "quantity", "unit", "unit_price", "tax")
    }
    answer = autosaved(
        browser,
        paper=str(draft.id),
        version=str(draft.version),
        client=str(draft.partner_id),
        lines=["0"],
        message="Thank you",
        **cells,
    )

    assert answer.status_code == 200
    assert queries.get_quote(quote.id, by=world.alice).quantities[0][1] == 4


def test_a_deposit_is_offered_and_taken_off(world, browsing):
    client = make.client(world.alice)
    deposit = make.issued_invoice(world.alice, client_id=client.id, kind="deposit")
    browser = browsing("alice")
    form = form_of(
        client=str(client.id), client_name=client.name, asks_deducts="1", deducts=[str(deposit.id)]
    )
    figures = browser.post(reverse("web:invoice_figures"), form).content.decode()
    made = browser.post(reverse("web:invoice_autosave"), form).json()

    assert deposit.number in figures
    assert "€119.00" in figures  # 238.00 less the 119.00 of the deposit
    record = queries.get_invoice(made["id"], by=world.alice)
    assert (record.gross_amount, record.prepaid_amount) == (23800, 11900)


def test_a_client_is_made_in_place_by_name_alone(world, browsing):
    browser = browsing("alice")
    first = browser.post(reverse("web:editor_client"), {"name": "Polder Fresh BV"}).json()
    again = browser.post(reverse("web:editor_client"), {"name": "polder fresh bv"}).json()

    assert first["id"] == again["id"]
    assert browser.post(reverse("web:editor_client"), {"name": " "}).status_code == 422


@pytest.mark.parametrize("name", ["invoice_autosave", "invoice_figures", "invoice_draft_pdf"])
def test_another_organizations_draft_is_not_there(world, browsing, name):
    draft = make.draft(world.alice)

    answer = browsing("mallory").post(reverse(f"web:{name}"), form_of(paper=str(draft.id)))

    assert answer.status_code == 404


def test_who_may_not_enter_clients_makes_none(world, browsing):
    answer = browsing("bob").post(reverse("web:editor_client"), {"name": "Somebody"})

    assert answer.status_code == 403


def test_issuing_with_a_refused_mail_uses_no_number(world, browsing):
    draft = make.draft(world.alice)
    answer = browsing("alice").post(
        reverse("web:invoice_review", args=[draft.id]),
        {"on": "2026-11-20", "to": "nobody", "subject": "Hello", "text": "Hi", "send": "1"},
    )

    assert answer.status_code == 422
    record = queries.get_invoice(draft.id, by=world.alice)
    assert (record.status, record.number) == ("draft", None)


def test_the_chosen_words_of_the_mail_are_sent(world, browsing):
    from guilder.office.dispatch import queries as mails

    draft = make.draft(world.alice)
    answer = browsing("alice").post(
        reverse("web:invoice_review", args=[draft.id]),
        {
            "on": "2026-11-20",
            "to": "one@example.test, two@example.test",
            "subject": "Your INV-2026-00001",
            "text": "See attached.",
            "send": "1",
        },
    )

    assert answer.status_code == 302
    (mail,) = mails.list_mails(by=world.alice, invoice_id=draft.id)
    assert mail.to == "one@example.test, two@example.test"
    assert (mail.subject, mail.text.strip()) == ("Your INV-2026-00001", "See attached.")


EDITOR = 40  # statements at most, transactions included


def test_the_editor_keeps_its_budget_however_many_lines(world, browsing):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    draft = make.draft(world.alice, lines=[make.line() for _ in range(30)])
    browser = browsing("alice")
    url = reverse("web:invoice_edit", args=[draft.id])
    browser.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200

    assert len(seen) <= EDITOR, [one["sql"][:90] for one in seen]
