"""Signing in and out."""

from django.test import Client
from django.urls import reverse

from tests.make import PASSWORD


def test_the_right_password_goes_where_one_wanted(world):
    client = Client()

    answer = client.post(
        reverse("web:sign_in"),
        {"email": world.alice_email, "password": PASSWORD, "next": "/invoices/"},
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, "/invoices/")
    assert client.get("/invoices/").status_code == 200


def test_a_wrong_password_is_said_and_the_address_kept(world):
    answer = Client().post(
        reverse("web:sign_in"), {"email": world.alice_email, "password": "not it"}
    )

    assert answer.status_code == 422
    assert "The mail address or the password is wrong." in answer.content.decode()
    assert world.alice_email in answer.content.decode()
    assert "not it" not in answer.content.decode()


def test_nobody_is_led_to_another_site(world):
    client = Client()

    for there in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = client.post(
            reverse("web:sign_in"),
            {"email": world.alice_email, "password": PASSWORD, "next": there},
        )
        assert answer.headers["Location"] == "/"


def test_too_many_attempts_say_when_to_come_back(world, settings_throttle):
    client = Client()
    answers = [
        client.post(reverse("web:sign_in"), {"email": world.alice_email, "password": "x"})
        for _ in range(3)
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_signing_out_ends_the_session(browsing):
    client = browsing("alice")

    client.post(reverse("web:sign_out"))

    assert client.get("/").headers["Location"] == "/sign-in/?next=/"


def test_set_up_is_closed_once_somebody_is_there(world):
    answer = Client().get(reverse("web:setup"))

    assert answer.headers["Location"] == reverse("web:sign_in")


def test_another_organization_is_out_of_reach(world, browsing):
    answer = browsing("alice").post(
        reverse("web:switch_organization"), {"organization": str(world.other)}
    )

    assert answer.status_code == 404


def test_an_address_that_is_none_has_our_page(world):
    answer = Client().get("/no-such-page/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
