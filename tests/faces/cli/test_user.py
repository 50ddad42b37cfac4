"""`guilder user`: let in, listed, given a role and a password, shut out."""

import json
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from tests.make import World

PASSWORD = "a long walk by the sea"


def run(*arguments: str, typed: str = "") -> Result:
    from guilder.faces.cli.commands.user import command

    return CliRunner().invoke(command, list(arguments), input=typed)


@pytest.fixture
def email() -> str:
    return f"eve-{uuid4().hex[:12]}@guilder.example"


def listed(world: World) -> dict[str, Any]:
    result = run("list", "--organization", str(world.organization), "--json")
    return {row["email"]: row for row in json.loads(result.stdout)}


def test_a_user_is_made_let_in_and_listed(world: World, email: str) -> None:
    whose = ("--organization", str(world.organization))

    made = run("add", email, "--role", "viewer", *whose, "--password-stdin", typed=f"{PASSWORD}\n")

    assert made.exit_code == 0, made.output
    assert "may sign in" in made.stderr
    row = listed(world)[email]
    assert (row["role"], row["is_active"]) == ("viewer", True)
    assert email not in {
        one["email"]
        for one in json.loads(run("list", "--organization", str(world.other), "--json").stdout)
    }
    assert email in run("list", *whose).stdout


def test_the_password_opens_the_door_and_can_be_changed(world: World, email: str) -> None:
    from guilder.foundation.identity import operations as identity

    whose = ("--organization", str(world.organization))
    run("add", email, *whose, "--password-stdin", typed=f"{PASSWORD}\n")
    assert identity.check_password(email=email, password=PASSWORD).email == email

    done = run("password", email, "--password-stdin", typed="another walk on the dunes\n")

    assert done.exit_code == 0
    assert identity.check_password(email=email, password="another walk on the dunes")
    with pytest.raises(Exception, match="password"):
        identity.check_password(email=email, password=PASSWORD)


def test_a_role_is_changed(world: World, email: str) -> None:
    whose = ("--organization", str(world.organization))
    run("add", email, "--role", "viewer", *whose, "--password-stdin", typed=f"{PASSWORD}\n")

    done = run("role", email, "accountant", *whose)

    assert done.exit_code == 0
    assert listed(world)[email]["role"] == "accountant"
    assert run("role", email, "emperor", *whose).exit_code == 2


def test_shutting_out_asks_first(world: World, email: str) -> None:
    whose = ("--organization", str(world.organization))
    run("add", email, *whose, "--password-stdin", typed=f"{PASSWORD}\n")

    assert run("deactivate", email, typed="n\n").exit_code == 1
    assert listed(world)[email]["is_active"] is True
    assert run("deactivate", email, "--yes").exit_code == 0
    assert listed(world)[email]["is_active"] is False


def test_what_is_wrong_is_told(world: World, email: str) -> None:
    from guilder.kernel.errors import GuilderError

    whose = ("--organization", str(world.organization))

    weak = run("add", email, *whose, "--password-stdin", typed="1234\n")
    nobody = run("password", email, "--password-stdin", typed=f"{PASSWORD}\n")
    nowhere = run("add", email, "--organization", "Nowhere", "--password-stdin", typed="x\n")

    assert isinstance(weak.exception, GuilderError)
    assert "There is no user" in str(nobody.exception)
    assert "There is no organization" in str(nowhere.exception)
