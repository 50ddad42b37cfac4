"""What the editor works on: what is typed, the draft it was read from, and what the books make of
it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import Sketch
from guilder.faces.web import choices
from guilder.faces.web.drafting import numbers, periods, terms, values
from guilder.faces.web.drafting.forms import DraftForm, is_typed, lines_of
from guilder.faces.web.drafting.shelves import Shelf
from guilder.faces.web.shell import Visit
from guilder.kernel.currencies import is_currency
from guilder.kernel.document import Document
from guilder.kernel.errors import GuilderError, Invalid, Problem
from guilder.kernel.money import Money, add_up
from guilder.registers.parties import queries as parties
from guilder.registers.parties.models import Partner

WRITABLE = ("invoice", "deposit", "pro_forma", "debit_note", "credit_note")
PAYMENTS = {
    "48": gettext_lazy("Card"),
    "10": gettext_lazy("Cash"),
    "57": gettext_lazy("Standing agreement"),
    "20": gettext_lazy("Cheque"),
}


@dataclass(slots=True)
class Desk:
    """The form, its rows, and the draft that they were read from."""

    shelf: Shelf
    form: DraftForm
    rows: list[values.Row]
    record: Any = None
    old: dict[str, Any] = field(default_factory=dict)
    client: Partner | None = None
    agreed: dict[str, Any] = field(default_factory=dict)
    deducts: list[str] | None = None
    errors: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[SimpleNamespace] = field(default_factory=list)

    @property
    def given(self) -> dict[str, str]:
        """Every field's raw text."""
        return values.given_of(self.form)

    @property
    def typed(self) -> list[values.Row]:
        """The rows that somebody typed into."""
        return [row for row in self.rows if is_typed(row)]

    @property
    def version(self) -> int:
        """The version that the form was drawn from."""
        text = self.given["version"]
        return int(text) if text.isdigit() and len(text) < 10 else self.record.version

    def currency(self, visit: Visit) -> str:
        """The document's currency; the organization's own while none is chosen."""
        chosen = self.given["currency"]
        return chosen if is_currency(chosen) else visit.organization.base_currency

    def issue_day(self, visit: Visit) -> date:
        """The day on which it would be issued."""
        text = self.given["issued_on"]
        return (periods.read_day(text, today=visit.today) if text else None) or visit.today


def client_of_id(text: str, visit: Visit) -> Partner | None:
    """The client of an id as text; None for anything else."""
    try:
        return parties.get_partner(visit.by.organization_id, UUID(text), side="customer")
    except (ValueError, GuilderError):
        return None


def agreed_with(client: Partner | None, visit: Visit) -> dict[str, Any]:
    """The payment terms of a client, else the organization's."""
    if client is not None:
        own = next((one for one in client.partnerships.all() if one.side == "customer"), None)
        if own is not None and own.terms:
            return own.terms
    profile = parties.seller_profile(visit.by.organization_id)
    return dict(profile.terms or {}) if profile else {}


def form_choices(
    visit: Visit,
    *,
    agreed: Mapping[str, Any],
    old: Mapping[str, Any],
    is_quote: bool = False,
) -> dict[str, choices.Pairs]:
    """What the form's selects offer."""
    units = [("%", "%"), ("amount", _("amount"))]
    means = [("", _("Bank transfer")), *((code, str(word)) for code, word in PAYMENTS.items())]
    if old.get("payment"):
        means.append((values.AS_IT_IS, _("As it is")))
    kinds = [(code, str(choices.KINDS[code])) for code in WRITABLE]
    kept = old.get("terms") or {}
    return {
        "kind": [] if is_quote else kinds,
        "terms": terms.pairs(agreed, kept=None if terms.is_plain(kept) else kept),
        "currency": choices.currencies(visit.organization.base_currency),
        "language": [("", _("The client's")), *choices.languages()],
        "payment": means,
        "discount_unit": units,
    }


def empty_desk(shelf: Shelf, visit: Visit, *, client: Partner | None, kind: str = "") -> Desk:
    """A new paper, for a client where one is known already."""
    agreed = agreed_with(client, visit)
    initial: dict[str, Any] = {
        "currency": visit.organization.base_currency,
        "kind": kind if kind in WRITABLE else "invoice",
        "issued_on": visit.today,
        "discount_unit": values.PERCENT,
    }
    if client is not None:
        own = next(one for one in client.partnerships.all() if one.side == "customer")
        initial |= {
            "client": str(client.id),
            "client_name": client.name,
            "currency": own.currency,
            "buyer_reference": own.buyer_reference,
        }
    form = DraftForm(
        choices=form_choices(visit, agreed=agreed, old={}, is_quote=bool(shelf.kind)),
        initial=initial,
    )
    return Desk(shelf, form, values.blanks(1), client=client, agreed=agreed)


def stored_desk(shelf: Shelf, visit: Visit, record: Any) -> Desk:
    """A draft as it is stored."""
    old = old_values(shelf, visit, record)
    client = client_of_id(str(record.partner_id), visit)
    agreed = agreed_with(client, visit)
    initial = values.initial_of(old, agreed=agreed)
    initial |= {
        "client_name": record.partner_name,
        "version": record.version,
        "issued_on": visit.today,
    }
    offered = form_choices(visit, agreed=agreed, old=old, is_quote=bool(shelf.kind))
    form = DraftForm(choices=offered, initial=initial)
    rows = [*values.rows_of(old), *values.blanks(1)]
    return Desk(shelf, form, rows, record, old, client, agreed, list(old.get("deducts", [])))


