import gc
import os
import tempfile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "axsupport.settings")
os.environ.setdefault("PROCESS_ROLE", "web")  # before the settings, which read it

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from axsupport.counter import Counter
from axsupport.up.starting import refuse_unfit_role

# Where the web processes add up their figures for /metrics; gunicorn loads this file before it
# forks them, so that they share the folder.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="axsupport-metrics-")
application = Counter(
    get_wsgi_application(), threads=settings.PAGE_THREADS, max_bytes=settings.BODY_MAX_BYTES
)
refuse_unfit_role()
# What was loaded stays as it is in the pages of memory that the processes share after the fork:
# the collector of each would write its marks into them.
gc.collect()
gc.freeze()
