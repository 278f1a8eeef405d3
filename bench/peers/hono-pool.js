// SPDX-License-Identifier: MIT
// hono-pool -- the peer Hono on workerd with postgres.js, connections kept.
//
// The only place in workerd where a connection may outlive its request is a
// Durable Object.  Here one holds the pool, and every request calls it.  At
// Cloudflare all traffic would go through one such object in one place, which
// is why nobody deploys it so; on one machine it is the faster way.

import { DurableObject } from 'cloudflare:workers';
import postgres from 'postgres';
import { OPTIONS, routes, rowsOf } from './hono-routes.js';

export class Pool extends DurableObject {
	constructor(ctx, env) {
		super(ctx, env);
		this.sql = postgres(env.DATABASE.connectionString,
		    { ...OPTIONS, max: 16 });
	}

	rows(name, values) {
		return rowsOf(this.sql, name, values);
	}
}

export default routes((c, name, values) =>
	c.env.POOL.get(c.env.POOL.idFromName('pool')).rows(name, values));
