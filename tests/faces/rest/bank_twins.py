"""The rightful requests of the bank's routes."""

import base64
import itertools

from tests.faces.rest.speaking import Speaker
from tests.faces.rest.twins import Request, twin
from tests.flows.banking.banking import camt, entry

counter = itertools.count(1)
IBANS = ("DE89370400440532013000", "DE02120300000000202051")


def file_in(speaker: Speaker) -> str:
    """A file of one line, in base64."""
    data = camt([entry("119.00", f"Text {next(counter)}", name="Bar")], number=next(counter))
    return base64.b64encode(data).decode()


def statement_in(speaker: Speaker) -> dict:
    """A statement, imported over the API."""
    return speaker.ok("POST", "bank-statements/", {"content": file_in(speaker)})


def line_in(speaker: Speaker) -> dict:
    """Its line."""
    statement = statement_in(speaker)["statements"][0]["id"]
    return speaker.ok("GET", f"bank-lines/?statement={statement}")["data"][0]


def account_in(speaker: Speaker) -> str:
    """An account, as its statement opens it."""
    return statement_in(speaker)["account"]


def expenses(speaker: Speaker) -> str:
    """An account of the chart that things are posted to."""
    found = speaker.ok("GET", "accounts/")["data"]
    return next(one["id"] for one in found if one["kind"] == "expense")


def rule_body(speaker: Speaker) -> dict:
    return {
        "name": f"Postage {next(counter)}",
        "conditions": [{"field": "name", "op": "contains", "value": "Parcelway"}],
        "account": expenses(speaker),
    }


def rule_in(speaker: Speaker) -> str:
    return speaker.ok("POST", "bank-rules/", rule_body(speaker))["id"]


@twin("GET", "bank-accounts/", "bank-rules/")
def bank_things(speaker: Speaker) -> Request:
    return Request()


@twin("POST", "bank-accounts/")
def new_bank_account(speaker: Speaker) -> Request:
    return Request(body={"name": "Savings", "number": f"A{next(counter)}", "currency": "EUR"})


@twin("GET", "bank-accounts/{id}/", "bank-accounts/{id}/gaps/")
def of_bank_account(speaker: Speaker) -> Request:
    return Request({"id": account_in(speaker)})


@twin("PATCH", "bank-accounts/{id}/")
def changed_bank_account(speaker: Speaker) -> Request:
    return Request({"id": account_in(speaker)}, body={"name": "Another name"})


@twin("POST", "bank-accounts/{id}/match/")
def sure_lines(speaker: Speaker) -> Request:
    return Request({"id": account_in(speaker)}, body={"automatic_from": 95})


@twin("GET", "bank-statements/")
def statements_of_an_account(speaker: Speaker) -> Request:
    return Request(query={"account": account_in(speaker)})


@twin("POST", "bank-statements/")
def new_statement(speaker: Speaker) -> Request:
    return Request(body={"content": file_in(speaker), "filename": "statement.xml"})


@twin("GET", "bank-statements/{id}/")
def of_statement(speaker: Speaker) -> Request:
    return Request({"id": statement_in(speaker)["statements"][0]["id"]})


@twin("GET", "bank-lines/")
def lines_of_a_statement(speaker: Speaker) -> Request:
    line = line_in(speaker)
    return Request(query={"statement": line["statement"], "account": line["account"]})


@twin("GET", "bank-lines/{id}/")
@twin("POST", "bank-lines/{id}/exclude/")
def of_line(speaker: Speaker) -> Request:
    return Request({"id": line_in(speaker)["id"]})


@twin("POST", "bank-lines/{id}/match/")
def matched_line(speaker: Speaker) -> Request:
    line = line_in(speaker)
    part = {"kind": "account", "id": expenses(speaker), "amount": "119.00"}
    return Request({"id": line["id"]}, body={"parts": [part]})


@twin("POST", "bank-lines/{id}/reopen/")
def reopened_line(speaker: Speaker) -> Request:
    line = line_in(speaker)
    speaker.ok("POST", f"bank-lines/{line['id']}/exclude/", {})
    return Request({"id": line["id"]})


@twin("POST", "bank-rules/")
def new_rule(speaker: Speaker) -> Request:
    return Request(body=rule_body(speaker))


@twin("GET", "bank-rules/{id}/")
@twin("DELETE", "bank-rules/{id}/")
def of_rule(speaker: Speaker) -> Request:
    return Request({"id": rule_in(speaker)})


@twin("PATCH", "bank-rules/{id}/")
def changed_rule(speaker: Speaker) -> Request:
    return Request({"id": rule_in(speaker)}, body={"name": f"Renamed {next(counter)}"})
