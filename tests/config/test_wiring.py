"""Every event is heard by somebody, or known to be in the feed only."""

import ast
import importlib
from pathlib import Path
from types import ModuleType

import guilder
from guilder.config import wiring
from guilder.foundation.events import bus
from guilder.foundation.jobs import queue

SOURCE = Path(guilder.__file__).parent


def modules_called(name: str) -> list[str]:
    """Dotted names of every room's file of that name."""
    return [
        ".".join(("guilder", *path.relative_to(SOURCE).with_suffix("").parts))
        for path in sorted(SOURCE.glob(f"*/*/{name}.py"))
    ]


def modules_that_make_tasks() -> list[str]:
    """Dotted names of the files with a task or a loop for the worker; areas of a face too."""
    return [
        ".".join(("guilder", *path.relative_to(SOURCE).with_suffix("").parts))
        for path in sorted(SOURCE.rglob("*.py"))
        if "foundation/jobs" not in path.as_posix()
        and any(mark in path.read_text() for mark in ("@task(", "@periodic(", "@loop("))
    ]


def events_in(module: ModuleType) -> list[type]:
    """The event classes that a module defines: those with a type."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__ and "type" in vars(value)
    ]


def test_every_event_is_heard_or_named_as_unheard() -> None:
    rooms = [importlib.import_module(name) for name in modules_called("events")]
    known = {event for event, _ in wiring.HEARD}
    known |= {event for module in wiring.SPOKEN for event in events_in(module)}

    spoken = [event for module in rooms for event in events_in(module)]

    assert len(spoken) > 20
    assert not [event.__name__ for event in spoken if event not in known]


def test_no_two_events_share_a_type() -> None:
    types = [
        event.type  # type: ignore[attr-defined]
        for name in modules_called("events")
        for event in events_in(importlib.import_module(name))
    ]

    assert len(types) == len(set(types))


def test_an_event_s_first_field_is_its_subject() -> None:
    for name in modules_called("events"):
        for event in events_in(importlib.import_module(name)):
            names = bus.names_of(event)
            assert names, event
            ids = [name for name in names if name.endswith("_id")]
            assert not ids or names[0] in ids, event


def test_every_listener_is_connected() -> None:
    for event, listener in wiring.HEARD:
        assert listener in bus.listeners_of(event.type).values()  # type: ignore[attr-defined]


def test_every_room_s_tasks_are_at_work() -> None:
    at_work = {module.__name__ for module in wiring.AT_WORK}

    assert at_work == {*modules_called("tasks"), *modules_that_make_tasks()}
    assert queue.LOOPS


def test_nobody_else_subscribes() -> None:
    strangers = [
        str(path)
        for path in SOURCE.rglob("*.py")
        if "subscribe" in path.read_text()
        and any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "subscribe"
            for node in ast.walk(ast.parse(path.read_text()))
        )
        and path != Path(wiring.__file__)
    ]

    assert not strangers
