// SPDX-License-Identifier: MIT
// main -- drives the API with openapi-fetch, every call checked by the types of
// openapi-typescript. The steps are the numbered files of this folder, in order.
//
//	node main.js URL ANSWERS	in this folder; each answer becomes a
//					line of ANSWERS, for openapi.mjs; prints
//					"STEP ok", or what went wrong
import {appendFileSync, readdirSync} from 'node:fs';
import createClient, {type Middleware} from 'openapi-fetch';
import type {paths} from './api.js';
import type {Client, State} from './client.js';

interface Step {
	step(api: Client, state: State): Promise<void>;
}

const [url, answers] = process.argv.slice(2) as [string, string];
const state: State = {name: 'ann', password: 'correct horse', token: '',
	other: 'bob', slug: ''};

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

const client = createClient<paths>({baseUrl: url});
client.use(recorder);
for (const file of readdirSync('.').sort()) {
	const name = /^\d+-(.*)\.js$/.exec(file)?.[1];

	if (name === undefined)
		continue;
	try {
		const {step} = await import(`./${file}`) as Step;
		await step(client, state);
		console.log(`${name} ok`);
	} catch (error) {
		console.log(`${name} ${String(error)}`);
	}
}
