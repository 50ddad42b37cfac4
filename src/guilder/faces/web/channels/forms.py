"""The form of a channel, made of what its transport asks for; and how a client is reached."""

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.faces.web import forms
from guilder.faces.web.channels.words import told
from guilder.papers.exchange.transports.base import Field, Transport

SWITCHES = ("is_active", "receives", "answers")
PREFIX = "s_"  # of a transport's own settings among the fields


class ChannelForm(forms.PaperForm):
    """Name, switches, and the settings of one transport."""

    name = forms.text(gettext_lazy("Name"), required=True, limit=100)
    is_active = forms.tick(gettext_lazy("Documents go by it"))
    receives = forms.tick(gettext_lazy("Documents come by it"))
    answers = forms.tick(
        gettext_lazy("Tell senders what becomes of their documents"),
        hint=gettext_lazy("Booked, paid or refused: a business response goes back by itself."),
    )
    version = django_forms.CharField(required=False, widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, transport: Transport, is_new: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.transport = transport
        if not (transport.collects or transport.is_called):
            del self.fields["receives"]
        if not transport.sends:
            self.fields["is_active"].label = gettext_lazy("It is on")
            del self.fields["receives"]
        if "receives" not in self.fields or not transport.sends or transport.is_mail:
            del self.fields["answers"]
        for one in transport.fields:
            self.fields[f"{PREFIX}{one.name}"] = field_of(one, is_new=is_new)

    def settings(self) -> list[Any]:
        """The bound fields of the transport."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def switches(self) -> list[Any]:
        """The bound fields of what every channel has."""
        return [self[name] for name in SWITCHES if name in self.fields]

    def data_of(self) -> dict[str, Any]:
        """What was typed, as the room takes it; an empty secret leaves the stored one."""
        given = self.cleaned_data
        settings = {}
        for one in self.transport.fields:
            value = given.get(f"{PREFIX}{one.name}")
            if one.kind == "secret" and not value:
                continue
            settings[one.name] = str(value).replace("\r\n", "\n") if one.kind == "lines" else value
        switches = {name: given[name] for name in SWITCHES if name in given}
        return {"name": given["name"], "settings": settings, **switches}


def field_of(one: Field, *, is_new: bool) -> django_forms.Field:
    """A setting as a form field. Whether it is needed is judged by the room."""
    label, hint = told(one.label), told(one.hint)
    if one.kind == "flag":
        return forms.tick(label, hint=hint)
    if one.kind == "choice":
        field = forms.choice(label, hint=hint)
        field.choices = [(value, told(words)) for value, words in one.choices]  # type: ignore[attr-defined]
        return field
    if one.kind == "lines" or (one.kind == "secret" and one.most > 1000):
        if one.kind == "secret" and not is_new:
            hint = _("Left empty, the stored one stays.")
        return forms.long_text(label, hint=hint, rows=4, limit=one.most, autocomplete="off")
    if one.kind == "secret":
        hint = hint if is_new else _("Left empty, the stored one stays.")
        return forms.secret(label, required=False, autocomplete="off", hint=hint)
    return forms.text(label, hint=hint, limit=one.most, autocomplete="off")


class AgreementForm(forms.PaperForm):
    """How a client gets documents."""

    channel = forms.choice(gettext_lazy("Documents go by"), required=False)
    address = forms.text(
        gettext_lazy("Address there"), limit=300, autocomplete="off",
        hint=gettext_lazy("A participant, a mail address, a folder: as the channel wants it."),
    )  # fmt: skip
    format = forms.choice(gettext_lazy("Format"), required=False)


class ResponseForm(forms.PaperForm):
    """What becomes of a document that came in."""

    code = forms.choice(gettext_lazy("Answer"))
    reason = forms.choice(gettext_lazy("Reason"), required=False)
    text = forms.text(gettext_lazy("In words"), limit=300)
