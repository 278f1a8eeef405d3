// SPDX-License-Identifier: MIT
// login-flood -- see bench/login-flood.

import { execFile } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { CONNECTIONS, ROUNDS, SECONDS } from './compare.mjs';
import { median, requestFile, wrk } from './load.mjs';
import { BENCH, own as stack, progress, sleep } from './stack.mjs';
import { goals, markdown, number } from './table.mjs';

const run = promisify(execFile);
const ATTACKERS = 500; // addresses, accounts, and logins a second
const HEAD_START_MS = 1000;
const AUTHORS = 2000; // of scripts/seed, who log in; others are attacked
const RATES = 'MAYFLY_RATES';

async function pace(seconds, args, options = []) {
	const { stdout } = await run(path.join(BENCH, 'pace'),
		[...options, String(stack.port), ...args.map(String)],
		{ timeout: (seconds + 30) * 1000 });
	const [answers, p50, p99, max, unsent, ok, wrong, limited, other] =
		stdout.trim().split(' ').map(Number);
	return {
		answers, p50: p50 / 1000, p99: p99 / 1000, max: max / 1000,
		unsent, ok, wrong, limited, other,
	};
}

// A route at a rate; any answer but 2xx ends the bench.
async function steady({ path: where, token }, rate) {
	const got = await pace(SECONDS, [Math.max(1, Math.round(rate)), SECONDS,
		CONNECTIONS * 2, where], token ? ['-t', token] : []);
	if (got.ok !== got.answers || got.other > 0)
		throw new Error(`${where}: ${JSON.stringify(got)}`);
	return got;
}

// Each time other accounts and addresses, which have all of their quotas: no
// flood is easier than its first seconds.
let first = AUTHORS + 1;
function flood(seconds) {
	const done = pace(seconds, [ATTACKERS, seconds, ATTACKERS],
		['-l', String(first)]);
	first += ATTACKERS;
	return done;
}

async function post(where, body, headers = {}) {
	const answer = await fetch(stack.base + where, {
		method: 'POST', body: JSON.stringify(body),
		headers: { 'Content-Type': 'application/json', ...headers },
	});
	if (!answer.ok)
		throw new Error(`${where}: ${answer.status} ${await answer.text()}`);
	return answer.json();
}

const name = `bench${Date.now()}`;
const { user } = await post('/api/users', { user: {
	username: name, email: `${name}@bench.example`, password: 'correct horse',
} });
const list = await (await fetch(`${stack.base}/api/articles`)).json();
const routes = [
	{ path: '/api/articles' },
	{ path: `/api/articles/${list.articles[0].slug}` },
	{ path: '/api/tags' },
	{ path: '/api/user', token: user.token },
];

// The status of a login with the right password, of another person each time,
// at an address of their own.
let person = 0;
function logIn() {
	person = person % AUTHORS + 1;
	return new Promise((resolve, reject) => http.request(
		`${stack.base}/api/users/login`, {
			method: 'POST', agent: false,
			headers: { 'Content-Type': 'application/json' },
			localAddress: `127.200.${person >> 8}.${person & 255}`,
		}, (answer) => answer.resume()
		    .on('end', () => resolve(answer.statusCode)))
	    .on('error', reject)
	    .end(JSON.stringify({ user: {
		    email: `author${person}@seed.example`,
		    password: 'password123',
	    } })));
}

async function honest(seconds) {
	const end = Date.now() + seconds * 1000;
	const times = [];
	let failed = 0;
	while (Date.now() < end) {
		const begin = Date.now();
		if (await logIn() === 200)
			times.push(Date.now() - begin);
		else
			failed++;
		await sleep(200);
	}
	return { times, failed };
}

// The load comes from one address, whose limits would stop it.
stack.change(RATES, 'default.address=off login.address=off');
const results = routes.map((route) => ({ route, quiet: [], flooded: [], ratio: [] }));
const floods = [], logins = [];
try {
	for (const result of results) {
		const { path: where, token } = result.route;
		const { rate } = await wrk(stack.base, requestFile('login-flood',
		    [['GET', where]], token), CONNECTIONS, SECONDS);
		result.rate = rate;
		progress(`${result.route.path}: ${number(rate)} req/s at most`);
	}
	stack.change(RATES, 'default.address=off');
	for (let round = 1; round <= ROUNDS; round++) {
		for (const result of results) {
			const quiet = await steady(result.route, result.rate / 2);
			const attack = flood(SECONDS + HEAD_START_MS / 1000);
			await sleep(HEAD_START_MS);
			const people = honest(SECONDS);
			const flooded = await steady(result.route,
				result.rate / 2);
			floods.push(await attack);
			logins.push(await people);
			result.quiet.push(quiet.p99);
			result.flooded.push(flooded.p99);
			result.ratio.push(flooded.p99 / quiet.p99);
		}
		progress(`round ${round} of ${ROUNDS}`);
	}
} finally {
	stack.change(RATES, 'off');
}

const sum = (key) => floods.reduce((all, each) => all + each[key], 0);
const times = logins.flatMap((each) => each.times);
const failed = logins.reduce((all, each) => all + each.failed, 0);
console.log(`${ATTACKERS} wrong logins a second at ${ATTACKERS} accounts from ` +
    `${ATTACKERS} addresses; each route at half of its maximum rate; medians of ` +
    `${ROUNDS} runs of ${SECONDS} s.\n`);
console.log(markdown(
	['route', 'req/s', 'p99 ms', 'p99 ms, flood', 'ratio'],
	results.map(({ route, rate, quiet, flooded, ratio }) => [
		route.path.replace(/(\/articles\/).*/, '$1:slug'), number(rate / 2),
		number(median(quiet)), number(median(flooded)),
		number(median(ratio)),
	])));
console.log(`Of ${sum('answers')} wrong logins ${sum('wrong')} were told so, ` +
    `${sum('limited')} refused (429), ${sum('other')} not served in time. ` +
    `Of ${times.length + failed} right ones, one after the other from other ` +
    `addresses, ${times.length} came in` + (times.length === 0 ? '.\n'
	: `, in ${number(median(times))} ms (median), ` +
	`${Math.max(...times)} ms (longest).\n`));
console.log(goals(results.map(({ route, ratio }) => ({
	what: `p99 of ${route.path.replace(/(\/articles\/).*/, '$1:slug')}`,
	value: median(ratio), unit: 'x', most: 2,
}))));
