"""The official verdict on our own papers: kept with its packs, and asked before issue."""

from datetime import UTC, datetime
from typing import Any

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import NotAllowed, NotFound
from guilder.office.dispatch import operations as dispatch
from guilder.papers.exchange import queries as exchange
from guilder.papers.exchange.models import Judgement
from tests import make
from tests.make import TODAY, World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def wanting(world: World, name: str, **changes: Any) -> Any:
    """A client that wants invoices in the format `name`."""
    return make.client(world.alice, delivery_format=name, **changes)


def asked(world: World, invoice: Any) -> Any:
    return dispatch.require_einvoice(invoice.id, by=world.alice, at=NOW, on=TODAY, today=TODAY)


def test_an_issued_invoice_is_judged_and_the_verdict_names_its_packs(world: World):
    invoice = make.issued_invoice(world.alice)

    verdict = dispatch.judge_paper(invoice.id, name="ubl", by=world.alice, at=NOW, on=TODAY)
    dispatch.judge_paper(invoice.id, name="ubl", by=world.alice, at=NOW, on=TODAY)

    assert verdict.valid is True, verdict.grave
    with transaction(world.alice.organization_id):
        (kept,) = Judgement.objects.filter(subject_id=invoice.id)
    assert kept.packs == list(verdict.packs)
    assert kept.packs[1].startswith("en16931-ubl 1.")
    last = exchange.last_verdict(invoice.id, name="ubl", by=world.alice)
    assert last is not None
    assert exchange.verdict_of(last).valid is True


def test_a_client_who_wants_a_pdf_is_not_judged(world: World):
    draft = make.draft(world.alice)

    assert asked(world, draft) is None


def test_a_good_draft_passes_and_is_issued_after_it(world: World):
    draft = make.draft(world.alice, client_id=wanting(world, "ubl").id)

    verdict = asked(world, draft)
    issued = invoicing.issue_invoice(draft.id, by=world.alice, at=NOW, on=TODAY)

    assert verdict.valid is True
    assert issued.number
    assert asked(world, issued) is None


def test_a_draft_that_the_rules_refuse_lists_each_fix(world: World):
    draft = make.draft(world.alice, client_id=wanting(world, "xrechnung-ubl").id)

    with pytest.raises(dispatch.NotAnEInvoice) as caught:
        asked(world, draft)

    codes = {one.code for one in caught.value.problems}
    assert "einvoice.BR-DE-15" in codes
    (reference,) = [one for one in caught.value.problems if one.code == "einvoice.BR-DE-15"]
    assert reference.detail == "Buyer reference is missing. Enter it in the document. (BR-DE-15)"
    with transaction(world.alice.organization_id):
        assert Judgement.objects.get(subject_id=draft.id).is_valid is False


def test_the_papers_of_another_organization_are_not_there(world: World):
    draft = make.draft(world.alice)

    with pytest.raises(NotFound):
        dispatch.judge_paper(draft.id, name="ubl", by=world.mallory, at=NOW, on=TODAY)
    with pytest.raises(NotFound):
        dispatch.require_einvoice(draft.id, by=world.mallory, at=NOW, on=TODAY, today=TODAY)


def test_who_may_not_issue_is_refused_first(world: World):
    draft = make.draft(world.alice)
    nobody = world.alice.__class__(
        **{
            **{name: getattr(world.alice, name) for name in world.alice.__dataclass_fields__},
            "permissions": frozenset(),
        }
    )

    with pytest.raises(NotAllowed):
        dispatch.require_einvoice(draft.id, by=nobody, at=NOW, on=TODAY, today=TODAY)


def test_a_format_without_official_rules_says_so(world: World):
    invoice = make.issued_invoice(world.alice)

    with pytest.raises(dispatch.NotJudged):
        dispatch.judge_paper(invoice.id, name="json", by=world.alice, at=NOW, on=TODAY)
