"""The ASGI application: what granian serves, and uvicorn or daphne as well."""

import os

from django.urls import get_resolver, reverse

from guilder.config.bridge import Asgi, Bridge
from guilder.config.wsgi import application as wsgi
from guilder.faces.web.live.stream import PREFIX, streams

THREADS = int(os.environ.get("GUILDER_WEB_THREADS", "4"))
MAX_BODY = int(os.environ.get("GUILDER_MAX_BODY_MB", "64")) * 1024 * 1024

# Path prefix → ASGI application answered here, without a thread for each listener.
NATIVE: dict[str, Asgi] = {PREFIX: streams}

# Whoever signs in waits for a password to be checked, a tenth of a second of a processor: a firm
# that begins at nine waits in a line of its own, and nobody else for it.
APART = (reverse("web:sign_in"), "/api/v1/auth/login/")

# Every page is imported now: a broken one stops the start, and the first visitor does not wait.
_ = get_resolver().url_patterns

application = Bridge(wsgi, threads=THREADS, max_body=MAX_BODY, native=NATIVE, apart=APART)