def old_values(shelf: Shelf, visit: Visit, record: Any) -> dict[str, Any]:
    """A draft's raw values, with what it corrects and takes off."""
    old = shelf.raw(record)
    if shelf.kind is None and record.corrects_id is not None:
        old["corrects"] = str(record.corrects_id)
    if shelf.kind is None and record.kind == "invoice":
        found = queries.deposits_for(
            record.partner_id, by=visit.by, currency=record.currency, draft_id=record.id
        )
        taken = [one for one in found if one.is_taken]
        old["deducts"] = [str(one.id) for one in taken]
        if taken and old.get("prepaid"):
            whole = Money.of(str(old["prepaid"]), record.currency)
            own = whole - add_up((one.gross for one in taken), record.currency)
            old["prepaid"] = str(own)
    return old


def posted_desk(shelf: Shelf, visit: Visit, posted: QueryDict, record: Any) -> Desk:
    """The desk as it was sent."""
    client = client_of_id(posted.get("client", ""), visit)
    agreed = agreed_with(client, visit)
    old = old_values(shelf, visit, record) if record else {}
    offered = form_choices(visit, agreed=agreed, old=old, is_quote=bool(shelf.kind))
    form = DraftForm(posted, choices=offered)
    deducts = posted.getlist("deducts") if "asks_deducts" in posted else None
    return Desk(shelf, form, list(lines_of(posted)), record, old, client, agreed, deducts)


# What the books make of it


def raw_of(desk: Desk, visit: Visit, rows: Sequence[values.Row]) -> dict[str, Any]:
    """The raw values of the desk with some of its rows."""
    return values.values_of(
        desk.given,
        rows,
        today=visit.today,
        old=desk.old,
        agreed=desk.agreed,
        deducts=desk.deducts,
    )


@dataclass(slots=True)
class Drawn:
    """The paper of what is typed so far, the rows that are in it, and the faults of the rest."""

    sketch: Sketch | None
    sound: list[values.Row]
    faults: list[Problem] = field(default_factory=list)

    @property
    def document(self) -> Document | None:
        """The paper; None where nothing can be reckoned yet."""
        return self.sketch.document if self.sketch else None


def draw(desk: Desk, visit: Visit) -> Drawn:
    """What the books make of the desk: lines with a fault are left out, and told."""
    rows = desk.typed
    faults: list[Problem] = []
    for _attempt in range(3):
        data = raw_of(desk, visit, rows)
        data["client"] = str(desk.client.id) if desk.client else ""
        data.setdefault("currency", visit.organization.base_currency)
        try:
            found = queries.sketch(
                for_sketch(desk, visit, data),
                by=visit.by,
                at=visit.now,
                on=desk.issue_day(visit),
                kind=desk.shelf.kind,
            )
        except Invalid as error:
            wrong = {values.place_of(problem.pointer) for problem in error.problems} - {None}
            faults += [one for one in error.problems if values.place_of(one.pointer) is None]
            if not wrong:
                return Drawn(None, [], faults)
            rows = [row for index, row in enumerate(rows) if index not in wrong]
            continue
        return Drawn(named(found, desk), rows, faults)
    return Drawn(None, [], faults)


def for_sketch(desk: Desk, visit: Visit, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the draft was with what is typed over it; deposits stand as what is paid already."""
    data = {**desk.old, **data}
    wanted = data.pop("deducts", None) or []
    if wanted and desk.client is not None:
        currency = desk.currency(visit)
        found = queries.deposits_for(
            desk.client.id,
            by=visit.by,
            currency=currency,
            draft_id=desk.record.id if desk.record else None,
        )
        taken = add_up((one.gross for one in found if str(one.id) in wanted), currency)
        own = Money.of(str(data.get("prepaid") or "0"), currency)
        data["prepaid"] = str(own + taken)
    data = {name: value for name, value in data.items() if value is not None}
    if desk.shelf.kind is not None:
        data.pop("kind", None)
    return data


def named(found: Sketch, desk: Desk) -> Sketch:
    """The sketch with the name of a client who is not entered yet."""
    document = found.document
    if desk.client is not None or not desk.given["client_name"]:
        return found
    contact = replace(document.buyer.contact, email=desk.given["client_email"])
    buyer = replace(document.buyer, name=desk.given["client_name"], contact=contact)
    return replace(found, document=replace(document, buyer=buyer))


def rate_words(desk: Desk, visit: Visit, document: Document | None) -> str:
    """1 USD = 0.9214 EUR, where the document is in another currency than the books."""
    base = visit.organization.base_currency
    rate = document.tax_rate_to_tax_currency if document else None
    if rate is None or desk.currency(visit) == base:
        return ""
    shown = numbers.shown(f"{rate.normalize():f}")
    return _("1 %(currency)s = %(rate)s %(base)s") % {
        "currency": desk.currency(visit),
        "rate": shown,
        "base": base,
    }
