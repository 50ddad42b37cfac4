"""The first start: one person, one organization, once; and what the country gives."""

import threading
import uuid
from datetime import date

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from guilder.faces.web.session import beginning
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import Organization, User

PASSWORD = "a long and quiet harbour"


@pytest.fixture
def fresh(db, monkeypatch) -> dict[str, str]:
    """A person before an installation that nobody has set up: those of other tests are nobody."""
    from django.db.models import Q

    from guilder.faces.web.session import setup
    from guilder.foundation.identity.operations import first

    before = set(User.objects.values_list("id", flat=True))

    def is_set_up():
        return User.objects.filter(~Q(id__in=before)).exists()

    monkeypatch.setattr(setup.identities, "is_set_up", is_set_up)
    monkeypatch.setattr(first, "is_set_up", is_set_up)
    email = f"ida-{uuid.uuid4().hex[:10]}@harbour.example"
    return {"name": "Ida Brandt", "email": email, "password": PASSWORD}


def begun(person) -> Client:
    client = Client()
    client.post("/setup/", person)
    return client


def test_three_steps_lead_to_the_first_invoice(fresh):
    client = Client()
    assert [client.get("/setup/").status_code] == [200]

    one = client.post("/setup/", fresh)
    two = client.post("/setup/company/", {"company": "Harbour Light GmbH", "country": "DE"})
    three = client.get(two["Location"])
    last = client.post(two["Location"], {"do": "empty"})

    assert one["Location"] == "/setup/company/"
    assert two["Location"] == "/setup/start/"
    assert "Start empty" in three.content.decode()
    assert last["Location"] == reverse("web:invoice_new")
    assert client.get(last["Location"]).status_code == 200
    made = Organization.objects.get(name="Harbour Light GmbH")
    assert (made.base_currency, made.time_zone, made.is_demo) == ("EUR", "Europe/Berlin", False)


def test_setup_asks_for_five_things_and_no_more(fresh):
    client = Client()
    asked = set()
    page = client.get("/setup/").context["form"]
    asked |= set(page.fields)
    client.post("/setup/", fresh)
    asked |= set(client.get("/setup/company/").context["form"].fields)

    assert asked == {"name", "email", "password", "company", "country"}


def test_the_first_person_runs_the_installation(fresh):
    begun(fresh)

    assert User.objects.get(email=fresh["email"]).is_operator


def test_a_second_set_up_is_refused(fresh):
    begun(fresh)

    answer = Client().post("/setup/", {**fresh, "email": f"two-{fresh['email']}"})

    assert answer["Location"] == "/sign-in/"
    assert not User.objects.filter(email__startswith="two-").exists()


