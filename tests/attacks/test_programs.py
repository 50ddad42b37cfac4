"""What programs may try on the API: foreign ids in every place, fields of the tables, queries."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.apps import apps

from guilder.faces.rest import urls  # noqa: F401  (fills the table of routes)
from guilder.faces.rest.openapi import document
from guilder.faces.rest.routes import ROUTES, Route
from guilder.foundation.tenancy.models import OrganizationModel
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotAllowed
from tests.faces.rest.speaking import Speaker, client_in, draft_in, issued_in, line, payment_in
from tests.faces.rest.twins import TWINS, address_of
from tests.make import World
from tests.stories.running import is_full_size

pytestmark = pytest.mark.uncounted

LISTS = sorted(
    {
        route.path
        for route in ROUTES
        if route.method == "GET" and route.listing and "{" not in route.path
    }
)
WITH_BODY = sorted(
    (route.method, route.path)
    for route in ROUTES
    if route.method in {"POST", "PATCH", "PUT"} and "organization" not in route.path
)
# What no caller may set, by the names that tables have for it.
COLUMNS = sorted(
    {
        field.attname
        for model in apps.get_models()
        if issubclass(model, OrganizationModel)
        for field in model._meta.concrete_fields
    }
)
QUOTES = [
    "'",
    '"',
    "id'--",
    "1;select",
    "a__b",
    "organization__name",
    "pk",
    "*",
    "$1",
    "%s",
    "\u2019",
]


def route_of(method: str, path: str) -> Route:
    return next(one for one in ROUTES if (one.method, one.path) == (method, path))


def test_a_tenant_in_the_body_query_header_or_cookie_changes_nothing(
    world: World, alice: Speaker, mallory: Speaker
):
    """Row A4: the organization follows from the sign-in, wherever else one is named."""
    theirs = str(world.organization)
    client = client_in(alice)

    in_header = mallory("GET", "clients/", Guilder_Organization=theirs)
    in_query = mallory("GET", f"clients/?organization={theirs}")
    also = mallory("GET", f"clients/?organization_id={theirs}")
    mallory.client.cookies["organization"] = theirs
    in_cookie = mallory.ok("GET", "clients/")
    body = {"kind": "company", "name": "X", "address": {"country": "DE"}}
    in_body = mallory("POST", "clients/", {**body, "organization": theirs})
    as_column = mallory("POST", "clients/", {**body, "organization_id": theirs})

    assert in_header.status == 403
    assert (in_query.status, also.status) == (422, 422)
    assert client["id"] not in str(in_cookie)
    assert (in_body.status, as_column.status) == (422, 422)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_no_column_of_a_table_is_set_by_naming_it(method: str, path: str, alice: Speaker):
    """Rows A14, D1: a field that the route does not describe is refused, totals among them."""
    route = route_of(method, path)
    if (method, path) not in TWINS:  # signing in and out
        assert path.startswith("auth/")
        return
    request = TWINS[method, path](alice)
    described = set(getattr(route.body, "__struct_fields__", ()))
    planted = {name: str(uuid4()) for name in COLUMNS if name not in {*described, "kind"}}

    refused = alice(method, address_of(path, request), {**(request.body or {}), **planted})

    if refused.status == 422:
        named = {one["pointer"] for one in refused.body["errors"]}
        assert {"#/organization_id", "#/status"} & named or len(named) > 1, named
        return
    # A route without a body takes none: nothing of it may have had an effect.
    assert route.body is None or 200 <= refused.status < 300, refused.body
    assert route.body is None, f"{method} {path} swallowed fields that it does not know"


def test_sent_totals_are_refused_not_believed(alice: Speaker):
    """Row D1: the server reckons; who sends totals is told."""
    wanted = {"client": client_in(alice)["id"], "currency": "EUR", "lines": [line()]}

    refused = alice("POST", "invoices/", {**wanted, "totals": {"due": "0.01"}})
    in_line = alice("POST", "invoices/", {**wanted, "lines": [line(net="0.01")]})

    assert "#/totals" in refused.pointers
    assert any(one.startswith("#/lines/0/net") for one in in_line.pointers)


@pytest.mark.slow
@pytest.mark.parametrize("path", LISTS)
def test_no_query_names_a_column(path: str, alice: Speaker):
    """Rows A13, F1, F2: sorts, filters and fields come from a list; the rest is refused."""
    listing = route_of("GET", path).listing
    shown = set(listing.shape.__struct_fields__) | set(listing.filters) | set(listing.sorts)
    hidden = [name for name in COLUMNS if name not in shown]

    some, few = (1, 9) if is_full_size() else (2, 27)
    words = [*QUOTES[::some], *hidden[::few], "organization_id", "created_by_id", "password"]

    for word in words:
        for query in (f"sort={word}", f"{word}=1", f"{word}__gte=1", f"fields={word}"):
            refused = alice("GET", f"{path}?{query}")
            if word in shown and query.startswith("fields"):
                continue
            assert refused.status in {200, 422}, (query, refused.status)
            if refused.status == 200:  # an empty name is no filter at all
                assert query.startswith(("fields", "%s", "*", "$")) or word in shown, query


def test_a_childs_list_is_part_of_its_parents(alice: Speaker):
    """Row A7: narrowed by a parent, a list shows that parent's children and no others."""
    first, second = issued_in(alice), issued_in(alice)
    payment_in(alice, client=first["client"])
    payment_in(alice, client=second["client"])
    everything = {one["id"] for one in alice.ok("GET", "invoices/")["data"]}

    for parent in (first, second):
        for path in ("invoices/", "payments/"):
            rows = alice.ok("GET", f"{path}?client={parent['client']}")["data"]
            assert rows
            assert {row["client"] for row in rows} == {parent["client"]}
            assert path != "invoices/" or {row["id"] for row in rows} < everything
    assert alice.ok("GET", f"invoices/?client={uuid4()}")["data"] == []


