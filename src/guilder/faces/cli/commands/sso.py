"""`guilder sso`: directories (OpenID Connect) that people sign in with."""

import sys
from typing import Any

import click

from guilder.faces.cli import talk

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("sso")
def command() -> None:
    """Let people sign in with Keycloak, Entra, Google, Okta or any OpenID Connect provider."""


@command.command("set")
@click.argument("code")
@click.option("--name", help="What the button says, such as Office.")
@click.option("--issuer", help="The provider's issuer; its description is found from there.")
@click.option("--client-id", help="How the provider knows this installation.")
@click.option("--secret-stdin", is_flag=True, help="Read the client secret from standard input.")
@click.option("--scopes", help='Scopes with spaces between. Default: "openid email profile".')
@click.option("--groups-claim", help="The claim with groups or roles, such as realm_access.roles.")
@click.option("--trust-mail/--no-trust-mail", default=None, help="It proves mail addresses itself.")
@click.option("--make-users/--no-make-users", default=None, help="Who is new gets an account.")
@click.option("--on/--off", "is_active", default=None, help="Whether it is offered.")
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="GROUP=ROLE@ORGANIZATION",
    help="Who has the group gets the role there; * is everybody. Replaces the rules.",
)
def set_(*, code: str, secret_stdin: bool, rules: tuple[str, ...], **given: Any) -> None:
    """Make a directory, or change one."""
    from guilder.foundation.identity import operations as identity

    data = {name: value for name, value in given.items() if value is not None}
    renamed = {"trust_mail": "trusts_mail", "make_users": "makes_users"}
    data = {renamed.get(name, name): value for name, value in data.items()}
    if secret_stdin:
        data["client_secret"] = sys.stdin.readline().strip()
    if rules:
        data["rules"] = [rule_of(text) for text in rules]
    directory = identity.set_directory(code, data=data)
    talk.success(
        f"People can sign in with {directory.name}. Register this return address there: "
        f"{return_address()}"
    )


@command.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """Print the directories with their rules; never a secret."""
    from guilder.foundation.identity import queries as identities

    rows = [row_of(one) for one in identities.directories(active=False)]
    if as_json:
        talk.result(rows)
        return
    own = identities.role_names(rule["role"] for row in rows for rule in row["rules"])
    for row in rows:
        click.echo(f"{row['code']:<16} {row['issuer']}{'' if row['is_active'] else '  (off)'}")
        for rule in row["rules"]:
            role = own.get(rule["role"], rule["role"])
            click.echo(f"  {rule['value']} → {role} in {rule['organization']}")


@command.command("check")
@click.argument("code")
def check(*, code: str) -> None:
    """Ask a directory for its description, as signing in does."""
    from guilder.foundation.identity import operations as identity

    where = identity.check_directory(code)
    talk.success(f"It answers. People go to {where} and come back to {return_address()}.")


@command.command("remove")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(*, code: str, yes: bool) -> None:
    """Take a directory away; its people keep their accounts."""
    from guilder.foundation.identity import operations as identity

    if not yes:
        click.confirm(f"Remove {code}?", abort=True, err=True)
    identity.remove_directory(code)
    talk.success(f"{code} is removed.")


def rule_of(text: str) -> dict[str, str]:
    """ "accounting=accountant@Northlight Studio" as a rule."""
    from guilder.faces.cli.whose import organization_of

    value, _, rest = text.rpartition("=")
    role, _, organization = rest.partition("@")
    if not value or not role:
        raise click.BadParameter(f"“{text}” is no rule: write GROUP=ROLE@ORGANIZATION.")
    found = organization_of(organization)
    return {"value": value, "role": role, "organization": str(found.id)}


def row_of(directory: Any) -> dict[str, Any]:
    """A directory as a plain object."""
    shown = (
        "code", "name", "issuer", "client_id", "scopes", "groups_claim", "rules", "trusts_mail",
        "makes_users", "is_active",
    )  # fmt: skip
    return {name: getattr(directory, name) for name in shown} | {
        "has_secret": directory.sealed_secret is not None
    }


def return_address() -> str:
    """Where people come back to."""
    from django.conf import settings

    return f"{settings.BASE_URL or 'http://127.0.0.1:8000'}/sign-in/return/"
