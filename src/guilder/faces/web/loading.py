"""Templates as they are loaded: icons and amounts are put into the page's own text.

A list draws a hundred of them, and a component costs a tenth of a millisecond. The markup is that
of `cotton/icon.html` and `cotton/money.html`, which stay for what is said of them otherwise.
"""

import re

from django_cotton.cotton_loader import Loader as CottonLoader

ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
ICON = re.compile(r'<c-icon((?:\s+[\w-]+(?:="[^"]*")?)*)\s*/>')
SPRITE = "{% static 'guilder/icons.svg' %}"
MONEY = re.compile(r'<c-money :value="([\w.]+)" />')
AMOUNT = (
    r'{% if \1 is None %}<span class="muted">—</span>'
    r'{% else %}<bdi class="num">{{ \1|money }}</bdi>{% endif %}'
)


class Loader(CottonLoader):
    """Cotton's loader, after the small components have been written out."""

    def _get_template_string(self, template_name: str) -> str:
        return written_out(super()._get_template_string(template_name))


def written_out(text: str) -> str:
    """A template's text with each plain `<c-icon …/>` and `<c-money :value="…" />` written out;
    what has other attributes is left to the component."""
    return MONEY.sub(AMOUNT, ICON.sub(icon_of, text))


def icon_of(found: re.Match[str]) -> str:
    """The markup of one icon, whose values may be pieces of template themselves."""
    given = dict(ATTRIBUTE.findall(found[1]))
    if not given.keys() <= {"name", "small", "class"}:
        return found[0]
    small = " i-sm" if "small" in given else ""
    more = f" {given['class']}" if given.get("class") else ""
    return (
        f'<svg class="i{small}{more}" aria-hidden="true">'
        f'<use href="{SPRITE}#{given.get("name", "")}" /></svg>'
    )
