"""What rows of lists are drawn with, made once and kept: a page of them come with every page."""

import re
from functools import lru_cache

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = Library()
BLANK = re.compile(r"\s+")


@register.filter
def badge(code: str) -> SafeString:
    """The badge of a status."""
    return drawn(code, get_language() or "en")


@lru_cache(maxsize=512)
def drawn(code: str, language: str) -> SafeString:
    """A badge in a language."""
    del language
    text = render_to_string("lists/badge.html", {"code": code})
    return mark_safe(BLANK.sub(" ", text).replace("> <", "><").strip())  # noqa: S308 (as it was)
