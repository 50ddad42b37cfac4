"""The ASGI application: what granian serves, and uvicorn or daphne as well."""

import os

from guilder.config.bridge import Asgi, Bridge
from guilder.config.wsgi import application as wsgi

THREADS = int(os.environ.get("GUILDER_WEB_THREADS", "4"))
MAX_BODY = int(os.environ.get("GUILDER_MAX_BODY_MB", "64")) * 1024 * 1024

# Path prefix → ASGI application answered here, without a thread for each listener.
NATIVE: dict[str, Asgi] = {}

application = Bridge(wsgi, threads=THREADS, max_body=MAX_BODY, native=NATIVE)
