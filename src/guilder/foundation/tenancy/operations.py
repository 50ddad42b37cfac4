"""The migration operation that makes a table an organization's: key, references, wall."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

POLICY = "organization_only"


class OrganizationTable(Operation):
    """Give the model's table its composite key, composite foreign keys and row level security.

    Comes after CreateModel, once for each model; `ReferenceAdded` does the same for a foreign key
    that a later migration adds.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, name: str) -> None:
        self.name = name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.name], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        for statement in (*key_statements(model), *wall_statements(model)):
            schema_editor.execute(statement)
        for field in references(model):
            schema_editor.execute(reference_statement(model, field))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        return  # CreateModel's reversal drops the table with all of it

    def describe(self) -> str:
        return f"Put {self.name} behind the organization wall"


class ReferenceAdded(Operation):
    """The composite foreign key of a field that was added to an existing organization table."""

    reversible = True

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name = model_name
        self.name = name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.model_name, self.name], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute(reference_statement(model, model._meta.get_field(self.name)))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        return  # dropping the column drops its constraint

    def describe(self) -> str:
        return f"Tie {self.model_name}.{self.name} inside the organization"


def is_organization_table(model: type[models.Model]) -> bool:
    """Whether the rows of `model` belong to one organization each."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    target = getattr(fields.get("organization"), "remote_field", None)
    return bool(
        target
        and target.model._meta.label == "identity.Organization"
        and not fields["organization"].null
        and isinstance(fields.get("id"), models.UUIDField)
        and not fields["organization"].db_constraint  # type: ignore[attr-defined]
    )


def references(model: type[models.Model]) -> list[Any]:
    """The foreign keys of `model` whose target is an organization's table too."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.many_to_one
        and field.name != "organization"
        and is_organization_table(field.remote_field.model)
    ]


def key_statements(model: type[models.Model]) -> list[str]:
    """PRIMARY KEY (organization_id, id) and the reference to the organization itself.

    Where a row always refers to another one of its organization, that reference implies the one to
    the organization, and checking both would cost each line of an invoice twice.
    """
    table = model._meta.db_table
    keys = [
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"',
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (organization_id, id)',
    ]
    if any(not field.null for field in references(model)):
        return keys
    return [
        *keys,
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{constraint_name(table, "organization")}" '
        "FOREIGN KEY (organization_id) REFERENCES identity_organization (id)",
    ]


def wall_statements(model: type[models.Model]) -> list[str]:
    """Row level security, enabled and forced, with one policy for all commands."""
    table = model._meta.db_table
    rule = "organization_id = (SELECT guilder_organization())"
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY {POLICY} ON "{table}" USING ({rule}) WITH CHECK ({rule})',
    ]


def reference_statement(model: type[models.Model], field: Any) -> str:
    """The composite foreign key of one field."""
    table, target = model._meta.db_table, field.remote_field.model._meta.db_table
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{constraint_name(table, field.name)}" '
        f'FOREIGN KEY (organization_id, "{field.column}") REFERENCES "{target}" '
        "(organization_id, id) DEFERRABLE INITIALLY IMMEDIATE"
    )


def constraint_name(table: str, field: str) -> str:
    """`<table>_<field>_within`, cut to PostgreSQL's 63 bytes."""
    return f"{table[: 63 - len(field) - 8]}_{field}_within"
