// SPDX-License-Identifier: MIT
// table -- Markdown tables whose columns line up in a terminal too.

// Three significant digits, without an exponent.
export function number(value) {
	if (!Number.isFinite(value))
		return '-';
	const digits = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
	return value.toFixed(Math.min(4, Math.max(0, 2 - digits)));
}

export function mebibytes(bytes) {
	return number(bytes / 1048576);
}

// head: titles; rows: lists of texts; the first column reads left.
export function markdown(head, rows) {
	const widths = head.map((title, column) => Math.max(3, title.length,
		...rows.map((row) => row[column].length)));
	const line = (cells) => `| ${cells.map((cell, column) =>
		column === 0 ? cell.padEnd(widths[column])
			: cell.padStart(widths[column])).join(' | ')} |\n`;
	const rule = widths.map((width, column) =>
		column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`);
	return line(head) + line(rule) + rows.map(line).join('');
}

// goals: [{ what, value, unit, least | most }] -> a table that says whether
// each is met.  most may be exclusive: { most, below: true }.
export function goals(list) {
	return markdown(['goal', 'measured', 'wanted', 'met'], list.map((goal) => {
		const unit = goal.unit ?? '';
		const met = goal.least !== undefined ? goal.value >= goal.least
			: goal.below ? goal.value < goal.most
				: goal.value <= goal.most;
		const sign = goal.least !== undefined ? '>='
			: goal.below ? '<' : '<=';
		return [goal.what, number(goal.value) + unit,
			`${sign} ${number(goal.least ?? goal.most)}${unit}`,
			met ? 'yes' : 'no'];
	}));
}
