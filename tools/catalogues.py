"""The words of the program in other languages: collects them, merges them, compiles them.

`make words` writes `src/guilder/locale/<language>/LC_MESSAGES/django.{po,mo}` and
`src/guilder/locale/sentences.json`; with --check nothing is written and what is out of date is
named; `--missing LANGUAGE` prints what has no translation. Needs no GNU gettext.
"""

import argparse
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType
from django.utils.translation.template import (
    block_re,
    constant_re,
    endblock_re,
    inline_re,
    plural_re,
)
from sentences import sentences

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/guilder"
FOLDER = SOURCE / "locale"
LANGUAGES = ("ar", "de", "es", "fr", "nl")
NEEDLESS = ("POT-Creation-Date", "PO-Revision-Date", "Report-Msgid-Bugs-To", "Generated-By")
NEEDLESS += ("Last-Translator", "Language-Team", "Project-Id-Version")
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HEADERS = re.compile(rf'^"(?:{"|".join(NEEDLESS)}):.*\\n"\n', re.MULTILINE)
CONTEXT = re.compile(r"""\scontext\s+("[^"]*"|'[^']*')""")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# Words that rooms put into the gaps of their sentences.
FRAGMENTS = ("draft", "sent", "accepted", "declined", "expired", "invoiced")
FRAGMENTS_WITH_VALUES = ("{one} or {other}", "from {seller_country} to {customer_country}")
Message = tuple[str, str | tuple[str, ...], str | None, list[str]]  # file, words, context, notes
# Rooms whose faults people meet on pages; what only a terminal or a program hears stays English.
SPOKEN = (
    *(f"kernel/{name}" for name in ("actor", "currencies", "identifiers", "period", "totals")),
    *("kernel/wire", "registers", "books", "flows", "foundation/identity", "foundation/files"),
    *(f"papers/rendering/{name}" for name in ("keeping", "look", "printing", "raster")),
    *(f"office/{name}" for name in ("dispatch", "desk", "reports", "search")),
)


def collected() -> Catalog:
    """Everything that is to be translated, as a template."""
    catalog = Catalog(project="Guilder", version="", copyright_holder="The Guilder authors")
    for place, words, context, notes in sorted(found(), key=lambda one: (one[0], str(one[1]))):
        catalog.add(words, locations=[(place, 0)], context=context, auto_comments=notes)
    return catalog


