"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from sif.web.warmup import get_ready, keep_to_one_process  # noqa: E402 - the pages need Django awake

keep_to_one_process()
get_ready()
