"""What the forms of the web face share: they collect text, and the rooms judge it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from guilder.faces.web import days, everywhere, formats, late
from guilder.faces.web.choices import Known
from guilder.faces.web.sentences import said

Label = str  # gettext_lazy passes for one
Choices = Sequence[tuple[str, Label]]


class PaperForm(forms.Form):
    """A form whose choices come from the view, and whose faults may come from a room.

    `choices` maps field names to (value, label) pairs.
    """

    error_css_class = "bad"

    def __init__(
        self, *args: Any, choices: Mapping[str, Choices] | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, pairs in (choices or {}).items():
            self.fields[name].choices = list(pairs)  # type: ignore[attr-defined]
            if isinstance(pairs, Known):
                self.fields[name].widget.known = pairs  # type: ignore[attr-defined]

        for field in self.fields.values():
            field.error_messages["required"] = _("%(label)s is missing.") % {"label": field.label}
            # As the rooms say it, so that pages and API have one sentence for it.
            field.error_messages["max_length"] = _("Use at most %(limit_value)s characters.")

    def refuse(self, faults: Iterable[tuple[str, str]]) -> None:
        """Attach a room's faults: (field name, sentence); what names no field stands on top."""
        for name, sentence in faults:
            self.add_error(name if name in self.fields else None, said(sentence))


class Select(forms.Select):
    """A select; of `known` choices only what is chosen, and what is the page's own, comes with it.

    The rest is put in by frontend/js/options.js, or stands there where no script runs.
    """

    known: Known | None = None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Adds where the choices come from that are left out."""
        if self.known is None or not late.is_on():
            return super().get_context(name, value, attrs)
        given = {**(attrs or {}), "data-options": everywhere.options_address(self.known.name)}
        return super().get_context(name, value, given)

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        """The choices that come with the page."""
        if self.known is None or not late.is_on():
            return super().optgroups(name, value, attrs)
        whole, own = self.choices, self.known.own
        few = [pair for place, pair in enumerate(self.known) if place < own or pair[0] in value]
        try:
            self.choices = cast("Any", few)
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = whole

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Marks the page's own, which stay on top."""
        option = super().create_option(*args, **kwargs)
        if self.known is not None and late.is_on() and int(option["index"]) < self.known.own:
            option["attrs"]["data-top"] = True
        return option


def _named(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in attributes.items()}


def text(
    label: Label, *, required: bool = False, hint: Label = "", limit: int = 200, **attributes: str
) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=limit,
        widget=forms.TextInput(attrs=_named(attributes)),
    )


def long_text(
    label: Label, *, hint: Label = "", rows: int = 3, limit: int = 4000, **attributes: str
) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(
        label=label,
        required=False,
        help_text=hint,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": str(rows), **attributes}),
    )


def email(
    label: Label, *, required: bool = False, hint: Label = "", **attributes: str
) -> forms.CharField:
    """A mail address, judged by the room."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=254,
        widget=forms.EmailInput(attrs=attributes),
    )


def number(
    label: Label, *, required: bool = False, hint: Label = "", **attributes: str
) -> forms.CharField:
    """A number as people type it; the view reads 1.234,5 and 1,234.5 alike."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off", **attributes}
        ),
    )


class DayInput(forms.TextInput):
    """A text field that takes a day as people type it; see days.py and frontend/js/dates.js."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Adds today, which `+3` and a missing year are counted from."""
        given = {"data-date": True, "data-today": timezone.localdate().isoformat(), **(attrs or {})}
        return super().get_context(name, value, given)

    def format_value(self, value: Any) -> str | None:
        """The day with its month in letters; what was typed stays as it is."""
        if isinstance(value, date):
            return formats.day(value, formats.reader())
        return super().format_value(value)


class DayField(forms.Field):
    """A day; cleaned to a date, or None where nothing is typed."""

    is_day = True
    widget = DayInput
    default_error_messages = {"invalid": _lazy("Enter a date, for example 20 Nov 2026 or +30.")}

    def to_python(self, value: Any) -> date | None:
        """Reads what was typed. Raises ValidationError."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        language = get_language() or "en"
        found = days.read(str(value)[:60], today=timezone.localdate(), language=language)
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another day is meant, however it is written."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True


def day(label: Label, *, required: bool = False, hint: Label = "", **attributes: str) -> DayField:
    """A day as people type it: `20.11.`, `today`, `+30`, `eom`, `fri`; or picked."""
    return DayField(
        label=label,
        required=required,
        help_text=hint,
        widget=DayInput(
            attrs={"class": "num", "autocomplete": "off", "size": "14", **_named(attributes)}
        ),
    )


def choice(
    label: Label, *, required: bool = True, hint: Label = "", **attributes: str
) -> forms.ChoiceField:
    """One of what the view offers."""
    return forms.ChoiceField(
        label=label, required=required, help_text=hint, widget=Select(attrs=attributes)
    )


def tick(label: Label, *, hint: Label = "", **attributes: str) -> forms.BooleanField:
    """Yes or no."""
    return forms.BooleanField(
        label=label, required=False, help_text=hint, widget=forms.CheckboxInput(attrs=attributes)
    )


def secret(
    label: Label, *, required: bool = True, hint: Label = "", **attributes: str
) -> forms.CharField:
    """A password or key: never shown again, never stripped."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs=attributes),
    )
