// SPDX-License-Identifier: MIT
import {type Client, type State, expect, same} from './client.js';

export async function step(api: Client, state: State): Promise<void> {
	const params = {path: {username: state.other}};
	const follow = '/api/profiles/{username}/follow';
	const profile = (data: {profile: {following: boolean}} | undefined) =>
		expect(data, 'profile').profile.following;

	same(profile((await api.GET('/api/profiles/{username}', {params})).data),
	    false, 'a stranger');
	same(profile((await api.POST(follow, {params})).data), true, 'follow');
	same(profile((await api.DELETE(follow, {params})).data), false,
	    'unfollow');
}
