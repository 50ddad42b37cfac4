"""Lists: one machine for all of them; a room's face says what its columns, filters and acts are."""

from guilder.faces.web.lists import paging
from guilder.faces.web.lists.filters import day, identity
from guilder.faces.web.lists.paging import (
    Paged,
    Place,
    address,
    by_name,
    columns,
    counted,
    cursor_of,
    paged,
    pager,
    place_of,
    template_of,
    turned,
    views,
)
from guilder.faces.web.lists.words import due_words

PAGE = paging.PAGE
__all__ = (
    "PAGE",
    "Paged",
    "Place",
    "address",
    "by_name",
    "columns",
    "counted",
    "cursor_of",
    "day",
    "due_words",
    "identity",
    "paged",
    "pager",
    "paging",
    "place_of",
    "template_of",
    "turned",
    "views",
)
