# The web app. It is built once here; the Rust build takes the result.
FROM node:20-bookworm-slim AS web
WORKDIR /web
COPY frontend/ ./
RUN npm ci --no-audit --no-fund && npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=web /web/build /web
ENV DEMARCHE_FRONTEND_DIST=/web
RUN cargo build --release --locked --bin demarche

# Debian 13 brings pg_dump 17. The one of Debian 12 is version 15 and refuses to copy a PostgreSQL 17.
FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --no-create-home demarche \
    && install -d -o demarche -g demarche -m 0700 /data
COPY --from=build /src/target/release/demarche /usr/local/bin/demarche
COPY frameworks/ /usr/share/demarche/frameworks/
# A container's own loopback reaches nobody. `serve --demo` refuses this address: it is for one machine.
ENV DEMARCHE_BIND=0.0.0.0:8080 DEMARCHE_DATA_DIR=/data DEMARCHE_LOG_FORMAT=json
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["demarche"]
CMD ["serve"]
