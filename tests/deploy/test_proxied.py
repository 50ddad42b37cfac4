"""Guilder itself behind the nginx that we ship: pages pass, and the proxy alone is believed."""

import json
from collections.abc import Iterator

import pytest

from tests.deploy import started
from tests.deploy import test_nginx as nginx
from tests.stories.homes import copy_home

pytestmark = [nginx.pytestmark, pytest.mark.slow]


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[nginx.Proxy, int]]:
    """(nginx, Guilder's own port): the whole program with HTTPS in front."""
    folder = tmp_path_factory.mktemp("proxied")
    port, log = nginx.free_port(), folder / "guilder.log"
    settings = {
        "GUILDER_HOME": str(copy_home(folder / "home", demo=False)),
        "GUILDER_BASE_URL": f"https://{nginx.HOST}",
        "ALLOWED_HOSTS": f"{nginx.HOST},127.0.0.1,localhost",
        "GUILDER_TRUSTED_PROXIES": "127.0.0.1",
    }
    command = (started.guilder(), "up", "--port", str(port), "--no-demo")
    with started.program(*command, cwd=folder, log=log, **settings) as process:
        started.wait_until_ready(port, process, log)
        with nginx.running(folder, upstream=port) as proxy:
            yield proxy, port


def test_the_first_page_comes_over_https(behind: tuple[nginx.Proxy, int]) -> None:
    proxy, _ = behind

    answer = proxy.ask("GET", "/")

    assert answer.status in {200, 302}
    assert "http://" not in (answer.headers["Location"] or "")


def test_the_health_of_the_program_is_seen_through_the_proxy(
    behind: tuple[nginx.Proxy, int],
) -> None:
    proxy, _ = behind

    assert proxy.ask("GET", "/health/ready/").status == 200


def test_the_cookie_of_a_page_is_bound_to_https(behind: tuple[nginx.Proxy, int]) -> None:
    proxy, _ = behind

    answer = proxy.ask("GET", "/setup/")  # where a new installation begins
    cookies = answer.headers.get_all("Set-Cookie") or []

    assert answer.status == 200
    assert cookies
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)
    assert "max-age=" in (answer.headers["Strict-Transport-Security"] or "")


def test_a_wrong_sign_in_by_api_is_answered_as_a_problem(behind: tuple[nginx.Proxy, int]) -> None:
    proxy, _ = behind
    wrong = json.dumps({"email": "nobody@guilder.example", "password": "wrong"})

    answer = proxy.ask(
        "POST", "/api/v1/auth/login/", body=wrong, headers={"Content-Type": "application/json"}
    )

    assert answer.status == 401
    assert answer.headers["Content-Type"].startswith("application/problem+json")