@pytest.mark.parametrize("role", ["system", "operator", "owner", "root", "ADMIN", "", "*"])
def test_nobody_becomes_what_is_no_role(role: str, alice: Speaker, bob: Speaker):
    """Row A12: roles of the house's own cannot be asked for."""
    email = f"{uuid4().hex}@guilder.example"
    invited = alice("POST", "users/", {"email": email, "role": role})
    keyed = alice("POST", "keys/", {"name": "X", "role": role}) if role else None
    mine = bob("PATCH", "users/me/", {"role": "admin", "is_operator": True})

    assert invited.status == 422
    assert keyed is None or keyed.status == 422
    assert mine.status == 422


def test_no_permission_means_no():
    """Row A11: an empty set of rules allows nothing, for whoever holds it."""
    nobody = Actor(organization_id=UUID(int=1))

    for route in ROUTES:
        if route.permission not in {"", "signed_in"}:
            assert not nobody.may(route.permission)
            with pytest.raises(NotAllowed):
                nobody.require(route.permission)


def test_every_call_says_what_it_needs():
    """Row A8: a route without a declared permission, or with an unknown one, fails the build."""
    from guilder.foundation.identity.permissions import ALL

    open_ones = {route.path for route in ROUTES if route.permission == ""}

    assert open_ones <= {
        "auth/login/", "auth/refresh/", "auth/logout/", *(p for p in open_ones if p[:5] == "auth/")
    }  # fmt: skip
    assert {route.permission for route in ROUTES} - {"", "signed_in"} <= ALL


