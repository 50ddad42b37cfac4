import os
from tests import make
from tests.acceptance.browsing import settle

OUT = "/tmp/ed"


def shot(page, name):
    page.screenshot(path=f"{OUT}/{name}.png")


def test_look(browse, firm, watch):
    watch.allow(".")
    client = make.client(firm.by, name="Hotel Alpenglühn AG", email="lena@alpengluehn.example")
    lines = [
        make.line(
            name="Lighting concept and 3D study",
            description="Lobby, two restaurants, winter garden",
            quantity="1",
            unit="LS",
            unit_price="6480.00",
        ),
        make.line(
            name="Senior lighting designer",
            description="12 Oct to 6 Nov, on site and remote",
            quantity="64",
            unit_price="128.00",
        ),
        make.line(
            name="Pendant “Aurora 90”, hand-blown glass",
            description="Smoke grey",
            quantity="14",
            unit="C62",
            unit_price="412.50",
        ),
        make.line(
            name="Exhibition catalogue",
            description="Printed matter",
            quantity="40",
            unit="C62",
            unit_price="24.00",
            tax="reduced",
        ),
    ]
    draft = make.draft(
        firm.by,
        client_id=client.id,
        lines=lines,
        allowances=[{"percent": "3"}],
        notes=[
            {
                "text": "Thank you for letting us light the Alpenglühn. Below is our work of the last four weeks."
            }
        ],
    )
    page = browse(firm)
    page.goto(f"/invoices/{draft.id}/edit/")
    settle(page)
    shot(page, "edit")
    page.keyboard.press("Control+Enter")
    page.locator("#sheet[open]").wait_for()
    settle(page)
    shot(page, "review")
    page.goto("/invoices/new/")
    settle(page)
    shot(page, "new")
    for view in ("mail", "page"):
        page.goto(f"/invoices/{draft.id}/edit/")
        page.locator(f"[data-view={view}]").click()
        settle(page, quiet=400)
        shot(page, f"view-{view}")
    dark = browse(firm, dark=True)
    dark.goto(f"/invoices/{draft.id}/edit/")
    settle(dark)
    shot(dark, "dark")
    phone = browse(firm, width=390, height=844, touch=True)
    phone.goto(f"/invoices/{draft.id}/edit/")
    settle(phone)
    phone.screenshot(path=f"{OUT}/phone.png", full_page=True)
