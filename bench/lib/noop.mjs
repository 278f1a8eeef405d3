// SPDX-License-Identifier: MIT
// noop -- see bench/noop.

import { CONNECTIONS, ROUNDS, SECONDS, compare, mayfly, peers, show }
	from './compare.mjs';
import { checkEqual } from './equal.mjs';
import { stopAll } from './peers.mjs';
import { progress } from './stack.mjs';

const PATH = '/healthz';

const own = mayfly();
// A pool makes no difference where no database is asked.
const others = (await peers()).filter(({ name }) => !/pool/.test(name));
await checkEqual([own, ...others], [PATH]);
progress('all answers are equal in meaning');

const results = await compare([own, ...others], PATH);
stopAll();

console.log(`GET ${PATH}: a function that does nothing; ${CONNECTIONS} ` +
    `connections, medians of ${ROUNDS} runs of ${SECONDS} s.\n`);
console.log(show(results, 'Mayfly'));
