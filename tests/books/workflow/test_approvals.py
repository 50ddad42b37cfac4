"""Approval before issue: asked for, given by somebody else, and held by the database."""

from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from guilder.books.invoicing import operations, queries
from guilder.books.workflow import operations as workflow
from guilder.books.workflow import queries as asked
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.kernel.money import Money
from tests import make
from tests.make import NOW, TODAY, World


@pytest.fixture
def ruled(world: World) -> World:
    """Above 100.00 EUR somebody must approve; a draft of one hour comes to 119.00."""
    workflow.set_rule(by=world.alice, is_active=True, amount=Money.of("100", "EUR"), roles=())
    return world


def colleague(world: World, role: str) -> Actor:
    """Another member with a role."""
    n = next(make._counter)
    user = identity.create_user(email=f"{role}-{n}-{world.organization.hex[:8]}@guilder.example",
                                password=make.PASSWORD, name=role.title())  # fmt: skip
    identity.add_member(by=world.alice, user_id=user.id, role=role)
    return identities.actor_for(user.id, world.organization, source="web")


def submitted(world: World) -> Any:
    """A draft of alice's that waits for an approval."""
    draft = make.draft(world.alice)
    return operations.submit_invoice(draft.id, by=world.alice, at=NOW, note="Agreed by phone")


def issue(invoice: Any, by: Actor) -> Any:
    return operations.issue_invoice(invoice.id, by=by, at=NOW, on=TODAY)


def test_without_a_rule_everything_is_issued(world: World) -> None:
    draft = make.draft(world.alice)

    assert issue(draft, world.alice).status == "issued"
    with pytest.raises(operations.NoApprovalNeeded):
        operations.submit_invoice(make.draft(world.alice).id, by=world.alice, at=NOW)


def test_above_the_amount_nothing_is_issued_without_an_approval(ruled: World) -> None:
    draft = make.draft(ruled.alice)
    small = make.draft(ruled.alice, lines=[make.line(unit_price="84.03")])  # 84.03 + 19 % = 100.00

    with pytest.raises(operations.ApprovalDue):
        issue(draft, ruled.alice)
    assert issue(small, ruled.alice).status == "issued"
    with pytest.raises(operations.ApprovalDue):
        operations.create_and_issue(
            by=ruled.alice, at=NOW, on=TODAY,
            data={"client": str(draft.partner_id), "currency": "EUR", "lines": [make.line()]},
        )  # fmt: skip


def test_submitted_approved_and_issued(ruled: World) -> None:
    manager = colleague(ruled, "manager")

    waiting = submitted(ruled)
    word = waiting.word(on=TODAY)
    approved = operations.approve_invoice(waiting.id, by=manager, at=NOW, comment="Fine")
    done = issue(waiting, ruled.alice)

    assert word == "pending_approval"
    assert approved.word(on=TODAY) == "draft"
    assert done.status == "issued"
    [told] = asked.approvals_of(waiting.id, by=ruled.alice)
    assert (told.state, told.decided_by_id, told.comment) == ("approved", manager.user_id, "Fine")
    assert (told.amount, told.currency) == (11_900, "EUR")


def test_lists_say_and_find_what_waits(ruled: World) -> None:
    waiting, draft = submitted(ruled), make.draft(ruled.alice)

    def found(word: str) -> set[Any]:
        narrowed = queries.InvoiceFilter(today=TODAY, words=(word,))
        return {row.id for row in queries.list_invoices(narrowed, by=ruled.alice)}

    assert found("pending_approval") == {waiting.id}
    assert found("draft") == {draft.id}
    assert queries.words_of([waiting.id, draft.id], by=ruled.alice, today=TODAY) == {
        waiting.id: "pending_approval",
        draft.id: "draft",
    }


def test_nobody_approves_their_own(ruled: World) -> None:
    manager = colleague(ruled, "manager")
    mine = make.draft(manager)
    operations.submit_invoice(mine.id, by=ruled.alice, at=NOW)

    for person in (manager, ruled.alice):  # who made it, who submitted it
        with pytest.raises(workflow.NotYourOwn):
            operations.approve_invoice(mine.id, by=person, at=NOW)
    with pytest.raises(workflow.NotYourOwn):
        operations.approve_invoice(
            mine.id, by=identity.system_actor(ruled.organization, "job"), at=NOW
        )
    with transaction(ruled.organization), pytest.raises(IntegrityError), connection.cursor() as c:
        c.execute(
            "UPDATE workflow_approval SET state = 'approved', decided_by_id = requested_by_id,"
            " decided_at = now() WHERE subject_id = %s", [mine.id],
        )  # fmt: skip


def test_a_change_voids_the_approval(ruled: World) -> None:
    manager = colleague(ruled, "manager")
    waiting = submitted(ruled)
    operations.approve_invoice(waiting.id, by=manager, at=NOW)

    changed = operations.update_draft(
        waiting.id, by=ruled.alice, at=NOW, data={"lines": [make.line(unit_price="9000.00")]}
    )

    with pytest.raises(operations.ApprovalDue):
        issue(changed, ruled.alice)
    again = operations.submit_invoice(waiting.id, by=ruled.alice, at=NOW)
    operations.approve_invoice(again.id, by=manager, at=NOW, version=again.version)
    assert issue(again, ruled.alice).status == "issued"


