"""What clients reach and say from outside: links, looks, questions, answers to quotes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.operations.marks import NotIssued
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.events.models import Event
from guilder.foundation.identity import queries as identity
from guilder.foundation.identity.operations import use_access_token
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, NotFound
from tests import make


def secret_of(path):
    return path.strip("/").split("/")[1]


def events_of(by, kind):
    with transaction(by.organization_id):
        return list(Event.objects.filter(organization_id=by.organization_id, type=kind))


def audited(by, row_id):
    with transaction(by.organization_id):
        rows = AuditEntry.objects.filter(organization_id=by.organization_id, row_id=row_id)
        return [row.action for row in rows.order_by("id")]


def test_the_link_of_an_invoice_is_the_same_each_time_and_only_its_hash_is_stored(world):
    invoice = make.issued_invoice(world.alice)

    first = operations.pay_link(invoice.id, by=world.alice)
    second = operations.pay_link(invoice.id, by=world.alice)

    assert first == second
    secret = secret_of(first)
    assert len(secret) == 43  # 256 bits in base64
    token = use_access_token("pay", secret, at=make.NOW)
    assert token.target_id == invoice.id
    assert secret.encode() not in bytes(token.token_hash)


def test_two_documents_have_different_links(world):
    one, other = make.issued_invoice(world.alice), make.issued_invoice(world.alice)

    assert operations.pay_link(one.id, by=world.alice) != operations.pay_link(
        other.id, by=world.alice
    )


def test_a_draft_has_no_link(world):
    draft = make.draft(world.alice)

    with pytest.raises(NotIssued):
        operations.pay_link(draft.id, by=world.alice)


def test_a_foreign_invoice_has_no_link(world):
    invoice = make.issued_invoice(world.alice)

    with pytest.raises(queries.NoSuchInvoice):
        operations.pay_link(invoice.id, by=world.mallory)


def test_a_revoked_link_opens_nothing_and_the_next_one_is_another(world):
    invoice = make.issued_invoice(world.alice)
    before = operations.pay_link(invoice.id, by=world.alice)

    assert operations.revoke_links(invoice.id, by=world.alice) == 1

    with pytest.raises(identity.NoSuchToken):
        use_access_token("pay", secret_of(before), at=make.NOW)
    assert operations.pay_link(invoice.id, by=world.alice) != before


def test_a_new_secret_key_makes_a_new_link_and_leaves_the_old_one_alive(world, monkeypatch):
    from django.conf import settings

    invoice = make.issued_invoice(world.alice)
    before = operations.pay_link(invoice.id, by=world.alice)

    monkeypatch.setattr(settings, "SECRET_KEY", "another key that is as long as keys should be")
    after = operations.pay_link(invoice.id, by=world.alice)

    assert after != before
    assert use_access_token("pay", secret_of(before), at=make.NOW).target_id == invoice.id


def test_a_link_of_one_kind_is_none_of_another(world):
    invoice = make.issued_invoice(world.alice)
    secret = secret_of(operations.pay_link(invoice.id, by=world.alice))

    with pytest.raises(identity.NoSuchToken):
        use_access_token("quote", secret, at=make.NOW)


def test_a_link_ends_after_two_years(world):
    from datetime import UTC, datetime

    invoice = make.issued_invoice(world.alice)
    secret = secret_of(operations.pay_link(invoice.id, by=world.alice))

    now = datetime.now(UTC)
    use_access_token("pay", secret, at=now + timedelta(days=729))
    with pytest.raises(identity.NoSuchToken):
        use_access_token("pay", secret, at=now + timedelta(days=731))


def client_of(world, *permissions):
    return replace(
        world.alice, user_id=None, role="client", name="Client", permissions=frozenset(permissions)
    )


def test_the_first_look_makes_an_invoice_viewed_and_later_ones_are_kept(world):
    invoice = make.issued_invoice(world.alice)
    by = client_of(world, "invoice.view")

    operations.note_view(invoice.id, by=by, at=make.NOW)
    operations.note_view(invoice.id, by=by, at=make.NOW + timedelta(days=1))

    assert queries.get_invoice(invoice.id, by=world.alice).viewed_at == make.NOW
    assert audited(world.alice, invoice.id).count("invoice.viewed") == 2
    assert len(events_of(world.alice, "invoice.marked")) == 1


def test_a_question_is_audited_and_told_with_its_words(world):
    invoice = make.issued_invoice(world.alice)
    data = {"text": "Why two visits?", "name": "Lena", "email": "lena@client.example"}

    operations.ask_question(invoice.id, by=client_of(world, "invoice.view"), data=data)

    [told] = events_of(world.alice, "invoice.questioned")
    assert told.payload["text"] == "Why two visits?"
    assert told.payload["email"] == "lena@client.example"
    assert "invoice.question" in audited(world.alice, invoice.id)


@pytest.mark.parametrize(
    ("data", "pointers"),
    [
        ({}, ["/text", "/email"]),
        ({"text": "x" * 2001, "email": "a@b.example"}, ["/text"]),
        ({"text": "Hello", "email": "nonsense"}, ["/email"]),
    ],
)
def test_a_question_without_words_or_address_is_refused(world, data, pointers):
    invoice = make.issued_invoice(world.alice)

    with pytest.raises(operations.QuestionIncomplete) as caught:
        operations.ask_question(invoice.id, by=client_of(world, "invoice.view"), data=data)

    assert [problem.pointer for problem in caught.value.problems] == pointers
    assert events_of(world.alice, "invoice.questioned") == []


def sent_quote(world, **more):
    data = {
        "client": str(make.client(world.alice).id),
        "currency": "EUR",
        "lines": [
            {"description": "Work", "quantity": "1", "unit_price": "100.00", "tax": "standard"}
        ],
        "valid_until": (make.TODAY + timedelta(days=30)).isoformat(),
        **more,
    }
    quote = operations.create_quote(by=world.alice, data=data, at=make.NOW)
    return operations.send_quote(quote.id, by=world.alice, at=make.NOW, on=make.TODAY)


ANSWERS = ("quote.view", "quote.edit")


def test_a_client_accepts_a_quote_with_their_name(world):
    quote = sent_quote(world)

    operations.accept_as_client(
        quote.id, by=client_of(world, *ANSWERS), at=make.NOW, on=make.TODAY, name="Mia Rosenthal"
    )

    found = queries.get_quote(quote.id, by=world.alice)
    assert (found.state, found.accepted_by) == ("accepted", "Mia Rosenthal")
    [told] = events_of(world.alice, "quote.answered")
    assert told.payload["answer"] == "accepted"


def test_a_client_declines_with_a_reason(world):
    quote = sent_quote(world)

    operations.decline_as_client(
        quote.id, by=client_of(world, *ANSWERS), at=make.NOW, on=make.TODAY, reason="Next year"
    )

    found = queries.get_quote(quote.id, by=world.alice)
    assert (found.state, found.declined_reason) == ("declined", "Next year")


def test_accepting_needs_a_name(world):
    quote = sent_quote(world)

    with pytest.raises(operations.AnswerIncomplete):
        operations.accept_as_client(
            quote.id, by=client_of(world, *ANSWERS), at=make.NOW, on=make.TODAY, name=" "
        )


def test_an_expired_quote_cannot_be_accepted(world):
    quote = sent_quote(world)

    with pytest.raises(operations.QuoteExpired):
        operations.accept_as_client(
            quote.id,
            by=client_of(world, *ANSWERS),
            at=make.NOW,
            on=make.TODAY + timedelta(days=31),
            name="Mia",
        )


def test_a_quote_is_answered_once(world):
    quote = sent_quote(world)
    given = {"by": client_of(world, *ANSWERS), "at": make.NOW, "on": make.TODAY}
    operations.accept_as_client(quote.id, **given, name="Mia")

    with pytest.raises(Conflict):
        operations.decline_as_client(quote.id, **given, reason="")


def test_a_quote_that_did_not_go_out_has_no_link(world):
    quote = sent_quote(world)
    assert operations.quote_link(quote.id, by=world.alice).startswith("/quote/")

    draft = operations.create_quote(
        by=world.alice,
        data={"client": str(make.client(world.alice).id), "currency": "EUR", "lines": []},
        at=make.NOW,
    )
    with pytest.raises(operations.NotOut):
        operations.quote_link(draft.id, by=world.alice)
    with pytest.raises(NotFound):
        operations.quote_link(quote.id, by=world.mallory)
