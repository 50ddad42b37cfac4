"""Reminding: what is due, sent once, skipped, rested; what the letters ask for."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from hypothesis import given, settings
from hypothesis import strategies as st

from guilder.books.invoicing import queries as invoicing
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Invalid, NotAllowed
from guilder.kernel.money import Money
from guilder.office.dispatch.models import Mail
from guilder.office.dunning import calc, operations, queries
from guilder.office.dunning.calc import Step
from guilder.office.dunning.models import Reminded, ReminderTerms
from tests import make
from tests.make import World
from tests.office.dunning.reminding import due_invoice, ladder, noon

DUE = date(2025, 6, 1)
FIRST, SECOND, THIRD = (DUE + timedelta(days=one) for one in (5, 19, 33))


def send(world: World, on: date) -> list[tuple[int, str, str]]:
    """What goes out on a day: (level, channel, amount), in order."""
    before = {one.id for one in queries.list_reminders(by=world.alice, limit=200)}
    operations.remind_due(by=world.alice, on=on, at=noon(on))
    made = queries.list_reminders(by=world.alice, limit=200, oldest_first=True)
    return [(one.level, one.channel, str(one.total)) for one in made if one.id not in before]


def test_an_open_invoice_is_reminded_of_step_by_step(world: World):
    ladder(world.alice)
    due_invoice(world.alice, DUE)

    assert send(world, FIRST - timedelta(days=1)) == []
    assert send(world, FIRST) == [(1, "mail", "119.00")]
    assert send(world, FIRST) == []
    # 119 × 19 × 11.27 / 36500 = 0.70; and the fee of 5
    assert send(world, SECOND) == [(2, "mail", "124.70")]


def test_the_letter_goes_out_as_mail_with_the_pdf(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)

    operations.remind_due(by=world.alice, on=SECOND, at=noon(SECOND))

    record = queries.list_reminders(by=world.alice, invoice_id=invoice.id)[0]
    printed = operations.letter_file(record.id, by=world.alice)
    assert printed.pdf.startswith(b"%PDF")
    with transaction(world.organization):
        mail = Mail.objects.of(world.organization).get(id=record.mail_id)
    assert mail.kind == "reminder_demand"
    assert invoice.number in mail.subject and "5.00" in mail.text and "0.70" in mail.text


def test_several_invoices_of_a_client_go_into_one_letter(world: World):
    ladder(world.alice)
    client = make.client(world.alice)
    for _ in range(3):
        due_invoice(world.alice, DUE, client_id=client.id)

    assert send(world, FIRST) == [(1, "mail", "357.00")]


def test_a_ladder_that_is_not_collective_writes_one_letter_each(world: World):
    ladder(world.alice, is_collective=False)
    client = make.client(world.alice)
    for _ in range(2):
        due_invoice(world.alice, DUE, client_id=client.id)

    assert send(world, FIRST) == [(1, "mail", "119.00")] * 2


def test_who_has_no_mail_address_gets_a_letter_that_somebody_posts(world: World):
    ladder(world.alice)
    client = make.client(world.alice, email="")
    due_invoice(world.alice, DUE, client_id=client.id)

    assert send(world, FIRST) == [(1, "letter", "119.00")]
    record = queries.list_reminders(by=world.alice, state="to_post")[0]
    operations.mark_posted([record.id], by=world.alice, on=FIRST, at=noon(FIRST))

    assert queries.get_reminder(record.id, by=world.alice).status == "posted"
    with pytest.raises(operations.AlreadyPosted):
        operations.mark_posted([record.id], by=world.alice, on=FIRST, at=noon(FIRST))


def test_what_needs_approval_waits_for_a_person(world: World):
    ladder(world.alice, steps=[{"days": 5, "tone": "reminder", "needs_approval": True}])
    invoice = due_invoice(world.alice, DUE)

    assert send(world, FIRST) == []
    assert queries.due_count(by=world.alice, on=FIRST, cap=10) == 1
    made = operations.remind([invoice.id], by=world.alice, on=FIRST, at=noon(FIRST))

    assert [one.level for one in made] == [1]
    with pytest.raises(operations.NothingDue):
        operations.remind([invoice.id], by=world.alice, on=FIRST, at=noon(FIRST))


def test_what_fell_due_before_the_ladder_waits_too(world: World):
    ladder(world.alice, automatic_from="2025-06-02")
    due_invoice(world.alice, DUE)

    assert send(world, THIRD) == []
    assert queries.due_count(by=world.alice, on=THIRD, cap=10) == 1


def test_paid_invoices_are_not_reminded_of(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)
    make.payment(world.alice, invoice, "119.00", on=DUE)

    assert send(world, THIRD) == []


def test_a_payment_while_the_letter_is_printed_stops_it(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)
    prepared = operations.prepare_letters([invoice.id], by=world.alice, on=FIRST, at=noon(FIRST))
    make.payment(world.alice, invoice, "19.00", on=FIRST)

    with pytest.raises(operations.Moved):
        operations.send_prepared(prepared, by=world.alice, on=FIRST, at=noon(FIRST))
    assert queries.list_reminders(by=world.alice) == []


def test_a_step_can_be_passed_over(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)

    operations.skip_step(
        [invoice.id], by=world.alice, on=FIRST, at=noon(FIRST), reason="Called them"
    )

    assert send(world, FIRST) == []
    assert queries.list_reminders(by=world.alice)[0].status == "skipped"
    assert send(world, SECOND) == [(2, "mail", "124.70")]


def test_a_client_can_be_left_alone_or_have_another_ladder(world: World):
    ladder(world.alice)
    gentle = ladder(
        world.alice, name="Gentle", is_default=False, steps=[{"days": 40, "tone": "reminder"}]
    )
    client = make.client(world.alice)
    due_invoice(world.alice, DUE, client_id=client.id)

    operations.set_terms(client.id, by=world.alice, data={"is_never": True})
    assert send(world, FIRST) == []
    operations.set_terms(client.id, by=world.alice, data={"ladder": str(gentle.id)})
    assert send(world, SECOND) == []
    assert send(world, DUE + timedelta(days=40)) == [(1, "mail", "119.00")]


def test_reminders_rest_for_a_pause_until_it_ends(world: World):
    ladder(world.alice)
    client = make.client(world.alice)
    due_invoice(world.alice, DUE, client_id=client.id)
    hold = operations.pause_reminders(
        by=world.alice, data={"client": str(client.id)}, at=noon(DUE), today=DUE
    )

    assert send(world, FIRST) == []
    operations.end_hold(hold.id, by=world.alice, at=noon(FIRST))
    assert send(world, FIRST) == [(1, "mail", "119.00")]
    with pytest.raises(operations.AlreadyEnded):
        operations.end_hold(hold.id, by=world.alice, at=noon(FIRST))


def test_a_promise_rests_until_its_day_and_is_broken_then(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)
    until = FIRST + timedelta(days=3)
    data = {"invoice": str(invoice.id), "until_on": until.isoformat(), "amount": "50.00"}
    hold = operations.promise_payment(by=world.alice, data=data, at=noon(FIRST), today=FIRST)

    assert hold.amount == 50_00
    assert send(world, until) == [] and hold.status(on=until) == "rests"
    after = until + timedelta(days=1)
    assert send(world, after) == [(1, "mail", "119.00")] and hold.status(on=after) == "broken"
    make.payment(world.alice, invoice, "119.00", on=after)
    assert queries.get_hold(hold.id, by=world.alice).status(on=after) == "kept"


def test_more_than_is_open_cannot_be_promised(world: World):
    invoice = due_invoice(world.alice, DUE)
    data = {"invoice": str(invoice.id), "until_on": "2025-07-01", "amount": "119.01"}

    with pytest.raises(Invalid) as caught:
        operations.promise_payment(by=world.alice, data=data, at=noon(DUE), today=DUE)
    assert caught.value.problems[0].pointer == "/amount"


def test_reminders_stop_at_a_dispute_and_go_on_when_it_is_settled(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)
    data = {"invoice": str(invoice.id), "category": "quality", "reason": "Broken on arrival"}
    dispute = operations.open_dispute(by=world.alice, data=data, at=noon(DUE), today=DUE)

    assert send(world, FIRST) == []
    with pytest.raises(operations.AlreadyDisputed):
        operations.open_dispute(by=world.alice, data=data, at=noon(DUE), today=DUE)
    settled = operations.settle_dispute(
        dispute.id, by=world.alice, data={"outcome": "upheld"}, at=noon(FIRST), today=FIRST
    )
    assert (settled.status, settled.outcome) == ("settled", "upheld")
    assert send(world, FIRST) == [(1, "mail", "119.00")]
    with pytest.raises(operations.AlreadySettled):
        operations.settle_dispute(
            dispute.id, by=world.alice, data={"outcome": "upheld"}, at=noon(FIRST), today=FIRST
        )


def test_the_database_refuses_a_letter_about_what_rests(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)
    prepared = operations.prepare_letters([invoice.id], by=world.alice, on=FIRST, at=noon(FIRST))
    made = operations.send_prepared(prepared, by=world.alice, on=FIRST, at=noon(FIRST))
    data = {"invoice": str(invoice.id), "category": "price"}
    operations.open_dispute(by=world.alice, data=data, at=noon(FIRST), today=FIRST)

    with pytest.raises(DatabaseError, match="not reminded of now"), transaction(world.organization):
        Reminded.objects.create(
            organization_id=world.organization, reminder_id=made[0].id, invoice_id=invoice.id,
            level=9, due_on=DUE, open_amount=1,
        )  # fmt: skip


def test_the_database_keeps_one_letter_for_each_step(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)
    made = operations.remind([invoice.id], by=world.alice, on=FIRST, at=noon(FIRST))

    with pytest.raises(DatabaseError, match="reminded_once"), transaction(world.organization):
        Reminded.objects.create(
            organization_id=world.organization, reminder_id=made[0].id, invoice_id=invoice.id,
            level=1, due_on=DUE, open_amount=1,
        )  # fmt: skip


def test_without_a_known_rate_no_interest_is_asked(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, date(2026, 6, 20))
    on = date(2026, 7, 10)

    letter = operations.compose_letters(by=world.alice, on=on)[0]
    assert letter.no_rate_from == date(2026, 7, 1) and not letter.interest

    operations.set_rate(
        by=world.alice, at=noon(on),
        data={"reference": "de_base", "valid_from": "2026-07-01", "percent": "1.27",
              "source": "Bundesbank"},
    )  # fmt: skip
    letter = operations.compose_letters(by=world.alice, on=on, invoice_ids=[invoice.id])[0]
    assert letter.interest == Money.of("0.67", "EUR")  # 119 × 20 × 10.27 / 36500 = 0.6697


def test_interest_by_contract_takes_its_own_rate(world: World):
    ladder(world.alice, interest="contract", contract_percent="12")
    due_invoice(world.alice, DUE)

    letter = operations.compose_letters(by=world.alice, on=SECOND)[0]

    assert letter.interest == Money.of("0.74", "EUR")  # 119 × 19 × 12 / 36500 = 0.7433
    assert letter.law == ""


def test_debts_are_handed_over_once_with_every_paper(world: World):
    import io
    import zipfile

    ladder(world.alice)
    client = make.client(world.alice, name="=Formula GmbH")
    invoices = [due_invoice(world.alice, DUE, client_id=client.id) for _ in range(2)]
    ids = [one.id for one in invoices]
    operations.remind_due(by=world.alice, on=THIRD, at=noon(THIRD))

    record = operations.hand_over(ids, by=world.alice, on=THIRD, at=noon(THIRD))

    data, name = operations.handover_file(record.id, by=world.alice)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        listing = archive.read("list.csv").decode("utf-8-sig")
    assert name.endswith(".zip") and len(names) == 4  # the list, two invoices, one letter
    assert all(one.number in listing for one in invoices) and "'=Formula" in listing
    assert record.open_amount == 238_00
    with pytest.raises(operations.NothingToHandOver):
        operations.hand_over(ids[:1], by=world.alice, on=THIRD, at=noon(THIRD))


def test_somebody_without_the_right_reminds_nobody(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)

    for act in (
        lambda: operations.remind([invoice.id], by=world.bob, on=FIRST, at=noon(FIRST)),
        lambda: operations.skip_step([invoice.id], by=world.bob, on=FIRST, at=noon(FIRST)),
        lambda: ladder(world.bob, name="Mine"),
        lambda: operations.hand_over([invoice.id], by=world.bob, on=FIRST, at=noon(FIRST)),
        lambda: queries.list_reminders(by=world.bob),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_another_organization_sees_and_reminds_nothing(world: World):
    ladder(world.alice)
    invoice = due_invoice(world.alice, DUE)
    made = operations.remind([invoice.id], by=world.alice, on=FIRST, at=noon(FIRST))
    ladder(world.mallory)

    assert queries.list_due(by=world.mallory, on=SECOND) == []
    with pytest.raises(queries.NoSuchReminder):
        queries.get_reminder(made[0].id, by=world.mallory)
    with pytest.raises(operations.NothingDue):
        operations.remind([invoice.id], by=world.mallory, on=SECOND, at=noon(SECOND))


def test_a_ladder_says_every_fault_of_what_was_sent(world: World):
    data: dict[str, Any] = {
        "interest": "contract",
        "steps": [
            {"days": -3, "tone": "reminder"},
            {"days": 5, "tone": "reminder", "fee": "1.005"},
            {"days": 5, "tone": "final"},
        ],
    }

    with pytest.raises(Invalid) as caught:
        operations.save_ladder(by=world.alice, data=data, at=noon(DUE))
    assert {one.pointer for one in caught.value.problems} >= {
        "/name", "/contract_percent", "/steps/0/tone", "/steps/1/fee",
    }  # fmt: skip


def test_the_usual_ladder_stays_while_there_are_others(world: World):
    usual = ladder(world.alice)
    other = ladder(world.alice, name="Other", is_default=False)
    client = make.client(world.alice)
    operations.set_terms(client.id, by=world.alice, data={"ladder": str(other.id)})

    for one in (usual, other):
        with pytest.raises(operations.InUse):
            operations.delete_ladder(one.id, by=world.alice)


@settings(max_examples=25)
@given(
    steps=st.dictionaries(st.integers(-9, 40), st.just(None), min_size=1, max_size=4),
    after=st.integers(-12, 50),
)
def test_the_statement_chooses_as_the_rule_does(db: Any, steps: dict[int, None], after: int):
    """calc.due_step against the SQL of list_due, which has the same choice to make."""
    world, invoice = scene()
    days = sorted(steps)
    rows = [{"days": one, "tone": "notice" if one < 0 else "reminder"} for one in days]
    data = {"name": "Drawn", "steps": rows}
    found = [one for one in queries.list_ladders(by=world.alice) if one.name == "Drawn"]
    row = operations.save_ladder(
        by=world.alice, data=data, at=noon(DUE), ladder_id=found[0].id if found else None
    )
    on = DUE + timedelta(days=after)
    expected = calc.due_step(
        [Step(level, one) for level, one in enumerate(days, 1)],
        due_on=DUE, reached=0, rests_until=None, on=on,
    )  # fmt: skip
    with transaction(world.organization):
        ReminderTerms.objects.of(world.organization).filter(partner_id=invoice.partner_id).delete()
    operations.set_terms(invoice.partner_id, by=world.alice, data={"ladder": str(row.id)})

    due = queries.list_due(by=world.alice, on=on, invoice_ids=[invoice.id])

    assert [one.level for one in due] == ([expected.level] if expected else [])


SCENE: list[Any] = []


def scene() -> tuple[World, Any]:
    """One world for all draws of the property."""
    if not SCENE:
        world = make.make_world()
        ladder(world.alice)
        SCENE.append((world, due_invoice(world.alice, DUE)))
    return SCENE[0]


def test_what_is_left_of_a_paid_invoice_is_given_up_by_rule(world: World):
    ladder(world.alice, forgives="0.50")
    small, large, unpaid = (due_invoice(world.alice, DUE) for _ in range(3))
    make.payment(world.alice, small, "118.60", on=DUE)
    make.payment(world.alice, large, "118.40", on=DUE)

    given_up = [
        operations.forgive_small(by=world.alice, on=FIRST, at=noon(FIRST)) for _ in range(2)
    ]

    assert given_up == [1, 0]
    left = [invoicing.get_invoice(one.id, by=world.alice) for one in (small, large, unpaid)]
    assert [one.open_amount for one in left] == [0, 60, 119_00]
    assert left[0].written_off_amount == 40
