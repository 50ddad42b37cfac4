"""What an event is about, as pages name it, and who may hear of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guilder.foundation.events.queries import Happened
from guilder.kernel.actor import Actor

VIEW = {
    "invoice": "invoice.view",
    "quote": "quote.view",
    "client": "partner.view",
    "payment": "payment.view",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A part of an event: its topics, and who hears them.

    `paper_id` is the paper of which hears who sees it, though not every row; `user_id` makes it
    one person's; `is_whole` keeps it from all who do not see every row.
    """

    topics: tuple[str, ...]
    permission: str = "desk.view"
    paper_id: UUID | None = None
    user_id: UUID | None = None
    is_whole: bool = False


def tellings(event: Happened, *, invoices: Iterable[UUID] = ()) -> list[Telling]:
    """Everything that an event tells; `invoices` are those that its payment has to do with."""
    family = event.type.partition(".")[0]
    tell = FAMILIES.get(family)
    if tell is None:
        return [Telling(topics=(family,), permission="event.view", is_whole=True)]
    return tell(event, event.payload, tuple(invoices))


def may_hear(
    telling: Telling,
    by: Actor,
    owners: Mapping[UUID, frozenset[UUID]],
    reach: frozenset[UUID] = frozenset(),
) -> bool:
    """Whether somebody hears a telling; `owners` names whose the papers are that are named, and
    `reach` the people and clients whose papers this person sees."""
    if not by.may(telling.permission):
        return False
    if telling.user_id is not None:
        return telling.user_id == by.user_id
    if by.row_rule == "all":
        return True
    if telling.paper_id is not None:
        return not reach.isdisjoint(owners.get(telling.paper_id, frozenset()))
    return not telling.is_whole


def of_paper(invoice_id: UUID, *more: str) -> Telling:
    """An invoice or its kin."""
    return Telling(
        topics=("invoices", f"invoice:{invoice_id}", *more),
        permission="invoice.view",
        paper_id=invoice_id,
    )


def invoice(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """A draft, an issue, a mark, a settlement."""
    kind = ("credit_notes",) if payload.get("kind") == "credit_note" else ()
    client = f"client:{payload['partner_id']}"
    return [of_paper(UUID(payload["invoice_id"]), client, *kind)]


def credit(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """A credit note on an invoice: both."""
    return [
        of_paper(UUID(payload["credit_note_id"]), "credit_notes"),
        of_paper(UUID(payload["invoice_id"])),
    ]


def quote(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """A quote reached a state."""
    quote_id = UUID(payload["quote_id"])
    topics = ("quotes", f"quote:{quote_id}", f"client:{payload['partner_id']}")
    return [Telling(topics=topics, permission="quote.view", paper_id=quote_id)]


def payment(_: Happened, payload: dict[str, Any], invoices: tuple[UUID, ...]) -> list[Telling]:
    """Money: the payment, its client, and each invoice that it has to do with."""
    client = f"client:{payload['partner_id']}"
    named = {UUID(payload["invoice_id"])} if payload.get("invoice_id") else set()
    topics = ("payments", f"payment:{payload['payment_id']}", client)
    return [
        Telling(topics=topics, permission="payment.view", is_whole=True),
        *(of_paper(one, client) for one in sorted(named.union(invoices))),
    ]


def refund(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """Money given back: the refund, its client, and what it is drawn on."""
    client = f"client:{payload['partner_id']}"
    topics = ["refunds", f"refund:{payload['refund_id']}", client]
    if payload.get("payment_id"):
        topics += ["payments", f"payment:{payload['payment_id']}"]
    found = [Telling(topics=tuple(topics), permission="refund.view", is_whole=True)]
    if payload.get("credit_note_id"):
        found.append(of_paper(UUID(payload["credit_note_id"]), "credit_notes", client))
    return found


def recurring(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """A recurring invoice changed, made an invoice or could not."""
    topics = ("recurring", f"recurring:{payload['recurring_id']}")
    return [Telling(topics=topics, permission="invoice.view", is_whole=True)]


def partner(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """A client or supplier was entered or changed."""
    topics = ("clients", f"client:{payload['partner_id']}")
    return [Telling(topics=topics, permission="partner.view")]


def item(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """An item was entered or changed."""
    return [Telling(topics=("items", f"item:{payload['item_id']}"), permission="item.view")]


def mail(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """A mail on its way, gone, or back; where it carries a paper, that paper."""
    found = [Telling(topics=("outbox",), permission="invoice.send", is_whole=True)]
    if payload.get("invoice_id"):
        found.append(of_paper(UUID(payload["invoice_id"])))
    return found


def approval(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """Somebody asks for an approval, or answers; a rule of them changed."""
    if "subject_id" not in payload:
        return [Telling(topics=("approval",), permission="settings.view", is_whole=True)]
    return [of_paper(UUID(payload["subject_id"]))]


def talk(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """A comment or a file: for who may see the thing."""
    kind, subject_id = payload["subject_kind"], UUID(payload["subject_id"])
    is_paper = kind in {"invoice", "quote"}
    return [
        Telling(
            topics=(f"{kind}:{subject_id}", f"talk:{subject_id}"),
            permission=VIEW.get(kind, "event.view"),
            paper_id=subject_id if is_paper else None,
            is_whole=kind == "payment",
        )
    ]


def task(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """Something waits, or waits no more."""
    if payload.get("user_id"):
        return [Telling(topics=("inbox",), user_id=UUID(payload["user_id"]))]
    return [Telling(topics=("inbox",), permission=payload["permission"], is_whole=True)]


def progress(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """A job went on."""
    topics = ("jobs", f"progress:{payload['progress_id']}")
    return [Telling(topics=topics, user_id=UUID(payload["user_id"]))]


def view(_: Happened, payload: dict[str, Any], __: tuple[UUID, ...]) -> list[Telling]:
    """A saved view: of one person, or everybody's."""
    owner = None if payload.get("is_shared") else UUID(payload["user_id"])
    return [Telling(topics=(f"views:{payload['kind']}",), user_id=owner)]


Tell = Callable[[Happened, dict[str, Any], tuple[UUID, ...]], list[Telling]]
FAMILIES: dict[str, Tell] = {
    "invoice": invoice,
    "credit": credit,
    "quote": quote,
    "payment": payment,
    "refund": refund,
    "recurring": recurring,
    "partner": partner,
    "item": item,
    "mail": mail,
    "approval": approval,
    "comment": talk,
    "attachment": talk,
    "task": task,
    "progress": progress,
    "view": view,
}
