"""Pages of mandates and payment orders, by hand."""

import pytest
import time_machine
from django.test import Client

from guilder.books.sepa import queries
from tests import make
from tests.books.sepa import making
from tests.books.sepa.making import answer, refusal

NOBODY = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"


@pytest.fixture(autouse=True)
def moved_clock():
    """It is the day of the tests: what banks can keep is counted from it."""
    with time_machine.travel(make.NOW):
        yield


@pytest.fixture
def collected(world):
    """A batch of two invoices of one client, as it stands on the day of the tests."""
    making.creditor(world.alice)
    client = make.client(world.alice)
    mandate = making.mandate(world.alice, client)
    for _ in range(2):
        making.due(world.alice, client)
    return making.collection(world.alice, due_on="2027-03-01"), mandate


def test_a_mandate_is_entered_amended_and_ended(world, browsing):
    client = make.client(world.alice)
    browser = browsing("alice")
    typed = {"client": str(client.id), "iban": making.IBAN, "scheme": "CORE", "recurrent": "on",
             "signed_on": "2 Nov 2026"}  # fmt: skip
    wrong = browser.post("/mandates/new/", {**typed, "iban": "DE00"})
    made = browser.post("/mandates/new/", typed)
    row = queries.list_mandates(by=world.alice)[0]
    page = f"/mandates/{row.id}/"

    assert wrong.status_code == 422
    assert "not an IBAN" in wrong.content.decode()
    assert made["Location"] == page
    assert row.reference in browser.get("/mandates/").content.decode()
    assert "What falls due can be collected." in browser.get(page).content.decode()
    assert browser.get(f"{page}edit/").status_code == 200
    browser.post(f"{page}edit/", {**typed, "reference": "M-7", "iban": making.OTHER_IBAN})
    assert queries.get_mandate(row.id, by=world.alice).reference == "M-7"
    assert browser.post(f"{page}end/", {"reason": "Withdrawn"}).status_code == 302
    assert "It is over: Withdrawn" in browser.get(page).content.decode()


def test_the_creditor_identifier_is_kept_whole_or_not_at_all(world, browsing):
    browser = browsing("alice")
    wrong = browser.post("/mandates/settings/", {"creditor_id": "DE00", "notice_days": "5"})
    made = browser.post("/mandates/settings/", {"creditor_id": making.CREDITOR, "notice_days": "5"})

    assert (wrong.status_code, made.status_code) == (422, 302)
    assert queries.notice_days(by=world.alice) == 5
    assert making.CREDITOR in browser.get("/mandates/settings/").content.decode()


def test_a_payment_order_is_made_closed_loaded_and_handed_over(world, browsing):
    by, browser = world.alice, browsing("alice")
    making.creditor(by)
    client = make.client(by)
    making.mandate(by, client)
    invoice = making.due(by, client)
    looked = browser.get("/payment-orders/debit/?due_on=1 Mar 2027").content.decode()
    typed = {"due_on": "1 Mar 2027", "account": "", "invoices": str(invoice.id)}
    closed_day = browser.post("/payment-orders/debit/", {**typed, "due_on": "28 Feb 2027"})
    made = browser.post("/payment-orders/debit/", typed)
    page = made["Location"]

    assert invoice.number in looked
    assert closed_day.status_code == 422
    assert invoice.number in browser.get(page).content.decode()
    assert browser.get(f"{page}file/").status_code == 302  # there is none yet
    assert browser.post(f"{page}redate/", {"due_on": "2 Mar 2027"}).status_code == 302
    assert browser.post(f"{page}close/").status_code == 302
    assert browser.post(f"{page}close/").status_code == 409
    loaded = browser.get(f"{page}file/")
    assert loaded["Content-Type"] == "application/xml"
    assert making.IBAN.encode() in loaded.content
    assert b"pain.008.001.02" in browser.get(f"{page}file/?version=pain.008.001.02").content
    assert browser.post(f"{page}hand-over/").status_code == 302
    assert "The bank has it." in browser.get(page).content.decode()
    assert page in browser.get("/payment-orders/?kind=debit").content.decode()
    assert page not in browser.get("/payment-orders/?kind=transfer").content.decode()


