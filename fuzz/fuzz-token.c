/* SPDX-License-Identifier: MIT */
/*
 * fuzz-token -- three ways to use the bytes; the first byte chooses.
 *
 *	'r'	raw, as a token: taken only when its signature is right
 *	's'	as header, line break, claims, which are then signed: taken
 *		only when they mean what token_sign() would have written
 *	'm'	place, mask: a good token damaged at one place is refused
 */
#undef NDEBUG
#include <assert.h>
#include <json-c/json.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "json_in.h"
#include "token.h"

enum {
	NOW_S = 1700000000,
	TEXT_MAX = 4 * TOKEN_MAX_BYTES,
	URLSAFE = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

/* 32 bytes, so that libsodium's one-shot call is a second opinion. */
static const char secret[] = "0123456789abcdef0123456789abcdef";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static size_t
encode(const void *bytes, size_t len, char *out, size_t at)
{
	sodium_bin2base64(out + at, TEXT_MAX - at, bytes, len, URLSAFE);
	return at + strlen(out + at);
}

/* Append '.' and the signature of all before it. */
static size_t
sign(char *out, size_t at)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256(
	    mac, (const unsigned char *)out, at, (const unsigned char *)secret);
	out[at++] = '.';
	return encode(mac, sizeof(mac), out, at);
}

static enum token_status
verify(const char *text, size_t len, struct token *token)
{
	enum token_status status =
	    token_verify(secret, text, len, NOW_S, token);
	struct token later;

	assert((status == TOKEN_OK) == (token->user_id > 0));
	assert((status == TOKEN_OK) == (token->session_id > 0));
	assert(token->user_id >= 0 && token->session_id >= 0);
	/* Whatever is ours is over at the end of time. */
	assert((token_verify(secret, text, len, INT64_MAX, &later) ==
	           TOKEN_EXPIRED) == (status != TOKEN_INVALID) ||
	       status == TOKEN_INVALID);
	return status;
}

static void
raw(const char *text, size_t len)
{
	size_t signed_len = len;
	char *copy;
	struct token is;

	if (verify(text, len, &is) == TOKEN_INVALID)
		return;
	while (signed_len > 0 && text[--signed_len] != '.')
		;
	copy = xmalloc(TEXT_MAX);
	memcpy(copy, text, signed_len);
	assert(sign(copy, signed_len) == len);
	assert(memcmp(copy, text, len) == 0);
	free(copy);
}

static bool
says(const struct json_object *object, const char *key, const char *text)
{
	struct json_object *value;

	return json_object_object_get_ex(object, key, &value) &&
	       json_object_is_type(value, json_type_string) &&
	       strcmp(json_object_get_string(value), text) == 0;
}

/* What a taken token says: the header, and claims that sign to its equal. */
static void
check_meaning(
    const char *text, size_t header_len, size_t len, const struct token *is)
{
	struct json_object *header, *claims, *value;
	char number[32], token[TOKEN_MAX_BYTES];
	struct token again;
	int64_t issued_s, expires_s;
	size_t n;

	assert(json_in_parse(text, header_len, &header) == JSON_IN_OK);
	assert(json_in_parse(text + header_len + 1, len - header_len - 1,
	           &claims) == JSON_IN_OK);
	assert(json_object_object_length(header) == 2);
	assert(says(header, "alg", "HS256") && says(header, "typ", "JWT"));
	assert(json_object_object_length(claims) == 4);
	snprintf(number, sizeof(number), "%lld", (long long)is->user_id);
	assert(says(claims, "sub", number));
	snprintf(number, sizeof(number), "%lld", (long long)is->session_id);
	assert(says(claims, "sid", number));
	json_object_object_get_ex(claims, "iat", &value);
	issued_s = json_object_get_int64(value);
	json_object_object_get_ex(claims, "exp", &value);
	expires_s = json_object_get_int64(value);
	assert(issued_s <= NOW_S + TOKEN_CLOCK_LEEWAY_S && expires_s > NOW_S);
	if (expires_s > issued_s) {
		n = token_sign(
		    secret, is, issued_s, expires_s - issued_s, token);
		assert(
		    token_verify(secret, token, n, NOW_S, &again) == TOKEN_OK);
		assert(again.user_id == is->user_id &&
		       again.session_id == is->session_id);
	}
	json_object_put(header);
	json_object_put(claims);
}

static void
signed_parts(const char *text, size_t len)
{
	const char *line = memchr(text, '\n', len);
	size_t header_len, at;
	char *token;
	struct token is;

	if (line == NULL || len > TOKEN_MAX_BYTES)
		return;
	header_len = (size_t)(line - text);
	token = xmalloc(TEXT_MAX);
	at = encode(text, header_len, token, 0);
	token[at++] = '.';
	at = encode(line + 1, len - header_len - 1, token, at);
	at = sign(token, at);
	if (verify(token, at, &is) == TOKEN_OK)
		check_meaning(text, header_len, len, &is);
	free(token);
}

static void
damaged(const uint8_t *data, size_t len)
{
	const struct token good = {42, 3};
	char token[TOKEN_MAX_BYTES];
	size_t n = token_sign(secret, &good, NOW_S, 60, token);
	struct token is;

	assert(verify(token, n, &is) == TOKEN_OK);
	assert(is.user_id == 42 && is.session_id == 3);
	if (len < 2 || data[1] == 0)
		return;
	token[data[0] % n] = (char)(token[data[0] % n] ^ data[1]);
	assert(verify(token, n, &is) == TOKEN_INVALID);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len < 2)
		return 0;
	switch (data[0]) {
	case 'r':
		raw((const char *)data + 1, len - 1);
		break;
	case 's':
		signed_parts((const char *)data + 1, len - 1);
		break;
	case 'm':
		damaged(data + 1, len - 1);
		break;
	default:
		break;
	}
	return 0;
}
