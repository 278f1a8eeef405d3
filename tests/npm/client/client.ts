// SPDX-License-Identifier: MIT
// client -- what the steps share: the typed client, what one step leaves for the
// next, and two checks, each of which throws.
import type createClient from 'openapi-fetch';
import type {components, paths} from './api.js';

export type Client = ReturnType<typeof createClient<paths>>;
export type Article = components['schemas']['Article'];

export interface State {
	name: string;
	password: string; // of both users
	token: string;
	other: string; // the name of a second user, without a token
	slug: string;
}

export function expect<T>(value: T | undefined, what: string): T {
	if (value === undefined)
		throw new Error(`no ${what}`);
	return value;
}

export function same<T>(got: T, want: T, what: string): void {
	if (JSON.stringify(got) !== JSON.stringify(want))
		throw new Error(`${what}: ${JSON.stringify(got)}, not ` +
		    JSON.stringify(want));
}
