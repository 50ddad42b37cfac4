"""/bank-accounts/, /bank-statements/, /bank-lines/, /bank-rules/: what the bank says, explained."""

import base64
import binascii
from typing import Any
from uuid import UUID

from guilder.faces.rest.listing import Filter, Listing, answer_of, page_of_records, read_query
from guilder.faces.rest.routes import Call, route
from guilder.faces.rest.v1.bank_shapes import (
    BankExcludeIn,
    BankGapsOut,
    BankMatchedOut,
    BankMatchIn,
    BankRuleIn,
    BankRulePatch,
    BankRulesOut,
    BankStatementIn,
    BankSureIn,
    HouseAccountIn,
    HouseAccountPatch,
    HouseAccountsOut,
)
from guilder.flows.banking import operations, queries
from guilder.flows.banking.schemas import (
    BankImportOut,
    BankLineOut,
    BankRuleOut,
    BankStatementOut,
    HouseAccountOut,
    account_out,
    gap_out,
    line_out,
    rule_out,
    statement_out,
)
from guilder.kernel.wire import Wire

SOMEBODY = "019e0c5e-7f4c-7a51-9d2e-3c5f3f3a5b11"
LARGEST = 64 * 1024 * 1024 * 4 // 3
STATEMENTS = Listing(
    shape=BankStatementOut,
    filters={"account": Filter("account_id", "id", ("",))},
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
)
LINES = Listing(
    shape=BankLineOut,
    filters={
        "account": Filter("account_id", "id", ("",)),
        "statement": Filter("statement_id", "id", ("",)),
        "state": Filter("state", "text", ("",)),
        "booked_on": Filter("booked", "date", ("gte", "lte")),
    },
    sorts={"created_at": "id"},
    kinds={"created_at": "text"},
    is_newest_first=True,
)


@route("GET", "bank-accounts/", permission="bank.view", answer=HouseAccountsOut)
def list_bank_accounts(call: Call) -> Any:
    """List bank accounts"""
    rows = queries.list_accounts(by=call.by, with_closed=True)
    return answer_of([account_out(one) for one in rows], None)


@route(
    "POST",
    "bank-accounts/",
    permission="bank.edit",
    body=HouseAccountIn,
    answer=HouseAccountOut,
    example={"name": "Elbe Business", "iban": "DE89370400440532013000", "currency": "EUR"},
)
def open_bank_account(call: Call) -> HouseAccountOut:
    """Open a bank account"""
    row = operations.open_account(by=call.by, data=call.body, at=call.at)
    call.place(f"bank-accounts/{row.id}/")
    return account_out(row)


@route("GET", "bank-accounts/{id}/", permission="bank.view", answer=HouseAccountOut)
def read_bank_account(call: Call) -> HouseAccountOut:
    """Read a bank account"""
    return account_out(queries.get_account(call.id, by=call.by))


@route(
    "PATCH",
    "bank-accounts/{id}/",
    permission="bank.edit",
    body=HouseAccountPatch,
    answer=HouseAccountOut,
)
def change_bank_account(call: Call) -> HouseAccountOut:
    """Change a bank account"""
    wire = Wire(call.body)
    wire.known(HouseAccountPatch.__struct_fields__)
    wire.done()
    row = operations.save_account(call.id, by=call.by, data=call.body, version=call.version)
    return account_out(row)


@route("GET", "bank-accounts/{id}/gaps/", permission="bank.view", answer=BankGapsOut)
def list_bank_gaps(call: Call) -> Any:
    """Show where statements are missing"""
    account = queries.get_account(call.id, by=call.by)
    found = queries.gaps(account.id, by=call.by)
    return answer_of([gap_out(one) for one in found], None)


@route(
    "POST",
    "bank-accounts/{id}/match/",
    permission="bank.edit",
    body=BankSureIn,
    answer=BankMatchedOut,
    is_bare=True,
    example={"automatic_from": 95},
)
def match_sure_lines(call: Call) -> BankMatchedOut:
    """Match every line that is sure enough"""
    wire = Wire(call.body)
    wire.known(BankSureIn.__struct_fields__)
    least = wire.whole("automatic_from", least=80, most=100)
    wire.done()
    account = queries.get_account(call.id, by=call.by)
    return BankMatchedOut(
        operations.match_sure(account.id, by=call.by, at=call.at, automatic_from=least)
    )


@route(
    "GET",
    "bank-statements/",
    permission="bank.view",
    answer=BankStatementOut,
    listing=STATEMENTS,
)
def list_bank_statements(call: Call) -> Any:
    """List bank statements"""
    query = read_query(call.request.GET, listing=STATEMENTS)
    found = queries.list_statements(
        by=call.by,
        account_id=query.where.get("account"),
        limit=query.limit + 1,
        after=query.after[1] if query.after else None,
    )
    return page_of_records(found, query, shape=statement_out)


@route(
    "POST",
    "bank-statements/",
    permission="bank.edit",
    body=BankStatementIn,
    answer=BankImportOut,
    scope="upload",
    example={"content": "OjIwOlg=", "filename": "statement.sta"},
)
def import_bank_statement(call: Call) -> BankImportOut:
    """Import a bank's file"""
    wire = Wire(call.body)
    wire.known(BankStatementIn.__struct_fields__)
    content = wire.text("content", most=LARGEST, required=True)
    filename = wire.text("filename", most=255) or "statement"
    account = wire.identity("account")
    match = wire.flag("match", default=True)
    data = decoded(content, wire)
    wire.done()
    made = operations.import_statement(
        data, by=call.by, at=call.at, filename=filename, account_id=account, match=match
    )
    if made.statements:
        call.place(f"bank-statements/{made.statements[0].id}/")
    return BankImportOut(
        format=made.format,
        account=made.account.id,
        entries=made.entries,
        new=made.new,
        matched=made.posted,
        problems=list(made.problems),
        statements=[statement_out(one) for one in made.statements],
    )


