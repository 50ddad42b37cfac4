"""Entering a bill by hand, perhaps beside its paper, and changing a draft."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.bills import operations, queries
from guilder.books.bills.models import Bill
from guilder.books.bills.schemas import by_place
from guilder.faces.web import answers, typed
from guilder.faces.web.bills.forms import BillForm
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.flows.intake import operations as intake
from guilder.flows.intake import queries as received
from guilder.kernel.currencies import CURRENCIES
from guilder.kernel.errors import Conflict, Invalid, NotFound
from guilder.kernel.money import Money
from guilder.registers.parties import queries as parties
from guilder.registers.tax import queries as taxes

LEAST = 4  # lines that are shown, filled or not
MOST = 60
MOST_SUPPLIERS = 500
FIELDS = (
    *("supplier", "kind", "number", "issued_on", "due_on", "currency"),
    *("iban", "remittance", "order_reference", "notes"),
)
PLACES = {"/supplier": "supplier", "/number": "number", "/issued_on": "issued_on",
          "/due_on": "due_on", "/currency": "currency", "/iban": "iban"}  # fmt: skip


@page("bills", "bill.edit")
def bill_new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """An empty bill, or one beside the paper `document` that came in."""
    paper = paper_of(request.GET.get("document", ""), visit)
    if request.method != "POST":
        first = {"issued_on": "", "currency": visit.organization.base_currency, "kind": "bill"}
        if paper is not None and paper.partner_id:
            first["supplier"] = str(paper.partner_id)
        return drawn(request, visit, form_of(visit, initial=first), [], paper=paper)
    try:
        made = entered(request, visit, paper)
    except (Invalid, Conflict) as error:
        return refused(request, visit, error, paper=paper)
    return answers.done(
        request, to=reverse("web:bill", args=[made.id]), text=_("The bill is entered.")
    )


def entered(request: HttpRequest, visit: Visit, paper: Any) -> Bill:
    """The bill that was typed, of its paper where there is one."""
    data = raw_of(request)
    if paper is not None:
        return intake.bill_by_hand(paper.id, by=visit.by, data=data, at=visit.now)
    return operations.create_bill(by=visit.by, data=data, at=visit.now)


@page("bills", "bill.edit")
def bill_edit(request: HttpRequest, visit: Visit, bill_id: UUID) -> HttpResponse:
    """Change a draft that was entered by hand."""
    with visit.reading():
        row = queries.get_bill(bill_id, by=visit.by)
        paper = received.of_bill(bill_id, by=visit.by)
    if row.status != Bill.Status.DRAFT or row.is_read:
        return redirect("web:bill", bill_id)
    if request.method != "POST":
        form = form_of(visit, initial=initial_of(row))
        return drawn(request, visit, form, lines_of(row), paper=paper, row=row)
    version = typed.version(request.POST.get("version", ""))
    try:
        operations.update_bill(
            bill_id, by=visit.by, data=raw_of(request), at=visit.now, version=version
        )
    except (Invalid, Conflict) as error:
        return refused(request, visit, error, paper=paper, row=row)
    return answers.done(
        request, to=reverse("web:bill", args=[bill_id]), text=_("The bill is kept.")
    )


def paper_of(wanted: str, visit: Visit) -> Any:
    """The paper that a bill is entered of; None where none is named or none is there."""
    try:
        with visit.reading():
            return received.get_received(UUID(wanted), by=visit.by)
    except (ValueError, NotFound):
        return None


def form_of(visit: Visit, data: Any = None, initial: Any = None) -> BillForm:
    """The form with what may be chosen."""
    with visit.reading():
        rows = parties.list_partners(visit.by.organization_id, side="supplier")
        found = rows.filter(archived_at=None).order_by("name")[:MOST_SUPPLIERS]
        suppliers = [(str(one.id), one.name) for one in found]
    return BillForm(
        data,
        initial=initial,
        choices={
            "supplier": [("", _("Choose")), *suppliers],
            "kind": [("bill", _("Bill")), ("credit_note", _("Credit note"))],
            "currency": [(code, code) for code in CURRENCIES],
        },
    )


def initial_of(row: Bill) -> dict[str, Any]:
    """A draft as the form shows it."""
    values = {name: getattr(row, name) for name in FIELDS if name != "supplier"}
    return {**values, "supplier": str(row.partner_id)}


def lines_of(row: Bill) -> list[dict[str, str]]:
    """The lines of a draft as they stand in fields."""
    return [
        {
            "name": one.name,
            "quantity": f"{one.quantity.normalize():f}",
            "price": f"{one.unit_price.normalize():f}",
            "tax": tax_code_of(one.tax_category, one.tax_rate),
        }
        for one in by_place(row)
    ]


def tax_code_of(category: str, rate: Any) -> str:
    """Category and rate as one choice."""
    return f"{category}:{'' if rate is None else f'{rate.normalize():f}'}"


def raw_of(request: HttpRequest) -> dict[str, Any]:
    """What was typed, as the room takes it; lines that are empty are left out."""
    post = request.POST
    data: dict[str, Any] = {name: post.get(name, "") for name in FIELDS}
    for name in ("due_on", "issued_on"):
        data[name] = data[name] or None
    data["lines"] = []
    for one in typed_lines(request):
        if not one["name"] and not one["price"]:
            continue
        category, _, rate = one["tax"].partition(":")
        data["lines"].append(
            {
                "name": one["name"],
                "quantity": typed.number(one["quantity"]) or "1",
                "unit_price": typed.number(one["price"]),
                "tax_category": category or "O",
                "tax_rate": rate or None,
            }
        )
    return data


def typed_lines(request: HttpRequest) -> list[dict[str, str]]:
    """The lines as they were typed."""
    names = ("name", "quantity", "price", "tax")
    columns = [request.POST.getlist(f"line_{one}")[:MOST] for one in names]
    return [dict(zip(names, values, strict=False)) for values in zip(*columns, strict=False)]


def refused(
    request: HttpRequest, visit: Visit, error: Invalid | Conflict, *, paper: Any, row: Any = None
) -> HttpResponse:
    """The form again, with the faults beside the fields."""
    form = form_of(visit, data=request.POST)
    form.is_valid()
    typed.refuse(form, error, PLACES)
    return drawn(request, visit, form, typed_lines(request), paper=paper, row=row, status=422)


def drawn(
    request: HttpRequest, visit: Visit, form: BillForm, lines: list[dict[str, str]], *,
    paper: Any = None, row: Any = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page."""
    options = taxes_of(visit)
    empty = {"name": "", "quantity": "", "price": "", "tax": options[0][0] if options else "O:"}
    shown = [*lines, *([empty] * max(1, LEAST - len(lines)))]
    context = {
        "form": form,
        "lines": [SimpleNamespace(**one, place=place) for place, one in enumerate(shown, start=1)],
        "taxes": options,
        "row": row,
        "paper": preview_of(paper),
        "back": reverse("web:bill", args=[row.id]) if row else reverse("web:bills"),
    }
    return render(request, "bills/edit.html", context, status=status)


def taxes_of(visit: Visit) -> list[tuple[str, str]]:
    """The taxes that a line may have: the country's rates, and what is not charged."""
    name, rates = taxes.rates_of_country(visit.organization.country, on=visit.today)
    charged = [(f"S:{one.normalize():f}", f"{one.normalize():f} % {name}") for one in rates if one]
    return [
        *charged,
        ("AE:0", _("Reverse charge")),
        ("K:0", _("Intra-EU")),
        ("E:0", _("Exempt")),
        ("O:", _("Not taxed")),
    ]


def preview_of(paper: Any) -> SimpleNamespace | None:
    """The paper beside the form."""
    if paper is None:
        return None
    return SimpleNamespace(
        name=paper.filename,
        url=reverse("web:document", args=[paper.id]),
        file_url=reverse("web:document_file", args=[paper.id]),
        picture_url=reverse("web:document_picture", args=[paper.id, 1])
        if paper.media_type == "application/pdf" or paper.media_type.startswith("image/")
        else "",
        amount=Money(paper.due_amount, paper.currency) if paper.due_amount is not None else None,
    )
