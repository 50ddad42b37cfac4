"""What clients ask and answer reaches the house: by mail with their address, and in the inbox."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.events import operations as telling
from guilder.foundation.identity import operations as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.desk import queries as desk
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch.models import Mail
from guilder.office.dispatch.operations.delivery import letter_of
from guilder.office.dispatch.queries import mail_settings
from tests import make


def tell():
    while telling.tell_waiting():
        pass


def notices(world):
    with transaction(world.organization):
        return list(Mail.objects.of(world.organization).filter(kind="notice").order_by("id"))


def client_of(world, *permissions):
    return replace(world.alice, user_id=None, role="client", permissions=frozenset(permissions))


ASKED = {"text": "Why two visits?", "name": "Lena", "email": "lena@client.example"}


def test_a_question_goes_to_the_house_and_a_reply_to_who_asked(world):
    invoice = make.issued_invoice(world.alice)

    invoicing.ask_question(invoice.id, by=client_of(world, "invoice.view"), data=ASKED)
    tell()

    [mail] = notices(world)
    assert invoice.number in mail.subject and "Lena" in mail.subject
    assert "Why two visits?" in mail.text
    by = identity.system_actor(world.organization, "job")
    letter = letter_of(mail, mail_settings(world.organization), by=by, at=make.NOW)
    assert letter.reply_to == "lena@client.example"
    assert letter.enclosures == ()


def test_a_question_waits_in_the_inbox_of_who_may_send(world):
    invoice = make.issued_invoice(world.alice)

    invoicing.ask_question(invoice.id, by=client_of(world, "invoice.view"), data=ASKED)
    tell()

    soon = datetime.now(UTC) + timedelta(minutes=1)
    [task] = desk.list_tasks(by=world.alice, at=soon)
    assert (task.kind, task.data["text"]) == ("question", "Why two visits?")
    assert desk.list_tasks(by=world.bob, at=soon) == []


def test_no_invoice_counts_as_sent_by_a_notice(world):
    invoice = make.issued_invoice(world.alice)
    invoicing.ask_question(invoice.id, by=client_of(world, "invoice.view"), data=ASKED)
    tell()

    [mail] = notices(world)
    dispatch.deliver_mail(
        mail.id, by=identity.system_actor(world.organization, "job"), at=datetime.now(UTC)
    )

    from guilder.books.invoicing import queries

    assert queries.get_invoice(invoice.id, by=world.alice).sent_at is None


def sent_quote(world):
    data = {
        "client": str(make.client(world.alice, name="Café Lumière").id),
        "currency": "EUR",
        "lines": [make.line()],
    }
    quote = invoicing.create_quote(by=world.alice, data=data, at=make.NOW)
    return invoicing.send_quote(quote.id, by=world.alice, at=make.NOW, on=make.TODAY)


def test_an_acceptance_by_the_client_is_mailed_and_one_by_the_house_is_not(world):
    one, other = sent_quote(world), sent_quote(world)
    invoicing.accept_quote(other.id, by=world.alice, at=make.NOW, name="By phone")
    invoicing.accept_as_client(
        one.id,
        by=client_of(world, "quote.view", "quote.edit"),
        at=make.NOW,
        on=make.TODAY,
        name="Claire Dubois",
    )
    tell()

    [mail] = notices(world)
    assert mail.subject == f"Café Lumière accepted {one.number}"
    assert "Claire Dubois signed for it." in mail.text


def test_a_refusal_is_mailed_with_its_reason(world):
    quote = sent_quote(world)
    invoicing.decline_as_client(
        quote.id,
        by=client_of(world, "quote.view", "quote.edit"),
        at=make.NOW,
        on=make.TODAY,
        reason="Next year",
    )
    tell()

    [mail] = notices(world)
    assert "Next year" in mail.text
