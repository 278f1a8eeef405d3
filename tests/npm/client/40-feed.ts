// SPDX-License-Identifier: MIT
import {type Client, type State, expect, same} from './client.js';

export async function step(api: Client, _state: State): Promise<void> {
	const {data} = await api.GET('/api/articles/feed', {params: {query: {
		limit: 3}}});

	same(expect(data, 'feed').articlesCount, 0, 'nobody is followed');
}
