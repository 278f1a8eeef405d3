# SPDX-License-Identifier: MIT
# workerd -- how workerd runs hono.bundle.js, which esbuild makes of hono.js.
#
# PgBouncer is bound as Hyperdrive is at Cloudflare.  Its address and that of
# HTTP are given on the command line (bench/lib/peers.mjs).

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
  bindings = [
    (name = "TOKEN_SECRET", fromEnvironment = "TOKEN_SECRET"),
    (name = "DATABASE", hyperdrive = (
      designator = "pgbouncer",
      database = "peers",
      user = "mayfly_writer",
      password = "unused",
      scheme = "postgres",
    )),
  ],
);
