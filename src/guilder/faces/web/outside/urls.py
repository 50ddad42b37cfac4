"""Addresses for clients: `pay/<secret>/` becomes `pay/<id of the link>/`."""

from django.urls import path

from guilder.faces.web.outside import charging, door, files, keeping, preview, quotes, views

BASES = ("<uuid:link>/", "preview/<str:signed>/")


def of_kind(kind: str, page: object, acts: dict[str, object]) -> list[object]:
    """The addresses of one kind of page, by cookie and by signature; the mailed ones last."""
    found: list[object] = []
    for base in BASES:
        found.append(path(f"{kind}/{base}", page, name=kind))  # type: ignore[arg-type]
        for rest, view, name in files.under(kind):
            found.append(path(f"{kind}/{base}{rest}", view, name=name))  # type: ignore[arg-type]
    for name, view in acts.items():
        address = f"{kind}/{BASES[0]}{name}/"
        found.append(path(address, view, name=f"{kind}_{name}"))  # type: ignore[arg-type]
    mailed = door.exchange(kind)
    found.append(path(f"{kind}/<str:secret>/", mailed, name=f"{kind}_link"))
    found.append(path(f"{kind}/<str:secret>", mailed))
    return found


urlpatterns = [
    path(f"pay/{BASES[0]}charge/<uuid:charge_id>/", charging.charge_state, name="pay_state"),
    path(
        f"pay/{BASES[0]}charge/<uuid:charge_id>/receipt.pdf", charging.receipt, name="pay_receipt"
    ),
    *of_kind(
        "pay",
        views.pay,
        {"question": views.question, "check": views.check, "charge": charging.charge},
    ),
    *of_kind(
        "quote",
        quotes.quote,
        {"accept": quotes.accept, "decline": quotes.decline, "question": quotes.question},
    ),
    path(f"method/{BASES[0]}", keeping.leave, name="method"),
    path(f"method/{BASES[0]}add/", keeping.add, name="method_add"),
    path(f"method/{BASES[0]}added/<uuid:setup_id>/", keeping.added, name="method_added"),
    path(f"method/{BASES[0]}brand.css", door.hosted("method")(files.brand), name="method_brand"),
    path(f"method/{BASES[0]}logo", door.hosted("method")(files.logo), name="method_logo"),
    path("method/<str:secret>/", door.exchange("method"), name="method_link"),
    path("method/<str:secret>", door.exchange("method")),
    path(
        "invoices/<uuid:invoice_id>/as-client/",
        preview.invoice_as_client,
        name="invoice_as_client",
    ),
    path("quotes/<uuid:quote_id>/as-client/", preview.quote_as_client, name="quote_as_client"),
]
