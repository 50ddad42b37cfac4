"""`guilder sso`: a directory is set, listed, asked, switched off, removed; its secret stays."""

import json
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from guilder.foundation.identity.operations.directories import BadDirectory, client_of
from guilder.foundation.identity.signing import Directory
from guilder.kernel.errors import NotFound, Unavailable
from tests.make import World

SECRET = "canary-7Qz-tulip"


def run(*arguments: str, typed: str = "") -> Result:
    from guilder.faces.cli.commands.sso import command

    return CliRunner().invoke(command, list(arguments), input=typed)


@pytest.fixture
def code() -> str:
    return f"d-{uuid4().hex[:10]}"


def made(code: str, world: World) -> Result:
    return run(
        "set", code, "--name", "Office", "--issuer", "https://login.example.com/realms/x",
        "--client-id", "guilder", "--secret-stdin", "--groups-claim", "realm_access.roles",
        "--rule", f"guilder=staff=accountant@{world.organization}", typed=f"{SECRET}\n",
    )  # fmt: skip


def test_a_directory_is_set_and_listed_without_its_secret(world: World, code: str) -> None:
    result = made(code, world)

    assert result.exit_code == 0, result.output
    assert "/sign-in/return/" in result.stderr
    listed = run("list", "--json").stdout
    [row] = [one for one in json.loads(listed) if one["code"] == code]
    assert row["rules"] == [
        {
            "value": "guilder=staff",
            "role": "accountant",
            "organization": str(world.organization),
        }
    ]
    assert (row["has_secret"], row["makes_users"], row["trusts_mail"]) == (True, True, False)
    assert SECRET not in listed + result.output
    assert client_of(Directory.objects.get(code=code), redirect_uri="x").secret == SECRET


def test_what_is_not_named_stays(world: World, code: str) -> None:
    made(code, world)

    run("set", code, "--off", "--no-make-users")

    kept = Directory.objects.get(code=code)
    assert (kept.is_active, kept.makes_users, kept.client_id) == (False, False, "guilder")
    assert len(kept.rules) == 1 and kept.sealed_secret is not None
    assert f"{code:<16}" in run("list").stdout


def test_faults_are_all_said(world: World, code: str) -> None:
    result = run("set", code, "--rule", f"x=king@{world.organization}")

    assert isinstance(result.exception, BadDirectory)
    assert {one.pointer for one in result.exception.problems} == {
        "/issuer", "/client_id", "/rules/0",
    }  # fmt: skip
    assert run("set", code, "--rule", "nothing").exit_code == 2


def test_a_directory_that_does_not_answer_is_said(world: World, code: str) -> None:
    made(code, world)
    run("set", code, "--issuer", "http://10.0.0.1/realms/x")

    assert isinstance(run("check", code).exception, Unavailable)


def test_a_directory_is_removed_after_asking(world: World, code: str) -> None:
    made(code, world)

    assert run("remove", code, typed="n\n").exit_code == 1
    assert run("remove", code, "--yes").exit_code == 0
    assert isinstance(run("remove", code, "--yes").exception, NotFound)
