"""What the pages of charges, chargebacks and payouts say."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.charging.queries import ChargebackRecord, ChargeRecord, PayoutRecord, title_of
from guilder.faces.web import choices
from guilder.faces.web.charges.reasons import reason_words
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money

SIZE = 50
BADGES = {"pending": "charge_pending", "succeeded": "paid", "failed": "failed",
          "unknown": "charge_unknown"}  # fmt: skip
STAGES = {"open": "chargeback_open", "review": "chargeback_review", "won": "chargeback_won",
          "lost": "chargeback_lost"}  # fmt: skip
PAYOUTS = {"pending": "charge_pending", "paid": "paid", "failed": "failed"}


def tabs(visit: Visit, here: str) -> list[dict[str, Any]]:
    """The pages side by side."""
    found = [("charges", _("Online payments"), True), ("chargebacks", _("Chargebacks"), True),
             ("payouts", _("Payouts"), visit.by.may("bank.view"))]  # fmt: skip
    return [
        {"label": label, "url": reverse(f"web:{name}"), "current": name == here}
        for name, label, may in found
        if may
    ]


def charge_row(record: ChargeRecord) -> SimpleNamespace:
    """One charge in the list."""
    return SimpleNamespace(
        id=record.id,
        url=reverse("web:charge", args=[record.id]),
        client=record.partner_name,
        badge=BADGES[record.state],
        amount=Money(record.amount, record.currency),
        gateway=record.gateway_name,
        is_test=not record.is_live,
        method=method_of(record),
        numbers=", ".join(one for one in record.numbers if one),
        failure=failure_words(record.failure),
        at=record.created_at,
    )


def method_of(record: ChargeRecord) -> str:
    """How it was paid, where that is known."""
    return str(choices.METHODS.get(record.method, "")) if record.method else ""


def failure_words(code: str) -> str:
    """Why it failed: ours for the codes that we know, else the service's own."""
    known = {
        "insufficient_funds": _("The account had too little money."),
        "expired": _("The client did not pay in time."),
        "no_answer": _("The service has not answered yet."),
        "other_amount": _("The service tells another amount than was asked for. Look there."),
        "stolen_card": _("The card was reported stolen."),
        "lost_card": _("The card was reported lost."),
        "authentication_required": _("The client's bank wants the client to confirm."),
        "cancelled": _("The client cancelled."),
        "kept_elsewhere": _("The service keeps it for another client, or it was ended before."),
        "erased": _("The client's data was erased."),
    }
    return known.get(code, code.replace("_", " "))


def charge_facts(record: ChargeRecord, visit: Visit) -> SimpleNamespace:
    """The page of one charge."""
    amount = Money(record.amount, record.currency)
    shares = zip(record.invoice_ids, record.numbers, record.amounts, strict=True)
    is_open = record.state in {"pending", "unknown"}
    return SimpleNamespace(
        **vars(charge_row(record)),
        title=_("Charge of %(client)s") % {"client": record.partner_name},
        state=record.state,
        sentence=sentence(record),
        client_url=reverse("web:client", args=[record.partner_id]),
        service=title_of(record.gateway_kind),
        fee=None if record.fee is None else Money(record.fee, record.currency),
        net=Money(record.amount - (record.fee or 0), record.currency) if record.fee else None,
        given_back=Money(record.given_back, record.currency) if record.given_back else None,
        payment_url=reverse("web:payment", args=[record.payment_id]) if record.payment_id else "",
        reference=record.provider_payment or record.provider_id,
        pay_url=record.url if is_open else "",
        next_at=record.next_check_at if is_open else None,
        decided_at=record.decided_at,
        origin=ORIGINS(record.origin),
        shares=[
            SimpleNamespace(
                number=number or _("Draft"),
                url=reverse("web:invoice", args=[invoice_id]),
                amount=Money(part, amount.currency),
            )
            for invoice_id, number, part in shares
        ],
        may=SimpleNamespace(
            check=is_open and record.gateway_kind not in {"manual", "signed"},
            confirm=is_open and record.gateway_kind == "manual" and visit.by.may("payment.record"),
        ),
    )


def ORIGINS(origin: str) -> str:  # noqa: N802  (a table that is read in somebody's language)
    """Who began it."""
    return {
        "page": _("The client, on the pay page"),
        "desk": _("Somebody of the house, or a program"),
        "automatic": _("By itself, from a saved method"),
    }[origin]


def sentence(record: ChargeRecord) -> str:
    """Where it stands."""
    if record.state == "succeeded":
        return _("The money is certain and recorded as a payment.")
    if record.state == "failed":
        why = failure_words(record.failure)
        return _("Nothing was taken. %(why)s") % {"why": why} if why else _("Nothing was taken.")
    if record.state == "unknown":
        return failure_words(record.failure) or _("Nobody knows yet; the service is asked again.")
    return _("Not confirmed yet; the service is asked again by itself.")


def back_row(record: ChargebackRecord, *, now: datetime) -> SimpleNamespace:
    """One chargeback in the list."""
    return SimpleNamespace(
        id=record.id,
        url=reverse("web:chargeback", args=[record.id]),
        client=record.partner_name,
        badge=STAGES[record.stage],
        amount=Money(record.amount, record.currency),
        reason=reason_words(record.reason),
        gateway=record.gateway_name,
        numbers=", ".join(one for one in record.numbers if one),
        answer_by=record.answer_by if record.stage == "open" else None,
        left=left_words(record, now=now),
        at=record.opened_at,
    )


def left_words(record: ChargebackRecord, *, now: datetime) -> str:
    """How long there is for an answer."""
    if record.stage != "open" or record.answer_by is None:
        return ""
    days = (record.answer_by - now).days
    if days < 0:
        return _("The time for an answer is over.")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def back_facts(record: ChargebackRecord, visit: Visit) -> SimpleNamespace:
    """The page of one chargeback."""
    sentences = {
        "open": _("The client's bank wants the money back. Say why the charge was right."),
        "review": _("Your answer is with the bank."),
        "won": _("Won: the money stays with you."),
        "lost": _("Lost: the money is gone, and what it paid is open again."),
    }
    return SimpleNamespace(
        **vars(back_row(record, now=visit.now)),
        title=_("Chargeback of %(client)s") % {"client": record.partner_name},
        sentence=sentences[record.stage],
        charge_url=reverse("web:charge", args=[record.charge_id]),
        payment_url=link("payment", record.payment_id),
        refund_url=link("refund", record.refund_id),
        client_url=reverse("web:client", args=[record.partner_id]),
        answer=record.answer,
        answered_at=record.answered_at,
        closed_at=record.closed_at,
        reference=record.provider_id,
        may_answer=record.stage == "open" and visit.by.may("payment.reverse"),
    )


def link(name: str, target: UUID | None) -> str:
    """The address of a thing, where there is one."""
    return reverse(f"web:{name}", args=[target]) if target else ""


def payout_row(record: PayoutRecord) -> SimpleNamespace:
    """One payout in the list."""
    currency = record.currency
    return SimpleNamespace(
        id=record.id,
        gateway=record.gateway_name,
        badge=PAYOUTS[record.stage],
        amount=Money(record.amount, currency),
        fee=None if record.fee is None else Money(record.fee, currency),
        count=record.charge_count,
        arrives_on=record.arrives_on,
        reference=record.reference or record.provider_id,
    )
