"""Chromium, started once for all files; between two of them its loop is out of everybody's way."""

import contextlib
import os
import shutil
from asyncio import _get_running_loop, _set_running_loop
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.windows import Pool

# The one without windows needs a third less than the whole browser.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)
# Nothing here needs a graphics process, which costs a tenth of what a page costs.
FLAGS = ["--no-sandbox", "--disable-gpu", "--in-process-gpu"]
UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"


@dataclass(slots=True)
class Chromium:
    """The browser and the contexts that the tests of all files hand on.

    Playwright keeps a loop running in this thread. Django would take it for its own caller's, and
    nobody could run another one; so it is only there while a file's tests are.
    """

    closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    pool: Pool | None = None
    _player: Any = None
    _loop: Any = None

    @contextlib.contextmanager
    def awake(self) -> Iterator[Any]:
        """The browser, as long as this lasts."""
        os.environ[UNSAFE] = "true"
        _set_running_loop(self._loop)
        try:
            yield self._started()
        finally:
            self._loop = _get_running_loop()
            _set_running_loop(None)
            os.environ.pop(UNSAFE, None)

    def _started(self) -> Any:
        if self._player is None:
            from playwright.sync_api import sync_playwright

            self._player = self.closing.enter_context(sync_playwright())
        if self.pool is None or not self.pool.browser.is_connected():
            self.pool = Pool(self._player.chromium.launch(executable_path=PROGRAM, args=FLAGS))
        return self.pool.browser

    def end(self) -> None:
        """Close it for good."""
        if self._player is None:
            return
        with self.awake() as browser:
            browser.close()
            self.closing.close()
