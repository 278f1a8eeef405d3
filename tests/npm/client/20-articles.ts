// SPDX-License-Identifier: MIT
import {type Article, type Client, type State, expect, same} from './client.js';

export async function step(api: Client, state: State): Promise<void> {
	const made = await api.POST('/api/articles', {body: {article: {
		title: 'Of types', description: 'In short', body: '# Types',
		tagList: ['c', 'ts']}}});
	const article: Article = expect(made.data, 'article').article;

	state.slug = article.slug;
	const bad = await api.POST('/api/articles', {body: {article: {
		title: ' ', description: 'x', body: 'x'}}});
	same(bad.error?.errors, {title: ["can't be blank"]}, 'blank');

	const list = expect((await api.GET('/api/articles', {params: {query: {
		tag: 'ts', limit: 5}}})).data, 'list');
	const count: number = list.articlesCount;
	same(count, 1, 'count');
	same(list.articles.map(({slug}) => slug), [article.slug], 'list');
	// @ts-expect-error: articles of a list have no body
	same(list.articles[0]?.body, undefined, 'body');

	const one = await api.GET('/api/articles/{slug}', {params: {path: {
		slug: article.slug}}});
	same(expect(one.data, 'one').article, article, 'one');
	const none = await api.GET('/api/articles/{slug}', {params: {path: {
		slug: 'none'}}});
	same(none.error?.errors, {article: ['not found']}, 'none');
	same((await api.GET('/api/tags')).data?.tags, ['c', 'ts'], 'tags');
}
