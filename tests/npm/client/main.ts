// SPDX-License-Identifier: MIT
// main -- drives the API with openapi-fetch, every call checked by the types of
// openapi-typescript. The steps are the other files of this folder: each names
// on its first lines the routes it needs, and tests/stack-openapi.sh leaves out
// those that the document does not have.
//
//	node main.js URL ANSWERS	each answer becomes a line of ANSWERS, for
//					openapi.mjs; prints what went well
import {appendFileSync} from 'node:fs';
import createClient, {type Middleware} from 'openapi-fetch';
import type {components, paths} from './api.js';
import {steps} from './steps.js';

export type Client = ReturnType<typeof createClient<paths>>;
export type Article = components['schemas']['Article'];

export interface State {
	name: string;
	token: string;
	other: string; // the name of a second user, without a token
	slug: string;
}

const [url, answers] = process.argv.slice(2) as [string, string];
const state: State = {name: 'ann', token: '', other: 'bob', slug: ''};

const recorder: Middleware = {
	onRequest({request}) {
		if (state.token !== '')
			request.headers.set('Authorization',
			    `Token ${state.token}`);
		return request;
	},
	async onResponse({request, response, schemaPath}) {
		appendFileSync(answers, JSON.stringify({
			method: request.method,
			path: schemaPath,
			status: response.status,
			type: response.headers.get('content-type') ?? '',
			body: await response.clone().text(),
		}) + '\n');
		return response;
	},
};

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

const client = createClient<paths>({baseUrl: url});
client.use(recorder);
for (const [name, step] of steps) {
	try {
		await step(client, state);
		console.log(`${name} ok`);
	} catch (error) {
		console.log(`${name} ${String(error)}`);
	}
}
