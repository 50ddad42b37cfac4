"""For each route one rightful request: what the sweeps over all routes are made from."""

import itertools
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from tests import make
from tests.faces.cli.papers import ubl
from tests.faces.rest.speaking import Speaker, client_in, draft_in, issued_in, line, payment_in
from tests.foundation.events.parking import parked_event

counter = itertools.count(1)


@dataclass(slots=True)
class Request:
    """Ids of the path by name, the query, the body."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None


Twin = Callable[[Speaker], Request]
TWINS: dict[tuple[str, str], Twin] = {}


def twin(method: str, *paths: str) -> Callable[[Twin], Twin]:
    """The rightful request of a route (or of several alike)."""

    def register(make: Twin) -> Twin:
        for path in paths:
            TWINS[method, path] = make
        return make

    return register


def address_of(path: str, request: Request) -> str:
    """The address of a request under /api/v1/."""
    filled = path.format(**request.path)
    return f"{filled}?{urlencode(request.query)}" if request.query else filled


@twin(
    "GET",
    "users/",
    "users/me/",
    "taxes/",
    "rates/",
    "series/",
    "series/gaps/",
    "accounts/",
    "periods/",
    "reports/trial-balance/",
    "reports/ageing/",
    "keys/",
    "organization/",
    "organization/seller/",
    "organization/look/",
    "organization/mail/",
    "items/",
    "clients/",
    "suppliers/",
)
def nothing_said(speaker: Speaker) -> Request:
    """Collections and single things that name no id."""
    return Request()


@twin("GET", "invoices/", "credit-notes/")
def invoices_of_a_client(speaker: Speaker) -> Request:
    invoice = issued_in(speaker)
    return Request(
        query={"client": invoice["client"], "corrects": invoice["id"], "quote": invoice["id"]}
    )


@twin("GET", "payments/")
def payments_of_a_client(speaker: Speaker) -> Request:
    invoice = issued_in(speaker)
    payment_in(speaker, client=invoice["client"])
    return Request(query={"client": invoice["client"], "invoice": invoice["id"]})


@twin("GET", "quotes/")
def quotes_of_a_client(speaker: Speaker) -> Request:
    return Request(query={"client": a_quote(speaker)["client"]})


@twin("GET", "events/")
def events_of_a_thing(speaker: Speaker) -> Request:
    return Request(query={"subject": draft_in(speaker)["id"]})


@twin("GET", "audit/")
def audit_of_a_thing(speaker: Speaker) -> Request:
    assert speaker.actor is not None
    return Request(query={"row": draft_in(speaker)["id"], "actor": str(speaker.actor.user_id)})


@twin("GET", "entries/")
def entries_of_a_thing(speaker: Speaker) -> Request:
    return Request(query={"source_id": issued_in(speaker)["id"]})


# Parties, items, taxes, rates, series


def party(speaker: Speaker, path: str) -> Request:
    made = speaker.ok(
        "POST",
        path,
        {"kind": "company", "name": f"Party {next(counter)}", "address": {"country": "DE"}},
    )
    return Request({"id": made["id"]})


for side in ("clients/", "suppliers/"):

    def of_party(speaker: Speaker, path: str = side) -> Request:
        return party(speaker, path)

    def new_party(speaker: Speaker) -> Request:
        return Request(body={"kind": "individual", "name": "Kim", "address": {"country": "FR"}})

    def renamed_party(speaker: Speaker, path: str = side) -> Request:
        return Request(party(speaker, path).path, body={"name": "Another name"})

    TWINS["POST", side] = new_party
    TWINS["GET", f"{side}{{id}}/"] = of_party
    TWINS["PATCH", f"{side}{{id}}/"] = renamed_party
    TWINS["DELETE", f"{side}{{id}}/"] = of_party
    TWINS["POST", f"{side}{{id}}/archive/"] = of_party
    TWINS["POST", f"{side}{{id}}/restore/"] = of_party
    TWINS["POST", f"{side}{{id}}/erase/"] = of_party


@twin("POST", "items/")
def new_item(speaker: Speaker) -> Request:
    return Request(body={"name": "Design day", "unit": "DAY"})


@twin("GET", "items/{id}/")
@twin("DELETE", "items/{id}/")
@twin("POST", "items/{id}/archive/")
@twin("POST", "items/{id}/restore/")
def of_item(speaker: Speaker) -> Request:
    return Request({"id": speaker.ok("POST", "items/", {"name": f"Item {next(counter)}"})["id"]})


@twin("PATCH", "items/{id}/")
def renamed_item(speaker: Speaker) -> Request:
    return Request(of_item(speaker).path, body={"name": "Another name"})


@twin("POST", "taxes/")
def new_tax(speaker: Speaker) -> Request:
    code = f"code{next(counter)}"
    return Request(body={"code": code, "category": "S", "percent": "5", "valid_from": "2026-01-01"})


def tax_id(speaker: Speaker) -> dict[str, str]:
    return {"id": speaker.ok("POST", "taxes/", new_tax(speaker).body)["id"]}


@twin("GET", "taxes/{id}/")
def of_tax(speaker: Speaker) -> Request:
    return Request(tax_id(speaker))


@twin("PATCH", "taxes/{id}/")
def renamed_tax(speaker: Speaker) -> Request:
    return Request(tax_id(speaker), body={"name": "Another name"})


@twin("POST", "taxes/{id}/rates/")
def new_tax_rate(speaker: Speaker) -> Request:
    return Request(tax_id(speaker), body={"percent": "6", "valid_from": "2027-01-01"})


@twin("POST", "rates/")
def new_rate(speaker: Speaker) -> Request:
    return Request(body={"base": "EUR", "quote": "USD", "on": "2026-11-20", "rate": "1.1"})


@twin("POST", "series/")
def new_series(speaker: Speaker) -> Request:
    code = f"s{next(counter)}"
    return Request(body={"kind": "invoice", "code": code, "pattern": f"{code}-{{counter}}"})


def series_id(speaker: Speaker) -> str:
    return speaker.ok("POST", "series/", new_series(speaker).body)["id"]


@twin("GET", "series/{id}/")
def of_series(speaker: Speaker) -> Request:
    return Request({"id": series_id(speaker)})


@twin("PATCH", "series/{id}/")
def changed_series(speaker: Speaker) -> Request:
    return Request({"id": series_id(speaker)}, body={"is_active": True})


# Invoices


@twin("POST", "invoices/")
def new_invoice(speaker: Speaker) -> Request:
    item = speaker.ok("POST", "items/", {"name": f"Item {next(counter)}"})
    return Request(
        body={
            "client": client_in(speaker)["id"],
            "currency": "EUR",
            "series": series_id(speaker),
            "lines": [line(item=item["id"])],
        }
    )


@twin("POST", "credit-notes/")
def new_credit_note(speaker: Speaker) -> Request:
    invoice = issued_in(speaker)
    return Request(
        body={
            "client": invoice["client"],
            "currency": "EUR",
            "corrects": invoice["id"],
            "lines": [line()],
        }
    )


@twin("GET", "invoices/{id}/")
@twin("GET", "invoices/{id}/mails/")
@twin("GET", "invoices/{id}/pdf/")
@twin("DELETE", "invoices/{id}/")
@twin("POST", "invoices/{id}/issue/")
@twin("POST", "invoices/{id}/duplicate/")
def of_draft(speaker: Speaker) -> Request:
    return Request({"id": draft_in(speaker)["id"]})


@twin("PATCH", "invoices/{id}/")
def changed_draft(speaker: Speaker) -> Request:
    changes = {"client": client_in(speaker)["id"], "lines": [line(quantity="2")]}
    return Request({"id": draft_in(speaker)["id"]}, body=changes)


@twin("POST", "invoices/{id}/credit/")
@twin("POST", "invoices/{id}/send/")
@twin("POST", "invoices/{id}/dispute/")
def of_issued(speaker: Speaker) -> Request:
    return Request({"id": issued_in(speaker)["id"]})


@twin("POST", "invoices/{id}/write-off/")
def written_off(speaker: Speaker) -> Request:
    return Request({"id": issued_in(speaker)["id"]}, body={"reason": "Insolvent"})


def open_credit(speaker: Speaker) -> dict[str, Any]:
    """A credit note whose invoice was paid: its credit is open."""
    invoice = issued_in(speaker)
    shares = [{"invoice": invoice["id"], "amount": "119.00"}]
    payment_in(speaker, client=invoice["client"], allocations=shares)
    return speaker.ok("POST", f"invoices/{invoice['id']}/credit/", {})


@twin("GET", "invoices/{id}/xml/")
@twin("GET", "invoices/{id}/xml/report/")
@twin("GET", "invoices/{id}/verdict/")
def as_einvoice(speaker: Speaker) -> Request:
    return Request({"id": issued_in(speaker)["id"]})


@twin("POST", "validations/")
def judged_file(speaker: Speaker) -> Request:
    return Request({}, body={"content": b64encode(ubl()).decode()})


@twin("GET", "credit-notes/{id}/")
@twin("GET", "credit-notes/{id}/pdf/")
@twin("GET", "credit-notes/{id}/xml/")
@twin("GET", "credit-notes/{id}/xml/report/")
def of_credit_note(speaker: Speaker) -> Request:
    return Request({"id": open_credit(speaker)["id"]})


@twin("POST", "credit-notes/{id}/allocate/")
def allocated_credit(speaker: Speaker) -> Request:
    credit = open_credit(speaker)
    invoice = issued_in(speaker, client=credit["client"])
    return Request({"id": credit["id"]}, body={"invoice": invoice["id"], "amount": "20.00"})


@twin("POST", "credit-notes/{id}/allocations/{allocation}/reverse/")
def reversed_credit(speaker: Speaker) -> Request:
    request = allocated_credit(speaker)
    made = speaker.ok("POST", f"credit-notes/{request.path['id']}/allocate/", request.body)
    return Request({"id": request.path["id"], "allocation": made["id"]})


# Quotes


def a_quote(speaker: Speaker, *, is_sent: bool = False) -> dict[str, Any]:
    data = {"client": client_in(speaker)["id"], "currency": "EUR", "lines": [line()]}
    quote = speaker.ok("POST", "quotes/", data)
    return speaker.ok("POST", f"quotes/{quote['id']}/send/", {}) if is_sent else quote


@twin("POST", "quotes/")
def new_quote(speaker: Speaker) -> Request:
    return Request(body={"client": client_in(speaker)["id"], "currency": "EUR", "lines": [line()]})


@twin("GET", "quotes/{id}/")
@twin("GET", "quotes/{id}/pdf/")
@twin("DELETE", "quotes/{id}/")
@twin("POST", "quotes/{id}/send/")
def of_quote(speaker: Speaker) -> Request:
    return Request({"id": a_quote(speaker)["id"]})


@twin("PATCH", "quotes/{id}/")
def changed_quote(speaker: Speaker) -> Request:
    return Request({"id": a_quote(speaker)["id"]}, body={"client": client_in(speaker)["id"]})


@twin("POST", "quotes/{id}/accept/")
@twin("POST", "quotes/{id}/decline/")
@twin("POST", "quotes/{id}/invoice/")
def of_sent_quote(speaker: Speaker) -> Request:
    return Request({"id": a_quote(speaker, is_sent=True)["id"]})


# Payments


@twin("POST", "payments/")
def new_payment(speaker: Speaker) -> Request:
    invoice = issued_in(speaker)
    bank = next(row for row in speaker.ok("GET", "accounts/")["data"] if row["role"] == "bank")
    return Request(
        body={
            "client": invoice["client"],
            "amount": {"amount": "119.00", "currency": "EUR"},
            "account": bank["id"],
            "allocations": [{"invoice": invoice["id"], "amount": "119.00"}],
        }
    )


@twin("GET", "payments/{id}/")
def of_payment(speaker: Speaker) -> Request:
    return Request({"id": payment_in(speaker, client=client_in(speaker)["id"])["id"]})


@twin("POST", "payments/{id}/allocate/")
def allocated_payment(speaker: Speaker) -> Request:
    invoice = issued_in(speaker)
    payment = payment_in(speaker, client=invoice["client"])
    shares = [{"invoice": invoice["id"], "amount": "19.00"}]
    return Request({"id": payment["id"]}, body={"allocations": shares})


@twin("POST", "payments/{id}/reverse/")
def reversed_payment(speaker: Speaker) -> Request:
    return Request(of_payment(speaker).path, body={"reason": "Bounced"})


@twin("POST", "payments/{id}/allocations/{allocation}/reverse/")
def reversed_allocation(speaker: Speaker) -> Request:
    request = allocated_payment(speaker)
    made = speaker.ok("POST", f"payments/{request.path['id']}/allocate/", request.body)
    return Request({"id": made["id"], "allocation": made["allocations"][0]["id"]})


def refund_in(speaker: Speaker, **changes: Any) -> dict[str, Any]:
    payment = payment_in(speaker, client=client_in(speaker)["id"])
    body = {"payment": payment["id"], "reason": "Returned", **changes}
    return speaker.ok("POST", "refunds/", body)


def a_waiting_refund(speaker: Speaker) -> str:
    """One that a colleague asked for, above the limit of the moment."""
    from guilder.books.payments import operations as payments
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities

    by, n = speaker.actor, next(counter)
    assert by is not None
    user = identity.create_user(
        email=f"asks-{n}-{uuid4().hex[:10]}@guilder.example", password=make.PASSWORD, name="Asks"
    )
    identity.add_member(by=by, user_id=user.id, role="accountant")
    colleague = identities.actor_for(user.id, by.organization_id, source="api")
    payment = payment_in(speaker, client=client_in(speaker)["id"])
    data = {"payment": payment["id"], "reason": "Returned"}
    payments.set_refund_policy(by=by, data={"approval_above": "0"}, base_currency="EUR")
    asked = payments.request_refund(by=colleague, data=data, at=make.NOW)
    payments.set_refund_policy(by=by, data={"approval_above": ""}, base_currency="EUR")
    return str(asked.id)


@twin("GET", "refunds/")
def refunds_of_a_client(speaker: Speaker) -> Request:
    made = refund_in(speaker)
    return Request(
        query={
            "client": made["client"],
            "payment": made["payment"],
            "credit_note": made["payment"],
        }
    )


@twin("POST", "refunds/")
def new_refund(speaker: Speaker) -> Request:
    payment = payment_in(speaker, client=client_in(speaker)["id"])
    amount = {"amount": "1.00", "currency": "EUR"}
    return Request(body={"payment": payment["id"], "amount": amount, "reason": "Returned"})


@twin("GET", "refunds/{id}/")
def of_refund(speaker: Speaker) -> Request:
    return Request({"id": refund_in(speaker)["id"]})


@twin("POST", "refunds/{id}/approve/")
def approved_refund(speaker: Speaker) -> Request:
    return Request({"id": a_waiting_refund(speaker)})


@twin("POST", "refunds/{id}/decline/")
def declined_refund(speaker: Speaker) -> Request:
    return Request({"id": a_waiting_refund(speaker)}, body={"note": "No receipt"})


@twin("POST", "refunds/{id}/reverse/")
def reversed_refund(speaker: Speaker) -> Request:
    return Request({"id": refund_in(speaker)["id"]}, body={"reason": "Account closed"})


@twin("GET", "refund-rule/")
def refund_rule(speaker: Speaker) -> Request:
    return Request()


@twin("PUT", "refund-rule/")
def changed_refund_rule(speaker: Speaker) -> Request:
    return Request(body={"approval_above": "1000000.00"})


def recurring_body(speaker: Speaker) -> dict[str, Any]:
    pattern = {"client": client_in(speaker)["id"], "currency": "EUR", "lines": [line()]}
    return {"name": "Rent", "first_on": "2026-12-01", "pattern": pattern}


def recurring_in(speaker: Speaker) -> dict[str, Any]:
    return speaker.ok("POST", "recurring-invoices/", recurring_body(speaker))


@twin("GET", "recurring-invoices/")
def recurring_of_a_client(speaker: Speaker) -> Request:
    return Request(query={"client": recurring_in(speaker)["client"]})


@twin("POST", "recurring-invoices/")
def new_recurring(speaker: Speaker) -> Request:
    return Request(body=recurring_body(speaker))


@twin("GET", "recurring-invoices/{id}/")
@twin("POST", "recurring-invoices/{id}/pause/")
@twin("POST", "recurring-invoices/{id}/resume/")
@twin("POST", "recurring-invoices/{id}/end/")
def of_recurring(speaker: Speaker) -> Request:
    return Request({"id": recurring_in(speaker)["id"]})


@twin("PUT", "recurring-invoices/{id}/")
def changed_recurring(speaker: Speaker) -> Request:
    return Request({"id": recurring_in(speaker)["id"]}, body=recurring_body(speaker))


# The ledger, keys, people, settings


@twin("POST", "accounts/")
def new_account(speaker: Speaker) -> Request:
    return Request(body={"code": f"X{next(counter)}", "name": "Sundry", "kind": "expense"})


def account_id(speaker: Speaker) -> dict[str, str]:
    return {"id": speaker.ok("POST", "accounts/", new_account(speaker).body)["id"]}


@twin("GET", "accounts/{id}/")
def of_account(speaker: Speaker) -> Request:
    return Request(account_id(speaker))


@twin("PUT", "accounts/{id}/")
def changed_account(speaker: Speaker) -> Request:
    return Request(account_id(speaker), body=new_account(speaker).body)


@twin("POST", "takeover/papers/")
def an_old_paper(speaker: Speaker) -> Request:
    content = b64encode(ubl(number=f"OLD-{next(counter)}")).decode()
    return Request(body={"content": content, "on": "2026-01-01", "open": "due"})


@twin("POST", "takeover/balances/")
def what_accounts_stood_at(speaker: Speaker) -> Request:
    row = next(one for one in speaker.ok("GET", "accounts/")["data"] if one["role"] == "bank")
    balances = [{"account": row["code"], "amount": "25.00"}]
    return Request(body={"on": "2026-01-01", "balances": balances})


@twin("POST", "periods/")
def new_period(speaker: Speaker) -> Request:
    year = 1990 + next(counter) % 30
    return Request(body={"starts_on": f"{year}-01-01", "ends_on": f"{year}-01-31"})


@twin("POST", "periods/{id}/reopen/")
def reopened_period(speaker: Speaker) -> Request:
    body = {"starts_on": "1980-01-01", "ends_on": "1980-01-31"}
    return Request({"id": speaker.ok("POST", "periods/", body)["id"]})


@twin("POST", "keys/")
def new_key(speaker: Speaker) -> Request:
    return Request(body={"name": "Web shop", "scopes": ["invoice.*"]})


@twin("GET", "keys/{id}/")
def a_key(speaker: Speaker) -> Request:
    return Request({"id": speaker.ok("POST", "keys/", new_key(speaker).body)["id"]})


@twin("POST", "keys/{id}/rotate/")
def an_old_key(speaker: Speaker) -> Request:
    made = speaker.ok("POST", "keys/", new_key(speaker).body)
    return Request({"id": made["id"]}, body={"keep_hours": 1})


@twin("DELETE", "keys/{id}/")
def revoked_key(speaker: Speaker) -> Request:
    return Request({"id": speaker.ok("POST", "keys/", new_key(speaker).body)["id"]})


@twin("POST", "organizations/")
def new_organization(speaker: Speaker) -> Request:
    from guilder.foundation.identity.models import User

    assert speaker.actor is not None
    User.objects.filter(id=speaker.actor.user_id).update(is_operator=True)
    return Request(body={"name": f"House {next(counter)}", "country": "FR"})


@twin("POST", "users/")
def new_user(speaker: Speaker) -> Request:
    from tests.make import _unique

    return Request(body={"email": f"kim-{_unique():x}@guilder.example", "role": "viewer"})


def user_id(speaker: Speaker) -> dict[str, str]:
    return {"id": speaker.ok("POST", "users/", new_user(speaker).body)["id"]}


@twin("GET", "users/{id}/")
@twin("DELETE", "users/{id}/")
def of_user(speaker: Speaker) -> Request:
    return Request(user_id(speaker))


@twin("PATCH", "users/{id}/")
def changed_user(speaker: Speaker) -> Request:
    return Request(user_id(speaker), body={"role": "accountant"})


@twin("PATCH", "users/me/")
def changed_me(speaker: Speaker) -> Request:
    return Request(body={"name": "Another name"})


@twin("PATCH", "organization/")
def changed_organization(speaker: Speaker) -> Request:
    return Request(body={"time_zone": "Europe/Paris"})


@twin("PATCH", "organization/seller/")
def changed_seller(speaker: Speaker) -> Request:
    return Request(body={"legal_name": "Another name"})


@twin("PATCH", "organization/look/")
def changed_look(speaker: Speaker) -> Request:
    return Request(body={"style": "plain"})


@twin("PATCH", "organization/mail/")
def changed_mail(speaker: Speaker) -> Request:
    return Request(body={"sender_name": "Another name"})


# Roles, invitations, clients' people, exports, proofs


@twin("GET", "roles/", "invitations/", "exports/")
def nothing_said_of_people(speaker: Speaker) -> Request:
    return Request()


@twin("POST", "roles/")
def new_role(speaker: Speaker) -> Request:
    body = {"name": f"Reader {next(counter)}", "based_on": "viewer", "permissions": ["item.view"]}
    return Request(body=body)


@twin("GET", "roles/{id}/")
@twin("DELETE", "roles/{id}/")
def of_role(speaker: Speaker) -> Request:
    return Request({"id": speaker.ok("POST", "roles/", new_role(speaker).body)["id"]})


@twin("PATCH", "roles/{id}/")
def changed_role(speaker: Speaker) -> Request:
    return Request(of_role(speaker).path, body={"permissions": ["item.view", "partner.view"]})


@twin("POST", "invitations/")
def new_invitation(speaker: Speaker) -> Request:
    return new_user(speaker)


@twin("POST", "invitations/{id}/resend/")
@twin("GET", "invitations/{id}/")
@twin("DELETE", "invitations/{id}/")
def of_invitation(speaker: Speaker) -> Request:
    return Request({"id": speaker.ok("POST", "invitations/", new_user(speaker).body)["id"]})


@twin("GET", "clients/{id}/guests/")
def guests_of_client(speaker: Speaker) -> Request:
    return Request({"id": client_in(speaker)["id"]})


def numbered(speaker: Speaker, **changes: Any) -> dict[str, Any]:
    """A client with a VAT id."""
    return client_in(speaker, tax_ids=[{"scheme": "vat", "value": "FR40303265045"}], **changes)


@twin("GET", "clients/{id}/vat-checks/")
def answers_about_client(speaker: Speaker) -> Request:
    return Request({"id": numbered(speaker)["id"]})


@twin("POST", "clients/{id}/vat-checks/")
def asked_about_client(speaker: Speaker) -> Request:
    return Request({"id": numbered(speaker)["id"]}, body={})


def numbered_supplier(speaker: Speaker) -> str:
    """A supplier with a VAT id."""
    number = {"scheme": "vat", "value": "FR40303265045"}
    data = {"kind": "company", "name": "Orchard", "tax_ids": [number], "address": {"country": "FR"}}
    return speaker.ok("POST", "suppliers/", data)["id"]


@twin("GET", "suppliers/{id}/vat-checks/")
def answers_about_supplier(speaker: Speaker) -> Request:
    return Request({"id": numbered_supplier(speaker)})


@twin("POST", "suppliers/{id}/vat-checks/")
def asked_about_supplier(speaker: Speaker) -> Request:
    return Request({"id": numbered_supplier(speaker)}, body={})


@twin("POST", "clients/{id}/guests/")
def new_guest(speaker: Speaker) -> Request:
    email = new_user(speaker).body["email"]
    return Request({"id": client_in(speaker)["id"]}, body={"email": email, "name": "Kim"})


@twin("GET", "clients/{id}/guests/{guest}/")
@twin("DELETE", "clients/{id}/guests/{guest}/")
def a_guest(speaker: Speaker) -> Request:
    asked = new_guest(speaker)
    made = speaker.ok("POST", f"clients/{asked.path['id']}/guests/", asked.body)
    return Request({**asked.path, "guest": made["id"]})


@twin("GET", "users/{id}/clients/")
def clients_of_user(speaker: Speaker) -> Request:
    return Request(user_id(speaker))


@twin("PUT", "users/{id}/clients/")
def new_clients_of_user(speaker: Speaker) -> Request:
    return Request(user_id(speaker), body={"clients": [client_in(speaker)["id"]]})


@twin("POST", "exports/")
def new_export(speaker: Speaker) -> Request:
    return Request(body={"what": "clients", "format": "jsonl"})


@twin("GET", "exports/{id}/")
def of_export(speaker: Speaker) -> Request:
    return Request({"id": speaker.ok("POST", "exports/", new_export(speaker).body)["id"]})


@twin("POST", "exports/{id}/file/")
def file_of_export(speaker: Speaker) -> Request:
    from guilder.faces.rest import tasks

    assert speaker.actor is not None
    of = of_export(speaker)
    by = speaker.actor
    assert by.user_id is not None
    tasks.make_export(
        organization_id=by.organization_id, progress_id=UUID(of.path["id"]), user_id=by.user_id
    )
    return of


@twin("POST", "auth/prove/")
def proof(speaker: Speaker) -> Request:
    from tests.make import PASSWORD

    return Request(body={"password": PASSWORD})


# Webhooks, events, seals


@twin("GET", "webhooks/", "audit/seals/")
def nothing_said_either(speaker: Speaker) -> Request:
    return Request()


@twin("POST", "webhooks/")
def new_webhook(speaker: Speaker) -> Request:
    return Request(body={"url": "https://shop.example/hooks", "types": ["invoice.issued"]})


def webhook_id(speaker: Speaker) -> str:
    return speaker.ok("POST", "webhooks/", new_webhook(speaker).body)["id"]


@twin("GET", "webhooks/{id}/")
@twin("DELETE", "webhooks/{id}/")
def of_webhook(speaker: Speaker) -> Request:
    return Request({"id": webhook_id(speaker)})


@twin("PATCH", "webhooks/{id}/")
def changed_webhook(speaker: Speaker) -> Request:
    return Request({"id": webhook_id(speaker)}, body={"name": "Shop"})


@twin("POST", "webhooks/{id}/rotate/", "webhooks/{id}/ping/")
def acted_webhook(speaker: Speaker) -> Request:
    return Request({"id": webhook_id(speaker)}, body={})


@twin("POST", "webhooks/{id}/replay/")
def replayed_webhook(speaker: Speaker) -> Request:
    return Request({"id": webhook_id(speaker)}, body={"since": "2026-11-01T00:00:00Z"})


@twin("GET", "webhooks/{id}/deliveries/")
def deliveries_of_webhook(speaker: Speaker) -> Request:
    return Request({"id": webhook_id(speaker)}, query={"event": str(an_event(speaker))})


def an_event(speaker: Speaker) -> str:
    client_in(speaker)
    return speaker.ok("GET", "events/?limit=1")["data"][0]["id"]


def delivery_of(speaker: Speaker) -> dict[str, str]:
    webhook = webhook_id(speaker)
    made = speaker.ok("POST", f"webhooks/{webhook}/ping/", {})
    return {"id": webhook, "delivery": made["id"]}


@twin("GET", "webhooks/{id}/deliveries/{delivery}/")
def a_delivery(speaker: Speaker) -> Request:
    return Request(delivery_of(speaker))


@twin("POST", "webhooks/{id}/deliveries/{delivery}/retry/")
def retried_delivery(speaker: Speaker) -> Request:
    return Request(delivery_of(speaker), body={})


@twin("GET", "events/{id}/")
def one_event(speaker: Speaker) -> Request:
    return Request({"id": an_event(speaker)})


@twin("GET", "events/parked/")
def parked_events(speaker: Speaker) -> Request:
    parked_event(speaker.actor)
    return Request()


@twin("POST", "events/parked/{id}/retry/")
def retried_event(speaker: Speaker) -> Request:
    return Request({"id": str(parked_event(speaker.actor))}, body={})


@twin("POST", "events/parked/{id}/give-up/")
def given_up_event(speaker: Speaker) -> Request:
    return Request(
        {"id": str(parked_event(speaker.actor))}, body={"reason": "Their program is gone"}
    )


# The log of calls


@twin("GET", "calls/")
def the_log_of_calls(speaker: Speaker) -> Request:
    return Request(query={"status": "ok", "method": "GET"})


@twin("GET", "calls/{id}/")
def one_logged_call(speaker: Speaker) -> Request:
    from guilder.office.calls import operations as calls

    speaker.ok("GET", "users/me/")
    calls.write_waiting()
    return Request({"id": speaker.ok("GET", "calls/?limit=1")["data"][0]["id"]})


from tests.faces.rest import (  # noqa: E402, F401 (the same table)
    bank_twins,
    channel_twins,
    discount_twins,
    paying_twins,
    record_twins,
    reminder_twins,
    sepa_twins,
)

# Approvals


def ruled(speaker: Speaker) -> None:
    """From now on everything here wants an approval."""
    speaker.ok("PUT", "approval-rule/", {"is_active": True, "amount": "0"})


@twin("POST", "invoices/{id}/submit/")
def to_be_submitted(speaker: Speaker) -> Request:
    ruled(speaker)
    return Request({"id": draft_in(speaker)["id"]}, body={"note": "Please"})


@twin("POST", "invoices/{id}/recall/")
@twin("GET", "invoices/{id}/approvals/")
def submitted(speaker: Speaker) -> Request:
    ruled(speaker)
    draft = draft_in(speaker)
    speaker.ok("POST", f"invoices/{draft['id']}/submit/", {})
    return Request({"id": draft["id"]})


@twin("POST", "invoices/{id}/approve/")
@twin("POST", "invoices/{id}/reject/")
def to_be_decided(speaker: Speaker) -> Request:
    """One that a colleague made and submitted."""
    from guilder.books.invoicing import operations as invoicing
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities

    ruled(speaker)
    by, n = speaker.actor, next(counter)
    assert by is not None
    user = identity.create_user(
        email=f"submits-{n}-{uuid4().hex[:10]}@guilder.example", password=make.PASSWORD, name="Sub"
    )
    identity.add_member(by=by, user_id=user.id, role="accountant")
    colleague = identities.actor_for(user.id, by.organization_id, source="api")
    draft = make.draft(colleague)
    invoicing.submit_invoice(draft.id, by=colleague, at=make.NOW)
    return Request({"id": str(draft.id)}, body={"comment": "Seen"})


@twin("GET", "approval-rule/")
def the_rule(speaker: Speaker) -> Request:
    return Request()


@twin("PUT", "approval-rule/")
def a_rule(speaker: Speaker) -> Request:
    return Request(body={"is_active": True, "amount": "5000", "roles": ["manager"]})


def supplier_in(speaker: Speaker) -> dict[str, Any]:
    return speaker.ok("POST", "suppliers/", {"kind": "company", "name": "Papier Müller GmbH",
                      "address": {"city": "Köln", "country": "DE"}})  # fmt: skip


def bill_in(speaker: Speaker, supplier: str = "", **changes: Any) -> dict[str, Any]:
    """A bill over 119.00 EUR, a draft."""
    body = {
        "supplier": supplier or supplier_in(speaker)["id"],
        "number": f"R-{next(counter)}",
        "issued_on": str(make.TODAY),
        "lines": [{"name": "Paper", "unit_price": "100.00", "tax": "standard"}],
        **changes,
    }
    return speaker.ok("POST", "bills/", body)


def booked_in(speaker: Speaker, supplier: str = "", **changes: Any) -> dict[str, Any]:
    bill = bill_in(speaker, supplier, **changes)
    return speaker.ok("POST", f"bills/{bill['id']}/book/", {})


def received_in(speaker: Speaker) -> dict[str, Any]:
    """A supplier's e-invoice that came in."""
    from tests.flows.intake import papers

    data = papers.file(number=f"E-{next(counter)}")
    body = {"content": b64encode(data).decode(), "filename": "bill.xml"}
    return speaker.ok("POST", "documents/", body)["files"][0]["documents"][0]