def test_a_changed_draft_is_not_approved_by_an_old_question(ruled: World) -> None:
    manager = colleague(ruled, "manager")
    waiting = submitted(ruled)
    changed = operations.update_draft(
        waiting.id, by=ruled.alice, at=NOW, data={"lines": [make.line(unit_price="9000.00")]}
    )

    with pytest.raises(workflow.ChangedSince):
        operations.approve_invoice(waiting.id, by=manager, at=NOW)
    assert changed.word(on=TODAY) == "draft"


def test_sent_back_with_a_reason(ruled: World) -> None:
    manager = colleague(ruled, "manager")
    waiting = submitted(ruled)

    with pytest.raises(workflow.ReasonMissing):
        operations.reject_invoice(waiting.id, by=manager, at=NOW, comment=" ")
    operations.reject_invoice(waiting.id, by=manager, at=NOW, comment="The discount is missing")

    with pytest.raises(operations.ApprovalDue):
        issue(waiting, ruled.alice)
    with pytest.raises(NotFound):
        operations.approve_invoice(waiting.id, by=manager, at=NOW)


def test_asked_twice_and_taken_back(ruled: World) -> None:
    waiting = submitted(ruled)

    with pytest.raises(workflow.AlreadyAsked):
        operations.submit_invoice(waiting.id, by=ruled.alice, at=NOW)
    operations.recall_invoice(waiting.id, by=ruled.alice, at=NOW)
    assert operations.recall_invoice(waiting.id, by=ruled.alice, at=NOW).word(on=TODAY) == "draft"


def test_roles_and_limits_of_who_approves(ruled: World) -> None:
    manager, accountant = colleague(ruled, "manager"), colleague(ruled, "accountant")
    waiting = submitted(ruled)
    workflow.set_rule(
        by=ruled.alice, is_active=True, amount=Money.of("100", "EUR"), roles=("accountant",)
    )
    workflow.set_limit(by=ruled.alice, role="accountant", amount=Money.of("118.99", "EUR"))

    with pytest.raises(workflow.NotAnApprover):
        operations.approve_invoice(waiting.id, by=manager, at=NOW)
    with pytest.raises(workflow.BeyondLimit):
        operations.approve_invoice(waiting.id, by=accountant, at=NOW)
    workflow.set_limit(by=ruled.alice, user_id=accountant.user_id, amount=Money.of("119", "EUR"))
    operations.approve_invoice(waiting.id, by=accountant, at=NOW)  # a person's own comes first


def test_who_may_not(ruled: World) -> None:
    waiting = submitted(ruled)

    with pytest.raises(NotAllowed):
        operations.approve_invoice(waiting.id, by=ruled.bob, at=NOW)
    with pytest.raises(NotFound):
        operations.approve_invoice(waiting.id, by=ruled.mallory, at=NOW)
    with pytest.raises(NotFound):
        operations.submit_invoice(waiting.id, by=ruled.mallory, at=NOW)
    with pytest.raises(NotAllowed):
        workflow.set_rule(by=ruled.bob, is_active=False, amount=None, roles=())


def test_the_database_refuses_what_goes_around(ruled: World) -> None:
    draft = make.draft(ruled.alice)
    statement = (
        "UPDATE invoicing_invoice SET status = 'issued', number = 'X-1', issued_on = now(),"
        " base_rate = 1, base_payable_amount = payable_amount, content = NULL,"
        " open_amount = payable_amount, sequence = 1, series_id ="
        " (SELECT id FROM numbering_series WHERE kind = 'invoice' LIMIT 1) WHERE id = %s"
    )

    with transaction(ruled.organization), pytest.raises(IntegrityError) as refused:
        connection.cursor().execute(statement, [draft.id])

    assert "wants an approval" in str(refused.value)
    assert queries.get_invoice(draft.id, by=ruled.alice).status == "draft"


def test_many_at_once_want_it_too(ruled: World) -> None:
    data = {"client": str(make.client(ruled.alice).id), "currency": "EUR", "lines": [make.line()]}
    small = {**data, "lines": [make.line(unit_price="1.00")]}

    with pytest.raises(operations.InvalidDraft) as refused:
        operations.create_and_issue_many([small, data], by=ruled.alice, at=NOW, on=TODAY)
    [done] = operations.create_and_issue_many([small], by=ruled.alice, at=NOW, on=TODAY)

    assert [one.code for one in refused.value.problems] == ["invoice.approval_due"]
    assert done.number


def test_a_foreign_amount_is_weighed_in_the_base_currency(ruled: World) -> None:
    from guilder.registers.currencies import operations as currencies

    rate = {"base": "USD", "quote": "EUR", "on": TODAY.isoformat(), "rate": "0.5"}
    currencies.add_rate(by=ruled.alice, data=rate)
    draft = make.draft(ruled.alice, currency="USD")  # 119 USD = 59.50 EUR

    assert issue(draft, ruled.alice).status == "issued"
