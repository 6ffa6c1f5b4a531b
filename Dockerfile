# The desk in one image: web, worker, beat and the preparation before them are its commands.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /srv/axsupport

COPY requirements/s3.txt requirements/s3.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/s3.txt \
 && useradd --system --uid 10001 --home-dir /srv/axsupport axsupport \
 && mkdir /data && chown axsupport /data

COPY . .
# The pages' files lie outside of the volume, so that each image brings its own.
ENV STATIC_ROOT=/srv/static
RUN mkdir /srv/static && SECRET_KEY=only-while-building DATA_DIR=/tmp python manage.py collectstatic --noinput -v0

USER axsupport
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "axsupport.wsgi", "--bind", "0.0.0.0:8000", "--preload", "--worker-class", "axsupport.counter.PatientWorker", "--workers", "2", "--threads", "64", "--timeout", "60", "--graceful-timeout", "10", "--max-requests", "10000", "--max-requests-jitter", "1000"]