@twin("GET", "bills/", "bills/payments/", "documents/")
def narrowed_to_a_supplier(speaker: Speaker) -> Request:
    return Request(query={"supplier": supplier_in(speaker)["id"]})


@twin("POST", "bills/")
def an_entered_bill(speaker: Speaker) -> Request:
    bill = bill_in(speaker)
    lines = [{"name": "Paper", "unit_price": "1.00", "tax": "standard"}]
    body = {"supplier": bill["supplier"], "number": f"R-{next(counter)}",
            "issued_on": str(make.TODAY), "lines": lines}  # fmt: skip
    return Request(body=body)


@twin("GET", "bills/{id}/")
def of_bill(speaker: Speaker) -> Request:
    return Request({"id": bill_in(speaker)["id"]})


@twin("PATCH", "bills/{id}/")
def a_changed_bill(speaker: Speaker) -> Request:
    return Request(of_bill(speaker).path, body={"notes": "Second half"})


@twin("DELETE", "bills/{id}/")
@twin("POST", "bills/{id}/book/")
def a_drafted_bill(speaker: Speaker) -> Request:
    return Request(of_bill(speaker).path, body={})


@twin("POST", "bills/{id}/cancel/")
def a_cancelled_bill(speaker: Speaker) -> Request:
    return Request({"id": booked_in(speaker)["id"]}, body={"reason": "Wrong goods"})


