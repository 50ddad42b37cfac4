"""Everything that a set of lines may be about, in a handful of set-based statements.

The work grows with the lines and with the depth of an index, never with how much is open: each
look-up goes through an index over what is open, and takes a bounded number of rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from guilder.books.sepa import queries as sepa
from guilder.flows.banking import calc
from guilder.flows.banking.calc.orders import tokens_of
from guilder.flows.banking.models import BankAccount, StatementLine
from guilder.flows.banking.queries.early import add_early
from guilder.flows.banking.queries.returning import add_departed
from guilder.flows.banking.queries.spending import add_spending
from guilder.foundation.tenancy.hot import array, cursor

MOST_OF_A_KEY = 5  # on average: digits are the same in few series
RECEIVABLE = "('invoice', 'debit_note', 'deposit')"
COLUMNS = "i.id, i.number, i.partner_id, p.name, i.open_amount, i.currency, i.due_on, i.issued_on"
JOIN = "JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id"

# A list, no look-up for each key: it costs little even where the planner's figures are of before
# all that is open was issued.
BY_KEY = f"""
SELECT {COLUMNS} FROM invoicing_invoice i {JOIN}
WHERE i.organization_id = %(organization)s::uuid AND i.number_key = ANY(%(keys)s::text[])
  AND i.open_amount > 0 AND i.kind IN {RECEIVABLE}
LIMIT %(most)s
"""  # noqa: S608 (our own text, here and below)
BY_AMOUNT = f"""
SELECT {COLUMNS}
FROM unnest(%(currencies)s::text[], %(amounts)s::bigint[]) AS a(currency, amount)
CROSS JOIN LATERAL (
  SELECT * FROM invoicing_invoice i WHERE i.organization_id = %(organization)s::uuid
    AND i.currency = a.currency AND i.open_amount = a.amount AND i.open_amount > 0
    AND i.kind IN {RECEIVABLE}
  ORDER BY i.due_on, i.id LIMIT 12) i {JOIN}
"""  # noqa: S608
BY_PARTNER = f"""
SELECT {COLUMNS} FROM unnest(%(partners)s::uuid[]) AS x(partner_id)
CROSS JOIN LATERAL (
  SELECT * FROM invoicing_invoice i WHERE i.organization_id = %(organization)s::uuid
    AND i.partner_id = x.partner_id AND i.open_amount > 0 AND i.kind IN {RECEIVABLE}
  ORDER BY i.due_on, i.id LIMIT 24) i {JOIN}
"""  # noqa: S608
PAYERS = """
SELECT x.key, x.partner_id, p.name FROM banking_payer x
JOIN parties_partner p ON p.organization_id = x.organization_id AND p.id = x.partner_id
WHERE x.organization_id = %(organization)s::uuid AND x.key = ANY(%(keys)s::text[])
UNION ALL
SELECT 'account:' || b.iban, b.partner_id, p.name FROM parties_partnerbankaccount b
JOIN parties_partner p ON p.organization_id = b.organization_id AND p.id = b.partner_id
WHERE b.organization_id = %(organization)s::uuid AND b.iban = ANY(%(ibans)s::text[])
"""
NAMES = """
SELECT p.id, p.name, p.trading_name FROM parties_partner p
WHERE p.organization_id = %(organization)s::uuid AND p.archived_at IS NULL
ORDER BY p.id LIMIT 100000
"""
# Each look for a match goes by its key: as a join, a plan made when there were few read all of them
# for each payment.
RECORDED = """
SELECT y.id, y.partner_id, p.name, y.amount, y.currency, y.received_on, y.reference,
  coalesce((SELECT string_agg(i.number, ' ') FROM payments_allocation a
    JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
    WHERE a.organization_id = y.organization_id AND a.payment_id = y.id AND a.is_active), '')
FROM payments_payment y
JOIN parties_partner p ON p.organization_id = y.organization_id AND p.id = y.partner_id
WHERE y.organization_id = %(organization)s::uuid AND y.account_id = %(ledger)s::uuid
  AND y.reversed_on IS NULL AND y.received_on BETWEEN %(start)s AND %(end)s
  AND y.amount = ANY(%(amounts)s::bigint[])
  AND (SELECT m.id FROM banking_match m WHERE m.organization_id = y.organization_id
    AND m.payment_id = y.id AND m.is_active AND m.kind <> 'return' LIMIT 1) IS NULL
