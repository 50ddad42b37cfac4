"""The shell in a browser: keys, palette, toasts, sheets, session, connection."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import make
from tests.acceptance.browsing import SPOILT, Browse, axe, settle
from tests.acceptance.people import Firm

DAYS = json.loads((Path(__file__).parents[1] / "faces/web/days.json").read_text())


def focused(page: Any) -> str:
    """What has focus, as its tag and id."""
    return page.evaluate(
        "(() => { const a = document.activeElement; return `${a.tagName.toLowerCase()}#${a.id}`; })()"
    )


def test_c_i_opens_the_editor_from_any_page_with_focus_in_client(page: Any):
    """13.3: `C I` opens the editor from any page; focus is in Client."""
    for start in ("/", "/clients/", "/help/"):
        page.goto(start)
        settle(page)
        page.keyboard.press("c")
        assert page.locator("#create").is_visible()
        page.keyboard.press("i")
        page.wait_for_url("**/invoices/**")
        settle(page)
        assert focused(page) == "input#id_client_name", start


DRAWN = """() => !document.querySelector(
  "#palette :is(.htmx-request, .htmx-swapping, .htmx-settling)")"""


def asked_for(url: str) -> str:
    """What a search asks for; "" where an address is none."""
    return parse_qs(urlsplit(url).query).get("q", [""])[0]


def looked_up(page: Any, words: str) -> Any:
    """The first thing that the palette finds, once the worker has told the index.

    It waits for the palette's own answer: the page behind may renew itself all the while.
    """
    found = page.locator("#palette-hits [role=option]")
    for _attempt in range(40):
        page.keyboard.press("Control+k")
        page.locator("#palette input").fill("")
        with page.expect_response(lambda one: asked_for(one.url) == words):
            page.keyboard.type(words)
        page.wait_for_function(DRAWN)
        if found.count() and found.first.is_visible():
            break
        page.keyboard.press("Escape")
        page.wait_for_timeout(250)
    return found.first


def test_an_amount_in_the_palette_finds_its_invoice(page: Any, firm: Firm):
    """13.26: `Ctrl+K` + `1487.5` finds the invoice with that amount."""
    draft = make.draft(firm.by, lines=[make.line(unit_price="1250.00")])  # and 19 % = 1,487.50
    page.goto("/")

    hit = looked_up(page, "1487.5")
    assert "€1,487.50" in hit.inner_text()
    assert hit.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")

    # Where it leads may draw a picture of the paper, which takes a slow machine its time.
    page.wait_for_url(f"**/invoices/{draft.id}/**", wait_until="commit", timeout=30_000)


def test_the_palette_lists_every_action_of_the_page_with_its_key(page: Any, firm: Firm):
    """13.27: Palette lists every action of the current page with its key."""
    invoice = make.issued_invoice(firm.by)
    for address in (f"/invoices/{invoice.id}/", f"/clients/{invoice.partner_id}/", "/invoices/"):
        page.goto(address)
        settle(page)
        keyed = page.evaluate(
            """() => [...document.querySelectorAll("[data-key]")]
              .filter((one) => !one.closest(".nav, .tabbar, #more, #create, #help, dialog, [hidden]"))
              .filter((one) => one.closest(".menu") || one.checkVisibility())
              .map((one) => one.dataset.key.replaceAll(" ", "").toUpperCase())"""
        )
        page.keyboard.press("Control+k")
        listed = page.evaluate(
            """() => [...document.querySelectorAll("#palette [data-here] [role=option]")]
              .map((one) => [...one.querySelectorAll("kbd")].map((k) => k.textContent).join(""))"""
        )
        assert set(keyed) <= {one.upper() for one in listed}, address
        assert listed, address


def test_an_action_chosen_in_the_palette_happens(page: Any):
    """13.27, the other half: choosing it does it."""
    page.goto("/design/")
    page.keyboard.press("Control+k")
    page.keyboard.type("send, with")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("new client")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/new/")


def test_recent_things_stand_in_an_empty_palette_until_sign_out(page: Any, firm: Firm):
    """UX 6, palette: recent on empty."""
    client = make.client(firm.by, name="Polder Fresh BV")
    page.goto(f"/clients/{client.id}/")
    page.goto("/")
    page.keyboard.press("Control+k")
    recent = page.locator("#palette [data-recent] [role=option]")
    assert "Polder Fresh BV" in recent.first.inner_text()

    page.keyboard.type("x")
    assert not page.locator("#palette [data-recent]").is_visible()
    page.keyboard.press("Escape")
    page.locator("[popovertarget=account]").click()
    page.locator("#account form button").click()
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.includes('recent'))") == []


def test_single_keys_show_their_sheet_rest_in_fields_and_can_be_switched_off(page: Any):
    """13.28: `?` shows keys; single-key shortcuts can be turned off; none fires in a field."""
    page.goto("/help/")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_timeout(150)
    assert page.url.endswith("/help/")

    page.keyboard.press("Control+k")
    page.keyboard.type("gi?")
    assert page.locator("#palette input").input_value() == "gi?"
    page.keyboard.press("Escape")
    page.goto("/design/")
    page.locator("#id_name").fill("")
    page.locator("#id_name").press_sequentially("g i ? c i")
    assert page.locator("#id_name").input_value() == "g i ? c i"
    assert page.url.endswith("/design/")


def test_a_key_is_given_to_another_or_to_none(page: Any):
    """WCAG 2.1.4: single keys can be remapped; it holds on the next page."""
    page.goto("/help/")
    page.keyboard.press("?")
    page.locator("#keys [data-binding='g i'] button").click()
    page.keyboard.press("q")
    page.keyboard.press("q")
    page.keyboard.press("Escape")

    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_timeout(150)
    assert page.url.endswith("/help/")
    page.reload()
    page.wait_for_timeout(100)
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    page.evaluate("localStorage.getItem('guilder.keymap')")
    page.locator("body").press("q")
    page.locator("body").press("q")
    page.wait_for_url("**/invoices/**")


def test_ctrl_shift_o_opens_the_switcher_and_goes_to_another_organization(
    browse: Browse, new_firm: Any
):
    """UX 3: organization switcher top left (`Ctrl+Shift+O`)."""
    from guilder.foundation.identity import operations as identity

    first, second = new_firm("First Harbour"), new_firm("Second Harbour")
    identity.add_member(by=second.by, user_id=first.user, role="viewer")
    page = browse(first)
    page.goto("/")
    page.keyboard.press("Control+Shift+o")
    page.locator("#switch button", has_text="Second Harbour").click()
    page.wait_for_load_state()

    assert "Second Harbour" in page.locator(".org b").inner_text()


def test_groups_fold_and_remember_without_a_flash(page: Any):
    """UX 3: groups fold and remember."""
    page.goto("/")
    items = page.locator("#nav-sales a[href='/items/']")
    assert items.is_visible()
    page.locator("[aria-controls=nav-sales]").click()
    assert not items.is_visible()

    page.reload()
    assert not items.is_visible()
    assert page.locator("[aria-controls=nav-sales]").get_attribute("aria-expanded") == "false"
    page.goto("/items/")  # where one is stays in sight
    assert page.locator("#nav-sales a[aria-current]").is_visible()


def test_a_toast_undoes_by_its_button_and_by_ctrl_z(page: Any):
    """UX 2.4: reversible acts happen at once with an 8 s undo, also `Ctrl+Z`."""
    page.goto("/design/")
    page.locator("#act").click()
    toast = page.locator(".toast", has_text="Sent to lena")
    toast.wait_for()
    page.locator("#act").focus()
    page.keyboard.press("Control+z")
    page.locator(".toast", has_text="Not sent.").wait_for()
    assert not toast.is_visible()

    page.locator("#act").click()
    toast.wait_for()
    page.goto("/help/")  # what can be undone stays so on the next page
    toast.locator("[data-undo]").click()
    page.locator(".toast", has_text="Not sent.").wait_for()


def test_a_toast_goes_after_eight_seconds_and_rests_while_focused(page: Any):
    """UX 6, toast: 8 s, paused on hover and focus."""
    SPOILT.add(page.context)
    page.clock.install()
    page.goto("/design/")
    page.locator("#act").click()
    toast = page.locator(".toast", has_text="Sent to lena")
    toast.wait_for()
    toast.locator("[data-undo]").focus()
    page.clock.run_for(20_000)
    assert toast.is_visible()
    page.locator("#act").focus()
    page.clock.run_for(9_000)
    assert toast.count() == 0


def test_without_script_the_message_carries_the_undo_as_a_form(browse: Browse, firm: Firm):
    """UX 2.7: works without JavaScript; the toast is a line with a form."""
    page = browse(firm, script=False)
    page.goto("/design/")
    page.locator("#act").click()
    page.wait_for_load_state()
    page.locator(".toast [data-undo]").click()
    page.wait_for_load_state()

    assert "Not sent." in page.locator(".toast").inner_text()


@pytest.mark.parametrize("opener", ["open-sheet", "open-beside"])
def test_a_sheet_takes_focus_refuses_in_place_and_gives_focus_back(page: Any, opener: str):
    """UX 6, side sheet and popover: native dialog, focus in and back, Esc; errors keep input."""
    page.goto("/design/")
    page.locator(f"#{opener}").click()
    page.locator("#sheet[open] #sheet_name").wait_for()
    assert page.evaluate("document.getElementById('sheet').contains(document.activeElement)")

    page.locator("#sheet #sheet_due_on").fill("20.11.2026")
    page.locator("#sheet button.primary").click()
    page.locator("#sheet .summary").wait_for()
    settle(page)
    assert "There is a problem" in page.evaluate("document.activeElement.textContent")
    assert page.locator("#sheet #sheet_due_on").input_value() == "20 Nov 2026"
    assert axe(page) == []

    page.keyboard.press("Escape")
    assert focused(page) == f"a#{opener}"
    page.locator(f"#{opener}").click()
    page.locator("#sheet #sheet_name").fill("Ida")
    page.keyboard.press("Control+Enter")
    page.locator(".toast", has_text="Saved.").wait_for()
    settle(page)
    assert not page.locator("#sheet").is_visible()
    assert page.evaluate("document.activeElement !== document.body")


def test_a_typed_day_says_which_day_is_meant(page: Any):
    """UX 6, date input: takes what people type and shows the parsed result before leaving."""
    page.goto("/design/")
    field, hint = page.locator("#paid-on"), page.locator(".field:has(#paid-on) .day-read")
    page.evaluate(f"document.getElementById('paid-on').dataset.today = '{DAYS['today']}'")
    page.evaluate(f"document.getElementById('id_due_on').dataset.today = '{DAYS['today']}'")
    page.locator("#id_due_on").fill(DAYS["base"])
    wrong = {}
    for text, day in DAYS["cases"]:
        field.fill("x")
        field.fill(text)
        said = hint.inner_text() if hint.is_visible() else ""
        expected = (
            page.evaluate(
                "(day) => new Intl.DateTimeFormat('en-GB', {weekday: 'long', day: 'numeric',"
                " month: 'long', year: 'numeric', timeZone: 'UTC'}).format(new Date(day))",
                day,
            )
            if day
            else ""
        )
        if said != expected:
            wrong[text] = said
    assert wrong == {}

    field.fill("20.11.")
    field.press("ArrowUp")
    field.press("PageDown")
    assert field.input_value() == "21 Oct 2026"


def test_an_ended_session_is_begun_again_in_place_and_the_draft_is_intact(
    browse: Browse, firm: Firm, watch: Any
):
    """13.46: Session expiry during editing: sign in in place, draft intact."""
    from django.contrib.sessions.models import Session

    watch.allow("401")
    page = browse(firm)
    page.goto("/invoices/new/")
    settle(page)
    page.locator("#id_client_name").fill("Patience Ltd")
    settle(page, quiet=400)
    key = next(one["value"] for one in page.context.cookies() if "session" in one["name"])
    Session.objects.filter(session_key=key).delete()

    name = page.locator("[data-line] [data-name=name]").first
    name.fill("Lighting concept")
    page.locator("[data-line] [data-name=unit_price]").first.fill("640")
    page.locator("#sign-in-again[open]").wait_for()
    assert page.locator("#again-email").input_value() == firm.email
    page.locator("#again-password").fill("wrong")
    page.keyboard.press("Enter")
    page.locator("#sign-in-again .summary").wait_for()
    page.locator("#again-password").fill(firm.password)
    page.keyboard.press("Enter")
    page.locator("#sign-in-again").wait_for(state="hidden")
    settle(page, quiet=400)

    assert name.input_value() == "Lighting concept"
    page.locator("[data-line] [data-name=unit_price]").first.fill("650")
    settle(page, quiet=1500)
    page.reload()
    settle(page)
    assert page.locator("[data-line] [data-name=name]").first.input_value() == "Lighting concept"


def test_a_session_s_end_is_told_two_minutes_ahead_and_put_off_in_place(page: Any):
    """UX 11, time limits: sessions warn 2 min ahead, extend in place."""
    page.goto("/help/")
    soon = page.evaluate("Date.now()") + 100_000

    def later(route: Any) -> None:
        route.fulfill(response=route.fetch(), json={"ends_at": soon})

    page.route("**/session/", later)

    def nearly_over(route: Any) -> None:
        answer = route.fetch()
        told = re.sub(r'data-ends-at="\d+"', f'data-ends-at="{soon}"', answer.text())
        route.fulfill(response=answer, body=told)

    page.route("**/help/", nearly_over)
    page.reload()
    warning = page.locator("#session-ending")
    warning.wait_for()
    assert re.search(r"1:[0-4]\d", warning.inner_text())

    with page.expect_response("**/session/extend/") as extended:
        warning.locator("button.primary").click()
    assert extended.value.json()["ends_at"] > soon + 24 * 3600 * 1000
    assert not warning.is_visible()


def test_a_lost_connection_is_said_and_what_was_meant_to_go_goes_later(
    browse: Browse, firm: Firm, watch: Any
):
    """UX 8, offline: banner, kept locally, sends when back."""
    watch.allow(
        "ERR_INTERNET_DISCONNECTED|Failed to fetch|live|net::|htmx:(sendError|afterRequest)"
    )
    page = browse(firm)
    page.goto("/design/")
    settle(page)
    page.context.set_offline(True)
    page.locator("[data-offline-note]").wait_for()
    page.locator("#act").click()
    page.wait_for_timeout(200)
    page.context.set_offline(False)

    page.locator(".toast", has_text="Sent to lena").wait_for()
    assert not page.locator("[data-offline-note]").is_visible()


def test_no_partial_swap_leaves_focus_on_the_body(page: Any, firm: Firm):
    """13.49: No partial swap leaves focus on `body`."""
    for _ in range(2):
        make.issued_invoice(firm.by)
    page.goto("/invoices/")
    settle(page)
    for target in ("thead a >> nth=0", "thead a >> nth=1", "[data-filter]"):
        one = page.locator(f"#list {target}" if target.startswith("thead") else target).first
        one.focus()
        page.keyboard.press("Enter")
        settle(page, quiet=350)
        assert page.evaluate("document.activeElement !== document.body"), target
    page.goto("/invoices/?q=zzz")
    settle(page)
    page.locator("[data-filter]").fill("")
    settle(page, quiet=400)
    assert page.evaluate("document.activeElement !== document.body")


def test_every_swap_of_a_list_announces_its_count_once(page: Any, firm: Firm):
    """13.50: Every swap of a list announces its count once."""
    for _ in range(2):
        make.issued_invoice(firm.by)
    page.goto("/invoices/")
    settle(page)
    page.evaluate(
        """() => { window.__said = [];
        new MutationObserver(() => window.__said.push(document.getElementById('live').textContent))
          .observe(document.getElementById('live'), {childList: true, characterData: true, subtree: true}); }"""
    )
    page.locator("#list thead a").first.click()
    settle(page, quiet=350)
    assert len(page.evaluate("window.__said")) == 1
    assert "2 invoices" in page.evaluate("window.__said[0]")
    page.locator("#list thead a").first.click()
    settle(page, quiet=350)
    assert len(page.evaluate("window.__said")) == 2


def test_every_control_of_the_shell_leads_somewhere(page: Any):
    """Issue: a menu entry appears only with its room; no control leads nowhere."""
    page.goto("/")
    links = page.evaluate(
        """() => [...document.querySelectorAll(".nav a, .tabbar a, .bar a, #more a, #help a, #account a, #create a, #palette a[href^='/']")]
          .map((one) => one.getAttribute("href"))"""
    )
    assert len(set(links)) > 8
    for link in sorted(set(links)):
        answer = page.request.get(link)
        assert answer.ok, link
    nowhere = page.evaluate(
        """() => [...document.querySelectorAll(".nav button, .bar button, .tabbar button")]
          .filter((one) => !one.dataset.do && !one.getAttribute("popovertarget") && one.type !== "submit")
          .map((one) => one.outerHTML)"""
    )
    assert nowhere == []
    for name in page.evaluate(
        "() => [...document.querySelectorAll('[popovertarget]')].map((one) => one.getAttribute('popovertarget'))"
    ):
        assert page.locator(f"[id='{name}']").count() == 1, name
    for name in page.evaluate(
        "() => [...document.querySelectorAll('[data-do=dialog]')].map((one) => one.dataset.target)"
    ):
        assert page.locator(f"[id='{name}']").count() == 1, name


def test_a_page_that_breaks_says_what_was_not_lost_and_gives_a_reference(page: Any, watch: Any):
    """UX 8, error of the system: what happened, what to do, reference id to copy."""
    watch.allow("answer: 500")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/design/breaks/")

    assert "Nothing was saved or sent." in page.locator("main").inner_text()
    reference = page.locator("#reference").inner_text()
    page.locator("footer .copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == reference
    assert len(reference) >= 8
    assert axe(page) == []


def test_an_address_that_is_none_offers_the_search(page: Any):
    """UX 4: 404 offers search."""
    page.goto("/no/such/place/")
    page.locator("main input[type=search]").fill("INV")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=INV")


def test_a_right_that_is_missing_says_who_can_give_it(browse: Browse, firm: Firm):
    """UX 8, no right: by link, who can give the right."""
    page = browse(firm.colleague("viewer"))
    page.goto("/settings/")

    assert firm.email in page.locator("main").inner_text()
