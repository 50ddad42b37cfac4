"""Collections: pages, filters, sorts, searches and fields."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faces.rest.speaking import (
    Speaker,
    client_in,
    draft_in,
    issued_in,
    line,
    payment_in,
)


def pages(speaker: Speaker, path: str, *, limit: int) -> list[list[str]]:
    """The ids on each page of a collection, to its end."""
    found, mark = [], "&" if "?" in path else "?"
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        body = speaker.ok("GET", f"{path}{mark}limit={limit}{more}")
        found.append([row["id"] for row in body["data"]])
        cursor = body["next"]
    return found


@pytest.mark.parametrize(
    "sort",
    ["created_at", "-created_at", "issued_on", "-issued_on", "due_on", "-number", "gross", "-open"],
)
@pytest.mark.parametrize("limit", [1, 3, 50])
def test_pages_give_every_invoice_once_and_in_order(sort: str, limit: int, alice: Speaker):
    client = client_in(alice)["id"]
    made = {draft_in(alice, client=client)["id"] for _ in range(3)}
    for quantity in ("1", "2", "2", "3"):
        invoice = issued_in(alice, client=client, lines=[line(quantity=quantity)])
        made.add(invoice["id"])

    found = pages(alice, f"invoices/?client={client}&sort={sort}", limit=limit)
    whole = pages(alice, f"invoices/?client={client}&sort={sort}", limit=200)[0]

    assert [one for page in found for one in page] == whole
    assert set(whole) == made
    assert len(whole) == len(made)
    assert all(len(page) <= limit for page in found)


@pytest.mark.parametrize("sort", ["name", "-name", "created_at", "-updated_at", "code"])
def test_pages_of_clients_give_every_one_once(sort: str, alice: Speaker):
    names = ["Ada", "Ada", "Bob", "Zoe", "Émile"]
    made = {client_in(alice, name=name)["id"] for name in names}

    found = [one for page in pages(alice, f"clients/?sort={sort}", limit=2) for one in page]

    assert set(found) == made
    assert len(found) == len(made)


@pytest.mark.parametrize(
    ("path", "limit"), [("payments/", 2), ("quotes/", 2), ("events/", 3), ("audit/", 3)]
)
def test_pages_of_what_is_read_newest_first_give_every_one_once(
    path: str, limit: int, alice: Speaker
):
    client = client_in(alice)["id"]
    for _ in range(5):
        payment_in(alice, client=client)
        data = {"client": client, "currency": "EUR", "lines": [line()]}
        alice.ok("POST", "quotes/", data)

    found = [one for page in pages(alice, path, limit=limit) for one in page]
    whole = [one for page in pages(alice, path, limit=200) for one in page]

    assert len(found) == len(set(found)) >= 5
    assert found == whole


def test_what_comes_between_two_pages_moves_nothing(alice: Speaker):
    client = client_in(alice)["id"]
    old = [draft_in(alice, client=client)["id"] for _ in range(4)]
    first = alice.ok("GET", f"invoices/?client={client}&limit=2")

    draft_in(alice, client=client)
    second = alice.ok("GET", f"invoices/?client={client}&limit=2&cursor={first['next']}")

    assert [row["id"] for row in first["data"] + second["data"]] == old[::-1]


def test_invoices_are_filtered_by_what_they_are(alice: Speaker):
    client = client_in(alice)["id"]
    draft = draft_in(alice, client=client)
    issued = issued_in(alice, client=client)
    paid = issued_in(alice, client=client)
    shares = [{"invoice": paid["id"], "amount": "119.00"}]
    payment_in(alice, client=client, allocations=shares)

    def ids(query: str) -> set[str]:
        found = alice.ok("GET", f"invoices/?client={client}&{query}")["data"]
        return {row["id"] for row in found}

    assert ids("status=draft") == {draft["id"]}
    assert ids("status__in=paid,draft") == {draft["id"], paid["id"]}
    assert ids("is_open=true") == {issued["id"]}
    assert ids(f"number={paid['number']}") == {paid["id"]}
    assert ids(f"issued_on__gte={issued['issued_on']}") == {issued["id"], paid["id"]}
    assert ids(f"q={issued['number']}") == {issued["id"]}
    assert ids("kind=credit_note") == set()
    assert ids("currency=USD") == set()


def test_credit_notes_are_seen_alone(alice: Speaker):
    invoice = issued_in(alice)
    credit = alice.ok("POST", f"invoices/{invoice['id']}/credit/", {})

    listed = alice.ok("GET", f"credit-notes/?client={invoice['client']}")["data"]

    assert [row["id"] for row in listed] == [credit["id"]]
    assert alice("GET", f"credit-notes/{invoice['id']}/").status == 404
    assert alice.ok("GET", f"credit-notes/?client={invoice['client']}&kind=invoice")["data"] == []


def test_only_the_fields_that_were_asked_for_come(alice: Speaker):
    draft_in(alice)

    rows = alice.ok("GET", "invoices/?fields=number,status")["data"]

    assert [set(row) for row in rows] == [{"id", "number", "status"}]


def test_every_fault_of_a_query_is_told(alice: Speaker):
    refused = alice(
        "GET",
        "invoices/?limit=0&sort=colour&cursor=x&nothing=1&client=x&issued_on__gte=soon&is_open=1"
        "&expand=x&fields=colour",
    )

    assert refused.status == 422
    assert refused.pointers == {
        "#/limit",
        "#/sort",
        "#/cursor",
        "#/nothing",
        "#/client",
        "#/issued_on__gte",
        "#/is_open",
        "#/expand",
        "#/fields",
    }


def test_a_cursor_belongs_to_its_own_order(alice: Speaker):
    for _ in range(2):
        draft_in(alice)
    cursor = alice.ok("GET", "invoices/?limit=1")["next"]

    refused = alice("GET", f"invoices/?limit=1&sort=gross&cursor={cursor}")

    assert refused.pointers == {"#/cursor"}


def test_a_page_can_bring_its_clients_along(alice: Speaker):
    client = client_in(alice)
    draft_in(alice, client=client["id"])

    row = alice.ok("GET", "invoices/?expand=client")["data"][0]
    one = alice.ok("GET", f"invoices/{row['id']}/?expand=client")

    assert row["client"]["id"] == client["id"]
    assert row["client"]["address"]["city"] == "Berlin"
    assert one["client"]["name"] == client["name"]


PATHS = ["invoices/", "clients/", "items/", "payments/", "events/", "audit/", "entries/", "rates/"]


@settings(max_examples=60)
@given(data=st.data())
def test_no_query_breaks_a_collection(data: st.DataObject, alice: Speaker):
    from urllib.parse import urlencode

    path = data.draw(st.sampled_from(PATHS))
    names = ("limit", "cursor", "sort", "q", "client", "issued_on__gte", "created_at__lte",
             "occurred_at__gte", "booked_on", "on", "name__contains", "archived_at__isnull",
             "fields", "row", "type__in")  # fmt: skip
    values = st.one_of(
        st.text(max_size=20),
        st.sampled_from(["\x00", "-1", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59+14:00",
                         "0001-01-01T00:00:00-14:00", "{}", "%", "'", "-created_at", "WyJ4Il0"]),
    )  # fmt: skip
    query = data.draw(st.dictionaries(st.sampled_from(names), values, max_size=4))

    assert alice("GET", f"{path}?{urlencode(query)}").status in {200, 422}
