"""The built assets and the templates keep the design's promises: size, policy, tokens, words."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "src/guilder/faces/web"
STATIC = WEB / "static/guilder"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
COMPONENTS = sorted((WEB / "templates/cotton").glob("*.html"))
COLD_PAGE = 80 * 1024


def _names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(WEB / "templates")) for path in paths]


def test_a_cold_page_stays_under_eighty_kibibytes_without_its_markup():
    parts = re.findall(r"part-\w+\.js", (STATIC / "app.js").read_text())
    texts = ["app.css", "app.js", *set(parts), "theme.js", "icons.svg", "mark.svg"]

    wire = sum((STATIC / f"{name}.br").stat().st_size for name in texts)
    wire += (STATIC / "fonts/inter-latin.woff2").stat().st_size

    assert wire <= COLD_PAGE - 8 * 1024  # the heaviest page's own markup is under 8 KiB


def test_script_and_styles_keep_their_own_budgets():
    scripts = [path.read_bytes() for path in STATIC.glob("*.js")]
    styles = [path.read_bytes() for path in STATIC.glob("*.css")]

    assert sum(len(gzip.compress(text, 9)) for text in scripts) <= 60_000
    assert sum(len(gzip.compress(text, 9)) for text in styles) <= 40_000


@pytest.mark.parametrize("path", TEMPLATES, ids=_names(TEMPLATES))
def test_a_template_has_no_inline_style_or_script(path: Path):
    text = path.read_text()

    assert not re.search(r"\sstyle=|\son\w+=|\shx-on|javascript:", text)
    assert not re.search(r"<style\b|<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=_names(TEMPLATES))
def test_a_template_has_no_raw_colour_and_no_left_or_right(path: Path):
    classes = " ".join(re.findall(r'class="([^"]*)"', path.read_text()))

    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\brgb\(|-\[#", classes)
    assert not re.search(
        r"(?:^|\s)-?(?:ml|mr|pl|pr|left|right)-[\d\[]|(?:^|\s)text-(?:left|right)(?:\s|$)", classes
    )


@pytest.mark.parametrize("path", COMPONENTS, ids=_names(COMPONENTS))
def test_attributes_passed_through_are_never_bound_values(path: Path):
    # cotton prints {{ attrs }} unescaped for values bound with a colon: only text may go there.
    name = path.stem
    if "{{ attrs }}" not in path.read_text():
        return

    declared = set(re.findall(r"[\w-]+", re.findall(r"<c-vars ([^/]*)", path.read_text())[0]))
    for template in TEMPLATES:
        for call in re.findall(rf"<c-{name}\b([^>]*)>", template.read_text()):
            bound = set(re.findall(r"\s:([\w-]+)=", call))
            assert bound <= declared, f"{template.name} binds {bound - declared} of <c-{name}>"


def test_only_the_tokens_hold_raw_colours():
    for sheet in sorted((ROOT / "frontend/css").glob("*.css")):
        if sheet.name != "tokens.css":
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", sheet.read_text()), sheet.name


def test_what_travels_packed_holds_what_lies_beside_it():
    for packed in STATIC.rglob("*.gz"):
        assert gzip.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()
        assert packed.with_suffix(".br").exists()
    assert (STATIC / "app.js.gz").exists()


def test_the_built_styles_and_scripts_name_no_foreign_host():
    allowed = ("http://www.w3.org/",)
    for path in (*STATIC.glob("*.css"), *STATIC.glob("*.js"), STATIC / "icons.svg"):
        name = path.name
        text = re.sub(r"/\*!.*?\*/", "", path.read_text())  # licence banners
        found = re.findall(r"https?://[\w./-]+", text)
        assert [host for host in found if not host.startswith(allowed)] == [], name


def test_every_icon_that_a_template_names_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    sources = [path.read_text() for path in TEMPLATES] + [(WEB / "menu.py").read_text()]

    named = set()
    for text in sources:
        named |= set(re.findall(r'<c-icon name="([\w-]+)"', text))
        named |= set(re.findall(r'\bicon="([\w-]+)"', text))

    assert named - drawn == set()
    assert len(named) > 25
