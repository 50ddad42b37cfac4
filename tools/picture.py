"""Takes the picture for the README: the sample organization's invoices, from a Guilder of its own.

Starts `guilder up` in a temporary home, signs in to the sample organization with Chromium, and
writes docs/images/overview.png. CHROMIUM names the browser where it is not found by itself.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/images/overview.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAGE = "/invoices/"


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


def photograph(address: str, browser: str) -> None:
    """Sign in and write the picture, at twice the resolution and 1280 × 800."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=2)
        page.goto(f"{address}/sign-in/")
        page.locator("input[type=email], input[name=email]").first.fill("demo@guilder.example")
        page.locator("input[type=password]").first.fill("guilder-demo")
        page.locator("form [type=submit]").first.click()
        page.wait_for_load_state("networkidle")
        page.goto(f"{address}{PAGE}")
        page.wait_for_load_state("networkidle")
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(TARGET))
        chromium.close()


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
            photograph(f"http://127.0.0.1:{port}", browser)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
