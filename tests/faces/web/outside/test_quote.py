"""The page of a quote: seen, accepted by name, declined, asked about."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from guilder.books.invoicing import operations, queries
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.tenancy.transaction import transaction
from tests import make
from tests.faces.web.outside.test_pay import QUESTION, text_of


def sent_quote(world, *, days=30):
    now = datetime.now(UTC)
    data = {
        "client": str(make.client(world.alice).id),
        "currency": "EUR",
        "lines": [make.line()],
        "valid_until": (now.date() + timedelta(days=days)).isoformat(),
    }
    quote = operations.create_quote(by=world.alice, data=data, at=now)
    return operations.send_quote(quote.id, by=world.alice, at=now)


@pytest.fixture
def quote(world):
    return sent_quote(world)


@pytest.fixture
def base(world, visitor, quote):
    """The page's address, with the cookie taken."""
    return visitor.get(operations.quote_link(quote.id, by=world.alice))["Location"]


def test_the_quote_is_seen_with_both_answers(world, visitor, base, quote):
    said = text_of(visitor.get(base))

    assert quote.number in said
    assert "Accept for €119.00" in said and "Decline this quote" in said
    assert "30 more days" in said or "29 more days" in said


def test_accepting_keeps_name_time_and_address(world, visitor, base, quote):
    answer = visitor.post(base + "accept/", {"name": "Mia Rosenthal"}, follow=True)

    assert "Accepted by Mia Rosenthal on" in text_of(answer)
    found = queries.get_quote(quote.id, by=world.alice)
    assert (found.state, found.accepted_by) == ("accepted", "Mia Rosenthal")
    with transaction(world.organization):
        entry = AuditEntry.objects.get(
            organization_id=world.organization, row_id=quote.id, action="quote.accept"
        )
    assert entry.address == visitor.defaults["REMOTE_ADDR"]


def test_accepting_without_a_name_comes_back(world, visitor, base, quote):
    answer = visitor.post(base + "accept/", {"name": ""})

    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()
    assert queries.get_quote(quote.id, by=world.alice).state == "sent"


def test_declining_gives_a_reason(world, visitor, base, quote):
    answer = visitor.post(base + "decline/", {"reason": "Next year"}, follow=True)

    assert "Declined on" in text_of(answer)
    assert queries.get_quote(quote.id, by=world.alice).declined_reason == "Next year"


def test_an_answer_is_given_once(visitor, base):
    visitor.post(base + "accept/", {"name": "Mia"})

    answer = visitor.post(base + "decline/", {"reason": ""})

    assert answer.status_code == 422
    assert "Accept for" not in text_of(visitor.get(base))


def test_an_expired_quote_takes_no_answer(world, visitor):
    quote = sent_quote(world, days=-1)
    base = visitor.get(operations.quote_link(quote.id, by=world.alice))["Location"]

    assert "Ask for a new one." in text_of(visitor.get(base))
    assert visitor.post(base + "accept/", {"name": "Mia"}).status_code == 422


def test_a_question_about_a_quote_is_told(visitor, base):
    assert "Your question went to" in text_of(
        visitor.post(base + "question/", QUESTION, follow=True)
    )


def test_without_the_cookie_nothing_can_be_answered(world, base, quote):
    assert Client().post(base + "accept/", {"name": "Mallory"}).status_code == 404
    assert queries.get_quote(quote.id, by=world.alice).state == "sent"


def test_a_preview_of_a_quote_takes_no_answer(world, browsing, visitor, quote):
    preview = browsing("alice").get(f"/quotes/{quote.id}/as-client/")["Location"]

    assert "Preview." in text_of(visitor.get(preview))
    assert visitor.post(preview + "accept/", {"name": "Mia"}).status_code in {404, 405}
    assert queries.get_quote(quote.id, by=world.alice).state == "sent"


def test_pdf_and_picture_lie_under_the_link(visitor, base):
    assert visitor.get(base + "document.pdf").content.startswith(b"%PDF")
    assert visitor.get(base + "page/1/").content.startswith(b"\x89PNG")