@twin("POST", "bills/{id}/apply/")
def an_applied_credit(speaker: Speaker) -> Request:
    supplier = supplier_in(speaker)["id"]
    note = booked_in(speaker, supplier, kind="credit_note")
    return Request({"id": note["id"]}, body={"bill": booked_in(speaker, supplier)["id"]})


def ruled_bill(speaker: Speaker, *, is_asked: bool) -> str:
    """A bill above the limit, entered and perhaps submitted by a colleague."""
    from guilder.books.bills import operations as bills
    from guilder.books.workflow import operations as workflow
    from guilder.kernel.money import Money

    assert speaker.actor is not None
    limit = Money.of("1000000", "EUR")
    workflow.set_rule(by=speaker.actor, is_active=True, amount=limit, roles=())
    manager = make.member(speaker.actor, role="manager")
    lines = [{"name": "Mill", "unit_price": "2000000", "tax": "standard"}]
    bill = make.bill(manager, lines=lines)
    if is_asked:
        bills.submit_bill(bill.id, by=manager, at=make.NOW)
    return str(bill.id)


@twin("POST", "bills/{id}/submit/")
def a_submitted_bill(speaker: Speaker) -> Request:
    return Request({"id": ruled_bill(speaker, is_asked=False)}, body={"note": "By phone"})


