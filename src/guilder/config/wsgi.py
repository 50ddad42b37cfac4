"""The WSGI application, for servers that speak nothing else."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guilder.config.settings")

application = get_wsgi_application()
