"""`guilder user`: who may sign in, and as what."""

import sys
from typing import Any

import click

from guilder.faces.cli import talk

organization_option = click.option(
    "--organization", metavar="NAME", default="", help="Which organization: a name or an id."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
password_option = click.option(
    "--password-stdin", "from_stdin", is_flag=True, help="Read the password from standard input."
)
ROLES = click.Choice(("admin", "manager", "accountant", "agent", "viewer", "client"))


@click.group("user")
def command() -> None:
    """Add people, list them, give them a password or a role, shut them out."""


@command.command("add")
@click.argument("email")
@click.option("--name", default="", help="Their name.")
@click.option("--role", type=ROLES, default="admin", show_default=True)
@click.option("--operator", is_flag=True, help="They look after this whole installation.")
@organization_option
@password_option
@json_option
def add(
    *,
    email: str,
    name: str,
    role: str,
    operator: bool,
    organization: str,
    from_stdin: bool,
    as_json: bool,
) -> None:
    """Make a user (or take one that exists) and let them into an organization."""
    from guilder.foundation.identity import operations as identity
    from guilder.foundation.identity import queries as identities

    found = whose(organization)
    user = identities.user_by_email(email)
    if user is None:
        password = asked(from_stdin=from_stdin)
        user = identity.create_user(email=email, password=password, name=name, is_operator=operator)
    if found is not None:
        by = identity.system_actor(found.id, source="cli")
        identity.add_member(by=by, user_id=user.id, role=role)
    talk.success(f"{user.email} may sign in{f' to {found.name} as {role}' if found else ''}.")
    if as_json:
        talk.result({"id": str(user.id), "email": user.email})


@command.command("list")
@organization_option
@json_option
def list_(*, organization: str, as_json: bool) -> None:
    """Print who belongs to the organizations."""
    from guilder.foundation.identity import queries as identities

    chosen = [whose(organization)] if organization else list(identities.organizations())
    rows = [row_of(member, one) for one in chosen for member in identities.list_members(one.id)]
    if as_json:
        talk.result(rows)
        return
    for row in rows:
        state = "" if row["is_active"] else "  (shut out)"
        click.echo(f"{row['email']:<36} {row['role']:<11} {row['organization']}{state}")


@command.command("password")
@click.argument("email")
@password_option
def password_(*, email: str, from_stdin: bool) -> None:
    """Give a user a new password; all their sessions end."""
    from guilder.foundation.identity import operations as identity

    user = known(email)
    identity.set_password(user.id, password=asked(from_stdin=from_stdin))
    talk.success(f"{user.email} has a new password and must sign in again.")


@command.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
@organization_option
def role_(*, email: str, role: str, organization: str) -> None:
    """Give a member of an organization another role."""
    from guilder.foundation.identity import operations as identity

    user, found = known(email), whose(organization)
    by = identity.system_actor(found.id, source="cli")
    identity.change_role(user.id, by=by, role=role)
    talk.success(f"{user.email} is {role} in {found.name}.")


@command.command("deactivate")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def deactivate(*, email: str, yes: bool) -> None:
    """Shut a user out of this whole installation, at once."""
    from guilder.foundation.identity import operations as identity

    user = known(email)
    if not yes:
        click.confirm(f"Shut {user.email} out?", abort=True, err=True)
    identity.deactivate_user(user.id)
    talk.success(f"{user.email} is shut out.")


def whose(organization: str) -> Any:
    """The organization that is meant; None where there is none at all and none was named."""
    from guilder.faces.cli.whose import organization_of
    from guilder.foundation.identity import queries as identities

    if not organization and not identities.organizations().exists():
        return None
    return organization_of(organization)


def known(email: str) -> Any:
    """The user of a mail address. Raises NoSuchUser."""
    from guilder.faces.cli.whose import NoSuchUser
    from guilder.foundation.identity import queries as identities

    user = identities.user_by_email(email)
    if user is None:
        raise NoSuchUser(f"There is no user {email}. `guilder user list` names them.")
    return user


def asked(*, from_stdin: bool) -> str:
    """A password: from standard input, or typed twice at a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)


def row_of(member: Any, organization: Any) -> dict[str, Any]:
    """A member as a plain object."""
    return {
        "id": str(member.user_id),
        "email": member.user.email,
        "name": member.user.name,
        "role": member.role,
        "organization": organization.name,
        "organization_id": str(organization.id),
        "is_active": member.is_active and member.user.is_active,
    }
