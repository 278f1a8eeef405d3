// SPDX-License-Identifier: MIT
// www -- the pages in a browser: prints "NAME VALUE" lines for stack-www.sh.
//
//	node www.mjs URL FOLDER		screenshots go to FOLDER
//
// Views: light and dark, wide and as narrow as a small telephone. Each is looked
// at for errors on the console, a scroll bar below, and by axe-core.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {chromium} from 'playwright-core';

const [url, folder] = process.argv.slice(2);
const axe = readFileSync(
    createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const views = [
	{name: 'light', colorScheme: 'light', width: 1280},
	{name: 'dark', colorScheme: 'dark', width: 1280},
	{name: 'mobile', colorScheme: 'light', width: 320},
	{name: 'mobile-dark', colorScheme: 'dark', width: 320},
];

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-dev-shm-usage'],
});

// Opens a path, when(page) before it; the page, and what its console said.
async function open(path, view, when) {
	const context = await browser.newContext({
		colorScheme: view.colorScheme,
		viewport: {width: view.width, height: 900},
		bypassCSP: false,
	});
	const page = await context.newPage();
	const said = [];

	page.on('console', (m) => {
		if (m.type() === 'error' || m.type() === 'warning')
			said.push(m.text());
	});
	page.on('pageerror', (e) => said.push(String(e)));
	page.on('request', (r) => {
		if (!r.url().startsWith(url))
			said.push(`asks ${r.url()}`);
	});
	if (when !== undefined)
		await when(page);
	await page.goto(url + path);
	return {page, said, context};
}

// Evaluated by the protocol, so the policy of the page does not stand in the
// way of axe, and stays in force for the page.
async function violations(page) {
	await page.evaluate(axe);
	const {violations: found} = await page.evaluate(() => axe.run());

	return found.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`);
}

function print(name, value) {
	console.log(`${name} ${JSON.stringify(value)}`);
}

const listed = (page) => page.locator('#list > li').first()
    .or(page.locator('#note:not([hidden])')).waitFor();

async function look(name, path, view, ready) {
	const {page, said, context} = await open(path, view);

	await ready(page);
	await page.screenshot({path: `${folder}/${name}.png`,
	    fullPage: path === '/'});
	print(`${name}.axe`, await violations(page));
	print(`${name}.scrolls`, await page.evaluate(() =>
	    document.documentElement.scrollWidth > innerWidth));
	print(`${name}.said`, said);
	return {page, context};
}

for (const view of views) {
	const {page, context} = await look(view.name, '/', view, listed);

	if (view.name === 'light') {
		print('titles', await page.locator('h3').allTextContents());
		print('scripts', await page.locator('#list script').count());
		print('by', await page.locator('.by').allInnerTexts());
		print('tags', await page.locator('.tags li').allTextContents());
		print('count', await page.locator('#count').innerText());
		print('older', await page.locator('#older').isVisible());
		print('note', await page.locator('#note').innerText());
		print('links', await page.locator('body > header a, footer a')
		    .evaluateAll((all) => all.map((a) => a.pathname)));
		print('articles', await page.locator('#list a')
		    .evaluateAll((all) => all.map((a) => a.pathname)));
		if (await page.locator('#older').isVisible()) {
			await page.locator('#older').click();
			await page.locator('#list > li').nth(10).waitFor();
			print('more', await page.locator('#list > li').count());
		}
	}
	await context.close();
	await (await look(`api-${view.name}`, '/api.html', view,
	    (p) => p.locator('h1').waitFor())).context.close();
}

// The API says no, then it is not there, then it is well again.
{
	let answer = (route) => route.fulfill({status: 503,
	    contentType: 'application/json',
	    body: '{"errors":{"database":["is not available"]}}'});
	const {page} = await open('/', views[0], (p) =>
	    p.route('**/api/articles*', (route) => answer(route)));

	await listed(page);
	print('refused', await page.locator('#note').innerText());
	answer = (route) => route.abort();
	await page.locator('#older').click();
	await page.getByText('cannot be reached').waitFor();
	print('away', await page.locator('#note').innerText());
	answer = (route) => route.continue();
	await page.locator('#older').click();
	await page.locator('#note').filter({hasNotText: 'reached'})
	    .waitFor({state: 'attached'});
	print('again', await page.locator('#list > li').count());
}
await browser.close();
