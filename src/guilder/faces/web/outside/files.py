"""What lies under a client's page: the PDF, its pages as pictures, the brand's colours and logo."""

from types import SimpleNamespace

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guilder.faces.web.outside.door import hosted
from guilder.faces.web.outside.opened import Opened
from guilder.kernel.actor import Actor
from guilder.kernel.errors import GuilderError, NotFound
from guilder.office.dispatch import operations as dispatch
from guilder.papers.rendering import operations as rendering

MOST_PAGES = 20
PPI = 144
KEPT = 3600
# A logo may be SVG: opened by itself it runs nothing and loads nothing.
LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
BRAND = """.hosted {{
  --brand: {color};
  --on-brand: {on_color};
  --brand-text: {text};
}}
"""


class NoLogo(NotFound):
    """The organization has no logo."""

    code = "outside.no_logo"


def printed(opened: Opened) -> dispatch.Printed:
    """The PDF, of what is issued the stored one."""
    return dispatch.print_paper(
        opened.record.id, by=opened.by, at=opened.now, is_quote=opened.kind == "quote"
    )


def pages_of(opened: Opened, title: str) -> list[SimpleNamespace]:
    """The pictures of the paper's pages; none when it cannot be set."""
    key = f"outside:pages:{opened.record.id}:{opened.record.version}"
    count = cache.get(key)
    if count is None:
        try:
            count = rendering.page_count(printed(opened).pdf)
        except GuilderError:
            return []
        cache.set(key, count, KEPT)
    return [
        SimpleNamespace(
            url=f"{opened.base}page/{number}/?v={opened.record.version}",
            alt=_("Page %(page)s of %(name)s. Choose Text to read it.")
            % {"page": number, "name": title},
            is_first=number == 1,
        )
        for number in range(1, min(count, MOST_PAGES) + 1)
    ]


def picture(request: HttpRequest, opened: Opened, number: int) -> HttpResponse:
    """One page as PNG, as it was printed."""
    del request
    key = f"outside:page:{opened.record.id}:{opened.record.version}:{number}"
    found = cache.get(key)
    if found is None:
        found = rendering.picture_of(printed(opened).pdf, page=number, ppi=PPI)
        cache.set(key, found, KEPT)
    return HttpResponse(found, content_type="image/png")


def pdf(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The PDF; `?save` has the browser keep it as a file."""
    found = printed(opened)
    way = "attachment" if "save" in request.GET else "inline"
    return HttpResponse(
        found.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{way}; filename="{found.filename}"'},
    )


def brand(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The brand's colours as custom properties: the policy allows no inline style."""
    del request
    return brand_sheet(opened.by)


def brand_sheet(by: Actor) -> HttpResponse:
    """An organization's colours as a sheet."""
    found = rendering.brand_of(by=by)
    css = BRAND.format(color=found.color, on_color=found.on_color, text=found.text)
    return HttpResponse(css, content_type="text/css")


def logo(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The logo."""
    del request
    return logo_picture(opened.by)


def logo_picture(by: Actor) -> HttpResponse:
    """An organization's logo. Raises NoLogo."""
    found = rendering.brand_of(by=by)
    if not found.logo:
        raise NoLogo("There is no logo.")
    return HttpResponse(
        found.logo,
        content_type=found.logo_media_type,
        headers={"Content-Security-Policy": LOGO_POLICY},
    )


UNDER = (
    ("document.pdf", pdf, "pdf"),
    ("page/<int:number>/", picture, "page"),
    ("brand.css", brand, "brand"),
    ("logo", logo, "logo"),
)


def under(kind: str) -> list[tuple[str, object, str]]:
    """(rest of the address, view, name) of all this for one kind of page."""
    return [(rest, hosted(kind)(view), f"{kind}_{name}") for rest, view, name in UNDER]
