// SPDX-License-Identifier: MIT
// cgi -- see bench/cgi.

import { percentile } from './load.mjs';
import { lives, plainCgi } from './single.mjs';
import { option, own as mayfly, progress } from './stack.mjs';
import { goals, markdown, mebibytes, number } from './table.mjs';

const ROUNDS = option('ROUNDS', 5);
const RUNS = option('RUNS', 500);

const subjects = [
	{ name: 'article-list, with its query',
		...plainCgi(mayfly, 'article-list', 'limit=20') },
	{ name: 'health, no query', ...plainCgi(mayfly, 'health', '') },
	{ name: '/bin/true', program: '/bin/true', text: '', env: {} },
];

const results = new Map(subjects.map(({ name }) => [name, []]));
for (const subject of subjects)
	await lives(subject, 20);
for (let round = 0; round < ROUNDS; round++) {
	for (let n = 0; n < subjects.length; n++) {
		const subject = subjects[(n + round) % subjects.length];
		results.get(subject.name).push(
		    ...await lives(subject, Math.ceil(RUNS / ROUNDS)));
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