def test_the_banks_answer_is_read_and_told(world, browsing, collected):
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser, (batch, _) = browsing("alice"), collected
    making.handed(world.alice, batch)
    item = making.items(world.alice, batch)[0]
    report = SimpleUploadedFile("a.xml", answer(batch, refusal(item, "AM04")))
    rubbish = SimpleUploadedFile("b.xml", b"<a/>")
    read = browser.post("/payment-orders/answer/", {"file": report})

    assert read["Location"] == f"/payment-orders/{batch.id}/"
    assert "There was not enough money" in browser.get(read["Location"]).content.decode()
    assert browser.post("/payment-orders/answer/", {"file": rubbish}).status_code == 422
    assert browser.get("/payment-orders/answer/").status_code == 200


def test_an_order_is_taken_out_and_the_rest_cancelled(world, browsing, collected):
    browser, (batch, _) = browsing("alice"), collected
    item = making.items(world.alice, batch)[0]
    page = f"/payment-orders/{batch.id}/"

    assert browser.post(f"{page}drop/{item.id}/").status_code == 302
    assert browser.post(f"{page}drop/{item.id}/").status_code == 404
    assert browser.post(f"{page}cancel/", {"reason": ""}).status_code == 409
    assert browser.post(f"{page}cancel/", {"reason": "Not now"}).status_code == 302
    assert "Cancelled: Not now" in browser.get(page).content.decode()


def test_transfers_above_the_limit_want_somebody_else(world, browsing):
    from guilder.books.payments import operations as payments
    from guilder.books.sepa import operations

    by = world.alice
    payments.set_refund_policy(by=by, data={"approval_above": "10.00"}, base_currency="EUR")
    supplier = make.supplier(by, bank_accounts=[{"iban": making.OTHER_IBAN}])
    bill = make.bill(by, supplier_id=supplier.id, booked=True)
    batch = operations.create_transfer(
        by=by, data={"bills": [str(bill.id)], "due_on": "2027-03-01"}, at=make.NOW
    )
    page, own = f"/payment-orders/{batch.id}/", browsing("alice")

    assert "somebody else approves it" in own.get(page).content.decode()
    assert own.post(f"{page}close/").status_code == 409
    assert own.post(f"{page}approve/").status_code == 409
    manager = make.member(by, role="manager")
    operations.approve(batch.id, by=manager, at=make.NOW)
    assert own.get(f"{page}file/").status_code == 200


def test_a_refund_is_asked_for_by_payment_order_and_put_into_one(world, browsing):
    from tests.books.sepa.test_refunds import paid_in

    by, browser = world.alice, browsing("alice")
    client = make.client(by, bank_accounts=[{"iban": making.OTHER_IBAN}])
    nowhere = make.client(by)
    typed = {"amount": "50.00", "refunded_on": "20 Nov 2026", "method": "payment_order",
             "reason": "Paid twice", "once": "one"}  # fmt: skip
    form = f"/payments/{paid_in(by, client).id}/refund/"
    page = browser.post(form, typed)["Location"]
    browser.post(f"/payments/{paid_in(by, nowhere).id}/refund/", {**typed, "once": "two"})
    waits = browser.get(page).content.decode()
    chosen = browser.get("/payment-orders/transfer/").content.decode()
    refund = page.split("/")[2]
    order = browser.post("/payment-orders/transfer/", {"due_on": "1 Mar 2027", "refunds": refund})[
        "Location"
    ]

    assert "Bank transfer by payment order" in browser.get(form).content.decode()
    assert "Waits for a payment order" in waits
    assert "/payment-orders/transfer/" in waits
    assert f'value="{refund}" checked' in chosen
    assert chosen.count('name="refunds"') == 1  # nobody knows where the other one goes
    assert "A payment order sends the money." in waits
    assert "Enter an IBAN" in chosen
    assert page in browser.get(order).content.decode()
    assert order in browser.get(page).content.decode()
    browser.post(f"{order}close/")
    assert "ask-reverse" not in browser.get(page).content.decode()
    browser.post(f"{page}reverse/", {"reason": "x"})
    assert "Booked on 20 Nov 2026" in browser.get(page).content.decode()
    browser.post(f"{order}hand-over/")
    assert "With the bank" in browser.get(page).content.decode()


