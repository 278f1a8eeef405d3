// SPDX-License-Identifier: MIT
// callgrind -- PostgreSQL of a stack under valgrind, which counts instructions
// where the machine has no counter of its own.
//
// valgrind follows the postmaster's forks, and when a back end ends it says how
// many instructions it has taken, since the start of the postmaster.  pgbench
// connects twice, to look and to work: the difference between the two, for few
// executions and for many, leaves the executions alone.

import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync, rmSync, statSync }
	from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { sleep } from './stack.mjs';

const run = promisify(execFile);
const FEW = 20;
const MANY = 220;
const READY_MS = 60000;
const ENDED_MS = 10000;

export function haveCallgrind() {
	try {
		execFileSync('valgrind', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

async function until(ms, what, test) {
	const end = Date.now() + ms;
	while (!await test()) {
		if (Date.now() > end)
			throw new Error(`${what}: not within ${ms} ms`);
		await sleep(50);
	}
}

// Stops the stack and starts its PostgreSQL under callgrind, as who owns the
// stack's sockets.  Returns { count, stop }; stop leaves the stack stopped.
export async function callgrindServer(stack) {
	const postgres = readlinkSync(`/proc/${stack.pid('postgres')}/exe`);
	const logs = path.join(stack.folder, 'log');
	const { uid, gid } = statSync(stack.run);
	stack.script('down');

	const files = () => readdirSync(logs)
	    .filter((name) => /^callgrind\.[0-9]+$/.test(name));
	const clear = () => {
		for (const name of files())
			rmSync(path.join(logs, name));
	};
	clear();
	// No autovacuum: its back ends would be counted.
	const child = spawn('valgrind', ['--tool=callgrind',
		'--callgrind-out-file=/dev/null',
		`--log-file=${path.join(logs, 'callgrind.%p')}`, postgres,
		'-c', `config_file=${path.join(stack.folder, 'postgresql.conf')}`,
		'-c', 'autovacuum=off'], {
		cwd: '/', stdio: 'ignore',
		env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
		...(process.getuid() === 0 && { uid, gid }),
	});
	const ended = once(child, 'exit');
	const kill = () => child.kill('SIGINT');
	process.on('exit', kill);
	const stop = async () => {
		kill();
		await ended;
		process.off('exit', kill);
		clear();
	};

	// Of the back ends that have ended since mark.
	const collected = (mark) => files().filter((name) => !mark.has(name))
	    .map((name) => /Collected : ([0-9]+)/.exec(readFileSync(
	        path.join(logs, name), 'latin1'))?.[1])
	    .filter((text) => text !== undefined).map(Number);

	async function executions(file, args, options, times) {
		const mark = new Set(files());
		await run('pgbench', ['--no-vacuum', '--file', file,
			'--transactions', String(times), ...args], {
			timeout: 300000,
			env: { ...process.env, PGOPTIONS: `${options} ` +
			    '-c statement_timeout=0' },
		});
		await until(ENDED_MS, 'the end of two back ends',
		    () => collected(mark).length === 2);
		const [one, two] = collected(mark);
		return Math.abs(one - two);
	}

	async function count(file, args, options) {
		const few = await executions(file, args, options, FEW);
		const many = await executions(file, args, options, MANY);
		return (many - few) / (MANY - FEW);
	}

	try {
		await until(READY_MS, 'PostgreSQL under callgrind', () => {
			assert.equal(child.exitCode, null,
			    'PostgreSQL under callgrind has ended');
			return run(path.join(path.dirname(postgres), 'pg_isready'),
			    ['-q', '-h', stack.run, '-p', '5432'])
			    .then(() => true, () => false);
		});
	} catch (err) {
		await stop();
		throw err;
	}
	return { count, stop };
}