@twin("POST", "bills/{id}/recall/")
def a_recalled_bill(speaker: Speaker) -> Request:
    return Request({"id": ruled_bill(speaker, is_asked=True)}, body={})


@twin("POST", "bills/{id}/approve/", "bills/{id}/reject/")
def an_answered_bill(speaker: Speaker) -> Request:
    asked = {"id": ruled_bill(speaker, is_asked=True)}
    return Request(asked, body={"comment": "Seen"})


def paid_bill(speaker: Speaker) -> dict[str, Any]:
    return speaker.ok("POST", "bills/payments/", {"bills": [{"bill": booked_in(speaker)["id"]}]})


@twin("POST", "bills/payments/")
def a_payment_of_a_bill(speaker: Speaker) -> Request:
    share = {"bill": booked_in(speaker)["id"], "amount": "19.00"}
    return Request(body={"bills": [share], "paid_on": str(make.TODAY)})


@twin("GET", "bills/payments/{id}/")
def of_bill_payment(speaker: Speaker) -> Request:
    return Request({"id": paid_bill(speaker)["id"]})


@twin("POST", "bills/payments/{id}/reverse/")
def a_reversed_bill_payment(speaker: Speaker) -> Request:
    return Request(of_bill_payment(speaker).path, body={"reason": "Account closed"})


