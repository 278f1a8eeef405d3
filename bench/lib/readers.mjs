// SPDX-License-Identifier: MIT
// readers -- the accounts that scripts/seed makes to be logged in as.

import { psql } from './sql.mjs';

// Those who follow so many authors, where there are as many.
export const FOLLOWED = [1, 10, 100, 10000];

// A new token of the reader who follows n authors, as everybody gets one.
export async function token(stack, n) {
	const response = await fetch(`${stack.base}/api/users/login`, {
		method: 'POST', headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ user: {
			email: `reader${n}@seed.example`, password: 'password123',
		} }),
	});
	if (response.status !== 200)
		throw new Error(`logging in answers ${response.status}`);
	return (await response.json()).user.token;
}

// The rows of a query, one text each.
export function texts(stack, query) {
	return psql(stack, query).split('\n').filter((line) => line !== '');
}
