"""Child processes whose lines need not count in the coverage: they run without its tracer."""

from collections.abc import Mapping

TRACING = {"COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"}


def uncounted(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment whose programs are not traced: what they run is measured by other tests."""
    return {name: value for name, value in environment.items() if name not in TRACING}
