"""`guilder secrets rotate`: a new key, every secret under it, and what is lost is told."""

import base64
import json
import os

import pytest
from click.testing import CliRunner, Result

from guilder.faces.cli.commands.secrets import command
from guilder.foundation.edges import rotation, secrets
from tests.make import World


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["rotate", *arguments])


def test_a_new_key_is_made_and_everything_moves(world: World) -> None:
    before = secrets.master_keys()[0][0].hex()

    done = run("--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["key"] == secrets.master_keys()[0][0].hex() != before
    assert told["lost"] == {}
    assert before in {key_id.hex() for key_id, _ in secrets.master_keys()}


def test_keys_of_the_environment_are_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDER_MASTER_KEY", base64.b64encode(os.urandom(32)).decode())

    refused = run()
    done = run("--only-rewrap")

    assert refused.exit_code == 1
    assert "--only-rewrap" in refused.output
    assert done.exit_code == 0
    assert "sealed under the first master key" in done.output + done.stderr


def test_what_is_lost_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = rotation.Rewrapped(moved=2, lost={"dispatch_mailsettings": 1})
    monkeypatch.setattr(rotation, "rewrap_all", lambda: lost)

    told = run("--only-rewrap")

    assert told.exit_code == 1
    assert "dispatch_mailsettings" in told.output + told.stderr
