# The guide in one image: dependencies, code, corpus and a built index. At run time it needs
# no network and writes only to /tmp and, where feedback is on, to GLUTE_GUIDE_HOME.
#
#   docker build -t glute-guide .
#   docker run --rm -p 127.0.0.1:8501:8501 -e GLUTE_GUIDE_HOSTS=localhost glute-guide

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /guide
RUN python -m venv .venv
COPY pyproject.toml constraints.txt README.md ./
# The dependencies in a layer of their own: code changes more often than they do.
RUN mkdir -p app/answer index eval && touch app/__init__.py app/answer/__init__.py \
      index/__init__.py eval/__init__.py && \
    PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu \
    .venv/bin/pip install -c constraints.txt -e .
COPY index index
COPY app app
COPY eval eval
COPY corpus corpus
RUN .venv/bin/glute-guide index build && .venv/bin/glute-guide index verify

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 MALLOC_ARENA_MAX=2
RUN useradd --system --uid 10001 --no-create-home guide
WORKDIR /guide
COPY --from=build /guide /guide
COPY --from=build --chown=10001:10001 /guide/.glute-guide /guide/.glute-guide
USER 10001
EXPOSE 8501
HEALTHCHECK --start-period=60s CMD ["/guide/.venv/bin/python", "-c", \
  "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/readyz', timeout=5)"]
STOPSIGNAL SIGTERM
CMD ["/guide/.venv/bin/glute-guide", "serve", "--host", "0.0.0.0", "--port", "8501"]
