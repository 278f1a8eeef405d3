// SPDX-License-Identifier: MIT
// pair -- the same figure of two revisions, measured in turns.
//
// A round measures both, one after the other, so what else the machine does
// hits both about alike: the ratio is taken in each round, and its spread over
// the rounds says what of it is noise.

import { median, percentile } from './load.mjs';
import { number } from './table.mjs';

export const PAIR_HEAD = ['before', 'after', 'after : before', 'quartiles',
	'rounds above 1'];

// The two in the order of a round: one that goes first always might gain.
export function inTurn(pair, round) {
	return round % 2 === 0 ? pair : pair.toReversed();
}

// before, after: a figure of each round -> the cells of a row, as PAIR_HEAD.
export function pairCells(before, after) {
	const ratios = before.map((value, n) => after[n] / value);
	const quartile = (percent) => number(percentile(ratios, percent));
	return [number(median(before)), number(median(after)),
		number(median(ratios)), `${quartile(25)} to ${quartile(75)}`,
		`${ratios.filter((ratio) => ratio > 1).length} of ${ratios.length}`];
}
