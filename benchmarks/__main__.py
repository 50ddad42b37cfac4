"""Run the benchmarks: `python -m benchmarks [--only NAME]`."""

import argparse
import importlib
import pkgutil

import benchmarks
from benchmarks import record

HELPERS = {
    "demo",
    "floor",
    "floor_money",
    "growing",
    "houses",
    "record",
    "load",
    "servers",
    "typing_speed",
    "unguarded",
    "__main__",
}


def names() -> list[str]:
    """Every module here that has a `measure`."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return [name for name in found if name not in HELPERS]


def main() -> None:
    """Measure, show and store."""
    reader = argparse.ArgumentParser(prog="benchmarks")
    reader.add_argument("--only", choices=names())
    chosen = reader.parse_args().only
    for name in [chosen] if chosen else names():
        results = importlib.import_module(f"benchmarks.{name}").measure()
        for one in results:
            record.show(one)
        record.store(results)


if __name__ == "__main__":
    main()
