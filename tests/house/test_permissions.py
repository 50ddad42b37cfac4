"""Deny by default: every operation asks for a permission, or stands on the list of those that leave
it to their caller. Routes and pages are tried by tests/attacks/test_programs.py and test_pages.py."""

import ast
from collections.abc import Iterable
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "guilder"
ROOMS = ("foundation", "registers", "papers", "books", "flows", "office")
ASKING = frozenset(("require", "require_own", "require_person", "require_subject"))
# Operation → who has judged the right before it is called.
LEFT_TO_THE_CALLER = {
    "audit.erase_values": "the erasure, which asks for partner.erase",
    "files.remove": "the room whose file it is",
    "files.named": "the room whose file it is",
    "identity.create_access_token": "the room whose page the link opens",
    "identity.revoke_access_tokens": "the room whose page the link opens",
    "identity.standing_link": "the room whose page the link opens",
    "identity.require_key_for": "nobody: it is itself the question, to a key",
    "parties.of_partner": "the change of the partner, of which it is a part",
    "currencies.ecb_rate": "import_ecb, of which it is a part",
    "ledger.locked_account": "the change of the account, of which it is a part",
    "bills.lock_payables": "the recording of a payment to a supplier",
    "reports.papers": "the report, of which it is a part",
    "reports.bound": "the report, of which it is a part",
    "charging.hook_address": "the charge or the setting, of which it is a part",
    "verifactu.require_recordable": "the issue, which asks it",
    "dispatch.format_of": "the sending, of which it is a part",
    "invoicing.in_base": "nobody: it is arithmetic",
}


# Everything runs in a transaction; whoever opens one has asked nobody by that. Texts are stripped
# and replaced in too: whoever calls that calls no function of ours by the same name.
PLUMBING = {"transaction", "strip", "replace"}


def functions(sources: Iterable[str]) -> dict[str, list[ast.FunctionDef]]:
    """Every function of some modules, by name."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
    return found


def called(function: ast.FunctionDef) -> set[str]:
    """The names of what a function calls."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            target = node.func
            names.add(getattr(target, "attr", getattr(target, "id", "")))
    return names


def asking(found: dict[str, list[ast.FunctionDef]]) -> set[str]:
    """Those that ask for a permission, themselves or by what they call."""
    calls = {name: set().union(*map(called, some)) for name, some in found.items()}
    asks, grows = set(ASKING), True
    while grows:
        more = {name for name, theirs in calls.items() if theirs & asks} - asks - PLUMBING
        asks |= more
        grows = bool(more)
    return asks


def acts(function: ast.FunctionDef) -> bool:
    """Whether a function is done in somebody's name."""
    arguments = (*function.args.args, *function.args.kwonlyargs)
    return any(one.arg == "by" for one in arguments)


def public(path: Path) -> list[str]:
    """The operations that a room offers."""
    tree = ast.parse(path.read_text())
    if path.name == "operations.py":
        return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [
        name.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
        for name in node.value.elts  # type: ignore[attr-defined]
    ]


def test_every_operation_asks_for_a_permission() -> None:
    modules = [path for room in ROOMS for path in (SOURCE / room).rglob("*.py")]
    found = functions(path.read_text() for path in modules if "migrations" not in path.parts)
    asks = asking(found)
    doors = [path for path in modules if path.match("operations.py")]
    doors += [path for path in modules if path.match("operations/__init__.py")]
    offered = {
        f"{(path.parent if path.name == 'operations.py' else path.parents[1]).name}.{name}": name
        for path in doors
        for name in public(path)
    }

    silent = {
        door
        for door, name in offered.items()
        if name not in asks and any(map(acts, found.get(name, ())))
    }

    assert len(offered) > 300
    assert silent - set(LEFT_TO_THE_CALLER) == set(), "ask for a permission, or say who has"
    assert set(LEFT_TO_THE_CALLER) - silent == set(), "it asks now: take it off the list"


def test_an_operation_that_asks_nobody_is_found() -> None:
    found = functions(
        [
            "def give_away(*, by):\n    take(by)\n",
            "def take(by):\n    return by.name\n",
            "def sell(*, by):\n    check(by)\n",
            "def check(by):\n    by.require('item.edit')\n",
        ]
    )

    assert asking(found) - ASKING == {"sell", "check"}
    assert acts(found["give_away"][0])
