# SPDX-License-Identifier: MIT
# workerd-pool -- how workerd runs hono-pool.bundle.js, made of hono-pool.js.
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
  modules = [(name = "hono", esModule = embed "hono-pool.bundle.js")],
  compatibilityDate = "2026-11-01",
  durableObjectNamespaces = [(className = "Pool", uniqueKey = "pool")],
  durableObjectStorage = (inMemory = void),
  bindings = [
    (name = "TOKEN_SECRET", fromEnvironment = "TOKEN_SECRET"),
    (name = "POOL", durableObjectNamespace = "Pool"),
    (name = "DATABASE", hyperdrive = (
      designator = "pgbouncer",
      database = "peers",
      user = "mayfly_writer",
      password = "unused",
      scheme = "postgres",
    )),
  ],
);
