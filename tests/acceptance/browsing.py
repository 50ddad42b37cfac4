"""Browser windows that watch themselves: what they complain about fails the test at its end."""

import gzip
import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).with_name("axe.min.js.gz")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCHING = """
(() => {
  window.__busy = 0;
  const begin = () => { window.__busy += 1; };
  const end = () => { window.__busy -= 1; window.__restedAt = performance.now(); };
  const fetched = window.fetch;
  window.fetch = (...words) => { begin(); return fetched(...words).finally(end); };
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...words) {
    begin();
    this.addEventListener("loadend", end, { once: true });
    return send.apply(this, words);
  };
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`);
  });
})();
"""
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

    def over(self, context: Any) -> None:
        """Listen to every page of a browser context."""
        context.on("page", self._listen)
        context.on("response", self._hear)
        context.on("request", self._ask)

    def _listen(self, page: Any) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"script: {error}"))

    def _console(self, message: Any) -> None:
        # What a server refuses is judged by its status, in _hear; that a request was given up for
        # a newer one, or with its page, is told by htmx as an error and is none.
        if message.type in ("error", "warning") and not QUIET.search(message.text):
            self.said.append(f"console: {message.text}")

    def _hear(self, response: Any) -> None:
        path = urlsplit(response.url).path
        is_asset = path.startswith("/static/")
        if response.status >= 500 or (is_asset and response.status >= 400):
            self.said.append(f"answer: {response.status} {path}")
        if response.url.startswith(self.origins):
            self.said += [f"headers: {one} of {path}" for one in missing_headers(response)]

    def _ask(self, request: Any) -> None:
        if not request.url.startswith((*self.origins, "data:", "blob:", "about:", "chrome")):
            self.said.append(f"foreign: {request.url}")


Browse = Callable[..., Any]
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


def window(
    browser: Any,
    watch: Watch,
    *,
    base: str,
    who: Any = None,
    width: int = 1440,
    height: int = 900,
    dark: bool = False,
    script: bool = True,
    locale: str = "en-GB",
    touch: bool = False,
    zone: str = "Europe/Berlin",
    **options: Any,
) -> Any:
    """A page in a browser context of its own, signed in as `who` (a Firm) when given."""
    context = browser.new_context(
        base_url=base,
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        locale=locale,
        has_touch=touch,
        timezone_id=zone,
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(10_000)
    watch.over(context)
    if script:
        context.add_init_script(WATCHING)
    if who is not None:
        enter(context, base, who)
    return context.new_page()


@dataclass
class Shared:
    """Windows that serve many tests: the same person with the same options gets the same one."""

    browser: Any
    watch: Watch
    base: str
    pages: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def of(self, who: Any = None, *, width: int = 1440, height: int = 900, **options: Any) -> Any:
        """The window, as large as asked, in the light, whatever was done in it before."""
        key = (who and who.user, *sorted(options.items()))
        if key not in self.pages or self.pages[key].is_closed():
            self.pages[key] = window(self.browser, self.watch, base=self.base, who=who, **options)
        page = self.pages[key]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
        return page

    def close(self) -> None:
        """Close them all."""
        for page in self.pages.values():
            page.context.close()


def resize(page: Any, width: int, height: int = 900) -> None:
    """Give the window another size, and let the page take it in."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => new Promise((on) => requestAnimationFrame(() => setTimeout(on, 0)))")
    settle(page, quiet=0)


def enter(context: Any, base: str, who: Any) -> None:
    """Sign a browser context in as `who`, without the form."""
    from django.conf import settings

    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": who.session(), "url": base, "httpOnly": True}])


def settle(page: Any, *, quiet: int = 60, timeout: int = 10_000) -> None:
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
    options = json.dumps({"runOnly": wanted, "resultTypes": ["violations"]})
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


def assert_none(found: list[str]) -> None:
    """Nothing was found; else all of it is told, a line each."""
    assert not found, "\n" + "\n".join(found)