@twin("POST", "documents/")
def an_uploaded_document(speaker: Speaker) -> Request:
    from tests.flows.intake import papers

    data = papers.file(number=f"E-{next(counter)}")
    return Request(body={"content": b64encode(data).decode(), "filename": "bill.xml"})


@twin("GET", "documents/{id}/", "documents/{id}/file/", "documents/{id}/verdict/")
@twin("DELETE", "documents/{id}/")
def of_received(speaker: Speaker) -> Request:
    return Request({"id": received_in(speaker)["id"]})


@twin("POST", "documents/{id}/bill/")
def a_billed_document(speaker: Speaker) -> Request:
    return Request(of_received(speaker).path, body={"new_supplier": True})


@twin("POST", "documents/{id}/refuse/")
def a_refused_document(speaker: Speaker) -> Request:
    return Request(of_received(speaker).path, body={"reason": "Not ours"})


@twin("POST", "documents/{id}/take-back/")
def a_document_taken_back(speaker: Speaker) -> Request:
    asked = a_refused_document(speaker)
    speaker.ok("POST", f"documents/{asked.path['id']}/refuse/", asked.body)
    return Request(asked.path, body={})


# Gateways, charges, chargebacks, payouts, saved methods


def a_gateway(speaker: Speaker, kind: str = "signed") -> dict[str, Any]:
    from tests.books.charging.making import KEYS

    body = {"kind": kind, "name": f"{kind} {next(counter)}", "keys": KEYS[kind]}
    return speaker.ok("POST", "gateways/", body)


