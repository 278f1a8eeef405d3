/* SPDX-License-Identifier: MIT */
/*
 * token -- JWT with HS256: HMAC and base64 are libsodium's, JSON is json_in's.
 *
 * libsodium's decoder is strict as RFC 7515 wants it: no padding, no white
 * space, and the bits that are left over must be 0, so no two texts are one
 * token.  But version 1.0.18 takes every byte from 0x80 on for a '_', where
 * char is signed: decode() asks for those.  Its one-shot
 * crypto_auth_hmacsha256() takes keys of 32 bytes only and would cut a longer
 * secret: hence the calls in parts.
 */
#include "token.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "json_in.h"

enum {
	BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
	MAC_BYTES = crypto_auth_hmacsha256_BYTES,
	CLAIMS_MAX_BYTES = 160, /* four numbers of 20 digits and their names */
};

/* No claim of time is beyond: the year 36812, far from any overflow. */
#define TIME_MAX_S (INT64_C(1) << 40)

static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

static void
mac(const char *secret, const char *text, size_t len,
    unsigned char out[MAC_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(
	    &state, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, len);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}

/* Append bytes as base64url at out[at]; the new end. */
static size_t
encode(const void *bytes, size_t len, char out[TOKEN_MAX_BYTES], size_t at)
{
	sodium_bin2base64(out + at, TOKEN_MAX_BYTES - at, bytes, len, BASE64);
	return at + strlen(out + at);
}

/* The bytes written to out, or -1 when text is not base64url. */
static ptrdiff_t
decode(const char *text, size_t len, void *out, size_t size)
{
	size_t n;

	for (size_t i = 0; i < len; i++) {
		if (((unsigned char)text[i] & 0x80) != 0)
			return -1;
	}
	if (sodium_base642bin(out, size, text, len, NULL, &n, NULL, BASE64) !=
	    0)
		return -1;
	return (ptrdiff_t)n;
}

size_t
token_sign(const char *secret, const struct token *token, int64_t now_s,
    int64_t ttl_s, char out[TOKEN_MAX_BYTES])
{
	unsigned char signature[MAC_BYTES];
	char claims[CLAIMS_MAX_BYTES];
	size_t at;
	int n;

	out[0] = '\0';
	if (strlen(secret) < TOKEN_SECRET_MIN_BYTES || token->user_id < 1 ||
	    token->session_id < 1 || now_s < 0 || now_s > TIME_MAX_S ||
	    ttl_s < 1 || ttl_s > TIME_MAX_S - now_s)
		return 0;
	n = snprintf(claims, sizeof(claims),
	    "{\"sub\":\"%" PRId64 "\",\"sid\":\"%" PRId64 "\",\"iat\":%" PRId64
	    ",\"exp\":%" PRId64 "}",
	    token->user_id, token->session_id, now_s, now_s + ttl_s);
	at = encode(header, sizeof(header) - 1, out, 0);
	out[at++] = '.';
	at = encode(claims, (size_t)n, out, at);
	mac(secret, out, at, signature);
	out[at++] = '.';
	return encode(signature, sizeof(signature), out, at);
}

/* Decode and parse one part of a token, which is invalid unless it is an object
 * with exactly n members.  On TOKEN_OK *object is the caller's to put. */
static enum token_status
parse_object(const char *text, size_t len, int n, struct json_object **object)
{
	char json[TOKEN_MAX_BYTES];
	ptrdiff_t json_len = decode(text, len, json, sizeof(json));
	enum json_in_status status;

	if (json_len < 0)
		return TOKEN_INVALID;
	status = json_in_parse(json, (size_t)json_len, object);
	if (status == JSON_IN_NO_MEMORY)
		return TOKEN_NO_MEMORY;
	if (status != JSON_IN_OK)
		return TOKEN_INVALID;
	if (json_object_is_type(*object, json_type_object) &&
	    json_object_object_length(*object) == n)
		return TOKEN_OK;
	json_object_put(*object);
	return TOKEN_INVALID;
}

/* A member that is a string; "" when it is not. */
static const char *
text_of(const struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return "";
	return json_object_get_string(value);
}

/* A member that is a time in seconds; -1 when it is not. */
static int64_t
time_of(const struct json_object *object, const char *key)
{
	struct json_object *value;
	int64_t time_s;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_int))
		return -1;
	time_s = json_object_get_int64(value);
	return time_s >= 0 && time_s <= TIME_MAX_S ? time_s : -1;
}

/* An id as token_sign() writes it; 0 for any other text. */
static int64_t
parse_id(const char *text)
{
	size_t len = strlen(text);
	uint64_t id = 0;

	/* 19 digits are the most of int64_t, and cannot overflow uint64_t. */
	if (len > 19 || text[0] == '0')
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		id = id * 10 + (uint64_t)(text[i] - '0');
	}
	return id <= INT64_MAX ? (int64_t)id : 0;
}

static enum token_status
check_header(const char *text, size_t len)
{
	struct json_object *object;
	enum token_status status = parse_object(text, len, 2, &object);
	bool ours;

	if (status != TOKEN_OK)
		return status;
	ours = strcmp(text_of(object, "alg"), "HS256") == 0 &&
	       strcmp(text_of(object, "typ"), "JWT") == 0;
	json_object_put(object);
	return ours ? TOKEN_OK : TOKEN_INVALID;
}

static enum token_status
check_claims(const char *text, size_t len, int64_t now_s, struct token *token)
{
	struct json_object *claims;
	enum token_status status = parse_object(text, len, 4, &claims);
	int64_t user_id, session_id, issued_s, expires_s;

	if (status != TOKEN_OK)
		return status;
	user_id = parse_id(text_of(claims, "sub"));
	session_id = parse_id(text_of(claims, "sid"));
	issued_s = time_of(claims, "iat");
	expires_s = time_of(claims, "exp");
	json_object_put(claims);
	if (user_id == 0 || session_id == 0 || issued_s < 0 || expires_s < 0)
		return TOKEN_INVALID;
	if (issued_s - TOKEN_CLOCK_LEEWAY_S > now_s)
		return TOKEN_INVALID;
	if (expires_s <= now_s)
		return TOKEN_EXPIRED;
	*token = (struct token){user_id, session_id};
	return TOKEN_OK;
}

enum token_status
token_verify(const char *secret, const char *text, size_t len, int64_t now_s,
    struct token *token)
{
	unsigned char want[MAC_BYTES], got[MAC_BYTES];
	const char *claims, *signature, *end;
	enum token_status status;

	*token = (struct token){0};
	if (strlen(secret) < TOKEN_SECRET_MIN_BYTES)
		return TOKEN_MISUSED;
	if (len == 0 || len > TOKEN_MAX_BYTES)
		return TOKEN_INVALID;
	end = text + len;
	claims = memchr(text, '.', len);
	if (claims == NULL)
		return TOKEN_INVALID;
	claims++;
	signature = memchr(claims, '.', (size_t)(end - claims));
	if (signature == NULL)
		return TOKEN_INVALID;
	signature++;
	/* A third '.' is not base64url. */
	if (decode(signature, (size_t)(end - signature), got, sizeof(got)) !=
	    MAC_BYTES)
		return TOKEN_INVALID;
	mac(secret, text, (size_t)(signature - 1 - text), want);
	if (crypto_verify_32(want, got) != 0)
		return TOKEN_INVALID;
	status = check_header(text, (size_t)(claims - 1 - text));
	if (status != TOKEN_OK)
		return status;
	return check_claims(
	    claims, (size_t)(signature - 1 - claims), now_s, token);
}
