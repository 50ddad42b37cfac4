"""Cache and mail from the names that people know."""

import pytest

from guilder.config import outside


def test_gmail_needs_only_host_user_and_app_password() -> None:
    told = outside.mail(
        {
            "EMAIL_HOST": "smtp.gmail.com",
            "EMAIL_USER": "me@gmail.com",
            "EMAIL_PASSWORD": "abcd efgh ijkl mnop",
        }
    )

    assert (told["EMAIL_PORT"], told["EMAIL_USE_TLS"], told["EMAIL_USE_SSL"]) == (587, True, False)
    assert told["EMAIL_HOST_PASSWORD"] == "abcdefghijklmnop"
    assert told["DEFAULT_FROM_EMAIL"] == told["SERVER_EMAIL"] == "me@gmail.com"


def test_djangos_names_come_before_the_short_ones_and_spaces_stay_elsewhere() -> None:
    told = outside.mail(
        {
            "EMAIL_HOST": "mail.example.com",
            "EMAIL_HOST_USER": "long",
            "EMAIL_USER": "short",
            "EMAIL_HOST_PASSWORD": "with space",
            "EMAIL_PASSWORD": "other",
            "DEFAULT_FROM_EMAIL": "billing@example.com",
            "EMAIL_SUBJECT_PREFIX": "",
        }
    )

    assert (told["EMAIL_HOST_USER"], told["EMAIL_HOST_PASSWORD"]) == ("long", "with space")
    assert told["DEFAULT_FROM_EMAIL"] == "billing@example.com"
    assert told["EMAIL_SUBJECT_PREFIX"] == ""


@pytest.mark.parametrize(
    ("given", "port", "tls", "ssl"),
    [
        ({}, 25, False, False),
        ({"EMAIL_USE_SSL": "1"}, 465, False, True),
        ({"EMAIL_PORT": "465"}, 465, False, True),
        ({"EMAIL_USE_TLS": "true"}, 587, True, False),
        ({"EMAIL_PORT": "2525", "EMAIL_PASSWORD": "x"}, 2525, True, False),
        ({"EMAIL_PASSWORD": "x", "EMAIL_USE_TLS": "0"}, 25, False, False),
    ],
)
def test_port_and_encryption_go_together(
    given: dict[str, str], port: int, tls: bool, ssl: bool
) -> None:
    told = outside.mail({"EMAIL_HOST": "mail.example.com", **given})

    assert (told["EMAIL_PORT"], told["EMAIL_USE_TLS"], told["EMAIL_USE_SSL"]) == (port, tls, ssl)


def test_without_a_mail_server_nothing_is_sent_by_accident() -> None:
    assert outside.mail({})["EMAIL_BACKEND"].endswith("dummy.EmailBackend")


@pytest.mark.parametrize(
    ("given", "backend", "location", "sessions"),
    [
        ({}, "LocMemCache", "guilder", "db"),
        ({"REDIS_URL": "redis://c:6379/1"}, "RedisCache", "redis://c:6379/1", "cached_db"),
        ({"CACHE_URL": "rediss://c/0", "REDIS_URL": "redis://d"}, "RedisCache", "rediss://c/0",
         "cached_db"),
        ({"CACHE_URL": "memcached://a:11212,b"}, "PyMemcacheCache", ["a:11212", "b:11211"],
         "cached_db"),
    ],
)  # fmt: skip
def test_the_cache_follows_its_address(
    given: dict[str, str], backend: str, location: object, sessions: str
) -> None:
    told = outside.caches(given)["default"]

    assert told["BACKEND"].endswith(backend)
    assert told["LOCATION"] == location
    assert outside.session_engine(given).endswith(f".{sessions}")