def a_charge(speaker: Speaker, kind: str = "signed") -> dict[str, Any]:
    body = {
        "gateway": a_gateway(speaker, kind)["id"],
        "invoices": [{"invoice": issued_in(speaker)["id"]}],
    }
    return speaker.ok("POST", "charges/", body)


def a_chargeback(speaker: Speaker) -> Any:
    """One that waits for an answer, at a service that takes one."""
    from datetime import timedelta

    from guilder.books.charging import operations, queries
    from guilder.books.charging.gateways.base import Contest, Report
    from guilder.kernel.money import Money

    by = speaker.actor
    assert by is not None
    made = a_charge(speaker)
    contest = Contest(
        provider_id=f"dp_{next(counter)}",
        amount=Money.of("119.00", "EUR"),
        stage="open",
        reason="fraudulent",
        answer_by=make.NOW + timedelta(days=7),
    )
    report = Report(state="succeeded", chargebacks=[contest])
    operations.apply(UUID(made["id"]), report, by=by, at=make.NOW)
    return queries.list_chargebacks(by=by, charge_id=UUID(made["id"]))[0]


def a_saved_method(speaker: Speaker) -> Any:
    from guilder.books.charging import operations, queries
    from guilder.books.charging.gateways.base import Kept, Report

    by = speaker.actor
    assert by is not None
    body = {
        "gateway": a_gateway(speaker)["id"],
        "invoices": [{"invoice": issued_in(speaker)["id"]}],
        "keep_method": True,
    }
    made = speaker.ok("POST", "charges/", body)
    kept = Kept(customer="cus_1", token=f"pm_{next(counter)}", label="visa •••• 4242")
    report = Report(state="succeeded", kept=kept)
    operations.apply(UUID(made["id"]), report, by=by, at=make.NOW)
    return queries.list_saved(by=by, partner_id=UUID(made["client"]))[0]


