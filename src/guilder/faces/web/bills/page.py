"""One bill: the paper beside what is booked, its approval, its payments, its history."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.bills import queries
from guilder.books.bills.models import Bill, BillLine
from guilder.books.bills.schemas import by_place
from guilder.books.ledger import queries as ledger
from guilder.books.payments.queries import disbursements
from guilder.books.workflow.queries import get_rule
from guilder.faces.web import choices, formats, timeline
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.flows.intake import queries as intake
from guilder.kernel.identifiers import format_iban
from guilder.kernel.money import Money

COSTS = frozenset(("expense", "asset"))


@page("bills", "bill.view", methods="GET")
def bill(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """One bill."""
    with visit.reading():
        row = queries.get_bill(bill_id, by=visit.by)
        received = intake.of_bill(row.id, by=visit.by)
        approvals = queries.approvals_of(row.id, by=visit.by)
        subjects = [row.id, *([received.id] if received else [])]
        context = {
            "bill": facts(row, visit),
            "lines": [line_of(one, row) for one in by_place(row)],
            "accounts": accounts_of(row, visit),
            "taxes": taxes_of(row),
            "payments": payments_of(row, visit),
            "credits": credits_of(row, visit),
            "applicable": applicable(row, visit),
            "approval": approval_of(approvals, row),
            "paper": paper_of(received),
            "may": allowed(row, approvals, visit),
            "timeline": timeline.of_rows(visit, subjects),
            "ask": request.GET.get("ask", ""),
            "methods": list(choices.METHODS.items()),
            "today": visit.today,
        }
    return render(request, "bills/detail.html", context)


def facts(row: Bill, visit: Visit) -> SimpleNamespace:
    """What the page says of the bill itself."""
    is_credit = row.kind == Bill.Kind.CREDIT_NOTE
    title = _("Credit note %(number)s") if is_credit else _("Bill %(number)s")
    return SimpleNamespace(
        id=row.id,
        title=title % {"number": row.number},
        is_credit=is_credit,
        number=row.number,
        supplier=row.supplier_name,
        supplier_url=reverse("web:supplier", args=[row.partner_id]),
        status=row.status_word(on=visit.today),
        is_draft=row.status == Bill.Status.DRAFT,
        is_read=row.is_read,
        issued_on=row.issued_on,
        due_on=row.due_on,
        supplied_on=row.supplied_on,
        booked_on=row.booked_on,
        cancelled=cancelled_words(row),
        net=Money(row.net_amount, row.currency),
        tax=Money(row.tax_amount, row.currency),
        gross=Money(row.gross_amount, row.currency),
        prepaid=Money(row.prepaid_amount, row.currency) if row.prepaid_amount else None,
        rounding=Money(row.rounding_amount, row.currency) if row.rounding_amount else None,
        due=Money(row.payable_amount, row.currency),
        left=Money(row.open_amount, row.currency) if row.open_amount else None,
        base=base_words(row),
        iban=format_iban(row.iban) if row.iban[:2].isalpha() else row.iban,
        bic=row.bic,
        remittance=row.remittance,
        order=row.order_reference,
        notes=row.notes,
        version=row.version,
    )


def cancelled_words(row: Bill) -> str:
    """When and why it left the books."""
    if row.cancelled_on is None:
        return ""
    day = formats.day(row.cancelled_on, formats.reader())
    return _("Cancelled on %(day)s: %(why)s") % {"day": day, "why": row.cancelled_reason}


def base_words(row: Bill) -> str:
    """What foreign money was booked at; "" at home and before it is booked."""
    if row.base_payable_amount is None or row.currency == row.base_currency:
        return ""
    amount = formats.money(Money(row.base_payable_amount, row.base_currency), formats.reader())
    return _("%(amount)s in the books") % {"amount": amount}


def line_of(line: BillLine, row: Bill) -> SimpleNamespace:
    """One line with the account that it goes to."""
    locale = formats.reader()
    return SimpleNamespace(
        position=line.position,
        name=line.name,
        description=line.description if line.description != line.name else "",
        quantity=formats.number(line.quantity, locale) if line.kind == "line" else "",
        tax=tax_words(line.tax_category, line.tax_rate),
        net=Money(line.net_amount, row.currency),
        account_id=str(line.account_id or ""),
        account=str(line.account) if line.account is not None else "",
    )


def tax_words(category: str, rate: Any) -> str:
    """A tax as people say it: 19 %, or the name of what is not charged."""
    if rate:
        return f"{formats.number(rate, formats.reader())} %"
    return {
        "AE": _("Reverse charge"),
        "K": _("Intra-EU"),
        "E": _("Exempt"),
        "G": _("Export"),
        "O": _("Not taxed"),
    }.get(category, "0 %")


def accounts_of(row: Bill, visit: Visit) -> list[SimpleNamespace]:
    """The accounts that a line may go to, while it is a draft."""
    if row.status != Bill.Status.DRAFT or not visit.by.may("bill.edit"):
        return []
    chart = ledger.list_accounts(visit.by.organization_id)
    return [
        SimpleNamespace(id=str(one.id), label=str(one))
        for one in chart
        if one.is_active and one.kind in COSTS and one.role in {"", "expense"}
    ]


def taxes_of(row: Bill) -> list[SimpleNamespace]:
    """The taxes by rate; `own` is what the buyer owes under reverse charge."""
    return [
        SimpleNamespace(
            label=tax_words(one.category, one.rate),
            taxable=Money(one.taxable_amount, row.currency),
            tax=Money(one.tax_amount, row.currency),
            own=Money(one.own_amount, row.currency) if one.own_amount else None,
        )
        for one in row.taxes.all()
    ]


def payments_of(row: Bill, visit: Visit) -> list[SimpleNamespace]:
    """What was paid of it."""
    if not visit.by.may("payment.view"):
        return []
    may = visit.by.may("payment.reverse")
    return [
        SimpleNamespace(
            on=one.allocated_on,
            method=choices.METHODS.get(one.disbursement.method, one.disbursement.method),
            reference=one.disbursement.reference,
            amount=Money(one.amount, row.currency),
            active=one.is_active,
            reverse_url=(
                reverse("web:bill_payment_reverse", args=[row.id, one.disbursement_id])
                if may and one.is_active
                else ""
            ),
        )
        for one in disbursements.paid_of_bill(row.id, by=visit.by)
    ]


def credits_of(row: Bill, visit: Visit) -> list[SimpleNamespace]:
    """What credit notes paid of it, or what it paid as a credit note."""
    found = []
    for one in queries.credits_of(row, by=visit.by):
        other = one.bill if row.kind == Bill.Kind.CREDIT_NOTE else one.credit_note
        undo = reverse("web:bill_credit_undo", args=[row.id, one.id])
        found.append(
            SimpleNamespace(
                number=other.number,
                url=reverse("web:bill", args=[other.id]),
                on=one.applied_on,
                amount=Money(one.amount, row.currency),
                undo_url=undo if visit.by.may("bill.book") else "",
            )
        )
    return found


def applicable(row: Bill, visit: Visit) -> list[SimpleNamespace]:
    """Credit notes of the supplier with something left, for an open bill."""
    is_open = row.kind == Bill.Kind.BILL and bool(row.open_amount)
    if not is_open or not visit.by.may("bill.book"):
        return []
    return [
        SimpleNamespace(id=one.id, number=one.number, left=Money(one.open_amount, one.currency))
        for one in queries.open_of_supplier(row.partner_id, by=visit.by)
        if one.kind == Bill.Kind.CREDIT_NOTE and one.currency == row.currency
    ]


def approval_of(approvals: list[Any], row: Bill) -> SimpleNamespace | None:
    """The newest question about it and its answer, where it is about the bill as it stands."""
    newest = approvals[0] if approvals else None
    if newest is None or newest.state == "withdrawn":
        return None
    words = {
        "pending": _("Somebody was asked to approve it."),
        "approved": _("It was approved."),
        "rejected": _("Approval was refused."),
    }[newest.state]
    is_old = newest.subject_version != row.version and row.status == Bill.Status.DRAFT
    return SimpleNamespace(
        state=newest.state, words=words, comment=newest.comment or newest.note, is_old=is_old
    )


def paper_of(received: Any) -> SimpleNamespace | None:
    """The paper that came in."""
    if received is None:
        return None
    is_shown = received.media_type == "application/pdf" or received.media_type.startswith("image/")
    return SimpleNamespace(
        url=reverse("web:document", args=[received.id]),
        file_url=reverse("web:document_file", args=[received.id]),
        view_url=reverse("web:document_view", args=[received.id]) if received.format else "",
        name=received.filename,
        is_shown=is_shown,
    )


def allowed(row: Bill, approvals: list[Any], visit: Visit) -> dict[str, bool]:
    """Which acts are shown: by right and by state."""
    may, is_draft = visit.by.may, row.status == Bill.Status.DRAFT
    pending = next((one for one in approvals if one.state == "pending"), None)
    needs = is_draft and needs_approval(row, approvals, visit)
    is_others = pending is not None and visit.by.user_id not in {
        pending.requested_by_id,
        pending.made_by_id,
    }
    is_untouched = not row.allocated_amount and not row.credited_amount
    return {
        "edit": is_draft and may("bill.edit"),
        "delete": is_draft and may("bill.delete"),
        "book": is_draft and may("bill.book") and not needs,
        "submit": needs and pending is None and may("bill.edit"),
        "recall": pending is not None and may("bill.edit"),
        "decide": pending is not None and may("invoice.approve") and is_others,
        "pay": row.kind == Bill.Kind.BILL and bool(row.open_amount) and may("payment.record"),
        "cancel": row.status == Bill.Status.BOOKED and is_untouched and may("bill.book"),
    }


def needs_approval(row: Bill, approvals: list[Any], visit: Visit) -> bool:
    """Whether somebody else must agree before it is booked, at least by its own currency's sum."""
    rule = get_rule(visit.by.organization_id)
    if not rule.is_active or row.kind == Bill.Kind.CREDIT_NOTE:
        return False
    if row.currency == rule.currency and row.payable_amount <= rule.amount:
        return False
    given = [one for one in approvals if one.state == "approved"]
    return not any(one.subject_version == row.version for one in given)
