"""Every form that can be reached, filled in wrongly: the summary comes first and holds the focus,
leads to the fields, and says what stands beside them; the title begins with "Error:"."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.make import World

pytestmark = pytest.mark.uncounted

MOST_PAGES = 110
LEAST_REFUSED = 14  # forms that must have answered with faults, so that the walk is no empty one
STARTS = (
    "overview", "invoices", "invoice_new", "clients", "client_new", "items", "item_new", "payments",
    "payment_new", "reports", "report_close", "settings", "settings_bank", "settings_documents",
    "settings_numbers", "settings_words", "settings_taxes", "settings_accounts", "settings_rates",
    "settings_mail", "settings_data", "profile", "sign_in",
)  # fmt: skip
# Ways out, and what is no page: files, pictures, streams.
LEFT_OUT = re.compile(
    r"sign-out|/switch/|format=|\.csv|/pdf|/picture|/live/|/swagger|/redoc|/graphql|/docs|/static/"
    r"|/api/|/pay/|/journal/|/design/|export=|/health/|/download|/file"
)
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
TYPED = {"text", "email", "search", "tel", "url", "password", "number", ""}


@pytest.fixture
def alice(world: World, browsing: Callable[[str], Client]) -> Client:
    """An admin's browser, over an organization with something in it."""
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "19.00")
    make.draft(world.alice)
    return browsing("alice")


def addresses() -> Iterator[str]:
    """Where the walk begins."""
    for name in STARTS:
        yield reverse(f"web:{name}")


def shape(url: str) -> str:
    """An address without what only tells one thing from another of its kind."""
    return IDS.sub("*", urlsplit(url).path)


def pages(client: Client) -> Iterator[tuple[str, Any]]:
    """(address, page) of everything that links lead to, one of each shape."""
    waiting, known = deque(addresses()), set()
    while waiting and len(known) < MOST_PAGES:
        url = waiting.popleft()
        if shape(url) in known or LEFT_OUT.search(url):
            continue
        known.add(shape(url))
        answer = client.get(url)
        if answer.status_code != 200 or "text/html" not in answer.get("Content-Type", ""):
            continue
        page = lxml.html.fromstring(answer.content.decode())
        yield url, page
        for link in page.xpath("//main//a/@href | //nav//a/@href"):
            found = urljoin(url, link)
            if found.startswith("/"):
                waiting.append(found)


def forms_of(page: Any) -> Iterator[Any]:
    """The forms of a page that something is typed into."""
    for form in page.xpath("//main//form[translate(@method, 'POST', 'post')='post']"):
        fields = form.xpath(".//input[not(@type='hidden')] | .//textarea | .//select")
        if any(one.get("name") for one in fields) and not form.get("data-forget"):
            yield form


def filled(form: Any, text: str) -> dict[str, str]:
    """What the form would send with `text` typed everywhere; what is hidden stays."""
    sent = {}
    for field in form.xpath(".//input | .//textarea | .//select"):
        name, kind = field.get("name"), field.get("type") or ""
        if not name or field.get("disabled") is not None or kind in {"file", "submit"}:
            continue
        if field.tag == "select":
            sent[name] = next(iter(field.xpath(".//option[@selected]/@value")), "")
        elif kind == "hidden":
            sent[name] = field.get("value") or ""
        elif kind in TYPED or field.tag == "textarea":
            sent[name] = text
    return sent


def faults_of(page: Any) -> list[str]:
    """What is not as it should be on a page that says what is wrong."""
    found = []
    main = page.xpath("//main")[0]
    (summary, *more) = main.xpath(".//*[contains(concat(' ', @class, ' '), ' summary ')]")
    if more:
        found.append("more than one summary")
    if summary.get("role") != "alert" or summary.get("tabindex") != "-1":
        found.append("the summary cannot hold the focus")
    if summary.get("autofocus") is None:
        found.append("the summary does not ask for the focus")
    first = main.xpath(".//form//input[not(@type='hidden')] | .//form//select | .//form//textarea")
    order = list(main.iter())
    if (
        first
        and order.index(summary) > order.index(first[0])
        and summary.getparent() not in [one.getparent() for one in first]
    ):
        same = [one for one in first if order.index(one) < order.index(summary)]
        form = next((one for one in summary.iterancestors("form")), None)
        if form is not None and any(form in one.iterancestors() for one in same):
            found.append("a field stands before the summary")
    if not (page.findtext(".//title") or "").strip().startswith("Error:"):
        found.append("the title does not begin with Error:")
    items = summary.xpath(".//li")
    if not items:
        found.append("the summary says nothing")
    for item in items:
        text = " ".join(item.text_content().split())
        for link in item.xpath(".//a/@href"):
            found += beside(page, link.removeprefix("#"), text)
    return found


def beside(page: Any, anchor: str, text: str) -> list[str]:
    """What is wrong with the field that a line of the summary leads to."""
    fields = page.xpath("//*[@id=$anchor]", anchor=anchor)
    if not fields:
        return [f"{anchor}: the link leads nowhere"]
    field = fields[0]
    if field.tag not in {"input", "select", "textarea"}:
        return []
    said = [
        " ".join(one.text_content().split())
        for name in (field.get("aria-describedby") or "").split()
        for one in page.xpath("//*[@id=$name]", name=name)
    ]
    found = []
    if not any(text in one for one in said):
        found.append(f"{anchor}: {text!r} is not what describes it ({said})")
    if field.get("aria-invalid") != "true":
        found.append(f"{anchor}: not marked as invalid")
    return found


def test_every_form_says_what_is_wrong_in_the_same_way(world: World, alice: Client) -> None:
    refused: dict[str, list[str]] = {}
    seen: set[tuple[str, ...]] = set()
    for url, page in list(pages(alice)):
        for form in forms_of(page):
            action = urljoin(url, form.get("action") or url)
            names = (shape(action), *sorted(filled(form, "")))
            if names in seen or LEFT_OUT.search(action):
                continue
            seen.add(names)
            for text in ("", "!?"):
                answer = alice.post(action, filled(form, text))
                if b'class="summary' not in answer.content:
                    continue
                answered = lxml.html.fromstring(answer.content.decode())
                refused.setdefault(f"{shape(action)} {names[1:3]}", []).extend(faults_of(answered))
                assert answer.status_code in {409, 412, 422}, action

    wrong = {name: faults for name, faults in refused.items() if faults}
    assert wrong == {}
    assert len(refused) >= LEAST_REFUSED, sorted(refused)