def a_payout(speaker: Speaker) -> str:
    from guilder.books.charging.models import Payout
    from guilder.foundation.tenancy.transaction import transaction

    by = speaker.actor
    assert by is not None
    gateway = a_gateway(speaker)
    with transaction(by.organization_id):
        row = Payout.objects.create(
            organization_id=by.organization_id,
            gateway_id=UUID(gateway["id"]),
            provider_id=f"po_{next(counter)}",
            amount=11681,
            currency="EUR",
            stage="paid",
            arrives_on=make.TODAY,
            created_at=make.NOW,
            updated_at=make.NOW,
        )
    return str(row.id)


TWINS["GET", "gateways/"] = nothing_said


@twin("POST", "gateways/")
def new_gateway(speaker: Speaker) -> Request:
    return Request(body={"kind": "manual", "name": f"Terminal {next(counter)}"})


@twin("GET", "gateways/{id}/")
def of_gateway(speaker: Speaker) -> Request:
    return Request({"id": a_gateway(speaker)["id"]})


@twin("PATCH", "gateways/{id}/")
def changed_gateway(speaker: Speaker) -> Request:
    return Request(of_gateway(speaker).path, body={"least": "5.00", "is_active": False})


@twin("POST", "gateways/{id}/test/")
def tried_gateway(speaker: Speaker) -> Request:
    return of_gateway(speaker)