def decoded(content: str, wire: Wire) -> bytes:
    """The bytes of a file; what is no base64 is a fault."""
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        wire.fault("content", "banking.not_base64", "Send the file's bytes in base64.")
        return b""


@route("GET", "bank-statements/{id}/", permission="bank.view", answer=BankStatementOut)
def read_bank_statement(call: Call) -> BankStatementOut:
    """Read a bank statement"""
    return statement_out(queries.get_statement(call.id, by=call.by))


@route("GET", "bank-lines/", permission="bank.view", answer=BankLineOut, listing=LINES)
def list_bank_lines(call: Call) -> Any:
    """List bank lines"""
    query = read_query(call.request.GET, listing=LINES)
    names = {
        "account": "account_id",
        "statement": "statement_id",
        "state": "state",
        "booked_on__gte": "booked_from",
        "booked_on__lte": "booked_to",
    }
    wanted = {names[name]: value for name, value in query.where.items()}
    found = queries.list_lines(
        by=call.by,
        limit=query.limit + 1,
        after=query.after[1] if query.after else None,
        **wanted,
    )
    return page_of_records(found, query, shape=line_out)


@route("GET", "bank-lines/{id}/", permission="bank.view", answer=BankLineOut)
def read_bank_line(call: Call) -> BankLineOut:
    """Read a bank line with what is proposed for it"""
    return shaped(call, call.id)


def shaped(call: Call, line_id: UUID) -> BankLineOut:
    """A line, and while it waits its proposal."""
    row = queries.get_line(line_id, by=call.by)
    if row.state != "open":
        return line_out(row)
    found = queries.proposals([row], row.account, by=call.by)
    return line_out(row, found.get(row.id))


@route(
    "POST",
    "bank-lines/{id}/match/",
    permission="bank.edit",
    body=BankMatchIn,
    answer=BankLineOut,
    example={"parts": [{"kind": "invoice", "id": SOMEBODY, "amount": "119.00"}]},
)
def match_bank_line(call: Call) -> BankLineOut:
    """Match a bank line"""
    wire = Wire(call.body)
    wire.known(BankMatchIn.__struct_fields__)
    parts = [one.data for one in wire.parts("parts", most=200)]
    difference = wire.choice("difference", ("", "fee", "credit"), default="")
    wire.done()
    operations.match_line(
        call.id,
        by=call.by,
        at=call.at,
        parts=parts or None,
        difference=difference,
        version=call.version,
    )
    return shaped(call, call.id)


@route(
    "POST",
    "bank-lines/{id}/exclude/",
    permission="bank.edit",
    body=BankExcludeIn,
    answer=BankLineOut,
    example={"note": "Private"},
)
def exclude_bank_line(call: Call) -> BankLineOut:
    """Leave a bank line out"""
    wire = Wire(call.body)
    wire.known(("note",))
    note = wire.text("note", most=200)
    wire.done()
    operations.exclude_line(call.id, by=call.by, at=call.at, note=note)
    return shaped(call, call.id)


@route("POST", "bank-lines/{id}/reopen/", permission="bank.edit", answer=BankLineOut)
def reopen_bank_line(call: Call) -> BankLineOut:
    """Undo what became of a bank line"""
    operations.reopen_line(call.id, by=call.by, at=call.at)
    return shaped(call, call.id)


@route("GET", "bank-rules/", permission="bank.view", answer=BankRulesOut)
def list_bank_rules(call: Call) -> Any:
    """List bank rules"""
    return answer_of([rule_out(one) for one in queries.list_rules(by=call.by)], None)


@route(
    "POST",
    "bank-rules/",
    permission="bank.edit",
    body=BankRuleIn,
    answer=BankRuleOut,
    example={
        "name": "Postage",
        "direction": "out",
        "conditions": [{"field": "name", "op": "contains", "value": "Parcelway"}],
        "account": SOMEBODY,
    },
)
def create_bank_rule(call: Call) -> BankRuleOut:
    """Make a bank rule"""
    row = operations.save_rule(by=call.by, data=call.body, at=call.at)
    call.place(f"bank-rules/{row.id}/")
    return rule_out(row)


@route("GET", "bank-rules/{id}/", permission="bank.view", answer=BankRuleOut)
def read_bank_rule(call: Call) -> BankRuleOut:
    """Read a bank rule"""
    return rule_out(queries.get_rule(call.id, by=call.by))


@route("PATCH", "bank-rules/{id}/", permission="bank.edit", body=BankRulePatch, answer=BankRuleOut)
def change_bank_rule(call: Call) -> BankRuleOut:
    """Change a bank rule"""
    row = operations.save_rule(
        by=call.by, data=call.body, at=call.at, rule_id=call.id, version=call.version
    )
    return rule_out(row)


@route("DELETE", "bank-rules/{id}/", permission="bank.edit")
def delete_bank_rule(call: Call) -> None:
    """Use a bank rule no more"""
    operations.delete_rule(call.id, by=call.by, version=call.version)
