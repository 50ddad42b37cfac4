"""What commands say: results on standard output, talk on standard error, bars on terminals only."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

DONE, FAILED, WRONG_USAGE, PARTLY = 0, 1, 2, 3
STEP = 10  # percent between two lines of --plain


def result(value: Any) -> None:
    """One JSON value on its own line of standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def success(sentence: str) -> None:
    """Say that something was done."""
    mark(f"✓ {sentence}", "green")


def failure(sentence: str) -> None:
    """Say that something was not done."""
    mark(f"✗ {sentence}", "red")


def detail(sentence: str) -> None:
    """Say more about what was said before."""
    click.echo(f"  {sentence}", err=True)


def mark(sentence: str, colour: str) -> None:
    """A coloured line on standard error, where colours are wanted."""
    click.secho(sentence, fg=colour, err=True, color=False if os.environ.get("NO_COLOR") else None)


def code_of(*, good: int, bad: int) -> int:
    """The exit code of work on many things: 0 all, 3 some, 1 none of them went well."""
    if not bad:
        return DONE
    return PARTLY if good else FAILED


class Progress:
    """How far long work is."""

    def __init__(self, label: str, total: int) -> None:
        self.label, self.total, self.done = label, total, 0

    def advance(self, count: int = 1) -> None:
        """Some more is done."""
        self.done += count


class Lines(Progress):
    """Progress as lines of text, for logs and screen readers."""

    told = -STEP

    def advance(self, count: int = 1) -> None:
        """Some more is done; each tenth is told."""
        super().advance(count)
        percent = 100 * self.done // max(self.total, 1)
        if percent - self.told >= STEP:
            self.told = percent - percent % STEP
            click.echo(f"{self.label}: {self.told} %", err=True)


class Bar(Progress):
    """Progress as a moving bar."""

    def __init__(self, label: str, total: int, *, bars: Any) -> None:
        super().__init__(label, total)
        self.bars = bars
        self.task = bars.add_task(label, total=total)

    def advance(self, count: int = 1) -> None:
        """Some more is done."""
        super().advance(count)
        self.bars.advance(self.task, count)


@contextmanager
def progress(label: str, total: int, *, plain: bool = False) -> Iterator[Progress]:
    """A bar on a terminal, lines with --plain, else nothing at all."""
    if plain:
        yield Lines(label, total)
        return
    if not sys.stderr.isatty():
        yield Progress(label, total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        yield Bar(label, total, bars=bars)
