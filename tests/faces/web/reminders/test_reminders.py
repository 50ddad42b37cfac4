"""The pages of reminders: the worklist, one letter, pauses, promises, disputes, ladders, rates."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from guilder.office.dunning import operations, queries
from tests import make
from tests.make import World
from tests.office.dunning.reminding import due_invoice, ladder, noon

Browse = Callable[[str], Client]


def today():
    """The pages' today: they have the clock of the machine."""
    return timezone.now().date()


def late(world: World, **changes):
    """An invoice that fell due ten days ago, and a ladder by which somebody is to remind of it."""
    if not queries.list_ladders(by=world.alice):
        ladder(world.alice, automatic_from=None)
    return due_invoice(world.alice, today() - timedelta(days=10), **changes)


def reminded(world: World, **changes):
    """A letter about it."""
    invoice = late(world, **changes)
    made = operations.remind([invoice.id], by=world.alice, on=today(), at=timezone.now())
    return invoice, made[0]


def text(answer) -> str:
    return answer.content.decode()


def test_what_is_due_is_looked_at_and_sent(world: World, browsing: Browse):
    invoice, alice = late(world), browsing("alice")
    page = text(alice.get("/reminders/"))
    preview = alice.get(f"/reminders/preview/?letter={invoice.id}")
    pdf = alice.get(f"/reminders/preview.pdf?letter={invoice.id}")

    assert invoice.number in page and "10 days late" in page and "Waits for you" in page
    assert preview.status_code == 200 and "you may have overlooked it" in text(preview)
    assert pdf.content.startswith(b"%PDF")
    sent = alice.post("/reminders/send/", {"letter": str(invoice.id)}, follow=True)
    assert "1 letter goes out." in text(sent)
    assert invoice.number in text(alice.get("/reminders/?tab=sent"))
    again = alice.post("/reminders/send/", {"letter": str(invoice.id)}, follow=True)
    assert "None of these is to be reminded of now." in text(again)
    assert len(queries.list_reminders(by=world.alice)) == 1


def test_a_step_is_passed_over(world: World, browsing: Browse):
    invoice = late(world)

    browsing("alice").post("/reminders/skip/", {"letter": str(invoice.id)})

    assert queries.list_reminders(by=world.alice)[0].status == "skipped"


def test_a_letter_is_printed_and_posted(world: World, browsing: Browse):
    client = make.client(world.alice, email="")
    _invoice, letter = reminded(world, client_id=client.id)
    alice = browsing("alice")

    assert "To post" in text(alice.get("/reminders/?tab=post"))
    assert alice.get(f"/reminders/{letter.id}/pdf/").content.startswith(b"%PDF")
    alice.post(f"/reminders/{letter.id}/posted/")

    assert "Posted" in text(alice.get(f"/reminders/{letter.id}/"))


def test_an_invoice_and_a_client_tell_their_letters(world: World, browsing: Browse):
    invoice, letter = reminded(world)
    alice = browsing("alice")

    for where in (f"/invoices/{invoice.id}/", f"/clients/{invoice.partner_id}/?tab=agreement"):
        assert f"/reminders/{letter.id}/" in text(alice.get(where)), where
    assert "Next: Demand for payment" in text(alice.get(f"/invoices/{invoice.id}/"))


def test_a_promise_is_noted_and_ended(world: World, browsing: Browse):
    invoice, alice = late(world), browsing("alice")
    where = f"/invoices/{invoice.id}/promise/"

    assert alice.post(where, {"until_on": "", "amount": "119.00"}).status_code == 422
    alice.post(where, {"until_on": "+5", "amount": "119.00", "reason": "On the phone"})
    page = text(alice.get("/reminders/?tab=rests"))
    [hold] = queries.list_holds(by=world.alice)
    alice.post(f"/reminders/holds/{hold.id}/end/")

    assert "On the phone" in page and "Promised by" in page
    assert queries.get_hold(hold.id, by=world.alice).ended_at is not None


def test_reminders_of_an_invoice_and_of_a_client_rest(world: World, browsing: Browse):
    invoice, alice = late(world), browsing("alice")

    alice.post(f"/invoices/{invoice.id}/pause/", {"until_on": "+3", "reason": ""})
    alice.post(f"/clients/{invoice.partner_id}/pause/", {"until_on": "", "reason": "Fair"})

    assert len(queries.list_holds(by=world.alice, invoice_id=invoice.id)) == 2
    assert queries.list_due(by=world.alice, on=today()) == []


def test_a_client_is_left_alone(world: World, browsing: Browse):
    invoice, alice = late(world), browsing("alice")
    where = f"/clients/{invoice.partner_id}/reminding/"

    assert alice.get(where).status_code == 200
    alice.post(where, {"ladder": "never"})

    assert queries.list_due(by=world.alice, on=today()) == []
    assert "Never reminded" in text(alice.get(f"/clients/{invoice.partner_id}/?tab=agreement"))


