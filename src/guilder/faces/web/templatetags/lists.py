"""What rows of lists are drawn with, made once and kept: fifty of them come with every page."""

from functools import lru_cache

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()


@register.filter
def badge(code: str) -> SafeString:
    """The badge of a status."""
    return drawn(code, get_language() or "en")


@lru_cache(maxsize=512)
def drawn(code: str, language: str) -> SafeString:
    """A badge in a language."""
    del language
    return render_to_string("lists/badge.html", {"code": code})