@twin("GET", "charges/")
def charges_of_a_client(speaker: Speaker) -> Request:
    made = a_charge(speaker)
    invoice = made["invoices"][0]["invoice"]
    query = {"client": made["client"], "invoice": invoice, "gateway": made["gateway"]}
    return Request(query=query)


@twin("POST", "charges/")
def new_charge(speaker: Speaker) -> Request:
    invoices = [{"invoice": issued_in(speaker)["id"], "amount": "1.00"}]
    return Request(body={"gateway": a_gateway(speaker)["id"], "invoices": invoices})


@twin("GET", "charges/{id}/")
@twin("POST", "charges/{id}/check/")
def of_charge(speaker: Speaker) -> Request:
    return Request({"id": a_charge(speaker)["id"]})


@twin("POST", "charges/{id}/confirm/")
def confirmed_charge(speaker: Speaker) -> Request:
    return Request({"id": a_charge(speaker, "manual")["id"]}, body={"outcome": "succeeded"})


@twin("GET", "chargebacks/")
def chargebacks_of_a_client(speaker: Speaker) -> Request:
    made = a_chargeback(speaker)
    return Request(query={"charge": str(made.charge_id), "client": str(made.partner_id)})


@twin("GET", "chargebacks/{id}/")
def of_chargeback(speaker: Speaker) -> Request:
    return Request({"id": str(a_chargeback(speaker).id)})


@twin("POST", "chargebacks/{id}/answer/")
def answered_chargeback(speaker: Speaker) -> Request:
    return Request(of_chargeback(speaker).path, body={"text": "It was delivered."})


@twin("GET", "payouts/")
def payouts_of_a_gateway(speaker: Speaker) -> Request:
    return Request(query={"gateway": a_gateway(speaker)["id"]})


@twin("GET", "payouts/{id}/")
def of_payout(speaker: Speaker) -> Request:
    return Request({"id": a_payout(speaker)})


@twin("GET", "saved-methods/")
def saved_methods_of_a_client(speaker: Speaker) -> Request:
    return Request(query={"client": str(a_saved_method(speaker).partner_id)})


@twin("GET", "saved-methods/{id}/")
@twin("POST", "saved-methods/{id}/end/")
def of_saved_method(speaker: Speaker) -> Request:
    return Request({"id": str(a_saved_method(speaker).id)})


def a_setup(speaker: Speaker) -> Any:
    """One that was begun; nobody has answered."""
    from guilder.books.charging.models import MethodSetup
    from guilder.foundation.tenancy.transaction import transaction

    by = speaker.actor
    assert by is not None
    gateway, client = a_gateway(speaker, "stripe"), make.client(by)
    with transaction(by.organization_id):
        return MethodSetup.objects.create(
            organization_id=by.organization_id,
            partner_id=client.id,
            gateway_id=UUID(gateway["id"]),
            is_live=False,
            attempt=f"twin-{next(counter)}",
            origin="desk",
            method="card",
            currency="EUR",
            consent="May be charged.",
            collects=True,
            state="failed",
            decided_at=make.NOW,
            created_at=make.NOW,
            updated_at=make.NOW,
        )


@twin("GET", "method-setups/")
def setups_of_a_client(speaker: Speaker) -> Request:
    return Request(query={"client": str(a_setup(speaker).partner_id)})


@twin("POST", "method-setups/")
def new_setup(speaker: Speaker) -> Request:
    body = {"client": str(a_setup(speaker).partner_id), "method": "card",
            "gateway": a_gateway(speaker, "stripe")["id"],
            "consent": "May be charged."}  # fmt: skip
    return Request(body=body)


@twin("GET", "method-setups/{id}/")
@twin("POST", "method-setups/{id}/check/")
def of_setup(speaker: Speaker) -> Request:
    return Request({"id": str(a_setup(speaker).id)})


@twin("POST", "clients/{id}/method-links/")
def new_method_link(speaker: Speaker) -> Request:
    return Request({"id": str(a_setup(speaker).partner_id)}, body={})


@twin("POST", "clients/{id}/method-links/end/")
def ended_method_links(speaker: Speaker) -> Request:
    return Request({"id": str(a_setup(speaker).partner_id)})


@twin("POST", "saved-methods/{id}/collect/")
def collecting_method(speaker: Speaker) -> Request:
    return Request(of_saved_method(speaker).path, body={"collects": True})