def test_a_dispute_is_opened_shown_and_settled(world: World, browsing: Browse):
    invoice, alice = late(world), browsing("alice")
    opened = {"category": "quality", "reason": "Broken", "deadline_on": "+7"}
    alice.post(f"/invoices/{invoice.id}/object/", opened)
    [dispute] = queries.list_disputes(by=world.alice, state="open")

    assert "Broken" in text(alice.get(f"/invoices/{invoice.id}/"))
    assert "Broken" in text(alice.get("/reminders/?tab=disputes"))
    alice.post(f"/disputes/{dispute.id}/settle/", {"outcome": "upheld", "note": "Shown"})

    assert queries.get_dispute(dispute.id, by=world.alice).outcome == "upheld"


def test_a_debt_is_handed_over_with_its_papers(world: World, browsing: Browse):
    invoice, _letter = reminded(world)
    alice = browsing("alice")

    answer = alice.post(f"/invoices/{invoice.id}/hand-over/", follow=True)

    assert answer["Content-Type"] == "application/zip"
    assert "Handed over to collection" in text(alice.get(f"/invoices/{invoice.id}/"))


def test_a_ladder_is_begun_changed_and_deleted(world: World, browsing: Browse):
    alice = browsing("alice")
    assert "Reminders are not set up" in text(alice.get("/reminders/"))
    alice.post("/settings/reminders/start/")
    [made] = queries.list_ladders(by=world.alice)
    where = f"/settings/reminders/{made.id}/"
    form = {
        "name": "Ours", "interest": "contract", "contract_percent": "9.5", "is_default": "on",
        "days-0": "7", "tone-0": "reminder", "channel-0": "mail", "pay_within-0": "7", "fee-0": "",
        "days-1": "21", "tone-1": "final", "channel-1": "both", "pay_within-1": "5",
        "fee-1": "2.50", "with_interest-1": "1",
    }  # fmt: skip

    assert alice.get(where).status_code == 200
    assert alice.post(where, {**form, "name": ""}).status_code == 422
    assert alice.post(where, {**form, "days-1": "7"}).status_code == 422
    assert alice.post(where, form).status_code == 302

    [saved] = queries.list_ladders(by=world.alice)
    assert (saved.name, [one.days for one in saved.steps]) == ("Ours", [7, 21])
    assert saved.steps[1].fee_amount == 250 and saved.steps[1].with_interest
    assert "Ours" in text(alice.get("/settings/reminders/"))
    alice.post(f"{where}delete/")
    assert queries.list_ladders(by=world.alice) == []


def test_a_reference_rate_is_entered_and_taken_away(world: World, browsing: Browse):
    alice = browsing("alice")
    form = {"reference": "ecb", "valid_from": "2026-07-01", "percent": "2.15", "source": "ECB"}

    assert alice.post("/settings/reminders/rates/", {**form, "source": ""}).status_code == 422
    alice.post("/settings/reminders/rates/", form)
    typed = next(one for one in queries.known_rates(by=world.alice) if one.id)
    assert "1 Jul 2026" in text(alice.get("/settings/reminders/"))
    alice.post(f"/settings/reminders/rates/{typed.id}/remove/")

    assert not any(one.id for one in queries.known_rates(by=world.alice))


def test_who_may_not_remind_sees_no_page(world: World, browsing: Browse):
    invoice, letter = reminded(world)
    bob = browsing("bob")

    for where in ("/reminders/", f"/reminders/{letter.id}/", "/settings/reminders/"):
        assert bob.get(where).status_code == 403, where
    assert bob.post("/reminders/send/", {"letter": str(invoice.id)}).status_code == 403
    assert Client().get("/reminders/").status_code == 302


@pytest.mark.parametrize(
    "kind", ["reminder", "pdf", "posted", "hold", "dispute", "handover", "ladder", "rate"]
)
def test_another_organizations_things_are_not_there(world: World, browsing: Browse, kind: str):
    """What belongs to Alice's organization answers Mallory as what never was."""
    places = foreign(world)
    mallory = browsing("mallory")
    method, path, thing = places[kind]

    answers = [
        getattr(mallory, method)(path.format(one), {"outcome": "upheld"})
        for one in (thing, uuid4())
    ]

    assert [one.status_code for one in answers] == [404, 404]


def foreign(world: World):
    """kind → (method, address, id) of a thing of Alice's."""
    by, now = world.alice, timezone.now()
    invoice, letter = reminded(world)
    about = {"invoice": str(invoice.id)}
    hold = operations.pause_reminders(by=by, data=about, at=now, today=today())
    dispute = operations.open_dispute(by=by, data=about, at=now, today=today())
    handed = operations.hand_over([invoice.id], by=by, on=today(), at=now)
    rate = operations.set_rate(
        by=by, at=noon(today()),
        data={"reference": "ecb", "valid_from": "2027-01-01", "percent": "2", "source": "x"},
    )  # fmt: skip
    [one] = queries.list_ladders(by=by)
    return {
        "reminder": ("get", "/reminders/{}/", letter.id),
        "pdf": ("get", "/reminders/{}/pdf/", letter.id),
        "posted": ("post", "/reminders/{}/posted/", letter.id),
        "hold": ("post", "/reminders/holds/{}/end/", hold.id),
        "dispute": ("post", "/disputes/{}/settle/", dispute.id),
        "handover": ("get", "/handovers/{}/file/", handed.id),
        "ladder": ("get", "/settings/reminders/{}/", one.id),
        "rate": ("post", "/settings/reminders/rates/{}/remove/", rate.id),
    }
