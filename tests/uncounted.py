"""What need not count in the coverage runs without its tracer, which costs half of its speed:
child processes, tests that repeat what others have counted (`pytest.mark.uncounted`), and what is
made for tests once more in the same way (`repeated`)."""

import contextlib
import functools
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

Build = TypeVar("Build", bound=Callable[..., Any])
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TRACING = {"COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"}


def uncounted(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment whose programs are not traced: what they run is measured by other tests."""
    return {name: value for name, value in environment.items() if name not in TRACING}


def repeated(build: Build) -> Build:
    """A builder that counts when it is called with new words. With words that it knows it goes the
    same way again, whoever asks (the first argument), and does so untraced."""
    known: set[str] = set()

    @functools.wraps(build)
    def built(asks: Any, *words: Any, **named: Any) -> Any:
        told = repr([*map(plain, words), *((name, plain(named[name])) for name in sorted(named))])
        is_known = told in known and threading.current_thread() is threading.main_thread()
        known.add(told)
        with untraced() if is_known else contextlib.nullcontext():
            return build(asks, *words, **named)

    return cast(Build, built)


def plain(value: Any) -> Any:
    """What of an argument may decide the way; of a row or an id only that it is one."""
    if isinstance(value, str):
        return "an id" if ID.fullmatch(value) else value
    is_plain = value is None or isinstance(value, int | Decimal | date | list | dict | tuple)
    return value if is_plain else type(value)


@contextlib.contextmanager
def untraced() -> Iterator[None]:
    """No tracer in this thread, nor in threads and programs that are started meanwhile."""
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    kept = {name: os.environ.pop(name) for name in TRACING & set(os.environ)}
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        os.environ |= kept
        sys.settrace(tracer)
        threading.settrace(of_threads)  # type: ignore[arg-type]
