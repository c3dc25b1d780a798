"""The WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csm.settings")

application = get_wsgi_application()

# What is loaded now stays for good. Were it looked through for garbage again and again, one request
# in some hundreds would take a tenth of a second longer than its neighbours.
_patterns = get_resolver().url_patterns
gc.collect()
gc.freeze()
