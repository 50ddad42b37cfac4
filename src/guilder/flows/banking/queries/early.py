"""What the invoices that lines fall short of offer for paying early."""

from collections.abc import Sequence
from uuid import UUID

from guilder.books.invoicing.queries.early import discount_strictness, early_offers
from guilder.flows.banking import calc
from guilder.kernel.money import Money

SHARE = 5  # nobody offers more than one part in five for paying early
MOST = 2_000


def add_early(
    lines: Sequence[calc.Line], known: calc.Known, currency: str, *, organization_id: UUID
) -> None:
    """The offers of invoices that lines name, or whose client paid, and fall short of by a little:
    no other paper is read."""
    ids = {debt.id for line in lines for debt in short_of(line, known)}
    if not ids:
        return
    found = early_offers(sorted(ids)[:MOST], organization_id=organization_id)
    known.early = {
        invoice_id: tuple(
            calc.Early(one.until, one.saved, f"{one.percent.normalize():f}", one.days)
            for one in offers
        )
        for invoice_id, offers in found.items()
    }
    if known.early:
        known.grace_days, tolerance = discount_strictness(organization_id=organization_id)
        known.tolerance = Money.rounded(tolerance, currency).minor


def short_of(line: calc.Line, known: calc.Known) -> list[calc.Debt]:
    """Invoices of which a line brings all but a little, alone or together."""
    keys = calc.digit_keys(line.said)
    named = [known.debts[one] for key in keys for one in known.by_key.get(key, ())]
    total = sum(one.left for one in named)
    if len(named) > 1 and is_short(line.amount, total):
        return named
    partners = {known.partner_by_account.get(line.account.replace(" ", "").upper())}
    partners.add(known.partner_by_name.get(calc.name_key(line.name)) if line.name else None)
    theirs = [known.debts[one] for p in partners if p for one in known.by_partner.get(p, ())]
    return [one for one in (*named, *theirs) if is_short(line.amount, one.left)]


def is_short(amount: int, left: int) -> bool:
    """Whether a little is missing of what is open."""
    return 0 < left - amount <= left // SHARE
