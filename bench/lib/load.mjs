// SPDX-License-Identifier: MIT
// load -- one run of wrk or pgbench, and what it said.
//
// Each returns { requests, rate, p50, p99 }: requests answered, requests per
// second, milliseconds.  A run with any error or any answer but 2xx proves
// nothing and throws.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync }
	from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { BENCH } from './stack.mjs';

const run = promisify(execFile);
const REQUESTS = path.join(process.env.BENCH_TOP, 'bench', 'lib',
    'requests.lua');
const UNIT_MS = { us: 0.001, ms: 1, s: 1000, m: 60000 };

function milliseconds(text, percent) {
	const match = new RegExp(`^ +${percent}% +([0-9.]+)(us|ms|s|m)$`, 'm')
	    .exec(text);
	if (match === null)
		throw new Error(`wrk did not say its ${percent}%:\n${text}`);
	return Number(match[1]) * UNIT_MS[match[2]];
}

// A file that lib/requests.lua reads: requests, [method, path], that bear the
// token, if any.
export function requestFile(name, requests, token = '') {
	const file = path.join(BENCH, `${name}.requests`);
	writeFileSync(file, [token, ...requests.map((one) => one.join(' ')), '']
	    .join('\n'), { mode: 0o600 });
	return { file };
}

// load: a path to GET, or what requestFile() returned.  Its connections are kept
// alive and always busy; one thread of wrk drives them.
export async function wrk(base, load, connections, seconds) {
	const what = load.file === undefined ? [base + load]
		: ['--script', REQUESTS, base, '--', load.file];
	const { stdout } = await run('wrk', ['-t1', `-c${connections}`,
		`-d${seconds}s`, '--timeout', '10s', '--latency', ...what],
		{ timeout: (seconds + 30) * 1000 });
	const bad = /^ +(Non-2xx|Socket errors).*$/m.exec(stdout);
	if (bad !== null)
		throw new Error(`${base} ${what.at(-1)}: ${bad[0].trim()}`);
	const total = /^ +([0-9]+) requests in /m.exec(stdout);
	const rate = /^Requests\/sec: +([0-9.]+)$/m.exec(stdout);
	return {
		requests: Number(total[1]), rate: Number(rate[1]),
		p50: milliseconds(stdout, 50), p99: milliseconds(stdout, 99),
	};
}

export function median(numbers) {
	return percentile(numbers, 50);
}

// Nearest rank; of an even count the median is the mean of the middle two.
export function percentile(numbers, percent) {
	const sorted = [...numbers].sort((a, b) => a - b);
	const n = sorted.length;
	if (percent === 50 && n % 2 === 0)
		return (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
	return sorted[Math.max(0, Math.ceil(n * percent / 100) - 1)];
}

// script: a file for pgbench; args: where to connect and how; env: more of
// libpq's variables.  Latencies are from its log of one transaction in ten.
export async function pgbench(script, args, clients, seconds, env) {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
	try {
		const { stdout } = await run('pgbench', ['--no-vacuum',
			'--file', script, '--client', String(clients),
			'--time', String(seconds), '--log',
			'--log-prefix', path.join(folder, 'log'),
			'--sampling-rate', '0.1', ...args], {
			timeout: (seconds + 30) * 1000,
			env: { ...process.env, ...env },
		});
		const total = /transactions actually processed: ([0-9]+)/
		    .exec(stdout);
		const failed = /failed transactions: ([0-9]+)/.exec(stdout);
		const rate = /^tps = ([0-9.]+)/m.exec(stdout);
		if (total === null || rate === null || failed?.[1] !== '0')
			throw new Error(`pgbench failed:\n${stdout}`);
		const times = readdirSync(folder).flatMap((name) =>
			readFileSync(path.join(folder, name), 'latin1')
			    .trim().split('\n')
			    .map((line) => Number(line.split(' ')[2]) / 1000));
		return {
			requests: Number(total[1]), rate: Number(rate[1]),
			p50: percentile(times, 50), p99: percentile(times, 99),
		};
	} finally {
		rmSync(folder, { recursive: true });
	}
}
