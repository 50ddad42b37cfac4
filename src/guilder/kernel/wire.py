"""Reading raw values as people and programs send them, and collecting every fault, not the first.

    wire = Wire(data)
    name = wire.text("name", most=200, required=True)
    paid = wire.decimal("amount", least=Decimal(0))
    wire.done()  # Invalid with all problems, each with a JSON pointer

What a reader returns after a fault is a harmless stand-in; `done` makes sure it is never used.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from guilder.kernel.countries import COUNTRIES
from guilder.kernel.currencies import is_currency
from guilder.kernel.errors import Invalid, Problem
from guilder.kernel.money import decimal_of

MISSING = object()


class Wire:
    """One object of raw values; `at` is its own JSON pointer."""

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        at: str = "",
        problems: list[Problem] | None = None,
    ) -> None:
        self.data = data
        self.at = at
        self.problems: list[Problem] = [] if problems is None else problems

    def has(self, name: str) -> bool:
        """Whether `name` was sent at all, null included."""
        return name in self.data

    def fault(self, name: str, code: str, detail: str) -> None:
        """Note one problem with the value called `name` ("" is the object itself)."""
        pointer = f"{self.at}/{escaped(name)}" if name else self.at
        self.problems.append(Problem(pointer, code, detail))

    def done(self) -> None:
        """Raise Invalid with everything that was noted, if anything was."""
        if self.problems:
            raise Invalid(problems=self.problems)

    def known(self, names: Iterable[str]) -> None:
        """Note each field that nobody knows."""
        allowed = set(names)
        for name in self.data:
            if name not in allowed:
                self.fault(str(name), "unknown_field", "There is no such field. Remove it.")

    def text(
        self,
        name: str,
        *,
        most: int = 200,
        required: bool = False,
        default: str = "",
        lines: bool = False,
    ) -> str:
        """A trimmed string of at most `most` characters without control characters."""
        value = self.data.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "required", "Enter a value.")
            return default
        if not isinstance(value, str):
            self.fault(name, "not_text", "Send this as a string.")
            return default
        value = unicodedata.normalize("NFC", value).strip()
        if not value and required:
            self.fault(name, "required", "Enter a value.")
        elif len(value) > most:
            self.fault(name, "too_long", f"Use at most {most} characters.")
        elif any(forbidden(character, lines=lines) for character in value):
            self.fault(name, "control_character", "Remove the control characters.")
        else:
            return value
        return default

    def email(self, name: str, *, required: bool = False) -> str:
        """A mail address that could be delivered to (RFC 5321 lengths, one @, a dotted domain)."""
        value = self.text(name, most=254, required=required)
        if value and not is_address(value):
            self.fault(name, "not_an_email", "Enter a mail address, for example name@example.com.")
            return ""
        return value

    def choice(
        self, name: str, among: Iterable[str], *, required: bool = False, default: str = ""
    ) -> str:
        """One of a closed list of words."""
        value = self.data.get(name)
        if value is None and not required:
            return default
        options = list(among)
        if value not in options:
            self.fault(name, "not_a_choice", f"Choose one of: {', '.join(options)}.")
            return default
        return str(value)

    def decimal(
        self,
        name: str,
        *,
        required: bool = False,
        default: Decimal | None = None,
        places: int = 6,
        digits: int = 12,
        least: Decimal | None = None,
        most: Decimal | None = None,
    ) -> Decimal | None:
        """A plain decimal, sent as a string (or a whole number), within its bounds."""
        value = self.data.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "required", "Enter a number, for example 1250.00.")
            return default
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.fault(name, "not_a_number", "Send numbers as strings, for example “1250.00”.")
            return default
        try:
            number = decimal_of(value, digits=digits, places=places)
        except ValueError:
            self.fault(
                name,
                "not_a_number",
                f"Enter a number with at most {digits} digits and {places} decimals.",
            )
            return default
        if least is not None and number < least:
            self.fault(name, "too_small", f"Enter {least:f} or more.")
        elif most is not None and number > most:
            self.fault(name, "too_large", f"Enter {most:f} or less.")
        else:
            return number
        return default

    def whole(
        self, name: str, *, default: int | None = None, least: int = 0, most: int = 1_000_000
    ) -> int | None:
        """A whole number within its bounds."""
        number = self.decimal(name, places=0, least=Decimal(least), most=Decimal(most))
        return default if number is None else int(number)

    def day(self, name: str, *, required: bool = False, default: date | None = None) -> date | None:
        """An ISO 8601 calendar date, YYYY-MM-DD."""
        value = self.data.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "required", "Enter a date as YYYY-MM-DD.")
            return default
        if isinstance(value, date):
            return value
        try:
            if not isinstance(value, str) or len(value) != 10:
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fault(name, "not_a_date", "Enter a date as YYYY-MM-DD.")
            return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.data.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(name, "not_a_flag", "Send true or false.")
            return default
        return value

    def identity(self, name: str, *, required: bool = False) -> UUID | None:
        """A UUID."""
        value = self.data.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "required", "Enter an id.")
            return None
        if isinstance(value, UUID):
            return value
        try:
            if not isinstance(value, str) or len(value) not in {32, 36}:
                raise ValueError
            return UUID(value)
        except ValueError:
            self.fault(name, "not_an_id", "Enter an id, a UUID.")
            return None

    def currency(self, name: str, *, required: bool = False, default: str = "") -> str:
        """An ISO 4217 code."""
        value = self.data.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "required", "Enter a currency, for example EUR.")
            return default
        if not isinstance(value, str) or not is_currency(value):
            self.fault(name, "unknown_currency", "Enter an ISO 4217 code, for example EUR.")
            return default
        return value

    def country(self, name: str, *, required: bool = False, default: str = "") -> str:
        """An ISO 3166-1 alpha-2 code (XI is taken for Northern Ireland)."""
        value = self.data.get(name)
        if value is None or value == "":
            if required:
                self.fault(name, "required", "Enter a country, for example DE.")
            return default
        if not isinstance(value, str) or value not in COUNTRIES:
            self.fault(name, "unknown_country", "Enter an ISO 3166-1 code, for example DE.")
            return default
        return value

    def part(self, name: str, *, required: bool = False) -> Wire | None:
        """A nested object, with its own pointer and the same list of problems."""
        value = self.data.get(name)
        if value is None:
            if required:
                self.fault(name, "required", "Enter this part.")
            return None
        if not isinstance(value, Mapping):
            self.fault(name, "not_an_object", "Send an object here.")
            return None
        data = cast("Mapping[str, Any]", value)
        return Wire(data, at=f"{self.at}/{escaped(name)}", problems=self.problems)

    def parts(self, name: str, *, most: int = 100, required: bool = False) -> list[Wire]:
        """A list of nested objects."""
        value = self.data.get(name)
        if value is None:
            if required:
                self.fault(name, "required", "Enter at least one.")
            return []
        if not isinstance(value, list | tuple):
            self.fault(name, "not_a_list", "Send a list here.")
            return []
        entries = cast("list[Any]", value)
        if len(entries) > most:
            self.fault(name, "too_many", f"Send at most {most} of these.")
            return []
        if required and not entries:
            self.fault(name, "required", "Enter at least one.")
        made: list[Wire] = []
        for index, entry in enumerate(entries):
            place = f"{self.at}/{escaped(name)}/{index}"
            if isinstance(entry, Mapping):
                data = cast("Mapping[str, Any]", entry)
                made.append(Wire(data, at=place, problems=self.problems))
            else:
                self.problems.append(Problem(place, "not_an_object", "Send an object here."))
        return made

    def free_form(self, name: str, *, most: int = 50) -> dict[str, str]:
        """Custom fields: at most `most` names with string values of at most 1,000 characters."""
        part = self.part(name)
        if part is None:
            return {}
        if len(part.data) > most:
            self.fault(name, "too_many", f"Send at most {most} of these.")
            return {}
        return {
            str(key): part.text(key, most=1000, lines=True) for key in part.data if len(key) <= 60
        }


def is_address(value: str) -> bool:
    """Whether `value` has the form of a mail address that programs can carry unquoted."""
    local, _, domain = value.rpartition("@")
    return (
        0 < len(local) <= 64
        and "." in domain
        and not domain.startswith((".", "-"))
        and not domain.endswith((".", "-"))
        and ".." not in value
        and not any(character.isspace() or character in '@,;<>()[]\\"' for character in local)
        and not any(character.isspace() or character in ',;<>()[]\\"/' for character in domain)
    )


def escaped(name: str) -> str:
    """`name` as one step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def forbidden(character: str, *, lines: bool) -> bool:
    """Whether a text must not hold `character`: controls, lone surrogates, direction overrides."""
    if lines and character in "\n\r\t":
        return False
    return (
        unicodedata.category(character) in {"Cc", "Cs"}
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
    )
