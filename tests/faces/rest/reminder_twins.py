"""The rightful requests of the routes of reminders, ladders and disputes."""

import itertools

from tests.faces.rest.speaking import Speaker, client_in, issued_in
from tests.faces.rest.twins import Request, twin

counter = itertools.count(1)
NOTICE = [{"days": -60, "tone": "notice"}]


def ladder_body() -> dict:
    """A ladder by which everything that is not due yet is announced."""
    return {"name": f"Ladder {next(counter)}", "is_default": True, "steps": NOTICE}


def ladder_in(speaker: Speaker) -> str:
    return speaker.ok("POST", "ladders/", ladder_body())["id"]


def due_in(speaker: Speaker) -> dict:
    """An invoice whose step is due."""
    ladder_in(speaker)
    return issued_in(speaker)


def reminder_in(speaker: Speaker, **changes: str) -> dict:
    """A reminder, sent over the API; without an address it is a letter."""
    ladder_in(speaker)
    client = client_in(speaker, **changes)
    invoice = issued_in(speaker, client=client["id"])
    return speaker.ok("POST", "reminders/", {"invoices": [invoice["id"]]})["data"][0]


def hold_in(speaker: Speaker) -> dict:
    invoice = issued_in(speaker)
    return speaker.ok("POST", "reminder-holds/pause/", {"invoice": invoice["id"]})


def dispute_in(speaker: Speaker) -> dict:
    return speaker.ok("POST", "disputes/", {"invoice": issued_in(speaker)["id"]})


def handover_in(speaker: Speaker) -> dict:
    return speaker.ok("POST", "handovers/", {"invoices": [issued_in(speaker)["id"]]})


@twin("GET", "reminders/due/", "ladders/", "reference-rates/")
def nothing_said(speaker: Speaker) -> Request:
    return Request()


@twin("GET", "reminders/")
def reminders_of_a_client(speaker: Speaker) -> Request:
    made = reminder_in(speaker)
    return Request(query={"client": made["client"], "invoice": made["invoices"][0]["invoice"]})


@twin("POST", "reminders/", "reminders/skip/")
def something_due(speaker: Speaker) -> Request:
    return Request(body={"invoices": [due_in(speaker)["id"]]})


@twin("GET", "reminders/{id}/", "reminders/{id}/pdf/")
def a_reminder(speaker: Speaker) -> Request:
    return Request({"id": reminder_in(speaker)["id"]})


@twin("POST", "reminders/{id}/posted/")
def a_letter(speaker: Speaker) -> Request:
    return Request({"id": reminder_in(speaker, email="")["id"]})


@twin("GET", "handovers/")
def handovers_of_a_client(speaker: Speaker) -> Request:
    return Request(query={"client": handover_in(speaker)["client"]})


@twin("POST", "handovers/")
def something_open(speaker: Speaker) -> Request:
    return Request(body={"invoices": [issued_in(speaker)["id"]]})


@twin("GET", "handovers/{id}/", "handovers/{id}/file/")
def a_handover(speaker: Speaker) -> Request:
    return Request({"id": handover_in(speaker)["id"]})


@twin("POST", "ladders/")
def a_new_ladder(speaker: Speaker) -> Request:
    return Request(body=ladder_body())


@twin("GET", "ladders/{id}/")
def a_ladder(speaker: Speaker) -> Request:
    return Request({"id": ladder_in(speaker)})


@twin("PUT", "ladders/{id}/")
def a_changed_ladder(speaker: Speaker) -> Request:
    return Request({"id": ladder_in(speaker)}, body=ladder_body())


@twin("DELETE", "ladders/{id}/")
def a_spare_ladder(speaker: Speaker) -> Request:
    spare = ladder_in(speaker)
    ladder_in(speaker)  # the usual one from now on
    return Request({"id": spare})


@twin("GET", "clients/{id}/reminding/")
def a_client(speaker: Speaker) -> Request:
    return Request({"id": client_in(speaker)["id"]})


@twin("PUT", "clients/{id}/reminding/")
def a_client_with_a_ladder(speaker: Speaker) -> Request:
    return Request({"id": client_in(speaker)["id"]}, body={"ladder": ladder_in(speaker)})


@twin("GET", "reminder-holds/")
def holds_of_an_invoice(speaker: Speaker) -> Request:
    made = hold_in(speaker)
    return Request(query={"client": made["client"], "invoice": made["invoice"]})


@twin("POST", "reminder-holds/pause/")
def a_pause(speaker: Speaker) -> Request:
    return Request(body={"client": client_in(speaker)["id"]})


@twin("POST", "reminder-holds/promise/")
def a_promise(speaker: Speaker) -> Request:
    return Request(body={"invoice": issued_in(speaker)["id"], "until_on": "2099-01-31"})


@twin("GET", "reminder-holds/{id}/")
@twin("POST", "reminder-holds/{id}/end/")
def a_hold(speaker: Speaker) -> Request:
    return Request({"id": hold_in(speaker)["id"]})


def rate_body() -> dict:
    return {
        "reference": "at_base",
        "valid_from": f"{2030 + next(counter) % 60}-01-01",
        "percent": "1.53",
        "source": "National bank",
    }


@twin("POST", "reference-rates/")
def a_rate(speaker: Speaker) -> Request:
    return Request(body=rate_body())


@twin("GET", "reference-rates/{id}/")
@twin("DELETE", "reference-rates/{id}/")
def a_typed_rate(speaker: Speaker) -> Request:
    return Request({"id": speaker.ok("POST", "reference-rates/", rate_body())["id"]})


@twin("GET", "disputes/")
def disputes_of_a_client(speaker: Speaker) -> Request:
    made = dispute_in(speaker)
    return Request(query={"client": made["client"], "invoice": made["invoice"]})


@twin("POST", "disputes/")
def a_new_dispute(speaker: Speaker) -> Request:
    return Request(body={"invoice": issued_in(speaker)["id"], "category": "price"})


@twin("GET", "disputes/{id}/")
def a_dispute(speaker: Speaker) -> Request:
    return Request({"id": dispute_in(speaker)["id"]})


@twin("POST", "disputes/{id}/settle/")
def a_dispute_to_settle(speaker: Speaker) -> Request:
    return Request({"id": dispute_in(speaker)["id"]}, body={"outcome": "upheld"})
