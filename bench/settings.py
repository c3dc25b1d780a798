"""The application's own settings, with the bare views beside its pages."""

import os

from csm.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]  # noqa: F405
