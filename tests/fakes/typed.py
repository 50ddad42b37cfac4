"""Judges calls and answers by the classes of a service's own library, made from what it publishes.

Parameters are TypedDicts there and answers are classes; both say names, kinds and allowed words.
"""

import sys
import types
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, ForwardRef, Literal, NotRequired, Union, get_args, get_origin

SCALARS = {int: int, float: int | float, bool: bool, str: str}
OPEN = frozenset({Any, object})


class Names(dict[str, Any]):
    """What a module has, and after it what others have, which may import it only when asked."""

    def __init__(self, near: types.ModuleType, others: tuple[types.ModuleType, ...]) -> None:
        super().__init__(vars(near))
        self.others = others

    def __missing__(self, name: str) -> Any:
        for other in self.others:
            if hasattr(other, name):
                return getattr(other, name)
        raise KeyError(name)


class Typed:
    """The classes of one library; its annotations name things of `modules` without importing.

    What is among `options` is said to the library and not to the service.
    """

    def __init__(self, *modules: types.ModuleType, base: type, options: type) -> None:
        self.modules = modules
        self.base = base
        self.options = set(options.__annotations__)

    def faults(self, value: Any, kind: Any, *, owner: Any = None, where: str = "",
               in_form: bool = False) -> Iterator[str]:  # fmt: skip
        """Where a value is not as its class has it; in forms every scalar is text."""
        kind = self.meant(kind, owner)
        origin, inner = get_origin(kind), get_args(kind)
        if not self.has_shape(value, kind, owner, in_form=in_form):
            yield f"{where}: {value!r:.60} is no {name_of(kind)}"
        elif origin in (Union, types.UnionType):
            fitting = [one for one in choices(inner)
                       if self.has_shape(value, one, owner, in_form=in_form)]  # fmt: skip
            tries = [list(self.faults(value, one, owner=owner, where=where, in_form=in_form))
                     for one in fitting]  # fmt: skip
            yield from min(tries, key=len)
        elif origin is list:
            for place, one in enumerate(value):
                yield from self.faults(one, inner[0], owner=owner, where=f"{where}/{place}",
                                       in_form=in_form)  # fmt: skip
        elif self.has_fields(kind):
            yield from self.inside(value, kind, where, in_form=in_form)

    def inside(self, value: Any, kind: Any, where: str, *, in_form: bool) -> Iterator[str]:
        """What is unknown, missing or wrong among the fields of a class."""
        whole = get_origin(kind) or kind
        fields = self.fields(whole)
        for name, one in value.items():
            if name == "object" and one == getattr(whole, "OBJECT_NAME", None):
                continue
            if name not in fields:
                yield f"{where}/{name} is not documented"
                continue
            about, owner = fields[name]
            if get_origin(kind) and name == "data":  # a list of what it is a list of
                about = list[get_args(kind)[0]]
            yield from self.faults(one, about, owner=owner, where=f"{where}/{name}",
                                   in_form=in_form)  # fmt: skip
        wanted = whole.__required_keys__ if is_form(whole) else {
            name for name, (about, owner) in fields.items() if not self.may_miss(about, owner)
        }  # fmt: skip
        yield from (f"{where}/{name} is missing" for name in sorted(wanted - set(value)))

    def fields(self, kind: type) -> dict[str, tuple[Any, Any]]:
        """Name → (annotation, the class that has it)."""
        if is_form(kind):
            own = kind.__annotations__.items()
            return {name: (about, kind) for name, about in own if name not in self.options}
        return {
            name: (about, one)
            for one in reversed(kind.__mro__)
            if issubclass(one, self.base) and one is not self.base
            for name, about in vars(one).get("__annotations__", {}).items()
            if not name.startswith("_") and get_origin(about) is not ClassVar
        }

    def has_fields(self, kind: Any) -> bool:
        """Whether it is a class of the library that names what is in it."""
        whole = get_origin(kind) or kind
        is_class = isinstance(whole, type) and (is_form(whole) or issubclass(whole, self.base))
        return is_class and bool(self.fields(whole))

    def has_shape(self, value: Any, kind: Any, owner: Any, *, in_form: bool) -> bool:
        """Whether a value is outwardly of a kind."""
        kind = self.meant(kind, owner)
        origin, inner = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            return any(self.has_shape(value, o, owner, in_form=in_form) for o in choices(inner))
        if kind in OPEN or kind is type(None):
            return kind in OPEN or value is None
        if origin is Literal:
            return value in inner
        if kind in SCALARS:
            if in_form:
                return isinstance(value, str) and fits_text(value, kind)
            is_flag = isinstance(value, bool)
            return isinstance(value, SCALARS[kind]) and is_flag == (kind is bool)
        return isinstance(value, list if origin is list else Mapping)

    def meant(self, kind: Any, owner: Any) -> Any:
        """What an annotation stands for where it is written."""
        while True:
            if get_origin(kind) is NotRequired:
                (kind,) = get_args(kind)
            elif isinstance(kind, str | ForwardRef):
                text = kind if isinstance(kind, str) else kind.__forward_arg__
                # What is evaluated is the library's own text.
                kind = eval(text, {}, Names(sys.modules[owner.__module__], self.modules))
            else:
                return kind

    def may_miss(self, kind: Any, owner: Any) -> bool:
        """Whether a field of an answer may be without a value."""
        return type(None) in get_args(self.meant(kind, owner))


def is_form(kind: Any) -> bool:
    """Whether a class is a TypedDict, of whichever library of types."""
    return hasattr(kind, "__required_keys__")


def choices(kinds: tuple[Any, ...]) -> list[Any]:
    """Of words and any text, the words: any text stands for those of a later day."""
    has_words = any(get_origin(one) is Literal for one in kinds)
    return [one for one in kinds if not (has_words and one is str)]


def fits_text(value: str, kind: type) -> bool:
    """Whether a text of a form can be read as a number, or as yes or no."""
    if kind is bool:
        return value in {"true", "false"}
    return kind is str or value.removeprefix("-").isdecimal()


def name_of(kind: Any) -> str:
    return str(getattr(kind, "__name__", "") or kind)[:200]
