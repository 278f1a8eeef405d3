// SPDX-License-Identifier: MIT
// stack -- the stacks of the bench, as lib/stack.sh has started them.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

// A whole number that the command line may have set.
export function option(name, otherwise) {
	return Number(process.env[`BENCH_${name}`] ?? otherwise);
}

// The stack that scripts/up of the tree top runs in folder.
export function stackAt(top, folder) {
	const file = (...names) => path.join(folder, ...names);
	const read = (...names) => readFileSync(file(...names), 'utf8');
	const run = file('run');
	const port = Number(read('pid', 'port'));

	const pid = (daemon) =>
		Number(read('pid', `${daemon}.pid`).split(' ')[0]);
	const say = (program, ...args) => JSON.parse(execFileSync(program, args,
	    { encoding: 'utf8', timeout: 5000 }));
	// What mayflyd says of all functions.
	const status = () => say(file('bin', 'mayfly'), 'status', '-o', 'json',
	    '--run-dir', run).functions;
	// up or down of this stack.
	const script = (name) => execFileSync(path.join(top, 'scripts', name), [], {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, VAR: folder, HTTP_PORT: String(port) },
	});

	return {
		folder, run, port, pid, status, script,
		base: `http://127.0.0.1:${port}`,
		// The roots of the trees: nginx with its workers, mayflyd with
		// all instances.
		serverRoots: () => [pid('nginx'), pid('mayflyd')],
		databaseRoots: () => [pid('postgres'), pid('pgbouncer')],
		instances: (name) => status().find((fn) => fn.name === name)
		    .instances.map((instance) => instance.pid),
		// The settings of the stack, as { KEY: value }.
		settings: () => Object.fromEntries(read('env').split('\n')
		    .filter((line) => /^\w+=/.test(line))
		    .map((line) => [line.slice(0, line.indexOf('=')),
			    line.slice(line.indexOf('=') + 1)])),
		// Change a setting, or with undefined go back to the default, and
		// restart what has it.
		change(key, value) {
			const lines = read('env').split('\n').filter((line) =>
				line !== '' && !line.startsWith(`${key}=`));
			if (value !== undefined)
				lines.push(`${key}=${value}`);
			writeFileSync(file('env'), `${lines.join('\n')}\n`);
			script('up');
		},
		// What the executable of a function says of itself.
		descriptor: (name) => say(file('cgi-bin', name), '--describe'),
	};
}

export const BENCH = path.join(process.env.VAR, 'bench');
export const own = stackAt(process.env.BENCH_TOP, process.env.VAR);

// The other revision's, in bench/versus and bench/plans.
export function beforeStack() {
	return stackAt(process.env.BENCH_BEFORE_TOP,
	    process.env.BENCH_BEFORE_VAR);
}

export function sleep(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

// To stderr, so that stdout holds the tables alone.
export function progress(text) {
	process.stderr.write(`bench: ${text}\n`);
}