PAGES = (
    *("", "file/", "close/", "approve/", "hand-over/", "cancel/", "redate/"),
    f"drop/{NOBODY}/",
)
LISTS = (
    *("/payment-orders/", "/payment-orders/debit/", "/payment-orders/transfer/"),
    *("/payment-orders/answer/", "/mandates/", "/mandates/new/", "/mandates/settings/"),
)


def test_pages_are_for_their_house_and_those_who_may(world, browsing, collected):
    batch, mandate = collected
    pages = [(f"/payment-orders/{batch.id}/{one}", one in {"", "file/"}) for one in PAGES]
    pages += [(f"/mandates/{mandate.id}/{one}", one != "end/") for one in ("", "edit/", "end/")]
    mallory, bob, nobody = browsing("mallory"), browsing("bob"), Client()
    data = {"reason": "x", "due_on": "2 Mar 2027"}

    for page, is_read in pages:
        asked = [
            one.get(page) if is_read else one.post(page, data) for one in (mallory, bob, nobody)
        ]
        assert [one.status_code for one in asked] == [404, 403, 302], page


def test_lists_are_for_those_who_may(world, browsing):
    alice, bob, nobody = browsing("alice"), browsing("bob"), Client()

    for page in LISTS:
        asked = [one.get(page).status_code for one in (alice, bob, nobody)]
        assert asked == [200, 403, 302], page


def test_who_looks_after_money_is_told_of_refusals_and_of_what_waits(world, browsing, collected):
    from guilder.books.sepa.events import BatchCreated, OrderReturned
    from guilder.books.sepa.operations.telling import facts_of, order_facts
    from guilder.foundation.tenancy.transaction import transaction
    from guilder.office.desk import listeners

    batch, _ = collected
    item = making.items(world.alice, batch)[0]
    item.code = "AC04"
    house = {"organization_id": world.organization}
    with transaction(world.organization):  # as events are delivered
        listeners.on_order_refused(OrderReturned(**order_facts(item)), **house)
        listeners.on_order_made(BatchCreated(is_over_limit=True, **facts_of(batch)), **house)
    inbox = browsing("alice").get("/inbox/").content.decode()

    assert "The bank did not move" in inbox
    assert "The account is closed." in inbox
    assert "wait for approval" in inbox
    assert f"/payment-orders/{batch.id}/" in inbox


def test_a_mandate_is_printed_for_the_client_to_sign(world, browsing):
    by, browser = world.alice, browsing("alice")
    mandate = making.mandate(by, make.client(by), signed_on=None)
    page = f"/mandates/{mandate.id}/"
    without = browser.get(f"{page}paper/")
    making.creditor(by)

    printed = browser.get(f"{page}paper/")

    assert f"{page}paper/" in browser.get(page).content.decode()
    assert without.status_code == 302  # a sentence says what is missing
    assert printed["Content-Type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF-")
    assert browsing("mallory").get(f"{page}paper/").status_code == 404
    assert browsing("bob").get(f"{page}paper/").status_code == 403
    assert Client().get(f"{page}paper/").status_code == 302
    browser.post(f"{page}end/", {"reason": "Withdrawn"})
    assert f"{page}paper/" not in browser.get(page).content.decode()
    assert browser.get(f"{page}paper/").status_code == 302
