"""Browser windows: a context of one's own, one for a file, and those that tests hand on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from tests.acceptance.browsing import PATIENCE, SPOILT, Watch

DESK = {"width": 1440, "height": 900}
WRITTEN = "local_storage,indexeddb,cache_storage,service_workers"
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


class Ear:
    """Hands what a browser context says on to the watch of the test that has it."""

    def __init__(self, context: Any) -> None:
        self.watch: Watch | None = None
        context.on("page", self._listen)
        context.on("response", lambda response: self.watch and self.watch.hear(response))
        context.on("request", lambda request: self.watch and self.watch.ask(request))

    def _listen(self, page: Any) -> None:
        page.on("console", lambda message: self.watch and self.watch.told(message))
        page.on(
            "pageerror", lambda error: self.watch and self.watch.said.append(f"script: {error}")
        )


def window(
    browser: Any,
    watch: Watch,
    *,
    base: str,
    who: Any = None,
    width: int = 1440,
    height: int = 900,
    **options: Any,
) -> Any:
    """A page in a browser context of its own, signed in as `who` (a Firm) when given."""
    context = new_context(browser, base=base, **options)
    Ear(context).watch = watch
    return opened(context, base, who=who, width=width, height=height)


def new_context(
    browser: Any,
    *,
    base: str,
    dark: bool = False,
    script: bool = True,
    locale: str = "en-GB",
    touch: bool = False,
    zone: str = "Europe/Berlin",
) -> Any:
    """A browser context: what one person's browser is to others."""
    context = browser.new_context(
        base_url=base,
        viewport=dict(DESK),
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        locale=locale,
        has_touch=touch,
        timezone_id=zone,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    if script:
        context.add_init_script(WATCHING)
    return context


def opened(context: Any, base: str, *, who: Any, width: int, height: int) -> Any:
    """A page in a context."""
    if who is not None:
        enter(context, base, who)
    page = context.new_page()
    size = {"width": width, "height": height}
    if size != DESK:
        page.set_viewport_size(size)
    return page


@dataclass
class Pool:
    """Browser contexts that serve one test after the other. They keep the styles and scripts that
    they have fetched, since these cost more than most pages, and nothing of what a test left."""

    browser: Any
    idle: dict[tuple[Any, ...], list[tuple[Any, Ear]]] = field(default_factory=dict)
    taken: list[tuple[tuple[Any, ...], Any, Ear]] = field(default_factory=list)

    def open(
        self,
        watch: Watch,
        *,
        base: str,
        who: Any = None,
        width: int = 1440,
        height: int = 900,
        permissions: Sequence[str] = (),
        **options: Any,
    ) -> Any:
        """A page in a context that nobody else has."""
        key = (base, *sorted(options.items()))
        context, ear = self.idle[key].pop() if self.idle.get(key) else self._new(base, options)
        self.taken.append((key, context, ear))
        ear.watch = watch
        if permissions:
            context.grant_permissions(list(permissions))
        return opened(context, base, who=who, width=width, height=height)

    def _new(self, base: str, options: dict[str, Any]) -> tuple[Any, Ear]:
        context = new_context(self.browser, base=base, **options)
        return context, Ear(context)

    def take_back(self) -> None:
        """All that were given out, emptied."""
        while self.taken:
            key, context, ear = self.taken.pop()
            context.cookies()  # what was said by now is heard before
            ear.watch = None
            if context not in SPOILT and emptied(context, key[0]):
                self.idle.setdefault(key, []).append((context, ear))
            else:
                context.close()


def emptied(context: Any, base: str) -> bool:
    """Take everything out of a context but what it has fetched; False where that fails."""
    try:
        page, *others = context.pages
        for other in others:
            other.close()
        page.goto("about:blank")  # what a page writes down when it is left is written by now
        devtools = context.new_cdp_session(page)
        devtools.send("Storage.clearDataForOrigin", {"origin": base, "storageTypes": WRITTEN})
        page.close()
        context.set_offline(False)
        context.clear_permissions()
        context.clear_cookies()
    except (PlaywrightError, ValueError):
        return False
    return True


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


def enter(context: Any, base: str, who: Any) -> None:
    """Sign a browser context in as `who`, without the form."""
    from django.conf import settings

    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": who.session(), "url": base, "httpOnly": True}])
