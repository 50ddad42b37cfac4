"""The rightful requests of the routes of discounts for early payment."""

from datetime import date, timedelta

from tests.faces.rest.speaking import Speaker, issued_in, payment_in
from tests.faces.rest.twins import Request, series_id, twin

TERMS = {"due": {"days": 30}, "discounts": [{"days": 10, "percent": "2"}]}


def late_in(speaker: Speaker) -> dict:
    """An invoice whose discounted amount came after its day."""
    on = date.today() - timedelta(days=20)
    series = series_id(speaker)  # of its own: in another one later days may stand already
    invoice = issued_in(speaker, terms=TERMS, issued_on=on.isoformat(), series=series)
    shares = [{"invoice": invoice["id"], "amount": "116.62"}]
    payment_in(speaker, client=invoice["client"], amount="116.62", allocations=shares)
    return invoice


def granted_in(speaker: Speaker) -> dict:
    """The discount of such an invoice."""
    path = f"invoices/{late_in(speaker)['id']}/discounts/"
    return speaker.ok("POST", path, {"reason": "As agreed"})


@twin("GET", "invoices/{id}/discounts/")
def discounts_of_an_invoice(speaker: Speaker) -> Request:
    return Request({"id": late_in(speaker)["id"]})


@twin("POST", "invoices/{id}/discounts/")
def a_late_discount(speaker: Speaker) -> Request:
    return Request({"id": late_in(speaker)["id"]}, body={"reason": "As agreed"})


@twin("GET", "discounts/{id}/")
@twin("POST", "discounts/{id}/reverse/")
def a_discount(speaker: Speaker) -> Request:
    return Request({"id": granted_in(speaker)["id"]})


@twin("GET", "discount-rule/")
def discount_rule(speaker: Speaker) -> Request:
    return Request()


@twin("PUT", "discount-rule/")
def changed_discount_rule(speaker: Speaker) -> Request:
    return Request(body={"grace_days": 0, "tolerance": "0.00"})
