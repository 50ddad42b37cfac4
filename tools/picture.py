"""Takes the pictures of the docs: screens of the sample organization, from a Guilder of its own.

Starts `guilder up` in a temporary home, signs in to the sample organization with Chromium, and
writes docs/images/*.png, all or those that are named. CHROMIUM names the browser where it is not
found by itself.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SETTLED = 1500  # milliseconds: open event streams never let a page be idle
TOLD = 20_000  # milliseconds: the worker tells the inbox of a fresh demo what happened in it
WIDE, LARGE, NARROW = (1280, 800), (1440, 900), (390, 844)
COLOURS = 96


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: the page, and what is pressed or opened on it first."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    dark: bool = False
    keys: tuple[str, ...] = ()
    follow: str = ""


SHOTS = (
    Shot("overview", "/"),
    Shot("overview-dark", "/", dark=True),
    Shot("invoices", "/invoices/"),
    Shot("invoice", "/invoices/?view=overdue", follow="tbody a[href^='/invoices/']"),
    Shot(
        "editor",
        "/invoices/?view=drafts",
        size=(1440, 900),
        keys=("e",),
        follow="tbody a[href^='/invoices/']",
    ),
    Shot("palette", "/invoices/", keys=("Control+k",)),
    Shot("client", "/clients/", follow="tbody a[href^='/clients/']"),
    Shot("reports", "/reports/ageing/"),
    Shot("settings", "/settings/documents/"),
    Shot("phone", "/invoices/", size=NARROW),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    """Return at the ready line; what came before is shown when there is none."""
    said = []
    for line in process.stdout or ():
        said.append(line)
        if "Guilder is ready at" in line:
            return
    raise SystemExit("Guilder did not start:\n" + "".join(said))


def photograph(address: str, path: str, *, names: list[str]) -> None:
    """Sign in and take the pictures named, or all, at twice the resolution."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        session = signed_in(browser, address)
        for shot in [one for one in SHOTS if not names or one.name in names]:
            page = window(browser, shot, session)
            take(page, address, shot)
            page.context.close()
        browser.close()


def signed_in(browser: Browser, address: str) -> StorageState:
    """A session in the sample organization, for every window."""
    page = browser.new_page()
    page.goto(f"{address}/sign-in/")
    page.locator("input[type=email], input[name=email]").first.fill("demo@guilder.example")
    page.locator("input[type=password]").first.fill("guilder-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    page.wait_for_timeout(TOLD)
    state = page.context.storage_state()
    page.context.close()
    return state


def window(browser: Browser, shot: Shot, session: StorageState) -> Page:
    """A window of the shot's size and theme."""
    width, height = shot.size
    return browser.new_page(
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        color_scheme="dark" if shot.dark else "light",
        storage_state=session,
    )


def take(page: Page, address: str, shot: Shot) -> None:
    """Go there, follow and press what the shot names, and write the picture."""
    page.goto(f"{address}{shot.path}")
    if shot.follow:
        page.locator(shot.follow).first.click()
        page.wait_for_load_state("load")
    for key in shot.keys:
        page.keyboard.press(key)
    page.wait_for_timeout(SETTLED)
    path = IMAGES / f"{shot.name}.png"
    page.screenshot(path=str(path))
    lighten(path)
    print(f"docs/images/{shot.name}.png {path.stat().st_size // 1024} KiB")


def lighten(path: Path) -> None:
    """A palette instead of true colours: a third of the weight, and nobody sees it."""
    with Image.open(path) as picture:
        flat = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    flat.save(path, optimize=True)


def main() -> int:
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("No Chromium here: install it, or name it with CHROMIUM=/path.")
        return 1
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "guilder"), "up", "--port", str(port)],
            cwd=home,
            env=os.environ | {"GUILDER_HOME": f"{home}/data"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            wait_until_ready(process)
            photograph(f"http://127.0.0.1:{port}", browser, names=sys.argv[1:])
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
