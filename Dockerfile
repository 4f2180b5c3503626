# The server alone: no sandbox, no test tools.
ARG PYTHON=python:3.12-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# Dependencies first: this layer is built again only when a lock changes.
COPY requirements-server.lock requirements-build.lock ./
RUN python -m venv /opt/release-gate \
    && /opt/release-gate/bin/python -m pip install --require-hashes -r requirements-server.lock \
    && python -m pip install --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY config ./config
COPY bot ./bot
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/release-gate/bin/python -m pip install --no-deps --no-index /wheels/*.whl \
    && /opt/release-gate/bin/python -m pip check \
    && /opt/release-gate/bin/python -m compileall -q /opt/release-gate/lib \
    && mkdir /data

FROM ${PYTHON}
ENV PATH=/opt/release-gate/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATABASE_URL=sqlite:////data/release-gate.sqlite3
COPY --from=build /opt/release-gate /opt/release-gate
# Owned by number, so that Kubernetes' `runAsNonRoot` can tell that it is nobody's root.
COPY --from=build --chown=10001:10001 /data /data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["release-gate"]
CMD ["serve"]
