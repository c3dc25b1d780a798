"""Browser tests: Playwright's event loop runs in the thread that also asks the database."""

import os

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
