"""The typesetter: one template and its data become PDF or PNG. Runs inside the limited child.

The only importer of typst. A template gets one JSON string and the logo as a file of its own
empty folder; it can reach nothing else. A warning, such as a font that is missing, is a failure.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import typst

from guilder.papers.rendering.glyphs import font_folders

TEMPLATES = Path(__file__).parent / "templates" / "pdf"


class TemplateFault(Exception):
    """The template or something in it cannot be set; the message is the typesetter's."""


def in_child(job: dict[str, Any]) -> list[bytes]:
    """The pages of `job` as PNG, or one PDF. Raises TemplateFault.

    `job` holds data (JSON text), style or source (a whole template), format ("pdf" or "png"),
    timestamp (Unix seconds, the PDF's creation date) and, if wanted, ppi, logo and logo_type.
    """
    inputs = {"data": job["data"], "logo": _place_logo(job)}
    is_pdf = job["format"] == "pdf"
    # PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) at once.
    try:
        result, warnings = _compiler().compile_with_warnings(
            job["source"] if job.get("source") else template(job["style"]),
            format=job["format"],
            ppi=None if is_pdf else job["ppi"],
            sys_inputs=inputs,
            pdf_standards=["a-3a", "ua-1"] if is_pdf else None,
            timestamp=job["timestamp"],
        )
    except typst.TypstError as error:
        raise TemplateFault(" ".join([error.message, *error.hints])) from None
    if warnings:
        raise TemplateFault("; ".join(warning.message for warning in warnings))
    if result is None:
        raise TemplateFault("The template has no pages.")
    return list(result) if isinstance(result, list) else [result]


@cache
def template(style: str) -> bytes:
    """The source of a design: what all designs share, its own, then a Swiss payment part."""
    pieces = ("common.typ", f"{style}/page.typ", "swiss.typ")
    return "".join((TEMPLATES / piece).read_text(encoding="utf-8") for piece in pieces).encode()


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders()
    )
    return typst.Compiler(root=str(Path.cwd()), font_paths=fonts)


def _place_logo(job: dict[str, Any]) -> str:
    """The logo's name in the template's folder, told by its content so that caches stay true."""
    logo = job.get("logo")
    if not logo:
        return ""
    name = f"logo-{hashlib.sha256(logo).hexdigest()[:24]}.{job['logo_type']}"
    place = Path(name)
    if not place.exists():
        for old in Path().glob("logo-*"):
            old.unlink()
        place.write_bytes(logo)
    return "/" + name


_compiler()  # so that the first job finds the fonts read
