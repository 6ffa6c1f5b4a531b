import os
import tempfile

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "axsupport.settings")
# Where the web processes add up their figures for /metrics; gunicorn loads this file before it
# forks them, so that they share the folder.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="axsupport-metrics-")
application = get_wsgi_application()
