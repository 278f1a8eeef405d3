// SPDX-License-Identifier: MIT
import {type Client, type State, expect, same} from './client.js';

export async function step(api: Client, _state: State): Promise<void> {
	const {data} = await api.PUT('/api/user', {body: {user: {
		bio: 'Writes'}}});

	same(expect(data, 'user').user.bio, 'Writes', 'bio');
}
