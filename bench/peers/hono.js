// SPDX-License-Identifier: MIT
// hono -- the peer Hono on workerd with postgres.js, a connection per request.
//
// A Worker may not use an I/O object of another request: a pool in a global
// variable ends in "Cannot perform I/O on behalf of a different request".  So
// a connection lives as long as its request, as Cloudflare's documentation
// says for postgres.js with Hyperdrive.  It goes to the pooler's unix socket.

import postgres from 'postgres';
import { OPTIONS, routes, rowsOf } from './hono-routes.js';

export default routes(async (c, name, values) => {
	let sql = c.get('sql');
	if (sql === undefined) {
		sql = postgres(c.env.DATABASE.connectionString,
		    { ...OPTIONS, max: 1 });
		c.set('sql', sql);
	}
	return await rowsOf(sql, name, values);
}, (c) => c.executionCtx.waitUntil(c.get('sql')?.end()));
