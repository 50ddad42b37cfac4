"""The navigation as data: every place that exists, its icon, keys and permission."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry: `route` is its URL name, `section` what marks it as current."""

    label: str | Promise
    route: str
    icon: str
    section: str
    keys: str = ""
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Places under one head; the first group has none."""

    label: str | Promise
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A place as the template draws it."""

    label: str | Promise
    url: str
    icon: str
    keys: str
    current: bool
    count: str = ""
    hot: bool = False


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as the template draws it; never empty."""

    label: str | Promise
    places: tuple[Shown, ...]


GROUPS = (
    Group(
        "",
        (
            Place(
                label=_("Overview"),
                route="web:overview",
                icon="overview",
                section="overview",
                keys="g o",
            ),
        ),
    ),
    Group(
        _("Sales"),
        (
            Place(
                label=_("Invoices"),
                route="web:invoices",
                icon="invoice",
                section="invoices",
                keys="g i",
                permission="invoice.view",
            ),
            Place(
                label=_("Clients"),
                route="web:clients",
                icon="clients",
                section="clients",
                keys="g c",
                permission="partner.view",
            ),
            Place(
                label=_("Items"),
                route="web:items",
                icon="item",
                section="items",
                keys="g t",
                permission="item.view",
            ),
        ),
    ),
    Group(
        pgettext_lazy("menu", "Money"),
        (
            Place(
                label=_("Payments"),
                route="web:payments",
                icon="payment",
                section="payments",
                keys="g p",
                permission="payment.view",
            ),
        ),
    ),
)
FOOT = (
    Place(
        label=_("Outbox"),
        route="web:outbox",
        icon="mail",
        section="outbox",
        keys="g m",
        permission="invoice.send",
    ),
    Place(
        label=_("Settings"),
        route="web:settings",
        icon="settings",
        section="settings",
        keys="g s",
        permission="settings.view",
    ),
)
TABS = ("overview", "invoices", "clients", "payments")


def _shown(
    places: tuple[Place, ...], section: str, may: Callable[[str], bool]
) -> tuple[Shown, ...]:
    return tuple(
        Shown(
            label=place.label,
            url=reverse(place.route),
            icon=place.icon,
            keys=place.keys,
            current=place.section == section,
        )
        for place in places
        if not place.permission or may(place.permission)
    )


def groups(section: str, may: Callable[[str], bool]) -> tuple[ShownGroup, ...]:
    """The groups for someone who holds what `may` says; `section` is where they are."""
    shown = (ShownGroup(group.label, _shown(group.places, section, may)) for group in GROUPS)
    return tuple(group for group in shown if group.places)


def foot(section: str, may: Callable[[str], bool]) -> tuple[Shown, ...]:
    """The places at the navigation's end."""
    return _shown(FOOT, section, may)


def tabs(section: str, may: Callable[[str], bool]) -> tuple[Shown, ...]:
    """The phone's tab bar: four places; the fifth tab opens the rest."""
    places = tuple(place for group in GROUPS for place in group.places if place.section in TABS)
    return _shown(places, section, may)
