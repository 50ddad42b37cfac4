"""Addresses of the pages."""

from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from guilder.faces.web.audit.urls import urlpatterns as audit
from guilder.faces.web.bank.urls import urlpatterns as bank
from guilder.faces.web.bills.urls import urlpatterns as bills
from guilder.faces.web.catalogue.urls import urlpatterns as catalogue
from guilder.faces.web.channels.urls import urlpatterns as channels
from guilder.faces.web.charges.urls import urlpatterns as charges
from guilder.faces.web.developer.urls import urlpatterns as developer
from guilder.faces.web.frame.urls import urlpatterns as frame
from guilder.faces.web.inbox.urls import urlpatterns as inbox
from guilder.faces.web.invoices.urls import urlpatterns as invoices
from guilder.faces.web.operate.urls import urlpatterns as operate
from guilder.faces.web.outbox.urls import urlpatterns as outbox
from guilder.faces.web.outside.urls import urlpatterns as outside
from guilder.faces.web.overview.urls import urlpatterns as overview
from guilder.faces.web.papers.urls import urlpatterns as papers
from guilder.faces.web.partners.urls import urlpatterns as partners
from guilder.faces.web.payments.urls import urlpatterns as payments
from guilder.faces.web.portal.urls import urlpatterns as portal
from guilder.faces.web.quotes.urls import urlpatterns as quotes
from guilder.faces.web.received.urls import urlpatterns as received
from guilder.faces.web.recurring.urls import urlpatterns as recurring
from guilder.faces.web.refunds.urls import urlpatterns as refunds
from guilder.faces.web.reminders.urls import urlpatterns as reminders
from guilder.faces.web.reports.urls import urlpatterns as reports
from guilder.faces.web.search import views as search
from guilder.faces.web.sepa.urls import urlpatterns as sepa
from guilder.faces.web.session.urls import urlpatterns as session
from guilder.faces.web.settings.urls import urlpatterns as settings
from guilder.faces.web.talk.urls import urlpatterns as talk

pages: list[URLPattern | URLResolver] = [
    *overview,
    path("search/", search.search, name="search"),
    path("search/palette/", search.palette, name="palette"),
    *session,
    *outside,
    *portal,
    *frame,
    *inbox,
    *invoices,
    *quotes,
    *papers,
    *operate,
    *outbox,
    *channels,
    *talk,
    *partners,
    *catalogue,
    *payments,
    *bank,
    *bills,
    *received,
    *refunds,
    *charges,
    *sepa,
    *recurring,
    *reminders,
    *reports,
    *settings,
    *developer,
    *audit,
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", RedirectView.as_view(url=static("guilder/mark.svg"))),
    path("", include((pages, "web"))),
]
