// SPDX-License-Identifier: MIT
// bun -- the peer Bun, with its own HTTP server and its own PostgreSQL client:
// the routes of blog.js and GET /healthz.
//
// Run once per core: the processes share the port (reusePort), as Bun's guide
// to clusters says.  The environment says: PORT; SOCKET, PostgreSQL's or
// PgBouncer's; PGUSER, PGDATABASE; POOL_MAX; TOKEN_SECRET.  BEST=1 is for what
// needs PostgreSQL without a pooler before it: statements that Bun prepares,
// SETTINGS of the connections (JSON), the session looked up within; and a cache
// of the tokens that have been checked.  Otherwise tokens are checked by jose.

import { SQL, serve } from 'bun';
import { createVerifier } from 'fast-jwt';
import { jwtVerify } from 'jose';
import { blog, token } from './blog.js';
import { separate, withSession } from './query.js';

const { env } = process;
const best = env.BEST === '1';
const statements = best ? withSession : separate;
const sql = new SQL({
	adapter: 'postgres', path: env.SOCKET, username: env.PGUSER,
	database: env.PGDATABASE, max: Number(env.POOL_MAX), prepare: best,
	...(best && { connection: JSON.parse(env.SETTINGS) }),
});
const { list, article, feed, favorite, unfavorite } = blog(
    (name, values) => sql.unsafe(statements[name], values), best);

const key = new TextEncoder().encode(env.TOKEN_SECRET);
const cached = createVerifier({
	key: env.TOKEN_SECRET, algorithms: ['HS256'], cache: true,
});

async function claims(request) {
	const text = token(request.headers.get('authorization'));
	try {
		return best ? cached(text) : (await jwtVerify(text, key,
		    { algorithms: ['HS256'] })).payload;
	} catch {
		return undefined;
	}
}

function query(request) {
	const at = request.url.indexOf('?');
	const given = new URLSearchParams(at < 0 ? ''
		: request.url.slice(at + 1));
	return [given.get('limit'), given.get('offset')];
}

const json = ({ status, body }) => Response.json(body, { status });

serve({
	hostname: '127.0.0.1', port: Number(env.PORT), reusePort: true,
	routes: {
		'/healthz': () => Response.json({ status: 'ok' }),
		'/api/articles': {
			GET: async (request) =>
				json(await list(...query(request))),
		},
		'/api/articles/feed': {
			GET: async (request) => json(await feed(
			    await claims(request), ...query(request))),
		},
		'/api/articles/:slug': {
			GET: async ({ params }) => json(await article(params.slug)),
		},
		'/api/articles/:slug/favorite': {
			POST: async (request) => json(await favorite(
			    await claims(request), request.params.slug)),
			DELETE: async (request) => json(await unfavorite(
			    await claims(request), request.params.slug)),
		},
	},
});