LIMIT 5000
"""
# Less the fee where a payment service has told it: that much is on its way to the bank.
CARDS = """
SELECT y.id, p.name, y.amount - coalesce((SELECT c.fee FROM charging_charge c
    WHERE c.organization_id = y.organization_id AND c.payment_id = y.id
      AND c.fee_entry_id IS NOT NULL), 0), y.currency, y.received_on,
  coalesce((SELECT string_agg(i.number, ' ') FROM payments_allocation a
    JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
    WHERE a.organization_id = y.organization_id AND a.payment_id = y.id AND a.is_active), '')
FROM payments_payment y
JOIN parties_partner p ON p.organization_id = y.organization_id AND p.id = y.partner_id
WHERE y.organization_id = %(organization)s::uuid AND y.method IN ('card', 'online')
  AND y.reversed_on IS NULL AND y.received_on BETWEEN %(start)s AND %(end)s
  AND y.currency = %(currency)s
  AND (SELECT m.id FROM banking_match m WHERE m.organization_id = y.organization_id
    AND m.payment_id = y.id AND m.is_active AND m.kind <> 'return' LIMIT 1) IS NULL
ORDER BY y.received_on LIMIT 2000
"""
RETURNED = """
SELECT l.id, m.payment_id, p.name, m.amount, l.currency, l.booked_on, l.end_to_end,
  concat_ws(' ', l.reference, l.text, l.end_to_end), l.name
FROM banking_statementline l
JOIN banking_match m ON m.organization_id = l.organization_id AND m.line_id = l.id
  AND m.is_active AND m.kind IN ('invoice', 'recorded')
JOIN payments_payment y ON y.organization_id = m.organization_id AND y.id = m.payment_id
  AND y.reversed_on IS NULL
JOIN parties_partner p ON p.organization_id = y.organization_id AND p.id = y.partner_id
WHERE l.organization_id = %(organization)s::uuid AND l.account_id = %(account)s::uuid
  AND l.state = 'matched' AND l.amount = ANY(%(amounts)s::bigint[])
  AND l.booked_on BETWEEN %(start)s AND %(end)s
ORDER BY l.booked_on DESC LIMIT 2000
"""
HAS_ORDERS = """
SELECT EXISTS (SELECT FROM sepa_item i WHERE i.organization_id = %(organization)s::uuid)
"""
MATCHED = """
SELECT m.payment_id FROM banking_match m WHERE m.organization_id = %(organization)s::uuid
  AND m.payment_id = ANY(%(payments)s::uuid[]) AND m.is_active
UNION ALL
SELECT m.disbursement_id FROM banking_match m WHERE m.organization_id = %(organization)s::uuid
  AND m.disbursement_id = ANY(%(payments)s::uuid[]) AND m.is_active
UNION ALL
SELECT m.refund_id FROM banking_match m WHERE m.organization_id = %(organization)s::uuid
  AND m.refund_id = ANY(%(payments)s::uuid[]) AND m.is_active
"""
RULES = """
SELECT r.id, r.name, r.account_id, a.code || ' ' || a.name, r.conditions, r.direction,
  r.used_count, r.is_automatic
FROM banking_rule r
JOIN ledger_account a ON a.organization_id = r.organization_id AND a.id = r.account_id
WHERE r.organization_id = %(organization)s::uuid AND r.is_active
ORDER BY r.position, r.created_at, r.id LIMIT 500
"""
OWN = """
SELECT id, name, iban FROM banking_bankaccount
WHERE organization_id = %(organization)s::uuid AND id <> %(account)s::uuid AND iban <> ''
"""


def line_fact(row: StatementLine) -> calc.Line:
    """A line as matching sees it."""
    return calc.Line(
        id=row.id,
        amount=row.amount,
        currency=row.currency,
        booked_on=row.booked_on,
        name=row.name,
        account=row.counter_account,
        text=row.text,
        reference=row.reference,
        end_to_end=row.end_to_end,
        bank_reference=row.bank_reference,
        original_amount=row.original_amount,
        original_currency=row.original_currency,
        charges=row.charges_amount,
        is_reversal=row.is_reversal,
        details=row.details,
        code=row.code,
    )


class Directory:
    """Clients by the spelling of their names, read once for as many lines as there are."""

    def __init__(self) -> None:
        self.partners: dict[str, UUID | None] | None = None
        self.names: dict[UUID, str] = {}

    def find(self, key: str, base: Mapping[str, Any]) -> UUID | None:
        """The one client of that spelling; a name that two clients share says nothing."""
        if self.partners is None:
            self.partners = self.read(base)
        return self.partners.get(key)

    def read(self, base: Mapping[str, Any]) -> dict[str, UUID | None]:
        """Every spelling of the organization's clients."""
        found: dict[str, UUID | None] = {}
        for partner_id, name, trading_name in run(NAMES, base):
            self.names[partner_id] = name
            for key in {calc.name_key(one) for one in (name, trading_name) if one}:
                if key:
                    found[key] = partner_id if found.get(key, partner_id) == partner_id else None
        return found


