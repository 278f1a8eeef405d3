// SPDX-License-Identifier: MIT
// stack -- the stack of the bench, as lib/stack.sh has started it.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const VAR = process.env.VAR;
export const PORT = Number(process.env.HTTP_PORT);
export const RUN = path.join(VAR, 'run');
export const BENCH = path.join(VAR, 'bench');

// A whole number that the command line may have set.
export function option(name, otherwise) {
	return Number(process.env[`BENCH_${name}`] ?? otherwise);
}

function pid(daemon) {
	const text = readFileSync(path.join(VAR, 'pid', `${daemon}.pid`), 'utf8');
	return Number(text.split(' ')[0]);
}

// The roots of the trees: nginx with its workers, mayflyd with all instances.
export function serverRoots() {
	return [pid('nginx'), pid('mayflyd')];
}

export function databaseRoots() {
	return [pid('postgres'), pid('pgbouncer')];
}

// What mayflyd says of all functions.
export function status() {
	return JSON.parse(execFileSync(path.join(VAR, 'bin', 'mayfly'),
	    ['status', '-o', 'json', '--run-dir', RUN],
	    { encoding: 'utf8', timeout: 5000 })).functions;
}

export function instances(name) {
	return status().find((fn) => fn.name === name).instances
	    .map((instance) => instance.pid);
}

// The settings of the stack, as { KEY: value }.
export function settings() {
	const lines = readFileSync(path.join(VAR, 'env'), 'utf8').split('\n');
	return Object.fromEntries(lines.filter((line) => /^\w+=/.test(line))
	    .map((line) => [line.slice(0, line.indexOf('=')),
		    line.slice(line.indexOf('=') + 1)]));
}

// Change a setting, or with undefined go back to the default, and restart
// what has it.
export function change(key, value) {
	const file = path.join(VAR, 'env');
	const lines = readFileSync(file, 'utf8').split('\n')
	    .filter((line) => line !== '' && !line.startsWith(`${key}=`));
	if (value !== undefined)
		lines.push(`${key}=${value}`);
	writeFileSync(file, `${lines.join('\n')}\n`);
	execFileSync(path.join(process.env.BENCH_TOP, 'scripts', 'up'), [],
	    { stdio: ['ignore', 'ignore', 'inherit'] });
}

// The descriptor of a function: what its executable says of itself.
export function descriptor(name) {
	return JSON.parse(execFileSync(path.join(VAR, 'cgi-bin', name),
	    ['--describe'], { encoding: 'utf8', timeout: 5000 }));
}

export function sleep(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

// To stderr, so that stdout holds the tables alone.
export function progress(text) {
	process.stderr.write(`bench: ${text}\n`);
}
