# SPDX-License-Identifier: MIT
# workerd -- how workerd runs hono.js.  PgBouncer is bound as Hyperdrive is at
# Cloudflare; its address and the HTTP port are given on the command line:
#
#	workerd serve --socket-addr=http=127.0.0.1:PORT \
#	    --external-addr=pgbouncer=unix:FOLDER/.s.PGSQL.6432 workerd.capnp
#
# hono.bundle.js is made by esbuild; bench/lib/peers.js has the command.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .hono),
    (name = "pgbouncer", external = (tcp = ())),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);

const hono :Workerd.Worker = (
  modules = [(name = "hono", esModule = embed "hono.bundle.js")],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["nodejs_compat"],
  bindings = [
    (name = "DATABASE", hyperdrive = (
      designator = "pgbouncer",
      database = "mayfly",
      user = "mayfly_function",
      password = "unused",
      scheme = "postgres",
    )),
  ],
);
