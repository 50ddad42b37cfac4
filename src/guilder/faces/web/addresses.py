"""Addresses of one thing of many: rows of a list have the same but for their id."""

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

NOBODY = UUID(int=0)


def address_of(route: str, thing_id: UUID) -> str:
    """What `reverse` gives for a route whose one argument is an id. Raises NoReverseMatch."""
    before, after = around(route, get_script_prefix())
    return f"{before}{thing_id}{after}"


@lru_cache(maxsize=256)
def around(route: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the id."""
    del prefix
    before, _, after = reverse(route, args=[NOBODY]).partition(str(NOBODY))
    return before, after