def test_of_two_set_ups_at_once_one_is_refused(fresh):
    outcomes = []
    together = threading.Barrier(2)

    def begin(email):
        from django.db import connections

        together.wait()
        try:
            identity.create_first_user(email=email, password=PASSWORD, name="Who")
            outcomes.append("made")
        except identity.AlreadySetUp:
            outcomes.append("refused")
        finally:
            connections.close_all()

    both = [threading.Thread(target=begin, args=(n + fresh["email"],)) for n in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(outcomes) == ["made", "refused"]


def test_the_company_pressed_twice_is_one(fresh):
    client = begun(fresh)
    given = {"company": "Twice Ltd", "country": "GB"}

    client.post("/setup/company/", given)
    again = client.post("/setup/company/", given)

    assert Organization.objects.filter(name="Twice Ltd").count() == 1
    assert again["Location"] == "/"


def test_whoever_stopped_after_the_first_step_goes_on_there(fresh):
    begun(fresh)

    answer = Client().post(
        "/sign-in/",
        {"email": fresh["email"], "password": PASSWORD, "next": "/invoices/"},
    )

    assert answer["Location"] == "/setup/company/"


def test_whoever_comes_back_to_the_start_goes_on_there_too(fresh):
    assert begun(fresh).get("/")["Location"] == "/setup/company/"


def test_a_weak_password_is_said_beside_the_field(fresh):
    answer = Client().post("/setup/", {**fresh, "password": "short"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["password"]
    assert "<title>Error:" in answer.content.decode()


def test_without_a_company_name_nothing_is_made(fresh):
    client = begun(fresh)
    before = Organization.objects.count()

    answer = client.post("/setup/company/", {"company": "", "country": "DE"})

    assert answer.status_code == 422
    assert Organization.objects.count() == before


def test_the_company_step_is_for_whoever_sets_up(world, browsing):
    assert Client().get("/setup/company/")["Location"] == "/sign-in/"
    assert browsing("alice").get("/setup/company/")["Location"] == "/"


def test_a_country_says_what_it_gives(fresh):
    client = begun(fresh)

    said = client.get("/setup/given/?country=CH").content.decode()

    assert "Swiss Franc (CHF)" in said and "8.1 %" in said and "Zurich" in said


@pytest.mark.parametrize(
    ("country", "spoken", "zone", "expected"),
    [
        ("DE", "en", "", ("EUR", "de", "Europe/Berlin")),
        ("CH", "fr", "", ("CHF", "fr", "Europe/Zurich")),
        ("BE", "nl", "", ("EUR", "nl", "Europe/Brussels")),
        ("US", "en", "", ("USD", "en", "America/New_York")),
        ("US", "en", "America/Denver", ("USD", "en", "America/Denver")),
        ("ES", "es", "", ("EUR", "es", "Europe/Madrid")),
        ("PT", "de", "Europe/Berlin", ("EUR", "de", "Europe/Lisbon")),
    ],
)
def test_the_beginning_follows_country_and_browser(country, spoken, zone, expected):
    found = beginning.beginning_of(country, spoken=spoken, time_zone=zone)

    assert (found.currency, found.language, found.time_zone) == expected


@pytest.mark.parametrize(
    ("languages", "zone", "country"),
    [
        ("de-AT,de;q=0.9", "", "AT"),
        ("fr,fr-CH;q=0.8", "", "CH"),
        ("zh-Hant-TW", "", "TW"),
        ("en", "Europe/Dublin", "IE"),
        ("en", "", "DE"),
    ],
)
def test_the_country_is_guessed_from_the_browser(languages, zone, country):
    request = RequestFactory().get("/", headers={"Accept-Language": languages})

    assert beginning.country_of(request, time_zone=zone) == country


def test_rates_are_those_of_the_day():
    said = dict(
        beginning.told(beginning.beginning_of("DE"), on=date(2026, 11, 20)),
    )

    assert said["tax"] == "USt 19 %, 7 %"
    assert said["number"] == "INV-2026-00001"


@pytest.fixture
def own_demo(db):
    """A demo that is made here is gone afterwards: who finds one expects the handbook's user."""
    from guilder.office.demo import operations, queries

    before = queries.demo_organization()
    yield
    if before is None:
        operations.delete_demo()


def test_the_demo_is_asked_for_and_shown_by_a_worker(fresh, own_demo):
    from guilder.foundation.events import operations as telling
    from guilder.office.demo import operations as demo
    from guilder.office.demo import queries as demos

    client = begun(fresh)
    client.post("/setup/company/", {"company": "Looker GmbH", "country": "DE"})
    answer = client.post("/setup/start/", {"do": "demo"})

    assert answer["Location"] == "/setup/demo/"
    assert "Making the demo" in client.get("/setup/demo/").content.decode()
    while telling.tell_waiting():
        pass
    user = User.objects.get(email=fresh["email"])
    waiting = queued("demo.show")
    assert str(user.id) in waiting

    from datetime import UTC, datetime

    demo.show_demo(user.id, at=datetime.now(UTC))
    assert client.get("/setup/demo/")["Location"] == "/"
    assert demos.shown_demo(user.id) is not None
    assert [one.role for one in identities.memberships_of(user.id)] == ["admin", "admin"]


def queued(task):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = %s", [task])
        return " ".join(row[0] for row in cursor.fetchall())


def test_signing_out_by_a_link_asks_first(browsing):
    client = browsing("alice")

    assert "Sign out?" in client.get("/sign-out/").content.decode()
    assert client.get("/invoices/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
