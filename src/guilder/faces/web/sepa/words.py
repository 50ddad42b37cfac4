"""What the pages of mandates and payment orders say."""

from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.sepa import queries
from guilder.faces.web import formats
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import queries as identity
from guilder.kernel.identifiers import format_iban
from guilder.kernel.money import Money

SIZE = 50
BADGES = {"draft": "draft", "closed": "order_ready", "handed_over": "order_out",
          "cancelled": "order_cancelled"}  # fmt: skip
STATES = {"open": "charge_pending", "booked": "order_booked", "rejected": "rejected",
          "returned": "bounced", "dropped": "order_cancelled"}  # fmt: skip
STANDINGS = {"waiting": "mandate_waiting", "active": "mandate_active", "used": "mandate_used",
             "expired": "mandate_expired", "ended": "mandate_ended"}  # fmt: skip


def tabs(here: str) -> list[dict[str, Any]]:
    """The pages side by side."""
    found = [("sepa", _("Payment orders")), ("mandates", _("Mandates"))]
    return [
        {"label": label, "url": reverse(f"web:{name}"), "current": name == here}
        for name, label in found
    ]


def kind_words(kind: str) -> str:
    """What a payment order does."""
    return _("Direct debits") if kind == "debit" else _("Transfers")


def badge_of(row: Any) -> str:
    """The one word for where a payment order stands."""
    if row.status == "handed_over" and not row.open:
        return "order_booked"
    return BADGES[row.status]


def order_row(row: Any) -> SimpleNamespace:
    """One payment order in the list."""
    return SimpleNamespace(
        id=row.id,
        url=reverse("web:sepa_batch", args=[row.id]),
        name=row.message_id,
        kind=kind_words(row.kind),
        badge=badge_of(row),
        due_on=row.due_on,
        count=row.count,
        failed=row.failed,
        troubled=row.troubled,
        amount=Money(row.amount, row.currency),
    )


def order_facts(row: Any, visit: Visit) -> SimpleNamespace:
    """The page of one payment order."""
    may = visit.by.may
    is_draft, is_own = row.status == "draft", row.created_by_id == visit.by.user_id
    has_file = row.status in {"closed", "handed_over"}
    return SimpleNamespace(
        **vars(order_row(row)),
        title=_("%(kind)s of %(day)s") % {
            "kind": kind_words(row.kind),
            "day": formats.day(row.due_on, formats.reader()),
        },
        sentence=sentence(row),
        status=row.status,
        account=format_iban(row.iban),
        holder=row.name,
        creditor_id=row.creditor_id,
        made_by=name_of(row.created_by_id),
        approved_by=name_of(row.approved_by_id),
        closed_at=row.closed_at,
        handed_over_at=row.handed_over_at,
        answered_at=row.answered_at,
        is_own=is_draft and row.is_over_limit and is_own,
        may=SimpleNamespace(
            close=is_draft and not row.is_over_limit and may("sepa.edit") and row.open,
            approve=is_draft and row.is_over_limit and may("sepa.approve") and not is_own,
            redate=is_draft and may("sepa.edit"),
            drop=is_draft and may("sepa.edit") and row.open > 1,
            file=has_file,
            hand_over=row.status == "closed" and may("sepa.edit"),
            cancel=row.status != "cancelled" and row.open == row.count and may("sepa.edit"),
            answer=has_file and may("sepa.edit"),
        ),
    )  # fmt: skip


def name_of(user_id: Any) -> str:
    """A person's name; nothing for nobody."""
    return identity.get_user(user_id).name if user_id else ""


def sentence(row: Any) -> str:
    """Where it stands, and what comes next."""
    if row.status == "cancelled":
        return _("Cancelled: %(why)s") % {"why": row.cancelled_reason}
    if row.status == "draft":
        if row.is_over_limit:
            return _("Above the limit: somebody else must approve it.")
        return _("Look through it, then close it. The file for the bank is made with that.")
    if row.status == "closed":
        return _("Load the file, hand it to your bank, and say so here.")
    if row.open:
        day = formats.day(row.due_on, formats.reader())
        return _("The bank has it. What it asks for is booked on %(day)s.") % {"day": day}
    return _("Its day has come and it is booked. The bank's statement is matched with it.")


def item_row(item: Any) -> SimpleNamespace:
    """One order in the table of a payment order."""
    paper = item.invoice or item.bill
    page = "invoice" if item.invoice_id else "bill" if item.bill_id else "refund"
    return SimpleNamespace(
        id=item.id,
        partner=item.partner.name,
        number=paper.number if paper else item.remittance,
        is_refund=item.refund_id is not None,
        url=reverse(f"web:{page}", args=[paper.id if paper else item.refund_id]),
        badge=STATES[item.state],
        why=why_of(item),
        code=item.code,
        iban=format_iban(item.iban),
        mandate=item.mandate_reference,
        mandate_url=reverse("web:mandate", args=[item.mandate_id]) if item.mandate_id else "",
        sequence=SEQUENCES(item.sequence),
        payment_url=reverse("web:payment", args=[item.payment_id]) if item.payment_id else "",
        amount=Money(item.amount, "EUR"),
        is_open=item.state == "open",
    )


def why_of(item: Any) -> str:
    """Why it was refused, came back, or is not booked."""
    return said(item.trouble or queries.words_of(item.code))


def SEQUENCES(code: str) -> str:  # noqa: N802  (a table that is read in somebody's language)
    """What a sequence type says."""
    return {
        "FRST": _("first"),
        "RCUR": _("recurring"),
        "OOFF": _("single"),
        "FNAL": _("last"),
    }.get(code, "")


def mandate_row(row: Any, visit: Visit) -> SimpleNamespace:
    """One mandate in the list."""
    return SimpleNamespace(
        id=row.id,
        url=reverse("web:mandate", args=[row.id]),
        reference=row.reference,
        client=row.partner.name,
        badge=STANDINGS[queries.standing_of(row, visit.today)],
        scheme=row.scheme,
        iban=format_iban(row.iban),
        signed_on=row.signed_on,
        last_used_on=row.last_used_on,
    )


def mandate_facts(row: Any, visit: Visit) -> SimpleNamespace:
    """The page of one mandate."""
    is_open = row.ended_at is None
    return SimpleNamespace(
        **vars(mandate_row(row, visit)),
        title=_("Mandate of %(client)s") % {"client": row.partner.name},
        sentence=mandate_sentence(row, visit),
        client_url=reverse("web:client", args=[row.partner_id]),
        holder=row.holder,
        bic=row.bic,
        kind=_("Recurring") if row.is_recurrent else _("Single collection"),
        is_last=row.is_last,
        creditor_id=row.creditor_id,
        notice_days=row.notice_days,
        expires_on=queries.expires_on(row) if is_open else None,
        amended=bool(row.has_new_account or row.original_reference),
        may_edit=is_open and visit.by.may("mandate.edit"),
        paper_url=reverse("web:mandate_paper", args=[row.id]) if is_open else "",
    )


def mandate_sentence(row: Any, visit: Visit) -> str:
    """Where it stands."""
    standing = queries.standing_of(row, visit.today)
    sentences = {
        "waiting": _("It is not signed yet: nothing is collected."),
        "active": _("What falls due can be collected."),
        "used": _("It was for a single collection, which is done."),
        "expired": _("It was not used for 36 months. Ask the client for a new one."),
    }
    why = said(row.ended_reason)
    return sentences.get(standing) or _("It is over: %(why)s") % {"why": why}
