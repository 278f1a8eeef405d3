// SPDX-License-Identifier: MIT
import {type Client, type State, expect, same} from './client.js';

export async function step(api: Client, state: State): Promise<void> {
	const {data} = await api.PUT('/api/articles/{slug}', {
		params: {path: {slug: state.slug}},
		body: {article: {description: 'At length'}}});
	const {article} = expect(data, 'article');

	same(article.description, 'At length', 'description');
	same(article.tagList, ['c', 'ts'], 'tags');
	state.slug = article.slug;
}
