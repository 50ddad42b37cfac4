"""The reports that there are: what each asks for, who may see it, what draws it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guilder.faces.web.reports.asked import Asked
from guilder.faces.web.reports.sheets import books, money, owed, sales, tax
from guilder.faces.web.shell import Visit
from guilder.office.reports.schemas import Table

Build = Callable[[Visit, Asked], Table]
TIMES = ("month", "quarter", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One report. `preset` is the period that it begins with, "" where it is of one day."""

    name: str
    label: str | Promise
    hint: str | Promise
    icon: str
    build: Build
    documents: Build | None = None
    permissions: tuple[str, ...] = ("report.view",)
    preset: str = "this_year"
    groups: tuple[str, ...] = ()
    compares: bool = True
    has_currency: bool = False
    is_drawn: bool = False

    @property
    def of_one_day(self) -> bool:
        """Whether it tells how things stand on a day."""
        return not self.preset

    def may(self, visit: Visit) -> bool:
        """Whether this person may see it."""
        return all(visit.by.may(permission) for permission in self.permissions)


GROUPS: tuple[tuple[str | Promise, tuple[Kind, ...]], ...] = (
    (
        _("Owed to you"),
        (
            Kind(
                name="ageing",
                label=_("Ageing"),
                hint=_("Who owes what, and since when, on any day."),
                icon="clock",
                build=owed.ageing,
                documents=owed.owed_documents,
                preset="",
                compares=False,
                has_currency=True,
            ),
            Kind(
                name="pace",
                label=_("Days to pay"),
                hint=_("How long each client takes, and how often too long."),
                icon="usage",
                build=sales.pace,
                documents=sales.settled_documents,
            ),
        ),
    ),
    (
        _("Sales and tax"),
        (
            Kind(
                name="revenue",
                label=_("Revenue"),
                hint=_("Invoiced and credited, net of tax: by month, client or item."),
                icon="report",
                build=sales.revenue,
                documents=sales.earned_documents,
                groups=("month", "quarter", "year", "client", "item"),
                has_currency=True,
                is_drawn=True,
            ),
            Kind(
                name="tax",
                label=_("Tax on sales"),
                hint=_("Taxable amount and tax by rate, for the return."),
                icon="tax",
                build=tax.tax,
                documents=tax.taxed_documents,
                preset="last_month",
            ),
            Kind(
                name="union",
                label=_("EC sales list"),
                hint=_("Untaxed sales to VAT IDs of other member states."),
                icon="external",
                build=tax.union,
                preset="last_quarter",
                compares=False,
            ),
        ),
    ),
    (
        _("Money and books"),
        (
            Kind(
                name="payments",
                label=_("Money in"),
                hint=_("Received and reversed: by month, client, method or account."),
                icon="cash",
                build=money.payments,
                documents=money.moved_payments,
                permissions=("report.view", "payment.view"),
                groups=("month", "quarter", "year", "client", "method", "account"),
                has_currency=True,
                is_drawn=True,
            ),
            Kind(
                name="profit",
                label=_("Profit and loss"),
                hint=_("Income less expenses, as far as they are booked."),
                icon="bars",
                build=books.profit,
                permissions=("report.view", "ledger.view"),
            ),
            Kind(
                name="balance",
                label=_("Trial balance"),
                hint=_("Every account with what it opened with, took and gave."),
                icon="columns",
                build=books.balance,
                documents=books.statement,
                permissions=("report.view", "ledger.view"),
                compares=False,
            ),
        ),
    ),
)
KINDS = {kind.name: kind for _label, kinds in GROUPS for kind in kinds}
