// SPDX-License-Identifier: MIT
// process -- what a process tree used, from /proc: CPU time and memory.
//
// CPU time is conserved when a process of the tree ends during a run, because
// its parent inherits it: the sum takes each process's own time and that of
// its children already waited for.  Its resolution is a clock tick, 10 ms.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], {
	encoding: 'utf8',
}));

// The fields of /proc/PID/stat after the name, which may hold any character;
// [0] is the state, so field N of proc(5) is [N - 3].  Null: it has ended.
function stat(pid) {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
		return text.slice(text.lastIndexOf(')') + 2).split(' ');
	} catch {
		return null;
	}
}

export function alive(pid) {
	const fields = stat(pid);
	return fields !== null && fields[0] !== 'Z';
}

// The pids of the roots and all below them.
export function tree(roots) {
	const children = new Map();
	for (const name of readdirSync('/proc')) {
		const fields = /^[0-9]+$/.test(name) ? stat(name) : null;
		if (fields === null)
			continue;
		const parent = Number(fields[1]);
		if (!children.has(parent))
			children.set(parent, []);
		children.get(parent).push(Number(name));
	}
	const found = [...roots];
	for (let n = 0; n < found.length; n++)
		found.push(...(children.get(found[n]) ?? []));
	return [...new Set(found)];
}

// Seconds of CPU that the trees below the roots have used so far.
export function cpuSeconds(roots) {
	let ticks = 0;
	for (const pid of tree(roots)) {
		const fields = stat(pid);
		for (let n = 11; fields !== null && n <= 14; n++)
			ticks += Number(fields[n]);
	}
	return ticks / TICKS;
}

// Bytes of one process: { pss, uss }, or null when it has ended.  PSS counts a
// page shared by n processes as 1/n; USS counts only what is nobody else's.
export function memory(pid) {
	let text;
	try {
		text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
	} catch {
		return null;
	}
	const bytes = (key) =>
		Number((new RegExp(`^${key}: +([0-9]+) kB`, 'm')).exec(text)?.[1] ??
		    0) * 1024;
	return {
		pss: bytes('Pss'),
		uss: bytes('Private_Clean') + bytes('Private_Dirty'),
	};
}

export function pssBytes(roots) {
	let sum = 0;
	for (const pid of tree(roots))
		sum += memory(pid)?.pss ?? 0;
	return sum;
}

// The program that a process runs, without its folder.
export function program(pid) {
	try {
		const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
		return line.split('\0')[0].split('/').at(-1);
	} catch {
		return '';
	}
}