def gather(
    lines: Sequence[calc.Line], account: BankAccount, *, organization_id: UUID
) -> calc.Known:
    """What is known about some lines of one account, in the open transaction."""
    known = calc.Known()
    gather_named(lines, account, known, organization_id=organization_id)
    gather_rest(lines, account, known, Directory(), organization_id=organization_id)
    return known


def gather_named(
    lines: Sequence[calc.Line], account: BankAccount, known: calc.Known, *, organization_id: UUID
) -> None:
    """What explains most lines for sure: learned payers, numbers in the text, payments that were
    recorded by hand."""
    add_orders(lines, known, organization_id)
    incoming = [one for one in lines if one.amount > 0]
    if not incoming:
        return
    base = {"organization": organization_id, "account": account.id}
    add_departed(incoming, known, base)
    add_payers(incoming, known, base)
    add_named(incoming, known, base)
    amounts = array({one.amount for one in incoming}, "bigint")
    values = {**base, **window_of(incoming), "ledger": account.ledger_account_id}
    known.recorded = [calc.Recorded(*row) for row in run(RECORDED, {**values, "amounts": amounts})]


def gather_rest(
    lines: Sequence[calc.Line],
    account: BankAccount,
    known: calc.Known,
    directory: Directory,
    *,
    organization_id: UUID,
) -> None:
    """All else that may explain these lines."""
    base = {"organization": organization_id, "account": account.id}
    incoming = [one for one in lines if one.amount > 0]
    if incoming:
        add_names(incoming, known, directory, base)
        add_debts(incoming, known, base)
        values = {**base, **window_of(incoming), "currency": account.currency}
        known.cards = [calc.Card(*row) for row in run(CARDS, values)]
        add_early(incoming, known, account.currency, organization_id=organization_id)
    outgoing = [one for one in lines if one.amount < 0]
    if outgoing:
        add_payers(outgoing, known, base)
        add_returned(outgoing, known, base)
        add_spending(outgoing, account, known, base)
    known.rules = [rule_fact(row) for row in run(RULES, base)]
    for account_id, name, iban in run(OWN, base):
        known.own_accounts[iban] = account_id
        known.own_names[account_id] = name


def window_of(lines: Sequence[calc.Line]) -> dict[str, Any]:
    """The days in which a payment of these lines may have been recorded."""
    start = min(one.booked_on for one in lines) - timedelta(days=14)
    return {"start": start, "end": max(one.booked_on for one in lines) + timedelta(days=10)}


def add_orders(lines: Sequence[calc.Line], known: calc.Known, organization_id: UUID) -> None:
    """Orders that the bank names back: those no line stands for where money came in, else those
    whose money may come back."""
    named: dict[UUID, list[sepa.Awaited]] = {}
    if not run(HAS_ORDERS, {"organization": organization_id})[0][0]:
        return  # most look for direct debits among thousands of words in vain
    tokens = (token for one in lines for token in tokens_of(one))
    for one in sepa.awaited(tokens, organization_id=organization_id):
        named.setdefault(one.order_id, []).append(one)
    ids = [moved for rows in named.values() if (moved := moved_by(rows[0]))]
    values = {"organization": organization_id, "payments": array(ids, "uuid")}
    matched = {row[0] for row in run(MATCHED, values)} if ids else set()
    known.ordered = [
        calc.Ordered(
            order_id=order_id,
            payment_id=rows[0].payment_id,
            partner_name=rows[0].partner_name,
            amount=rows[0].amount,
            number=rows[0].number,
            tokens=frozenset(one.token for one in rows),
            disbursement_id=rows[0].disbursement_id,
            refund_id=rows[0].refund_id,
            is_matched=moved_by(rows[0]) in matched,
        )
        for order_id, rows in named.items()
    ]


def moved_by(one: sepa.Awaited) -> UUID | None:
    """The payment, payment of bills or refund of an order."""
    return one.payment_id or one.disbursement_id or one.refund_id


