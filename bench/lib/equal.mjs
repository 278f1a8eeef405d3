// SPDX-License-Identifier: MIT
// equal -- that all servers give answers equal in meaning, before any is
// measured: the same JSON whatever the order of keys, the same moments
// whatever their notation, to the millisecond.

import assert from 'node:assert/strict';

// The page that is measured, and those that are compared.  100 articles are the
// most that a page has.
export const FEED = '/api/articles';
export const FEED_PAGES = [FEED, `${FEED}?limit=5&offset=40`,
	`${FEED}?limit=100`, `${FEED}?limit=7&offset=3000`];

const TIMES = new Set(['createdAt', 'updatedAt']);

// What a server says to [method, path], in its meaning.
export async function answer(base, [method, path], token = '') {
	const response = await fetch(base + path, {
		method,
		headers: token === '' ? {} : { Authorization: `Token ${token}` },
	});
	assert.equal(response.status, 200, `${method} ${base}${path}`);
	assert.match(response.headers.get('content-type'),
	    /^application\/json\b/, `${base}${path}`);
	return JSON.parse(await response.text(), (key, value) => {
		if (!TIMES.has(key))
			return value;
		assert.match(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+/);
		return new Date(value).toISOString();
	});
}

// servers: [{ name, base }], the first is what the others are held against.
// Returns the first's answer to the first path.
export async function checkEqual(servers, paths, token = '') {
	let first;
	for (const path of paths) {
		const wanted = await answer(servers[0].base, ['GET', path],
		    token);
		first ??= wanted;
		for (const { name, base } of servers.slice(1)) {
			assert.deepEqual(await answer(base, ['GET', path], token), wanted,
			    `${name} answers ${path} differently`);
		}
	}
	return first;
}
