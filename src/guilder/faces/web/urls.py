"""Addresses of the pages."""

from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from guilder.faces.web.catalogue.urls import urlpatterns as catalogue
from guilder.faces.web.frame.urls import urlpatterns as frame
from guilder.faces.web.invoices.urls import urlpatterns as invoices
from guilder.faces.web.outbox import views as outbox
from guilder.faces.web.outside.urls import urlpatterns as outside
from guilder.faces.web.overview import views as overview
from guilder.faces.web.partners.urls import urlpatterns as partners
from guilder.faces.web.payments.urls import urlpatterns as payments
from guilder.faces.web.reports.urls import urlpatterns as reports
from guilder.faces.web.search import views as search
from guilder.faces.web.session import views as session
from guilder.faces.web.settings.urls import urlpatterns as settings

pages: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("setup/", session.setup, name="setup"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("switch/", session.switch_organization, name="switch_organization"),
    path("search/", search.search, name="search"),
    path("search/palette/", search.palette, name="palette"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<uuid:mail_id>/", outbox.outbox_message, name="outbox_message"),
    path("outbox/<uuid:mail_id>/retry/", outbox.outbox_retry, name="outbox_retry"),
    *outside,
    *frame,
    *invoices,
    *partners,
    *catalogue,
    *payments,
    *reports,
    *settings,
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", RedirectView.as_view(url=static("guilder/mark.svg"))),
    path("", include((pages, "web"))),
]