HOSTILE: list[Any] = [
    "1e9999", "-1e9999", "9" * 10_000, "NaN", "Infinity", "-Infinity", "0x10", "1_000", "١٢",
    "=1+1", "{{7*7}}", "__import__('os')", True, [], {}, 10**400, "1" + "0" * 400, "-0", " ",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_hostile_numbers_are_told_not_run(value: Any, alice: Speaker):
    """Rows E4, K3: exponents, endless digits and other types in every number of an invoice."""
    client = client_in(alice)["id"]
    lines = [line(**{name: value}) for name in ("quantity", "unit_price")]
    for given in lines:
        wanted = {"client": client, "currency": "EUR", "lines": [given]}
        answer = alice("POST", "invoices/", wanted)
        assert answer.status in {201, 400, 422}, answer.body
        if answer.status == 201:
            assert value in {"-0"}, value
    money = {"client": client, "amount": {"amount": value, "currency": "EUR"}}
    paid = alice("POST", "payments/", money)

    assert paid.status in {400, 422}


def test_a_batch_has_an_end(alice: Speaker):
    """Row K1: one request asks for so much and no more; pages, lines and ids are bounded."""
    client = client_in(alice)["id"]

    many = {"client": client, "currency": "EUR", "lines": [line()] * 40_000}  # some 3.8 MB
    refused = alice("POST", "invoices/", many)
    page = alice("GET", "invoices/?limit=100000")
    ids = alice("GET", f"invoices/?client__in={','.join(str(uuid4()) for _ in range(2000))}")

    assert (refused.status, refused.body["code"]) == (400, "request.unreadable")
    assert page.status == 422
    assert ids.status in {200, 414, 422}


def test_money_at_once_is_spent_once(world: World, alice: Speaker):
    """Row D4: eight at the same moment apply the same 119.00 to eight invoices; one has it."""
    client = client_in(alice)["id"]
    payment = payment_in(alice, client=client)
    invoices = [issued_in(alice, client=client) for _ in range(8)]
    speakers = [Speaker.of(world.alice) for _ in invoices]
    start = Barrier(len(invoices))

    def apply(at: int) -> int:
        start.wait()
        shares = [{"invoice": invoices[at]["id"], "amount": "119.00"}]
        return speakers[at](
            "POST", f"payments/{payment['id']}/allocate/", {"allocations": shares}
        ).status

    with ThreadPoolExecutor(len(invoices)) as pool:
        statuses = list(pool.map(apply, range(len(invoices))))

    assert sorted(statuses)[0] == 200
    assert statuses.count(200) == 1, statuses
    assert {*statuses} - {200} <= {409, 422}
    after = alice.ok("GET", f"payments/{payment['id']}/")
    assert sum(one["is_active"] for one in after["allocations"]) == 1


@pytest.mark.parametrize(
    "form", ["../../etc/passwd", "..%2f..%2fetc", "meridian/../../x", "<script>", "", "\x00"]
)
def test_forms_and_looks_come_from_a_closed_set(form: str, alice: Speaker):
    """Rows E6, I2: the name of a template or format never becomes a path."""
    invoice = issued_in(alice)

    look = alice("PATCH", "organization/look/", {"style": form})
    assert look.status == 422
    answer = alice("GET", f"invoices/{invoice['id']}/pdf/?format={form}")
    assert answer.status in {200, 400, 404, 422}
    assert b"root:" not in str(answer.body).encode()


def test_the_answer_to_a_stranger_names_no_tables(alice: Speaker):
    """Row L2: an error of ours gives no names of tables, files or secrets away."""
    said = [
        alice("GET", f"invoices/{uuid4()}/"),
        alice("POST", "invoices/", {"client": "x"}),
        alice("GET", "invoices/?sort='"),
    ]

    for one in said:
        assert not re.search(r"invoicing_|SELECT|psycopg|/src/|Traceback", str(one.body))


def test_the_description_knows_every_route():
    """Row A10: nothing is routed that the description does not tell, and the sweeps not try."""
    described = {
        (method.upper(), path.removeprefix("/api/v1/"))
        for path, methods in document()["paths"].items()
        for method in methods
    }

    assert described == {(route.method, route.path) for route in ROUTES}
    assert described - set(TWINS) <= {
        ("POST", p) for p in {r.path for r in ROUTES} if p[:5] == "auth/"
    }


def test_dates_beyond_the_calendar_are_told(alice: Speaker):
    """Row K3: a day that is none, or of a year that nobody lives in, is a fault, not a crash."""
    client = client_in(alice)["id"]
    for day in ("9999-99-99", "0000-01-01", "99999-01-01", "2026-02-30", "tomorrow", 20260101):
        wanted = {"client": client, "amount": {"amount": "1", "currency": "EUR"}}
        told = alice("POST", "payments/", {**wanted, "received_on": day})
        assert told.status == 422, day


def test_a_draft_keeps_what_it_was_given(alice: Speaker):
    """The rightful twin of the hostile ones."""
    draft = draft_in(alice, lines=[line(quantity="2.5", unit_price="80.10")])

    assert draft["totals"]["line_net"] == "200.25"  # 2.5 × 80.10
    assert msgspec.json.encode(draft["lines"][0]["quantity"])
