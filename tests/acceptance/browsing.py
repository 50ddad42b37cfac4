"""Browser windows that watch themselves: what they complain about fails the test at its end."""

import gzip
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.stories.running import is_full_size

PATIENCE = 30_000  # ms; for a slow machine, since what comes at once is not waited for
AXE = Path(__file__).with_name("axe.min.js.gz")
COLOUR_ONLY = ("color-contrast",)  # all that a theme can change
# In one of these a page is looked at whole, the next page in the next one; its colours in the
# opposite one too, since tokens alone make them. A proof looks at every page whole in all four.
LOOKS = ((1440, "light"), (390, "dark"), (390, "light"), (1440, "dark"))
WIDTHS = (1440, 390, 320)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The one rule among them that wants something fetched first wants sounds and films; the sheets that
# axe would fetch as well are for a rule that is not among them.
PRELOAD = {"assets": ["media"]}
COUNTING = """
(() => {
  const name = (at) => at.id || at.name || at.dataset.name || at.getAttribute("aria-label") || "?";
  document.addEventListener("input", (event) => {
    if (event.isTrusted) window.__count("field", location.pathname + "#" + name(event.target));
  }, true);
  document.addEventListener("click", (event) => {
    // A button pressed by a key tells of a click too, with detail 0.
    if (event.isTrusted && event.detail > 0) window.__count("click", name(event.target));
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.isTrusted) window.__count("key", event.key);
  }, true);
})();
"""
QUIET = re.compile(r"Failed to load resource|^htmx:(afterRequest|sendAbort)(, \[object \w+\])?$")
RESTED = """(quiet) => document.readyState === "complete" && !window.__busy
  && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")
  && performance.now() - (window.__restedAt || 0) >= quiet"""


@dataclass
class Count:
    """What a person did since `count(page)`: distinct fields filled, clicks by pointer, keys."""

    fields: set[str] = field(default_factory=set)
    clicks: int = 0
    keys: int = 0

    def note(self, kind: str, what: str) -> None:
        """Called from the page."""
        if kind == "field":
            self.fields.add(what)
        elif kind == "click":
            self.clicks += 1
        else:
            self.keys += 1


