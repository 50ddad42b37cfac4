"""What no source may do: run text, load pickles, call a shell, reach out past the guarded client."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/guilder"
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
LOADERS = {"pickle", "cPickle", "dill", "shelve", "marshal", "jsonpickle", "joblib"}
# Who speaks to the network, and why it is no call that a stranger can steer past the guard.
REACHING = {
    "foundation/edges/outbound.py": "the guarded client itself",
    "foundation/edges/child.py": "a socket pair to a child",
    "foundation/edges/child_worker.py": "a socket pair to the parent",
    "foundation/edges/scanner.py": "the operator's own scanner, from the environment",
    "office/dispatch/mail.py": "SMTP over a connection that the guard made",
    "office/dispatch/sockets.py": "connections to addresses that the guard judged",
    "office/dispatch/operations/returned.py": "IMAP over a connection that the guard made",
    "papers/exchange/transports/mailbox.py": "connections to addresses that the guard judged",
    "papers/exchange/transports/sftp.py": "connections to addresses that the guard judged",
    "faces/cli/lmtp.py": "listens for the operator's own mail server",
    "faces/web/live/hub.py": "wakes an event loop of its own process",
    "runtime/supervisor.py": "the health of its own children, on this machine",
    "runtime/examination.py": "the operator's own mail server, from the environment",
    "runtime/surroundings.py": "the operator's own services, from the environment",
    "runtime/postgres/cluster.py": "the embedded server's own socket",
}
NETWORK = {"socket", "http.client", "urllib.request", "ftplib", "telnetlib", "smtplib", "imaplib",
           "requests", "httpx", "aiohttp", "urllib3"}  # fmt: skip
# Where ** may spread names into a query: they are written in the same place, never a caller's.
SPREAD = re.compile(r"\.(?:filter|exclude|annotate|aggregate|order_by|extra|alias)\(\s*\*\*")


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """The trees of all sources are let go at the end: they are millions of objects."""
    yield
    sources.cache_clear()
    calls.cache_clear()


@cache
def sources() -> dict[str, ast.Module]:
    return {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(), filename=str(path))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
    }


@cache
def calls(tree: ast.AST) -> list[tuple[str, ast.Call]]:
    """(name as it is written, call) of every call."""
    return [(ast.unparse(one.func), one) for one in ast.walk(tree) if isinstance(one, ast.Call)]


def imported(tree: ast.AST) -> set[str]:
    """Every module that is imported, whole names."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def running_text(tree: ast.AST) -> list[int]:
    """Lines that run text as a program."""
    return [call.lineno for name, call in calls(tree) if name in RUNS_TEXT]


def shells(tree: ast.AST) -> list[int]:
    """Lines that hand a text to a shell."""
    found = [call.lineno for name, call in calls(tree) if name in {"os.system", "os.popen"}]
    for _, call in calls(tree):
        found += [
            call.lineno
            for one in call.keywords
            if one.arg == "shell"
            and not (isinstance(one.value, ast.Constant) and not one.value.value)
        ]
    return found


def test_no_text_is_run():
    """Rows E2, E3: there is no sandbox to break out of, since nothing is ever run."""
    found = [f"{name}:{at}" for name, tree in sources().items() for at in running_text(tree)]

    assert found == []
    assert running_text(ast.parse("eval('1')")) == [1]


def test_no_shell_is_asked():
    """Row E5: programs are started with a list of words, never with a line."""
    found = [f"{name}:{at}" for name, tree in sources().items() for at in shells(tree)]

    assert found == []
    assert shells(ast.parse("run('x', shell=True)\nos.system('x')")) == [2, 1]


def test_no_pickle_is_loaded():
    """Row L1: nothing that is read can make an object run."""
    found = {name: imported(tree) & LOADERS for name, tree in sources().items()}

    assert {name: had for name, had in found.items() if had} == {}
    assert "yaml" not in set().union(*(imported(tree) for tree in sources().values()))
    from django.conf import settings

    assert "Pickle" not in getattr(settings, "SESSION_SERIALIZER", "")


def test_whoever_reaches_out_is_on_the_list():
    """Row G2: every place that opens a connection is known, with its reason."""
    reaching = {name for name, tree in sources().items() if imported(tree) & NETWORK}

    assert reaching <= set(REACHING), sorted(reaching - set(REACHING))


def test_no_caller_names_what_a_query_asks():
    """Row F3: nothing spreads a caller's names into a query; and Django has its repairs."""
    found = [
        f"{path.relative_to(SOURCE)}:{at}"
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
        for at, line in enumerate(path.read_text().splitlines(), 1)
        if SPREAD.search(line) and "request" in line
    ]

    assert found == []
    assert django.VERSION >= (5, 2, 17)


@pytest.mark.parametrize("name", ["template.Template(", "engines[", "from_string(", "Environment("])
def test_nobodys_text_becomes_a_template(name: str):
    """Row E1: no engine is given a text at run time."""
    found = [
        path.relative_to(SOURCE).as_posix()
        for path in sorted(SOURCE.rglob("*.py"))
        if name in path.read_text()
    ]

    assert found == []


def test_one_place_reads_xml():
    """Row H1: lxml has one keeper, so that one reader's care is everybody's."""
    keepers = {
        name for name, tree in sources().items()
        if any(one == "lxml" or one.startswith("lxml.") for one in imported(tree))
    }  # fmt: skip
    others = {
        name
        for name, tree in sources().items()
        if imported(tree) & {"xml.etree.ElementTree", "xml.dom.minidom", "xml.sax", "bs4"}
    }

    assert "kernel/xml.py" in keepers
    assert all(name.startswith(("kernel/xml", "papers/exchange/")) for name in keepers), keepers
    assert others == set()
