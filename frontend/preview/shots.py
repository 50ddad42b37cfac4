"""Pictures and checks of every sample page: `python frontend/preview/shots.py [page…]`.

Checks: axe, the console, requests to other hosts, and that no page scrolls sideways.
"""

# ruff: noqa: T201, E402, E501

import sys
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from playwright.sync_api import Page, sync_playwright
from serve import application, samples

SHOTS = HERE / "shots"
AXE = (HERE.parent / "node_modules/axe-core/axe.min.js").read_text()
RULES = "() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
SIZES = {"1440": (1440, 900), "390": (390, 844)}
OTHERS_OWN = {"swagger", "redoc"}  # their markup is not ours; only policy and requests count


class Quiet(WSGIRequestHandler):
    """No line per request."""

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def faults_of(page: Page, name: str) -> list[str]:
    """What axe and the page's own width say."""
    page.evaluate(AXE)
    found = page.evaluate(RULES)["violations"]
    faults = [
        f"axe {one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary'][:200]}"
        for one in found
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return (
        [*faults, *([f"scrolls sideways by {wide}"] if wide > 0 else [])]
        if name not in OTHERS_OWN
        else []
    )


def main(wanted: list[str]) -> int:
    """Take the pictures; the number of faulty pages."""
    SHOTS.mkdir(exist_ok=True)
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    bad = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for size, (width, height) in SIZES.items():
            for theme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=theme,
                    reduced_motion="reduce",
                )
                page = context.new_page()
                said: list[str] = []
                page.on(
                    "console",
                    lambda message, said=said: (
                        said.append(message.text) if message.type in ("error", "warning") else None
                    ),
                )
                page.on("pageerror", lambda error, said=said: said.append(str(error)))
                page.on(
                    "request",
                    lambda request, said=said: (
                        said.append(f"foreign {request.url}")
                        if not request.url.startswith((base, "data:", "blob:"))
                        else None
                    ),
                )
                for name in wanted or samples.pages():
                    said.clear()
                    page.goto(f"{base}/p/{name}/", wait_until="networkidle")
                    page.screenshot(
                        path=SHOTS / f"{name}-{size}-{theme}.png",
                        full_page=name not in ("invoice", "draft", "editor"),
                    )
                    faults = [*faults_of(page, name), *said]
                    if faults:
                        bad += 1
                        print(name, size, theme, *faults, sep="\n   ")
                context.close()
        browser.close()
    server.shutdown()
    return bad


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
