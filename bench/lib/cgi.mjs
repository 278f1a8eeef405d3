// SPDX-License-Identifier: MIT
// cgi -- see bench/cgi.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { percentile } from './load.mjs';
import { BENCH, VAR, option, progress, settings } from './stack.mjs';
import { goals, markdown, mebibytes, number } from './table.mjs';

const run = promisify(execFile);
const ROUNDS = option('ROUNDS', 5);
const RUNS = option('RUNS', 500);

const { DATABASE_URL, MAYFLY_TOKEN_SECRET } = settings();
const common = {
	GATEWAY_INTERFACE: 'CGI/1.1', SERVER_PROTOCOL: 'HTTP/1.1',
	REQUEST_METHOD: 'GET', DATABASE_URL, MAYFLY_TOKEN_SECRET,
	MAYFLY_LOG_LEVEL: 'error',
};
const subjects = [
	{ name: 'article-list, with its query',
		program: path.join(VAR, 'cgi-bin', 'article-list'),
		text: 'Status: 200',
		env: { ...common, QUERY_STRING: 'limit=20' } },
	{ name: 'health, no query', program: path.join(VAR, 'cgi-bin', 'health'),
		text: 'Status: 200', env: { ...common, QUERY_STRING: '' } },
	{ name: '/bin/true', program: '/bin/true', text: '', env: {} },
];

// [[microseconds, CPU microseconds, peak KiB]...] of count runs.
async function times({ program, text, env }, count) {
	const { stdout } = await run(path.join(BENCH, 'exec-time'),
	    [String(count), text, program], { env, timeout: 120000 });
	return stdout.trim().split('\n')
	    .map((line) => line.split(' ').map(Number));
}

const results = new Map(subjects.map(({ name }) => [name, []]));
for (const subject of subjects)
	await times(subject, 20);
for (let round = 0; round < ROUNDS; round++) {
	for (let n = 0; n < subjects.length; n++) {
		const subject = subjects[(n + round) % subjects.length];
		results.get(subject.name).push(
		    ...await times(subject, Math.ceil(RUNS / ROUNDS)));
	}
	progress(`round ${round + 1} of ${ROUNDS}`);
}

const figures = new Map([...results].map(([name, runs]) => {
	const column = (n) => runs.map((one) => one[n]);
	const sum = (n) => column(n).reduce((a, b) => a + b);
	return [name, {
		rate: runs.length / sum(0) * 1e6,
		p50: percentile(column(0), 50) / 1000,
		p99: percentile(column(0), 99) / 1000,
		cpu: sum(1) / runs.length / 1000,
		peak: Math.max(...column(2)) * 1024,
	}];
}));
const own = figures.get(subjects[0].name);

console.log('Plain CGI, from fork and exec to exit, one after the other; ' +
    `${RUNS} runs each, alternating in ${ROUNDS} rounds.\n`);
console.log(markdown(['', 'runs/s', 'p50 ms', 'p99 ms', 'CPU s/1,000',
	'peak resident MiB', 'with query : this'],
    [...figures].map(([name, one]) => [name, number(one.rate),
	    number(one.p50), number(one.p99), number(one.cpu),
	    mebibytes(one.peak), one === own ? '1'
		    : `${number(own.p50 / one.p50)}x`])));
console.log(goals([
	{ what: 'CGI with a query, p50', value: own.p50, unit: ' ms', most: 2 },
]));
