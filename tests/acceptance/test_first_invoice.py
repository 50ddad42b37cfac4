"""From a fresh start to the first invoice in a mailbox: what UX 13 promises, counted."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.browsing import Watch, count, settle
from tests.acceptance.house import FOLLOWING
from tests.acceptance.windows import window
from tests.database import TestServer
from tests.office.dispatch.servers import PostOffice, free_port, post_office
from tests.stories.running import is_full_size

OWN = ("DATABASE_URL", "GUILDER_OWNER_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "GUILDER_HOME")
OWN += FOLLOWING
MOST_FIELDS, MOST_CLICKS, MOST_SECONDS = 9, 5, 180


@dataclass
class Fresh:
    """An installation that nobody has opened yet."""

    base: str
    mailbox: PostOffice


@pytest.fixture(scope="module")
def place(server: TestServer) -> Iterator[dict[str, str]]:
    """Where nothing was ever written: a migrated database; for a proof, none at all."""
    if is_full_size():
        yield {}
        return
    with server.another(f"{server.database}_fresh") as (app, owner):
        yield {"DATABASE_URL": app, "GUILDER_OWNER_DATABASE_URL": owner}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, place: dict[str, str]) -> Iterator[Fresh]:
    """`guilder up --no-demo` in an empty folder, with a mail server."""
    port, home = free_port(), tmp_path_factory.mktemp("fresh")
    environment = {name: value for name, value in os.environ.items() if name not in OWN}
    base = f"http://127.0.0.1:{port}"
    with post_office() as mailbox:
        told = (
            environment
            | place
            | {
                "GUILDER_HOME": str(home / "data"),
                "GUILDER_BASE_URL": base,
                "EMAIL_HOST": "127.0.0.1",
                "EMAIL_PORT": str(mailbox.port),
                "DEFAULT_FROM_EMAIL": "accounts@harbour.example",
            }
        )
        with subprocess.Popen(
            [str(Path(sys.executable).parent / "guilder"), "up", "--port", str(port), "--no-demo"],
            cwd=home,
            env=told,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            said = []
            for line in process.stdout or ():
                said.append(line)
                if "Guilder is ready at" in line:
                    break
            else:
                pytest.fail("".join(said))
            yield Fresh(base, mailbox)
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def first(fresh: Fresh, browser: Any) -> dict[str, Any]:
    """The whole way, walked once; the tests look at what it came to."""
    watch = Watch((fresh.base,))
    page = window(browser, watch, base=fresh.base, locale="en-US", zone="America/Denver")
    counted = count(page)
    began = time.monotonic()
    seen: dict[str, Any] = {"asked": []}

    def asked() -> None:
        """What the step asks: the fields that a person sees."""
        shown = page.locator("form.card :is(input, select, textarea):visible")
        seen["asked"] += shown.evaluate_all("all => all.map(one => one.name)")

    page.goto("/")
    page.wait_for_url("**/setup/")
    asked()
    page.keyboard.type("Ida Brandt")
    page.keyboard.press("Tab")
    page.keyboard.type("ida@harbour.example")
    page.keyboard.press("Tab")
    page.keyboard.type("a long and quiet harbour")
    page.click("[data-primary]")
    page.wait_for_url("**/setup/company/")
    asked()
    seen["country"] = page.locator("[name=country]").input_value()
    page.keyboard.type("Harbour Light Inc")
    page.click("[data-primary]")
    page.wait_for_url("**/setup/start/")
    page.click("text=Start empty")
    page.wait_for_url("**/invoices/new/")
    settle(page)
    seen["focus"] = page.evaluate("document.activeElement.name")
    page.keyboard.type("Bar Aurora LLC")
    page.keyboard.press("Enter")
    settle(page, quiet=400)
    page.locator("[name=client_email]").focus()
    page.keyboard.type("owner@aurora.example")
    page.locator("[data-line] [data-name=name]").first.focus()
    page.keyboard.type("Lighting concept")
    page.locator("[data-line] [data-name=unit_price]").first.focus()
    page.keyboard.type("640")
    settle(page, quiet=700)
    page.click("[data-edit=review]")
    page.locator("[name=send][value='1']").wait_for()
    settle(page)
    seen["summary"] = page.locator("[data-sheet]").inner_text()
    page.click("[name=send][value='1']")
    page.wait_for_url("**/invoices/*-*/")
    seen["toast"] = page.locator("body").inner_text()
    fresh.mailbox.wait_for(1)
    seen |= {
        "seconds": time.monotonic() - began,
        "counted": counted,
        "complaints": watch.complaints(),
        "mail": fresh.mailbox.mails[0],
    }
    page.context.close()
    return seen


def test_setup_asks_only_name_mail_password_company_and_country(first):
    """13.2: setup asks only name, e-mail, password, company, country; all else defaulted."""
    assert first["asked"] == ["name", "email", "password", "company", "country"]
    assert first["country"] == "US"


def test_the_editor_comes_with_focus_in_client(first):
    """UX 5: the first run lands in the editor."""
    assert first["focus"] == "client_name"


def test_the_first_mail_takes_nine_fields_and_five_clicks_at_most(first):
    """13.1: fresh start to first invoice mail in the test mailbox: ≤ 9 fields and ≤ 5 clicks."""
    counted = first["counted"]

    assert len(counted.fields) <= MOST_FIELDS, sorted(counted.fields)
    assert counted.clicks <= MOST_CLICKS
    assert first["seconds"] < MOST_SECONDS


def test_the_mail_carries_the_invoice_and_the_way_to_pay(first, fresh):
    mail = first["mail"]
    text = mail.message.get_body(("plain",)).get_content()

    assert mail.recipients == ["owner@aurora.example"]
    assert "INV-" in mail.message["Subject"]
    assert "$640.00" in text
    assert f"{fresh.base}/pay/" in text
    [paper] = list(mail.message.iter_attachments())
    assert paper.get_content_type() == "application/pdf"


def test_the_link_in_the_mail_opens_the_clients_page(first, fresh, browser):
    text = first["mail"].message.get_body(("plain",)).get_content()
    link = next(word for word in text.split() if "/pay/" in word)
    watch = Watch((fresh.base,))
    page = window(browser, watch, base=fresh.base, locale="en-US")

    page.goto(link)

    assert "Harbour Light Inc" in page.locator(".hosted-head").inner_text()
    assert "640.00" in page.locator(".ask").inner_text()
    page.context.close()
    assert watch.complaints() == []


def test_nothing_was_complained_of_on_the_way(first):
    assert first["complaints"] == []


def test_a_second_set_up_is_refused(first, fresh, browser):
    watch = Watch((fresh.base,))
    page = window(browser, watch, base=fresh.base)

    page.goto("/setup/")

    assert page.url == f"{fresh.base}/sign-in/"
    page.context.close()
