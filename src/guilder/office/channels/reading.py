"""Judging the raw values of a channel: every fault at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from guilder.kernel.errors import Problem
from guilder.kernel.wire import Wire
from guilder.papers.exchange.transports.base import Field, Transport
from guilder.papers.exchange.transports.registry import transport_of, transports

FIELDS = ("name", "transport", "settings", "is_active", "receives", "answers")


@dataclass(frozen=True, slots=True)
class ChannelInput:
    """What was sent and is sound. `secrets` are those that were entered anew."""

    name: str
    transport: Transport
    is_active: bool
    receives: bool
    answers: bool
    settings: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


def read_channel(
    data: Mapping[str, Any],
    *,
    kept: Mapping[str, Any] | None = None,
    kept_secrets: Mapping[str, str] | None = None,
) -> ChannelInput:
    """Judge what was sent over what is kept. Raises Invalid with every fault.

    A secret that is not sent stays, unless the channel would now go elsewhere with it.
    """
    before = kept or {}
    wire = Wire({**before, **data})
    wire.known(FIELDS)
    name = wire.text("name", most=100, required=True)
    chosen = wire.choice("transport", sorted(transports()), required=True)
    is_active = wire.flag("is_active", default=True)
    receives = wire.flag("receives", default=True)
    answers = wire.flag("answers", default=False)
    if not chosen:
        wire.done()
    transport = transport_of(chosen)
    sent = data.get("settings")
    if sent is not None and not isinstance(sent, dict):
        wire.fault("settings", "not_an_object", "Send an object.")
        wire.done()
    values = {**before.get("settings", {}), **(sent or {})}
    part = Wire(values, at="/settings", problems=wire.problems)
    part.known([one.name for one in transport.fields])
    settings, secrets = read_settings(part, transport, kept_secrets or {})
    refuse_old_secrets(part, transport, before.get("settings", {}), settings, kept_secrets or {})
    if not wire.problems:
        wire.problems.extend(transport.faults({**settings, **(kept_secrets or {}), **secrets}))
    wire.done()
    return ChannelInput(name, transport, is_active, receives, answers, settings, secrets)


def read_settings(
    wire: Wire, transport: Transport, kept: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """(what may be shown, secrets that were entered)."""
    settings: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    for one in transport.fields:
        if one.kind == "secret":
            given = wire.text(one.name, most=one.most, lines=True)
            if given:
                secrets[one.name] = given
            elif one.is_required and one.name not in kept:
                wire.fault(one.name, "required", "Enter a value.")
        else:
            settings[one.name] = read_one(wire, one)
    return settings, secrets


def read_one(wire: Wire, one: Field) -> Any:
    """One setting that may be shown."""
    if one.kind == "flag":
        return wire.flag(one.name, default=bool(one.default))
    if one.kind == "choice":
        return wire.choice(one.name, [value for value, _label in one.choices], default=one.default)
    if one.kind == "whole":
        return wire.whole(one.name, default=int(one.default or 0), least=1, most=65535)
    return wire.text(
        one.name,
        most=one.most,
        required=one.is_required,
        default=one.default,
        lines=one.kind == "lines",
    )


def refuse_old_secrets(
    wire: Wire,
    transport: Transport,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    kept: Mapping[str, str],
) -> None:
    """A kept secret never goes to another server or user than it was entered for."""
    targets = [one.name for one in transport.fields if one.is_target and one.name != "host_key"]
    if not any(before.get(name, after.get(name)) != after.get(name) for name in targets):
        return
    for name in kept:
        if not wire.data.get(name):
            wire.fault(name, "required", "Enter it again: the channel goes elsewhere now.")


def problem_at(pointer: str, error: Any) -> Problem:
    """An error as the fault of one field."""
    return Problem(pointer, error.code, error.detail)
