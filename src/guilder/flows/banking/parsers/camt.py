"""ISO 20022 account reports: camt.052 (intraday), camt.053 (statement), camt.054 (notice).

One reader for all versions: elements are found by their local names, and what moved between
versions (the status, BIC and names of parties) is looked for in each of its places.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from guilder.flows.banking.parsers.record import (
    Entry,
    Statement,
    StatementFile,
    UnreadableStatement,
    squeezed,
)
from guilder.flows.banking.parsers.values import iso_day, plain_amount
from guilder.kernel import xml
from guilder.kernel.xml import Element, local_name, namespace_of

BODIES = {
    "BkToCstmrAcctRpt": "Rpt",
    "BkToCstmrAcctRptV01": "Rpt",
    "BkToCstmrStmt": "Stmt",
    "BkToCstmrStmtV01": "Stmt",
    "BkToCstmrDbtCdtNtfctn": "Ntfctn",
    "BkToCstmrDbtCdtNtfctnV01": "Ntfctn",
}
NAMESPACE = re.compile(r"camt\.05[234]\.001\.\d{2}", re.ASCII)
OPENING = ("OPBD", "PRCD", "OPAV")
CLOSING = ("CLBD", "CLAV", "ITBD")
MOST_ENTRIES = 200_000


def read_camt(data: bytes) -> StatementFile:
    """The statements of a camt file. Raises UnreadableStatement and kernel.xml's refusals."""
    root = xml.parse(data)
    version = NAMESPACE.search(namespace_of(root))
    bodies = [node for node in root if local_name(node) in BODIES]
    if version is None or not bodies:
        raise UnreadableStatement("This XML is no account report (camt.052, camt.053, camt.054).")
    parts = [
        part for body in bodies for part in body if local_name(part) == BODIES[local_name(body)]
    ]
    if not parts:
        raise UnreadableStatement("There is no statement in this file; its body is empty.")
    is_interim = version[0][:8] != "camt.053"
    statements = tuple(statement_of(part, is_interim=is_interim) for part in parts)
    if sum(len(one.entries) for one in statements) > MOST_ENTRIES:
        raise UnreadableStatement(f"A file has at most {MOST_ENTRIES:,} entries. Split it.")
    return StatementFile(format=version[0], statements=statements)


def children(node: Element | None, name: str) -> Iterator[Element]:
    """The children of `node` of that local name."""
    if node is not None:
        for one in node:
            if local_name(one) == name:
                yield one


def child(node: Element | None, *path: str) -> Element | None:
    """The first element at `path` below `node`."""
    for name in path:
        node = next(children(node, name), None)
        if node is None:
            return None
    return node


def text(node: Element | None, *path: str) -> str:
    """The trimmed text of the first element at `path`, empty where there is none."""
    found = child(node, *path)
    return (found.text or "").strip() if found is not None else ""


def statement_of(part: Element, *, is_interim: bool) -> Statement:
    """One Rpt, Stmt or Ntfctn."""
    account = child(part, "Acct")
    balances = {kind: node for node in children(part, "Bal") if (kind := balance_kind(node))}
    opening = next((balances[kind] for kind in OPENING if kind in balances), None)
    closing = next((balances[kind] for kind in CLOSING if kind in balances), None)
    entries = tuple(one for node in children(part, "Ntry") if (one := entry_of(node)))
    currency = currency_of(account, closing if closing is not None else opening, entries)
    period = child(part, "FrToDt")
    return Statement(
        account=text(account, "Id", "IBAN") or text(account, "Id", "Othr", "Id"),
        currency=currency,
        number=text(part, "ElctrncSeqNb") or text(part, "LglSeqNb") or text(part, "Id"),
        opening=signed(opening) if opening is not None else None,
        opening_on=day(opening, "Dt"),
        closing=signed(closing) if closing is not None else None,
        closing_on=day(closing, "Dt"),
        starts_on=iso_day(text(period, "FrDtTm") or text(period, "FrDt")),
        ends_on=iso_day(text(period, "ToDtTm") or text(period, "ToDt")),
        is_interim=is_interim,
        entries=entries,
    )


def currency_of(
    account: Element | None, balance: Element | None, entries: tuple[Entry, ...]
) -> str:
    """What the entries are in, where they agree; else what the account or a balance says."""
    booked = {one.currency for one in entries}
    stated = child(balance, "Amt")
    of_balance = (stated.get("Ccy") or "") if stated is not None else ""
    return booked.pop() if len(booked) == 1 else text(account, "Ccy") or of_balance


def balance_kind(node: Element) -> str:
    """The code of a balance, such as OPBD; version 1 has it one level up."""
    return text(node, "Tp", "CdOrPrtry", "Cd") or text(node, "Tp", "Cd")


def signed(node: Element | None, *, amount: str = "Amt") -> Decimal | None:
    """The amount of `node`, below zero for a debit."""
    value = plain_amount(text(node, amount))
    if value is None:
        return None
    return -value if text(node, "CdtDbtInd") == "DBIT" else value


def day(node: Element | None, name: str) -> date | None:
    """A date or an instant's day."""
    found = child(node, name)
    return iso_day(text(found, "Dt") or text(found, "DtTm")) if found is not None else None


