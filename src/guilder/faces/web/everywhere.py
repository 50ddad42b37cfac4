"""What many pages have and none changes: palette, key sheet, dialogs of the session; long choices.

A browser fetches it once for a language and a set of rights, and keeps it: its address says what
is in it.
"""

import hashlib
from functools import lru_cache
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import get_language

from guilder.faces.web import choices, formats, menu


def address(permissions: frozenset[str], *, is_operator: bool) -> str:
    """Where a page fetches it, for somebody with these rights, in the language of now."""
    return reverse("web:shared", args=[stamp_of(markup(permissions, is_operator=is_operator))])


def markup(permissions: frozenset[str], *, is_operator: bool) -> str:
    """The pieces, for somebody with these rights, in the language of now."""
    return _made(get_language() or "en", permissions, is_operator)


@lru_cache(maxsize=256)
def stamp_of(text: str) -> str:
    """Sixteen digits that another text would not have."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
def _made(language: str, permissions: frozenset[str], is_operator: bool) -> str:
    del language
    may = menu.may_of(lambda permission: permission in permissions, is_operator=is_operator)
    shell = SimpleNamespace(
        groups=menu.groups("", may), foot=menu.foot("", may), creates=menu.creates(may)
    )
    return render_to_string("frame/shared.html", {"shell": shell})


def options_address(name: str) -> str:
    """Where a page fetches choices of `choices.KNOWN`, in the language of now."""
    return reverse("web:options", args=[name, stamp_of(options(name))])


def options(name: str) -> str:
    """The choices as markup, in the language of now."""
    return _options(name, formats.reader().language)


@lru_cache(maxsize=64)
def _options(name: str, language: str) -> str:
    del language
    return format_html_join("", '<option value="{}">{}</option>', choices.KNOWN[name]())
