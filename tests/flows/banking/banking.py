"""Bank files and lines for the tests of banking."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from guilder.flows.banking import operations, queries
from tests import make

IBAN = "DE89370400440532013000"
HEAD = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
    "<Id>{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb><Acct><Id><IBAN>{iban}</IBAN></Id>"
    "<Ccy>{currency}</Ccy></Acct>"
)
BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
    "<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
)
ENTRY = (
    "<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><RvslInd>{reversal}"
    "</RvslInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>"
    "<AcctSvcrRef>{ref}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>{e2e}</EndToEndId></Refs>"
    "{original}<RltdPties><{side}><Pty><Nm>{name}</Nm></Pty></{side}><{side}Acct><Id><IBAN>{account}"
    "</IBAN></Id></{side}Acct></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls>"
    "</Ntry>"
)


def entry(amount: str, text: str = "", **changes: Any) -> dict[str, Any]:
    """One movement: decimal text, below zero for what goes out."""
    return {
        "amount": amount,
        "text": text,
        "name": "",
        "account": "",
        "ref": "",
        "e2e": "",
        "on": make.TODAY,
        "reversal": "false",
        "original": "",
        **changes,
    }


def camt(
    entries: Sequence[dict[str, Any]],
    *,
    opening: str = "1000.00",
    number: int = 1,
    iban: str = IBAN,
    currency: str = "EUR",
    on: date = make.TODAY,
) -> bytes:
    """A camt.053 with these entries and the balances that they make."""
    closing = Decimal(opening) + sum(Decimal(one["amount"]) for one in entries)
    parts = [HEAD.format(number=number, iban=iban, currency=currency)]
    for kind, amount in (("OPBD", Decimal(opening)), ("CLBD", closing)):
        sign = "DBIT" if amount < 0 else "CRDT"
        parts.append(
            BALANCE.format(kind=kind, currency=currency, amount=abs(amount), sign=sign, on=on)
        )
    parts += [one_entry(one, currency) for one in entries]
    return ("".join(parts) + "</Stmt></BkToCstmrStmt></Document>").encode()


def one_entry(one: dict[str, Any], currency: str) -> str:
    """An Ntry."""
    amount = Decimal(one["amount"])
    escaped = {
        name: value.replace("&", "&amp;").replace("<", "&lt;")
        for name, value in one.items()
        if isinstance(value, str) and name != "original"
    }
    return ENTRY.format(
        **{
            **one,
            **escaped,
            "amount": abs(amount),
            "sign": "DBIT" if amount < 0 else "CRDT",
            "side": "Cdtr" if amount < 0 else "Dbtr",
            "currency": currency,
        }
    )


def account(by: Any, **changes: Any) -> Any:
    """An account at a bank."""
    data = {"name": "Elbe Business", "iban": IBAN, "currency": "EUR", **changes}
    return operations.open_account(by=by, data=data, at=make.NOW)


def imported(by: Any, entries: Sequence[dict[str, Any]], **changes: Any) -> Any:
    """What became of a camt.053 with these entries."""
    return operations.import_statement(
        camt(entries, **changes), by=by, at=make.NOW, filename="statement.xml"
    )


def line(by: Any, amount: str, text: str = "", **changes: Any) -> Any:
    """One line of one statement, open."""
    outcome = imported(by, [entry(amount, text, **changes)])
    return queries.list_lines(by=by, statement_id=outcome.statements[0].id)[0]


def proposal(by: Any, row: Any) -> Any:
    """What a line probably is, or None."""
    found = queries.get_account(row.account_id, by=by)
    return queries.proposals([row], found, by=by).get(row.id)


def codes(found: Any) -> list[str]:
    """The reasons of a proposal."""
    return [one.code for one in found.reasons]
