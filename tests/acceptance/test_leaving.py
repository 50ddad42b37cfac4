"""The page of a link by which a client leaves a way to pay, in every state that a client may meet."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from guilder.books.charging import operations
from guilder.books.charging.gateways import wire
from guilder.books.charging.models import MethodSetup
from guilder.foundation.tenancy.transaction import transaction
from tests import make
from tests.acceptance.browsing import assert_none, faults
from tests.acceptance.people import Firm
from tests.books.charging import making
from tests.fakes.stripe import FakeStripe

# Ahead of the pages' clock: a page asks the service, which is only here, some seconds after.
AHEAD = timedelta(hours=1)
OUTCOMES = {"open": None, "succeeded": FakeStripe.leave, "failed": FakeStripe.end}


def setups(firm: Firm, fake: FakeStripe, data: dict[str, str], mark: str) -> dict[str, Any]:
    """What was begun by a link, told by the service as each may end: state → id."""
    found = {}
    at = datetime.now(UTC) + AHEAD
    with mock.patch.object(wire.outbound, "request", fake.request):
        for state, happens in OUTCOMES.items():
            begun = operations.start_setup(by=firm.by, data=data, attempt=f"{mark}:{state}", at=at)
            with transaction(firm.organization):
                row = MethodSetup.objects.of(firm.organization).get(id=begun.id)
            if happens:
                happens(fake, row.provider_id)
                done = operations.check_setup(begun.id, by=firm.by, at=at)
                assert done.state == state
            found[state] = begun.id
    return found


def test_the_page_of_a_link_is_sound_for_everybody(browse, firm):
    """13.47 for the client who leaves a way to pay: both themes and both widths in every state."""
    client = make.client(firm.by)
    through = making.gateway(firm.by, "stripe")
    page = browse()
    page.goto(operations.make_method_link(client.id, by=firm.by, at=datetime.now(UTC)).url)
    base = page.url
    assert page.locator(".leave-form button").count() == 2
    found = [f"asked: {line}" for line in faults(page, 0)]

    page.locator(".leave-form button").first.evaluate("one => { one.value = 'x:card'; }")
    page.locator(".leave-form button").first.click()
    page.get_by_role("alert").wait_for()
    found += [f"refused: {line}" for line in faults(page, 1)]

    data = {"client": str(client.id), "gateway": str(through.id), "method": "card",
            "consent": "You may.", "back_url": base}  # fmt: skip
    made = setups(firm, FakeStripe(), data, f"link:{base.rstrip('/').rpartition('/')[2]}")
    for place, (state, setup_id) in enumerate(made.items(), 2):
        page.goto(f"{base}added/{setup_id}/")
        assert page.locator(f".mark.{state}").count() == 1
        found += [f"{state}: {line}" for line in faults(page, place)]

    assert_none(found)


def test_a_page_that_waits_looks_again_by_itself(browse, firm):
    """With script what stands there changes in its place; without it the page comes anew."""
    client = make.client(firm.by)
    through = making.gateway(firm.by, "stripe")
    fake, page = FakeStripe(), browse()
    page.goto(operations.make_method_link(client.id, by=firm.by, at=datetime.now(UTC)).url)
    mark = f"link:{page.url.rstrip('/').rpartition('/')[2]}"
    data = {"client": str(client.id), "gateway": str(through.id), "method": "card",
            "consent": "You may."}  # fmt: skip
    at = datetime.now(UTC) + AHEAD
    with mock.patch.object(wire.outbound, "request", fake.request):
        begun = operations.start_setup(by=firm.by, data=data, attempt=f"{mark}:1", at=at)
        page.goto(f"{page.url}added/{begun.id}/")
        assert page.locator(".mark.open").is_visible()
        with transaction(firm.organization):
            row = MethodSetup.objects.of(firm.organization).get(id=begun.id)
        fake.leave(row.provider_id)
        operations.check_setup(begun.id, by=firm.by, at=at)

    page.locator(".mark.succeeded").wait_for()
    assert page.locator("[hx-trigger]").count() == 0
    assert page.locator("h1").inner_text() in page.title()
