"""The navigation as data: every place, what can be made, their icons, keys and permissions.

An entry appears once its room has put its address in `urls.py`, and only to who may go there.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Label = str | Promise
May = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: `route` is its URL name, `section` what marks it as current."""

    label: Label
    route: str
    icon: str
    section: str
    keys: str = ""
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Places under one head; the first group has none. `code` is what folding remembers."""

    code: str
    label: Label
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A place as the template draws it; `hot` counts wait for this person."""

    label: Label
    url: str
    icon: str
    keys: str
    section: str = ""
    current: bool = False
    count: str = ""
    hot: bool = False


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as the template draws it; never empty."""

    label: Label
    places: tuple[Shown, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How much waits at a place; `hot` where it waits for this person."""

    number: int
    hot: bool = False


P = Place
GROUPS = (
    Group(
        "",
        "",
        (
            P(_("Overview"), "web:overview", "overview", "overview", "g o"),
            P(_("Inbox"), "web:inbox", "inbox", "inbox", "g n"),
        ),
    ),
    Group(
        "sales",
        _("Sales"),
        (
            P(_("Invoices"), "web:invoices", "invoice", "invoices", "g i", "invoice.view"),
            P(_("Quotes"), "web:quotes", "quote", "quotes", "g q", "quote.view"),
            P(_("Recurring"), "web:recurring", "recurring", "recurring", "g y", "invoice.view"),
            P(_("Credit notes"), "web:credit_notes", "credit", "credits", "g h", "invoice.view"),
            P(_("Clients"), "web:clients", "clients", "clients", "g c", "partner.view"),
            P(_("Items"), "web:items", "item", "items", "g t", "item.view"),
        ),
    ),
    Group(
        "money",
        pgettext_lazy("menu", "Money"),
        (
            P(_("Payments"), "web:payments", "payment", "payments", "g p", "payment.view"),
            P(_("Reminders"), "web:reminders", "mail", "reminders", "g z", "reminder.view"),
            P(_("Refunds"), "web:refunds", "undo", "refunds", "g f", "refund.view"),
            P(_("Online payments"), "web:charges", "payment", "charges", "", "payment.view"),
            P(_("Payment orders"), "web:sepa", "send", "sepa", "", "sepa.view"),
            P(_("Bank matching"), "web:bank", "bank", "bank", "g b", "bank.view"),
        ),
    ),
    Group(
        "purchases",
        _("Purchases"),
        (
            P(_("Documents"), "web:documents", "document", "documents", "g d", "bill.view"),
            P(_("Bills"), "web:bills", "invoice", "bills", "g x", "bill.view"),
            P(_("Approvals"), "web:approvals", "approve", "approvals", "g a", "document.view"),
            P(_("Suppliers"), "web:suppliers", "supplier", "suppliers", "g u", "partner.view"),
        ),
    ),
    Group(
        "billing",
        _("Billing"),
        (
            P(_("Subscriptions"), "web:subscriptions", "layers", "plans", "g v", "invoice.view"),
            P(_("Usage"), "web:usage", "usage", "usage", "g w", "invoice.view"),
            P(_("Data bundles"), "web:bundles", "bars", "bundles", "g l", "invoice.view"),
        ),
    ),
    Group(
        "insight",
        _("Insight"),
        (
            P(_("Reports"), "web:reports", "report", "reports", "g r", "report.view"),
            P(_("Audit trail"), "web:audit", "lock", "audit", "g j", "audit.view"),
        ),
    ),
)  # fmt: skip
OPERATOR = "operator"  # no permission of an organization: who runs the installation
FOOT = (
    P(_("Outbox"), "web:outbox", "mail", "outbox", "g m", "invoice.send"),
    P(_("Developers"), "web:developers", "code", "developers", "g e", "event.view"),
    P(_("Settings"), "web:settings", "settings", "settings", "g s", "settings.view"),
    P(_("Installation"), "web:operate", "bars", "operate", "g k", OPERATOR),
)
CREATES = (
    P(_("New invoice"), "web:invoice_new", "invoice", "invoices", "c i", "invoice.create"),
    P(_("New quote"), "web:quote_new", "quote", "quotes", "c q", "quote.edit"),
    P(_("New recurring"), "web:recurring_new", "recurring", "recurring", "c y", "invoice.create"),
    P(_("New client"), "web:client_new", "clients", "clients", "c c", "partner.edit"),
    P(_("New item"), "web:item_new", "item", "items", "c t", "item.edit"),
    P(_("Record payment"), "web:payment_new", "cash", "payments", "c p", "payment.record"),
)  # fmt: skip
# The phone's bar: the first four of these that exist for somebody.
TABS = ("overview", "invoices", "bank", "documents", "clients", "payments", "inbox", "items")


@cache
def address_of(route: str) -> str:
    """The place's address, empty while its room has none."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def place_of(route: str, thing_id: object) -> str:
    """The address of one thing, empty while its room has no page for it."""
    try:
        return reverse(route, args=[thing_id])
    except NoReverseMatch:
        return ""


def shown(
    places: Iterable[Place],
    may: May,
    *,
    section: str = "",
    counts: Mapping[str, Count] | None = None,
) -> tuple[Shown, ...]:
    """The places that exist and that somebody may go to."""
    found = []
    for place in places:
        url = address_of(place.route)
        if not url or (place.permission and not may(place.permission)):
            continue
        count = (counts or {}).get(place.section)
        found.append(
            Shown(
                label=place.label,
                url=url,
                icon=place.icon,
                keys=place.keys,
                section=place.section,
                current=place.section == section,
                count=f"{count.number:,}" if count and count.number else "",
                hot=bool(count and count.hot and count.number),
            )
        )
    return tuple(found)


def groups(
    section: str, may: May, counts: Mapping[str, Count] | None = None
) -> tuple[ShownGroup, ...]:
    """The groups for someone who holds what `may` says; `section` is where they are."""
    made = (
        ShownGroup(one.label, shown(one.places, may, section=section, counts=counts), one.code)
        for one in GROUPS
    )
    return tuple(group for group in made if group.places)


def may_of(held: May, *, is_operator: bool) -> May:
    """What somebody may, the places of operators among it."""
    return lambda name: is_operator if name == OPERATOR else held(name)


def foot(section: str, may: May) -> tuple[Shown, ...]:
    """The places at the navigation's end."""
    return shown(FOOT, may, section=section)


def tabs(section: str, may: May) -> tuple[Shown, ...]:
    """The phone's tab bar: four places; the fifth tab opens the rest."""
    places = {place.section: place for group in GROUPS for place in group.places}
    return shown((places[name] for name in TABS), may, section=section)[:4]


def creates(may: May) -> tuple[Shown, ...]:
    """What somebody may make, each under `C` and a letter."""
    return shown(CREATES, may)