def found() -> Iterator[Message]:
    """All messages of Python files and templates, and the sentences of the rooms."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from of_python(path)
    for path in sorted((SOURCE / "faces").rglob("templates/**/*")):
        if path.suffix in {".html", ".txt"}:
            yield from of_template(path)
    for path, text, _has_values in spoken():
        yield name_of(path), text, None, []


def spoken() -> Iterator[tuple[Path, str, bool]]:
    """(file, sentence, whether it has values) of what rooms answer when they refuse."""
    yield from ((Path(__file__), text, False) for text in FRAGMENTS)
    yield from ((Path(__file__), text, True) for text in FRAGMENTS_WITH_VALUES)
    alike: dict[str, str] = {}  # sentences that differ in the names of their gaps alone are one
    for room in SPOKEN:
        for path in [SOURCE / f"{room}.py", *sorted((SOURCE / room).rglob("*.py"))]:
            if path.is_file() and not {"migrations", "regimes"} & set(path.parts):
                for text, has_values in sentences(path.read_text(encoding="utf-8")).items():
                    bare = re.sub(r"\{\w+\}", "{}", text) if has_values else text
                    yield path, alike.setdefault(bare, text), has_values


def of_python(path: Path) -> Iterator[Message]:
    """The gettext calls of a module."""
    found = extract_from_file("python", path, KEYWORDS, ("Translators:",), strip_comment_tags=True)
    for _line, words, notes, context in found:
        yield name_of(path), words, context, notes


def of_template(path: Path) -> Iterator[Message]:
    """The translate and blocktranslate tags and the _("…") constants of a template."""
    place, block = name_of(path), None
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if block is not None:
            if token.token_type == TokenType.BLOCK and endblock_re.match(token.contents):
                yield place, block.words(), block.context, []
                block = None
            else:
                block.take(token)
        elif token.token_type == TokenType.BLOCK and block_re.match(token.contents):
            block = Block(token.contents)
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for words, context in of_token(token.contents):
                yield place, words, context, []


def of_token(contents: str) -> Iterator[tuple[str, str | None]]:
    """(words, context) of a single tag or variable."""
    if inline := inline_re.match(contents):
        yield unquoted(inline[1]).replace("%", "%%"), context_of(contents)
    for constant in constant_re.findall(contents):
        yield unquoted(constant).replace("%", "%%"), None


class Block:
    """A blocktranslate that has begun."""

    def __init__(self, contents: str) -> None:
        self.context = context_of(contents)
        self.trimmed = re.search(r"\btrimmed\b", contents) is not None
        self.parts: list[list[str]] = [[]]

    def take(self, token: object) -> None:
        """One more token inside of it."""
        kind, contents = token.token_type, token.contents  # type: ignore[attr-defined]
        if kind == TokenType.VAR:
            self.parts[-1].append(f"%({contents})s")
        elif kind == TokenType.TEXT:
            self.parts[-1].append(contents.replace("%", "%%"))
        elif kind == TokenType.BLOCK and plural_re.match(contents):
            self.parts.append([])

    def words(self) -> str | tuple[str, ...]:
        """Singular, or singular and plural."""
        joined = ["".join(part) for part in self.parts]
        if self.trimmed:
            joined = [" ".join(line.strip() for line in one.strip().splitlines()) for one in joined]
        return joined[0] if len(joined) == 1 else tuple(joined)


def context_of(contents: str) -> str | None:
    """What a tag names as the context of its words."""
    named = CONTEXT.search(contents)
    return unquoted(named[1]) if named else None


def unquoted(literal: str) -> str:
    """The text of a quoted constant."""
    return literal.strip().removeprefix("_(").removesuffix(")").strip("\"'")


def name_of(path: Path) -> str:
    """A path as the catalogues name it."""
    return path.relative_to(ROOT).as_posix()


def merged(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with today's messages; what is gone is dropped."""
    place = po_of(language)
    known = place.read_bytes() if place.exists() else b""
    catalog = read_po(io.BytesIO(known), locale=language, domain="django")
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:  # one that became a plural, or ceased to be one, waits for new words
        if message.fuzzy and message.id:
            message.flags.discard("fuzzy")
            message.string = ("",) * catalog.num_plurals if message.pluralizable else ""
    catalog.fuzzy = False
    return catalog


def po_of(language: str) -> Path:
    """Where a language's catalogue is."""
    return FOLDER / language / "LC_MESSAGES/django.po"


def written(language: str, catalog: Catalog) -> dict[Path, bytes]:
    """The files of one language, without what would differ from day to day."""
    text, compiled = io.BytesIO(), io.BytesIO()
    catalog.header_comment = f"# Guilder in {Locale(language).english_name}."
    write_po(text, catalog, width=100, include_lineno=False, sort_output=True)
    lasting = HEADERS.sub("", text.getvalue().decode()).encode()
    final = read_po(io.BytesIO(lasting), locale=language)
    final.creation_date = final.revision_date = EPOCH  # else it would be now
    write_mo(compiled, final)
    return {
        po_of(language): lasting,
        po_of(language).with_suffix(".mo"): compiled.getvalue(),
    }


def patterns() -> bytes:
    """The sentences with values: the web face knows them again by these."""
    known = sorted({text for _path, text, has_values in spoken() if has_values})
    return (json.dumps(known, ensure_ascii=False, indent=1) + "\n").encode()


def main() -> int:
    parser = argparse.ArgumentParser(description="The words of the program in other languages.")
    parser.add_argument("--check", action="store_true", help="write nothing, name what is old")
    parser.add_argument("--missing", metavar="LANGUAGE", help="print what is not translated")
    chosen = parser.parse_args()
    template = collected()
    if chosen.missing:
        untranslated = [one.id for one in merged(chosen.missing, template) if not one.string]
        print("\n".join(json.dumps(one, ensure_ascii=False) for one in untranslated if one))
        return 0
    files = {FOLDER / "sentences.json": patterns()}
    for language in LANGUAGES:
        files |= written(language, merged(language, template))
    old = [path for path, data in files.items() if not path.exists() or path.read_bytes() != data]
    for path in old:
        print(f"{'out of date, run make words' if chosen.check else 'written'}: {name_of(path)}")
        if not chosen.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path])
    return 1 if chosen.check and old else 0


if __name__ == "__main__":
    sys.exit(main())
