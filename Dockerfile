# The site in a container: the same lock, the same `prepare` and `serve`. State lives in the volume /var/lib/bonus-track.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 VAR_DIR=/var/lib/bonus-track
RUN useradd --system --home-dir /srv/bonus-track site && install -d -o site -g site "$VAR_DIR"
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/bonus-track
COPY . .
USER site
VOLUME /var/lib/bonus-track
EXPOSE 8000
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 5).close()"]
CMD ["sh", "-c", "python manage.py prepare episodes/content/soundtrack-1.toml && exec python manage.py serve"]
