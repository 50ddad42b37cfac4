"""The `guilder` program: finds the command, opens what it needs, tells errors as sentences."""

import contextlib
import importlib
import keyword
import os
import pkgutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import click

from guilder.faces.cli import commands
from guilder.kernel.errors import GuilderError

# The platform's own verbs. The runtime stands above this floor, so it is named, not imported.
PLATFORM = {
    "up": "guilder.runtime.commands.serving:up",
    "web": "guilder.runtime.commands.serving:web",
    "worker": "guilder.runtime.commands.serving:worker",
    "scheduler": "guilder.runtime.commands.serving:scheduler",
    "database": "guilder.runtime.commands.serving:database",
    "migrate": "guilder.runtime.commands.tending:migrate",
    "doctor": "guilder.runtime.commands.tending:doctor",
    "backup": "guilder.runtime.commands.keeping:backup",
    "restore": "guilder.runtime.commands.keeping:restore",
    "version": "guilder.runtime.commands.tending:version",
}
OPENER = "guilder.runtime.commands.opening:open_all"
# Commands that call `program.open()` themselves when they turn out to need the database.
ON_THEIR_OWN = {"bank", "convert", "import", "listen", "rules", "validate"}

DONE, FAILED, INTERRUPTED = 0, 1, 130


class Opened(Protocol):
    """What was opened for a command, to be closed after it."""

    def close(self) -> None:
        """Let go of the database."""
        ...


class Program:
    """What a command finds in `context.obj`: `open()`, `home` and whether to be plain."""

    def __init__(self) -> None:
        self.data: str | None = None
        self.debug = False
        self.plain = False
        self._opened: Opened | None = None

    def take(self, options: Mapping[str, Any]) -> None:
        """Keep the options that come before the command's name."""
        self.data = options.get("data")
        self.debug, self.plain = bool(options.get("debug")), bool(options.get("plain"))
        if self.plain:
            os.environ["NO_COLOR"] = "1"

    def set_up(self) -> None:
        """Make models importable; no database is asked yet."""
        named(OPENER.replace("open_all", "set_up"))(self.data)

    def open(self) -> None:
        """Set Django up with the configured or the embedded database running."""
        if self._opened is None:
            self._opened = named(OPENER)(self.data)

    def close(self) -> None:
        """Let go of what was opened."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


class Commands(click.Group):
    """Finds a command by its name and imports only that one: a start costs what it uses."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command that this installation carries."""
        del ctx
        # import_.py holds `import`, which Python keeps for itself.
        found = {name.rstrip("_") for _, name, _ in pkgutil.iter_modules(commands.__path__)}
        return sorted(found | set(PLATFORM))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The click command, which opens the database when it is invoked."""
        name = cmd_name.replace("-", "_") + ("_" if keyword.iskeyword(cmd_name) else "")
        if place := PLATFORM.get(cmd_name):
            return named(place)
        if not (Path(commands.__path__[0]) / f"{name}.py").exists():
            return None
        program = ctx.find_object(Program) or Program()
        program.take(ctx.params)  # the command is looked up before the group's own function runs
        if cmd_name in ON_THEIR_OWN:
            return named(f"{commands.__name__}.{name}:command")
        program.set_up()
        return opening(named(f"{commands.__name__}.{name}:command"), program)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names only: descriptions would import every room."""
        with formatter.section("Commands"):
            formatter.write_text(", ".join(self.list_commands(ctx)))
        formatter.write_text("Each tells more with --help.")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Data live under GUILDER_HOME; settings are read from the environment and .env.",
)
@click.option("--data", metavar="DIR", help="The data folder, instead of GUILDER_HOME.")
@click.option("--debug", is_flag=True, help="Show the whole traceback when something breaks.")
@click.option("--plain", is_flag=True, help="No colours and no moving bars.")
@click.pass_context
def guilder(context: click.Context, *, data: str | None, debug: bool, plain: bool) -> None:
    """Guilder: invoicing and billing, from agreement to cash."""
    context.ensure_object(Program).take({"data": data, "debug": debug, "plain": plain})


def main(arguments: list[str] | None = None) -> None:
    """Run the program and exit with its code."""
    program = Program()
    try:
        code = guilder.main(arguments, prog_name="guilder", obj=program, standalone_mode=False)
    except click.exceptions.Exit as exit_:
        code = exit_.exit_code
    except click.exceptions.Abort:
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except GuilderError as error:
        if program.debug:
            raise
        tell(error)
        code = FAILED
    except (KeyboardInterrupt, BrokenPipeError):
        quieten()
        code = INTERRUPTED
    except Exception as error:
        if program.debug:
            raise
        complain(f"{type(error).__name__}: {error}", hint="--debug after `guilder` tells more.")
        code = FAILED
    finally:
        program.close()
    sys.exit(code if isinstance(code, int) else DONE)


def named(place: str) -> Any:
    """The attribute that `module:attribute` names."""
    module, _, attribute = place.partition(":")
    return getattr(importlib.import_module(module), attribute)


def opening(command: click.Command, program: Program) -> click.Command:
    """The same command, which opens the database before its work (and not for --help)."""
    work: Callable[[click.Context], Any] = command.invoke

    def invoke(ctx: click.Context) -> Any:
        program.open()
        return work(ctx)

    command.invoke = invoke  # type: ignore[method-assign]
    return command


def tell(error: GuilderError) -> None:
    """An expected refusal: the sentence, and every fault that was found."""
    complain(error.detail)
    for problem in error.problems:
        if problem.detail != error.detail:
            place = f"{problem.pointer}: " if problem.pointer else ""
            click.echo(f"  {place}{problem.detail}", err=True)


def complain(sentence: str, *, hint: str = "") -> None:
    """One line on standard error that says what went wrong."""
    colour = None if not os.environ.get("NO_COLOR") else False
    click.secho(f"✗ {sentence}", fg="red", err=True, color=colour)
    if hint:
        click.echo(f"  {hint}", err=True)


def quieten() -> None:
    """Keep Python from complaining about a closed standard output at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
