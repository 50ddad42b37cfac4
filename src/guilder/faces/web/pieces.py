"""Pieces of pages that look the same for as long as what they are drawn from is the same.

`{% piece "nav" of=shell.mark %}…{% endpiece %}` draws what is inside once for a mark. The mark
holds everything that the piece shows and that changes: who looks is part of it, so nobody gets a
piece that was drawn for another. Forms inside carry the page's own token.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from guilder.faces.web import formats

MOST = 800  # pieces that a process keeps, of a few kilobytes each
STANDS_IN = "the-token-of-this-page"  # stands where a form has its token
FIELD = "csrfmiddlewaretoken"

_pieces: "OrderedDict[Hashable, SafeString]" = OrderedDict()
_lock = threading.Lock()


class Piece(Node):
    """The tag."""

    def __init__(self, name: str, mark: FilterExpression, nodelist: NodeList) -> None:
        self.name = name
        self.mark = mark
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """What was drawn of the same before, else what is drawn now; without a mark nothing is
        kept."""
        mark: Any = self.mark.resolve(context, ignore_failures=True)  # type: ignore[arg-type]
        if not mark:
            return self.nodelist.render(context)
        key = key_of(self.name, mark)
        found = find(key)
        if found is None:
            with stand_in(context):
                found = self.nodelist.render(context)
            if found.count(FIELD) != found.count(STANDS_IN):  # a token of this page's is in it
                return self.nodelist.render(context)
            keep(key, found)
        if STANDS_IN not in found:
            return found
        token = conditional_escape(str(context["csrf_token"]))
        return mark_safe(found.replace(STANDS_IN, token))  # noqa: S308 (as drawn)


@contextmanager
def stand_in(context: Context) -> Iterator[None]:
    """Forms that are drawn meanwhile, in components too, get a mark where the token goes."""
    holder = next((one for one in reversed(context.dicts) if "csrf_token" in one), {})
    before = holder.get("csrf_token", "")
    holder["csrf_token"] = STANDS_IN
    try:
        yield
    finally:
        holder["csrf_token"] = before


def piece(parser: Parser, token: Token) -> Piece:
    """`{% piece "name" of=mark %}`."""
    _tag, name, given = token.split_contents()
    if not given.startswith("of="):
        raise TemplateSyntaxError('Say of what: {% piece "nav" of=shell.mark %}.')
    nodelist = parser.parse(("endpiece",))
    parser.delete_first_token()
    return Piece(name.strip("\"'"), parser.compile_filter(given.removeprefix("of=")), nodelist)


def key_of(name: str, mark: Any) -> Hashable:
    """Where a piece is kept: how its reader reads and the house's address are part of them all."""
    reader = (get_language(), formats.written_in.get(), formats.zone_of_reader.get())
    return (name, reader, get_script_prefix(), mark)


def find(key: Hashable) -> SafeString | None:
    """A piece, which is the newest used then."""
    with _lock:
        found = _pieces.get(key)
        if found is not None:
            _pieces.move_to_end(key)
        return found


def keep(key: Hashable, text: SafeString) -> None:
    """Keep a piece; what was not used for longest goes."""
    with _lock:
        _pieces[key] = text
        while len(_pieces) > MOST:
            _pieces.popitem(last=False)


def forget() -> None:
    """Keep nothing."""
    with _lock:
        _pieces.clear()