def entry_of(node: Element) -> Entry | None:
    """One entry; of one that sums up several transactions the first says who, all say why."""
    amount = signed(node)
    if amount is None:
        return None
    stated = child(node, "Amt")
    details = [one for group in children(node, "NtryDtls") for one in children(group, "TxDtls")]
    first = details[0] if details else None
    is_reversal = text(node, "RvslInd") in {"true", "1"}
    original, original_currency = original_of(first, node)
    name, account = counterparty(first, is_credit=(amount >= 0) is not is_reversal)
    status = text(node, "Sts", "Cd") or text(node, "Sts")
    return Entry(
        amount=amount,
        booked_on=day(node, "BookgDt") or day(node, "ValDt"),
        valued_on=day(node, "ValDt"),
        currency=(stated.get("Ccy") or "") if stated is not None else "",
        name=name if len(details) < 2 else "",
        account=account if len(details) < 2 else "",
        text=remittance(details, node),
        reference=structured(details),
        end_to_end=references(details, "EndToEndId") or information(node, details),
        bank_reference=text(node, "AcctSvcrRef") or text(first, "Refs", "AcctSvcrRef"),
        code=f"{transaction_code(node)} {return_reason(details)}".strip(),
        original_amount=original,
        original_currency=original_currency,
        charges=charges_of(first, node),
        is_reversal=is_reversal,
        is_pending=status in {"PDNG", "INFO", "FUTR"},
        details=batch_size(node, details),
    )


def batch_size(node: Element, details: list[Element]) -> int:
    """How many transactions one entry stands for."""
    stated = text(node, "NtryDtls", "Btch", "NbOfTxs")
    return int(stated) if stated.isdecimal() and len(stated) < 7 else max(1, len(details))


def counterparty(detail: Element | None, *, is_credit: bool) -> tuple[str, str]:
    """Who stands on the other side: (name, account)."""
    parties, agent_side = child(detail, "RltdPties"), "Dbtr" if is_credit else "Cdtr"
    name = ""
    for role in (f"Ultmt{agent_side}", agent_side):
        party = child(parties, role)
        # From version 8 on a party stands one level deeper.
        name = text(party, "Nm") or text(party, "Pty", "Nm") or name
    ids = child(parties, f"{agent_side}Acct", "Id")
    return squeezed(name), text(ids, "IBAN") or text(ids, "Othr", "Id")


def remittance(details: list[Element], node: Element) -> str:
    """What the payer wrote; else what the bank did."""
    written = [
        squeezed(one.text or "")
        for detail in details
        for one in children(child(detail, "RmtInf"), "Ustrd")
    ]
    further = [squeezed(text(detail, "AddtlTxInf")) for detail in details]
    own = squeezed(text(node, "AddtlNtryInf"))
    found = [one for one in written if one] or [one for one in further if one] or [own]
    return " ".join(dict.fromkeys(found))[:2000]


def structured(details: list[Element]) -> str:
    """The structured creditor reference; of several, all of them."""
    found = [
        text(one, "CdtrRefInf", "Ref")
        for detail in details
        for one in children(child(detail, "RmtInf"), "Strd")
    ]
    return " ".join(dict.fromkeys(one for one in found if one))[:200]


def references(details: list[Element], name: str) -> str:
    """A reference of the transactions; NOTPROVIDED is none."""
    found = [text(detail, "Refs", name) for detail in details]
    return " ".join(dict.fromkeys(one for one in found if one and one != "NOTPROVIDED"))[:200]


def information(node: Element, details: list[Element]) -> str:
    """The payment information that the bank booked as one: the identifier that we gave it."""
    found = text(node, "NtryDtls", "Btch", "PmtInfId") or references(details, "PmtInfId")
    return found if found != "NOTPROVIDED" else ""


def return_reason(details: list[Element]) -> str:
    """Why money came back, such as AC04; empty where it did not, or nobody says why."""
    found = (text(one, "RtrInf", "Rsn", "Cd") for one in details)
    return next((one for one in found if len(one) == 4 and one.isalnum()), "")


def transaction_code(node: Element) -> str:
    """Domain, family and sub-family, or the bank's own code."""
    code = child(node, "BkTxCd")
    family = child(code, "Domn", "Fmly")
    parts = (text(code, "Domn", "Cd"), text(family, "Cd"), text(family, "SubFmlyCd"))
    return "/".join(part for part in parts if part) or text(code, "Prtry", "Cd")


def original_of(detail: Element | None, node: Element) -> tuple[Decimal | None, str]:
    """What was instructed, where that is another currency."""
    booked = child(node, "Amt")
    for holder in (detail, node):
        for name in ("InstdAmt", "TxAmt"):
            stated = child(holder, "AmtDtls", name, "Amt")
            if stated is None or booked is None or stated.get("Ccy") == booked.get("Ccy"):
                continue
            return plain_amount(stated.text or ""), stated.get("Ccy") or ""
    return None, ""


def charges_of(detail: Element | None, node: Element) -> Decimal | None:
    """What banks kept, where they say so."""
    for holder in (detail, node):
        charges = child(holder, "Chrgs")
        if charges is None:
            continue
        total = plain_amount(text(charges, "TtlChrgsAndTaxAmt") or text(charges, "Amt"))
        if total is not None:
            return abs(total)
        rows = [plain_amount(text(one, "Amt")) for one in children(charges, "Rcrd")]
        known = [one for one in rows if one is not None]
        if known:
            return sum(known, Decimal(0))
    return None
