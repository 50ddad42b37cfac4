"""Settings that are refused, each with one sentence; and those that are not."""

import pytest

from guilder.config import safety

GOOD_KEY = "k7Jq2vX9mB4sT1wZ8nR5cY3hL6pD0fGa"  # 32 characters


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"GUILDER_BASE_URL": "https://bills.example.com", "DEBUG": "1"}, "DEBUG shows settings"),
        ({"GUILDER_BASE_URL": "http://bills.example.com"}, "use https"),
        ({"GUILDER_BASE_URL": "bills.example.com"}, "is no address"),
        ({"SECRET_KEY": "short"}, "can be guessed"),
        ({"SECRET_KEY": "a" * 64}, "can be guessed"),
        ({"SECRET_KEY": "django-insecure-0123456789abcdefghijklmnop"}, "placeholder"),
        ({"SECRET_KEY": "change-me-please-0123456789abcdefghijklmnop"}, "placeholder"),
        ({"ALLOWED_HOSTS": "*"}, "name the hosts"),
        ({"ALLOWED_HOSTS": "bills.example.com, *"}, "name the hosts"),
        ({"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "true"}, "exclude each other"),
        ({"EMAIL_PORT": "smtp"}, "no port number"),
        ({"DATABASE_URL": "mysql://root@localhost/x"}, "PostgreSQL only"),
        ({"GUILDER_OWNER_DATABASE_URL": "sqlite:///x"}, "PostgreSQL only"),
        ({"REDIS_URL": "http://localhost:6379"}, "must begin with redis://"),
        ({"GUILDER_TRUSTED_PROXIES": "0.0.0.0/0"}, "may not be everybody"),
        ({"GUILDER_TRUSTED_PROXIES": "proxy.local"}, "no address or network"),
        ({"GUILDER_THROTTLE_ANON": "ten a day"}, "10/day"),
        ({"GUILDER_THROTTLE_LOGIN": "0/minute"}, "10/day"),
    ],
)
def test_an_unsafe_setting_is_refused_with_one_sentence(given: dict[str, str], word: str) -> None:
    with pytest.raises(safety.UnsafeSettings, match=word) as caught:
        safety.require_safe(given)

    assert len(caught.value.problems) == 1
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"DEBUG": "1"},
        {"DEBUG": "1", "SECRET_KEY": "short", "ALLOWED_HOSTS": "*"},
        {"DEBUG": "1", "GUILDER_BASE_URL": "http://127.0.0.1:8000"},
        {"GUILDER_BASE_URL": "http://localhost:8000"},
        {"GUILDER_BASE_URL": "http://[::1]:8000"},
        {"GUILDER_BASE_URL": "https://bills.example.com", "SECRET_KEY": GOOD_KEY},
        {"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "0", "EMAIL_PORT": "587"},
        {"DATABASE_URL": "postgres://a:b@localhost/c", "CACHE_URL": "memcached://localhost"},
        {"GUILDER_TRUSTED_PROXIES": "10.0.0.0/8, ::1", "GUILDER_THROTTLE_USER": "off"},
    ],
)
def test_a_safe_setting_is_taken(given: dict[str, str]) -> None:
    safety.require_safe(given)


def test_every_fault_is_told_at_once() -> None:
    given = {"SECRET_KEY": "short", "ALLOWED_HOSTS": "*", "EMAIL_PORT": "0"}

    with pytest.raises(safety.UnsafeSettings) as caught:
        safety.require_safe(given)

    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["config.allowed_hosts", "config.secret_key", "config.email_port"]


def test_an_address_of_this_machine_is_known() -> None:
    assert safety.is_loopback("127.9.9.9")
    assert safety.is_loopback("[::1]")
    assert safety.is_loopback("guilder.localhost")
    assert not safety.is_loopback("192.168.0.1")
    assert not safety.is_loopback("localhost.example.com")