def rule_fact(row: tuple[Any, ...]) -> calc.RuleFact:
    """A row of RULES."""
    id_, name, account_id, account_name, conditions, direction, used_count, is_automatic = row
    return calc.RuleFact(
        id_,
        name,
        account_id,
        account_name,
        tuple(conditions),
        direction,
        used_count,
        is_automatic,
    )


def run(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of one of the statements above."""
    return cursor(binary=True).execute(statement, values, prepare=True).fetchall()


def add_payers(lines: Sequence[calc.Line], known: calc.Known, base: Mapping[str, Any]) -> None:
    """Who the payers are by account and name as learned, and by the clients' own accounts."""
    accounts = {one.account.replace(" ", "").upper() for one in lines if one.account}
    names = {key for one in lines if one.name and (key := calc.name_key(one.name))}
    keys = [f"account:{one}" for one in accounts] + [f"name:{one}" for one in names]
    if not keys:
        return
    values = {**base, "keys": array(keys, "text"), "ibans": array(accounts, "text")}
    for key, partner_id, name in run(PAYERS, values):
        kind, _, what = key.partition(":")
        where = known.partner_by_account if kind == "account" else known.partner_by_name
        where[what] = partner_id
        known.partner_names[partner_id] = name


def add_named(lines: Sequence[calc.Line], known: calc.Known, base: Mapping[str, Any]) -> None:
    """Open invoices whose numbers the texts may have."""
    keys = {key for one in lines for key in calc.digit_keys(one.said)}
    if keys:
        values = {**base, "keys": array(keys, "text"), "most": MOST_OF_A_KEY * len(keys)}
        hold(run(BY_KEY, values), known)


def add_names(
    lines: Sequence[calc.Line], known: calc.Known, directory: Directory, base: Mapping[str, Any]
) -> None:
    """Clients of exactly the payers' names, where nothing was learned."""
    names = {key for one in lines if one.name and (key := calc.name_key(one.name))}
    for key in names - set(known.partner_by_name):
        partner_id = directory.find(key, base)
        if partner_id is not None:
            known.partner_by_name[key] = partner_id
            known.partner_names[partner_id] = directory.names[partner_id]


def add_debts(lines: Sequence[calc.Line], known: calc.Known, base: Mapping[str, Any]) -> None:
    """Open invoices by amount and by client."""
    wanted = {(one.currency, one.amount) for one in lines} | {
        (one.original_currency, abs(one.original_amount))
        for one in lines
        if one.original_amount and one.original_currency
    }
    amounts = {
        "currencies": array([currency for currency, _ in wanted], "text"),
        "amounts": array([amount for _, amount in wanted], "bigint"),
    }
    hold(run(BY_AMOUNT, {**base, **amounts}), known)
    partners = {found for one in lines for found in payers_of(one, known)}
    if partners:
        hold(run(BY_PARTNER, {**base, "partners": array(partners, "uuid")}), known)


def payers_of(line: calc.Line, known: calc.Known) -> list[UUID]:
    """The clients that a line's account and name stand for."""
    by_account = known.partner_by_account.get(line.account.replace(" ", "").upper())
    by_name = known.partner_by_name.get(calc.name_key(line.name)) if line.name else None
    return [one for one in (by_account, by_name) if one is not None]


def add_returned(lines: Sequence[calc.Line], known: calc.Known, base: Mapping[str, Any]) -> None:
    """Matched lines whose money may come back."""
    start = min(one.booked_on for one in lines) - timedelta(days=400)
    window = {"start": start, "end": max(one.booked_on for one in lines)}
    amounts = array({-one.amount for one in lines}, "bigint")
    known.returned = [
        calc.Returned(*row) for row in run(RETURNED, {**base, **window, "amounts": amounts})
    ]


def hold(rows: Iterable[tuple[Any, ...]], known: calc.Known) -> None:
    """Put invoices under all that they are looked up by."""
    for id_, number, partner_id, name, left, currency, due_on, issued_on in rows:
        if id_ in known.debts:
            continue
        key = calc.number_key(number)
        debt = calc.Debt(id_, number, key, partner_id, name, left, currency, due_on, issued_on)
        known.debts[id_] = debt
        known.by_key.setdefault(key, []).append(id_)
        known.by_amount.setdefault((currency, left), []).append(id_)
        known.by_partner.setdefault(partner_id, []).append(id_)
        known.partner_names[partner_id] = name