@dataclass
class Watch:
    """What the windows of one test said that they should not; `allow` patterns are forgiven."""

    origins: tuple[str, ...]
    said: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Forgive what matches: for a test that provokes it."""
        self.allowed.append(pattern)

    def complaints(self) -> list[str]:
        """What is not forgiven."""
        return [
            one for one in self.said if not any(re.search(pattern, one) for pattern in self.allowed)
        ]

    def told(self, message: Any) -> None:
        # What a server refuses is judged by its status, in hear; that a request was given up for
        # a newer one, or with its page, is told by htmx as an error and is none.
        if message.type in ("error", "warning") and not QUIET.search(message.text):
            self.said.append(f"console: {message.text}")

    def hear(self, response: Any) -> None:
        path = urlsplit(response.url).path
        is_asset = path.startswith("/static/")
        if response.status >= 500 or (is_asset and response.status >= 400):
            self.said.append(f"answer: {response.status} {path}")
        if response.url.startswith(self.origins):
            self.said += [f"headers: {one} of {path}" for one in missing_headers(response)]

    def ask(self, request: Any) -> None:
        if not request.url.startswith((*self.origins, "data:", "blob:", "about:", "chrome")):
            self.said.append(f"foreign: {request.url}")


Browse = Callable[..., Any]
SPOILT: set[Any] = set()  # contexts into which a test has put what does not come out again
# What every answer that a browser sees must say, streams aside; and what every page must.
ALWAYS = {"x-content-type-options": "nosniff"}
OF_PAGES = {
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "'none'",
    "referrer-policy": "",
    "permissions-policy": "camera=()",
    "cache-control": "no-store",
}

SHARED = "/shared/"  # pieces of pages that are the same for all, under a mark of what they say

# What the editor shows inside of itself says so twice: the client's own page.
FRAMED = "frame-ancestors 'self'"


def missing_headers(response: Any) -> list[str]:
    """What an answer leaves unsaid, or says that no page of ours may."""
    headers = response.headers
    media = headers.get("content-type", "")
    wanted = {} if media.startswith("text/event-stream") or not media else dict(ALWAYS)
    if media.startswith("text/html"):
        wanted |= OF_PAGES
        if SHARED in response.url:
            del wanted["cache-control"]
        if FRAMED in headers.get("content-security-policy", ""):
            wanted["x-frame-options"] = "SAMEORIGIN"
    found = [name for name, word in wanted.items() if word not in headers.get(name, "-" * 9)]
    found += [name for name in wanted if name not in headers and name not in found]
    if "unsafe-" in headers.get("content-security-policy", ""):
        found.append("unsafe content-security-policy")
    return found


def resize(page: Any, width: int, height: int = 900) -> None:
    """Give the window another size, and let the page take it in."""
    page.set_viewport_size({"width": width, "height": height})
    drawn = f"() => new Promise((on) => requestAnimationFrame(() => setTimeout(() => on(({RESTED})(0)))))"
    if not page.evaluate(drawn):
        settle(page, quiet=0)


def crowd() -> float:
    """By how much a limit in real time is to be widened: 1 where nobody else is at work here."""
    return max(1, os.getloadavg()[0] / (os.cpu_count() or 1))


def settle(page: Any, *, quiet: int = 60, timeout: int = PATIENCE) -> None:
    """Until nothing has been under way for `quiet` milliseconds; open event streams do not count.

    What waits for typing to rest (250 to 300 ms) has begun by then only with `quiet=400`.
    """
    page.wait_for_load_state("load")
    if quiet >= 300:
        page.wait_for_timeout(quiet)
    page.wait_for_function(RESTED, arg=quiet, timeout=timeout)


def count(page: Any) -> Count:
    """Begin to count what is done in this window, over all its pages from the next one on."""
    counted = Count()
    SPOILT.add(page.context)
    page.context.expose_function("__count", counted.note)
    page.context.add_init_script(COUNTING)
    if page.url != "about:blank":
        page.evaluate(COUNTING)
    return counted


@cache
def _axe_source() -> str:
    return gzip.decompress(AXE.read_bytes()).decode()


def axe(page: Any, *, only: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong with the page as it stands, a line for each rule and place.

    `only` names rules; without it all of WCAG 2.2 A and AA and the best practices are tried.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_axe_source())
    wanted = {"type": "rule", "values": list(only)} if only else AXE_TAGS
    options = json.dumps({"runOnly": wanted, "resultTypes": ["violations"], "preload": PRELOAD})
    found = page.evaluate(f"() => axe.run(document, {options})")
    return [
        f"{one['id']}: {node['target']} {' '.join(node['failureSummary'].split())[:300]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Any) -> list[str]:
    """What sticks out of the page sideways; [] when the page does not scroll that way."""
    return page.evaluate(
        """() => {
        const wide = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= wide) return [];
        const out = [];
        // What lies in a box that scrolls or hides by itself does not make the page wide.
        const held = (one) => {
          for (let box = one.parentElement; box && box !== document.body; box = box.parentElement)
            if (getComputedStyle(box).overflowX !== "visible") return true;
          return false;
        };
        for (const one of document.body.querySelectorAll("*")) {
          const box = one.getBoundingClientRect();
          if (box.width && (box.right > wide + 1 || box.left < -1) && !held(one))
            out.push(`${one.tagName.toLowerCase()}.${one.className} ${Math.round(box.left)}-${Math.round(box.right)}`);
        }
        return [`page is ${document.documentElement.scrollWidth} wide`, ...out.slice(0, 8)];
        }"""
    )


def looks_at(place: int, *, colours: bool = True) -> list[tuple[int, str, Sequence[str]]]:
    """(width, theme, rules) in which the page at a place is looked at; no rules are all of them."""
    if is_full_size():
        return [(width, theme, ()) for width, theme in LOOKS]
    at = place % len(LOOKS)
    looks: list[tuple[int, str, Sequence[str]]] = [(*LOOKS[at], ())]
    return [*looks, (*LOOKS[at ^ 1], COLOUR_ONLY)] if colours else looks


def faults(
    page: Any, place: int = 0, *, widths: Sequence[int] = WIDTHS, colours: bool = True
) -> list[str]:
    """What axe and the ruler find wrong with the page as it stands, in one visit.

    `place` is the page's place among those of its test and says how it is looked at (looks_at);
    at each of `widths` it may not scroll sideways.
    """
    found = []
    for width, theme, only in looks_at(place, colours=colours):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        resize(page, width)
        found += [f"{width} {theme} {line}" for line in axe(page, only=only)]
    for width in sorted(widths, reverse=True):
        resize(page, width)
        found += [f"{width} {line}" for line in overflow(page)]
    return found


def assert_none(found: list[str]) -> None:
    """Nothing was found; else all of it is told, a line each."""
    assert not found, "\n" + "\n".join(found)
