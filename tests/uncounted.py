"""What need not count in the coverage runs without its tracer, which costs half of its speed:
child processes, and tests that repeat what others have counted (`pytest.mark.uncounted`)."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator, Mapping

TRACING = {"COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"}


def uncounted(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment whose programs are not traced: what they run is measured by other tests."""
    return {name: value for name, value in environment.items() if name not in TRACING}


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
