"""Serves every template with sample data: `python frontend/preview/serve.py [port]`."""

# ruff: noqa: T201, S106, E402

import sys
from pathlib import Path
from wsgiref.simple_server import make_server

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "src"), str(HERE)]

import django
from django.conf import settings

LOADERS = [
    (
        "template_partials.loader.Loader",
        [
            (
                "django.template.loaders.cached.Loader",
                [
                    "django_cotton.cotton_loader.Loader",
                    "django.template.loaders.filesystem.Loader",
                    "django.template.loaders.app_directories.Loader",
                ],
            )
        ],
    )
]
BUILTINS = [
    "django_cotton.templatetags.cotton",
    "template_partials.templatetags.partials",
    "django.templatetags.i18n",
    "django.templatetags.static",
    "guilder.faces.web.templatetags.guilder",
]
settings.configure(
    DEBUG=True,
    SECRET_KEY="preview",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="routes",
    INSTALLED_APPS=[
        "django.contrib.staticfiles",
        "django_cotton.apps.SimpleAppConfig",
        "template_partials.apps.SimpleAppConfig",
        "guilder.faces.web.apps.WebConfig",
    ],
    MIDDLEWARE=["django.middleware.locale.LocaleMiddleware", "routes.Policy"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": LOADERS,
                "builtins": BUILTINS,
                "string_if_invalid": "",
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                ],
            },
        }
    ],
    COTTON_ISOLATE_BY_DEFAULT=True,
    COTTON_SNAKE_CASED_NAMES=False,
    STATIC_URL="/static/",
    TIME_ZONE="Europe/Berlin",
    USE_TZ=True,
    LANGUAGES=[("en", "English"), ("ar", "Arabic"), ("de", "German")],
)
django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

application = StaticFilesHandler(get_wsgi_application())

import samples  # the forms in it need the settings above

__all__ = ["application", "samples"]

if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8765
    print(f"http://127.0.0.1:{port}/")
    make_server("127.0.0.1", port, application).serve_forever()
