# The same code and the same lock as everywhere; PostgreSQL and Redis come from the containers beside it.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.lock /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r /requirements.lock

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin zhongshi
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py ./
COPY zhongshi zhongshi
COPY platforms platforms
COPY requests requests
COPY matching matching
COPY tools/messages.py tools/messages.py
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=zhongshi.settings.production
# The secret of this one command signs nothing; the real one comes from the environment.
RUN python tools/messages.py compile \
    && SECRET_KEY=for-collecting-static-files-only-and-never-for-serving ALLOWED_HOSTS=localhost \
       python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q /app
# A new volume takes its owner from here.
RUN install -d -m 0700 -o zhongshi -g zhongshi /backups
USER zhongshi
EXPOSE 8000
# Processes from WEB_CONCURRENCY; all else stands in zhongshi/gunicorn.py.
CMD ["gunicorn", "-c", "python:zhongshi.gunicorn", "--bind", "0.0.0.0:8000", "zhongshi.wsgi:application"]
