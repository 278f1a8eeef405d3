/* SPDX-License-Identifier: MIT */
/*
 * test-token -- base/token: known answers, forgeries, every damaged byte.
 *
 * craft() signs any header and claims, so that what is refused is refused for
 * what it says and not for its signature.
 */
#include "token.h"

#include <sodium.h>

#include "guard.h"
#include "starve.h"
#include "tap.h"

#define SECRET "0123456789abcdef0123456789abcdef-mayfly"
#define OTHER_SECRET "0123456789abcdef0123456789abcdef-mayflx"
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define CLAIMS                                                                 \
	"{\"sub\":\"42\",\"sid\":\"3\",\"iat\":1700000000,\"exp\":1700003600}"

enum {
	ISSUED = 1700000000,
	TTL = 3600,
	CRAFTED_MAX = 2 * TOKEN_MAX_BYTES, /* room for one too long */
};

/* Made by another implementation: the crypto module of node 20. */
#define KNOWN                                                                  \
	"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."                                \
	"eyJzdWIiOiI0MiIsInNpZCI6IjMiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAw" \
	"MzYwMH0"
#define KNOWN_SIGNATURE "vNBAr9XS-3WSNTcfaaX_sOGd81v0CmxSWr0QuvbZjmQ"

/* The same under a secret of 100 times 'k', longer than a block of SHA-256. */
#define KNOWN_LONG_SIGNATURE "gQB9KqtvhvvHDh--YIvbattOj2OEPFfYLCMUWv2u3oc"

/*
 * RFC 7515, appendix A.1: key, header (typ first, with a line break), claims
 * and signature.  Under the same key, our claims with that header, by node.
 */
#define RFC_KEY                                                                \
	"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4h" \
	"cgUuTwjAzZr1Z9CAow"
#define RFC_HEADER "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
#define RFC_TOKEN                                                              \
	RFC_HEADER "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6"  \
	           "Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."                   \
	           "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define RFC_OURS                                                               \
	RFC_HEADER                                                             \
	"eyJleHAiOjE3MDAwMDM2MDAsInN1YiI6IjkyMjMzNzIwMzY4NTQ3NzU4MDciLCJpYXQi" \
	"OjE3MDAwMDAwMDAsInNpZCI6IjkyMjMzNzIwMzY4NTQ3NzU4MDYifQ."              \
	"k5ZmVsnmIGTcFGZK7Vw-RwC6U0u_H6ys-cuTrB3u6Zw"

static struct guard guard;

static enum token_status
verify_with(const char *secret, const char *text, size_t len, int64_t now_s,
    struct token *token)
{
	const char *s = guard_tail(&guard, text, len);

	return token_verify(secret, s, len, now_s, token);
}

static enum token_status
verify(const char *text, struct token *token)
{
	return verify_with(SECRET, text, strlen(text), ISSUED, token);
}

static bool
is_for(const struct token *token, int64_t user_id, int64_t session_id)
{
	return token->user_id == user_id && token->session_id == session_id;
}

/* Whether a token is refused, and gives no user. */
static bool
refused(const char *text)
{
	struct token token = {7, 7};

	return verify(text, &token) == TOKEN_INVALID && is_for(&token, 0, 0);
}

/* token_sign() of two ids. */
static size_t
sign(const char *secret, int64_t user_id, int64_t session_id, int64_t now_s,
    int64_t ttl_s, char out[TOKEN_MAX_BYTES])
{
	const struct token token = {user_id, session_id};

	return token_sign(secret, &token, now_s, ttl_s, out);
}

static void
encode(const void *bytes, size_t len, char *out, size_t size)
{
	sodium_bin2base64(
	    out, size, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* A token with a right signature over whatever the two parts say. */
static void
craft(const char *header, const char *claims, char out[CRAFTED_MAX])
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	size_t n;

	encode(header, strlen(header), out, CRAFTED_MAX);
	n = strlen(out);
	out[n++] = '.';
	encode(claims, strlen(claims), out + n, CRAFTED_MAX - n);
	n += strlen(out + n);
	crypto_auth_hmacsha256_init(
	    &state, (const unsigned char *)SECRET, strlen(SECRET));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)out, n);
	crypto_auth_hmacsha256_final(&state, mac);
	out[n++] = '.';
	encode(mac, sizeof(mac), out + n, CRAFTED_MAX - n);
}

static void
test_known(void)
{
	char token[TOKEN_MAX_BYTES], key[65] = "", secret[101] = "";
	struct token is;

	tap_is_int((int64_t)sign(SECRET, 42, 3, ISSUED, TTL, token),
	    (int64_t)strlen(KNOWN "." KNOWN_SIGNATURE), "length of a token");
	tap_is_text(token, KNOWN "." KNOWN_SIGNATURE, "the known answer");
	tap_ok(verify(token, &is) == TOKEN_OK && is_for(&is, 42, 3),
	    "it verifies");

	memset(secret, 'k', 100);
	tap_ok(sign(secret, 42, 3, ISSUED, TTL, token) > 0, "a long secret");
	tap_is_text(token, KNOWN "." KNOWN_LONG_SIGNATURE, "is used whole");

	sodium_base642bin((unsigned char *)key, sizeof(key), RFC_KEY,
	    strlen(RFC_KEY), NULL, NULL, NULL,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	tap_is_int((int64_t)strlen(key), 64, "the key of RFC 7515, A.1");
	tap_ok(verify_with(key, RFC_OURS, strlen(RFC_OURS), ISSUED, &is) ==
	               TOKEN_OK &&
	           is_for(&is, INT64_MAX, INT64_MAX - 1),
	    "its header, with our claims in another order");
	tap_is_int(
	    verify_with(key, RFC_TOKEN, strlen(RFC_TOKEN), 1300819000, &is),
	    TOKEN_INVALID, "its token: signed, but not our claims");
}

static void
test_round_trip(void)
{
	static const int64_t ids[] = {
	    1, 9, 10, 4294967296, 999999999999999999, INT64_MAX};
	char token[TOKEN_MAX_BYTES];
	struct token is;

	for (size_t i = 0; i < LENGTH(ids); i++) {
		tap_ok(sign(SECRET, ids[i], 1, ISSUED, TTL, token) > 0 &&
		           verify(token, &is) == TOKEN_OK &&
		           is_for(&is, ids[i], 1),
		    "user %" PRId64, ids[i]);
		tap_ok(sign(SECRET, 1, ids[i], ISSUED, TTL, token) > 0 &&
		           verify(token, &is) == TOKEN_OK &&
		           is_for(&is, 1, ids[i]),
		    "session %" PRId64, ids[i]);
	}
	tap_ok(sign(SECRET, INT64_MAX, INT64_MAX, 1099511627775, 1, token) > 0,
	    "the longest claims");
	tap_ok(
	    sign(OTHER_SECRET, 1, 1, ISSUED, TTL, token) > 0 && refused(token),
	    "another secret");
}

static void
test_time(void)
{
	static const struct {
		int64_t now_s;
		enum token_status want;
	} rows[] = {
	    {ISSUED, TOKEN_OK},
	    {ISSUED + TTL - 1, TOKEN_OK},
	    {ISSUED + TTL, TOKEN_EXPIRED},
	    {ISSUED + TTL + 1, TOKEN_EXPIRED},
	    {INT64_MAX, TOKEN_EXPIRED},
	    {ISSUED - TOKEN_CLOCK_LEEWAY_S, TOKEN_OK},
	    {ISSUED - TOKEN_CLOCK_LEEWAY_S - 1, TOKEN_INVALID},
	    {0, TOKEN_INVALID},
	    {INT64_MIN, TOKEN_INVALID},
	};
	char token[TOKEN_MAX_BYTES];
	size_t len = sign(SECRET, 5, 6, ISSUED, TTL, token);
	struct token is;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		tap_is_int(verify_with(SECRET, token, len, rows[i].now_s, &is),
		    rows[i].want, "at %" PRId64, rows[i].now_s);
		tap_ok(rows[i].want == TOKEN_OK ? is_for(&is, 5, 6)
		                                : is_for(&is, 0, 0),
		    "and its user");
	}
}

/* A header with a right signature, but not ours. */
static void
test_headers(void)
{
	static const char *const bad[] = {
	    "{\"alg\":\"none\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"None\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"nOnE\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"NONE\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"\",\"typ\":\"JWT\"}",
	    "{\"alg\":null,\"typ\":\"JWT\"}",
	    "{\"alg\":true,\"typ\":\"JWT\"}",
	    "{\"alg\":[\"HS256\"],\"typ\":\"JWT\"}",
	    "{\"alg\":{\"HS256\":1},\"typ\":\"JWT\"}",
	    "{\"alg\":\"hs256\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256 \",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\\u0000\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS384\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS512\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"alg\":\"none\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"none\",\"alg\":\"HS256\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
	    "{\"ALG\":\"HS256\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"jwt\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWE\"}",
	    "{\"alg\":\"HS256\",\"typ\":null}",
	    "{\"alg\":\"HS256\"}",
	    "{\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"1\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"jku\":\"http://x\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"jwk\":{}}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"b64\":false}",
	    "{\"alg\":\"HS256\",\"cty\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\"}x",
	    "[\"alg\",\"HS256\"]",
	    "\"HS256\"",
	    "null",
	    "{}",
	    "",
	};
	char token[CRAFTED_MAX];
	struct token is;

	craft(HEADER, CLAIMS, token);
	tap_is_text(token, KNOWN "." KNOWN_SIGNATURE, "a crafted token");
	craft(" {\"typ\" : \"JWT\",\n\"\\u0061lg\":\"HS256\" }", CLAIMS, token);
	tap_is_int(verify(token, &is), TOKEN_OK, "the same in meaning");
	for (size_t i = 0; i < LENGTH(bad); i++) {
		craft(bad[i], CLAIMS, token);
		tap_ok(refused(token), "header %s", bad[i]);
	}
}

/* Claims with a right signature. */
static void
test_claims(void)
{
#define TIMES ",\"sid\":\"3\",\"iat\":1700000000,\"exp\":1700003600}"
#define SUB "{\"sub\":\"42\",\"sid\":\"3\","
	static const char *const bad[] = {
	    "{\"sub\":42" TIMES,
	    "{\"sub\":\"\"" TIMES,
	    "{\"sub\":\"0\"" TIMES,
	    "{\"sub\":\"00\"" TIMES,
	    "{\"sub\":\"042\"" TIMES,
	    "{\"sub\":\"-1\"" TIMES,
	    "{\"sub\":\"+1\"" TIMES,
	    "{\"sub\":\" 1\"" TIMES,
	    "{\"sub\":\"1 \"" TIMES,
	    "{\"sub\":\"1.0\"" TIMES,
	    "{\"sub\":\"1e3\"" TIMES,
	    "{\"sub\":\"0x1\"" TIMES,
	    "{\"sub\":\"1;DROP\"" TIMES,
	    "{\"sub\":\"1\\u0000\"" TIMES,
	    "{\"sub\":\"\\u0661\"" TIMES,
	    "{\"sub\":\"9223372036854775808\"" TIMES,
	    "{\"sub\":\"9999999999999999999\"" TIMES,
	    "{\"sub\":\"18446744073709551617\"" TIMES,
	    "{\"sub\":\"10000000000000000000000\"" TIMES,
	    "{\"sub\":null" TIMES,
	    "{\"sub\":[\"1\"]" TIMES,
	    "{\"sub\":{}" TIMES,
	    "{\"sub\":\"1\",\"sub\":\"2\"" TIMES,
	    "{\"user\":\"1\"" TIMES,
	    "{\"sid\":\"3\",\"iat\":1700000000,\"exp\":1700003600}",
	    SUB "\"iat\":1700000000}",
	    SUB "\"exp\":1700003600}",
	    SUB "\"iat\":1700000000,\"exp\":1700003600,\"nbf\":0}",
	    SUB "\"iat\":1700000000,\"exp\":1700003600,\"x\":null}",
	    SUB "\"iat\":1700000000,\"exp\":1700003600,\"exp\":1800000000}",
	    SUB "\"iat\":1700000000,\"exp\":\"1700003600\"}",
	    SUB "\"iat\":\"1700000000\",\"exp\":1700003600}",
	    SUB "\"iat\":1700000000,\"exp\":1700003600.0}",
	    SUB "\"iat\":1.7e9,\"exp\":1700003600}",
	    SUB "\"iat\":1700000000,\"exp\":1e10}",
	    SUB "\"iat\":1700000000,\"exp\":null}",
	    SUB "\"iat\":1700000000,\"exp\":true}",
	    SUB "\"iat\":1700000000,\"exp\":-1}",
	    SUB "\"iat\":-1,\"exp\":1700003600}",
	    SUB "\"iat\":1700000061,\"exp\":1700003600}",
	    SUB "\"iat\":1700000061,\"exp\":1600000000}",
	    SUB "\"iat\":1700000000,\"exp\":1099511627777}",
	    SUB "\"iat\":1700000000,\"exp\":9223372036854775807}",
	    SUB "\"iat\":1700000000,\"exp\":9223372036854775808}",
	    SUB "\"iat\":1700000000,\"exp\":18446744073709551616}",
	    "[]",
	    "[\"42\",1700000000,1700003600]",
	    "null",
	    "42",
	    "{}",
	    "{",
	    "",
	};
	char token[CRAFTED_MAX];
	struct token is;

	craft(HEADER, SUB "\"iat\":1700000060,\"exp\":1099511627776}", token);
	tap_ok(verify(token, &is) == TOKEN_OK && is_for(&is, 42, 3),
	    "the latest times");
	craft(HEADER, SUB "\"iat\":0,\"exp\":0}", token);
	tap_is_int(verify(token, &is), TOKEN_EXPIRED, "the earliest times");
	for (size_t i = 0; i < LENGTH(bad); i++) {
		craft(HEADER, bad[i], token);
		tap_ok(refused(token), "claims %s", bad[i]);
	}
#undef TIMES
#undef SUB
}

/* The same for the session. */
static void
test_session(void)
{
#define SID(value)                                                             \
	"{\"sub\":\"42\",\"sid\":" value                                       \
	",\"iat\":1700000000,\"exp\":1700003600}"
	static const char *const bad[] = {
	    SID("3"),
	    SID("\"\""),
	    SID("\"0\""),
	    SID("\"03\""),
	    SID("\"-3\""),
	    SID("\"+3\""),
	    SID("\" 3\""),
	    SID("\"3.0\""),
	    SID("\"3;DROP\""),
	    SID("\"3\\u0000\""),
	    SID("\"9223372036854775808\""),
	    SID("null"),
	    SID("true"),
	    SID("[\"3\"]"),
	    SID("{}"),
	    SID("\"3\",\"sid\":\"3\""),
	    SID("\"3\",\"sid\":\"4\""),
	    SID("\"3\",\"SID\":\"3\""),
	    "{\"sub\":\"42\",\"SID\":\"3\",\"iat\":1700000000,\"exp\":"
	    "1700003600}",
	    /* As before there were sessions. */
	    "{\"sub\":\"42\",\"iat\":1700000000,\"exp\":1700003600}",
	};
	char token[CRAFTED_MAX];

	for (size_t i = 0; i < LENGTH(bad); i++) {
		craft(HEADER, bad[i], token);
		tap_ok(refused(token), "claims %s", bad[i]);
	}
#undef SID
}

static void
test_forms(void)
{
	static const char *const bad[] = {
	    "",
	    ".",
	    "..",
	    "...",
	    "undefined",
	    "null",
	    KNOWN,
	    KNOWN ".",
	    KNOWN ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    KNOWN "." KNOWN_SIGNATURE "=",
	    KNOWN "." KNOWN_SIGNATURE "==",
	    KNOWN "=." KNOWN_SIGNATURE,
	    KNOWN "." KNOWN_SIGNATURE ".",
	    KNOWN "." KNOWN_SIGNATURE "." KNOWN_SIGNATURE,
	    KNOWN "." KNOWN_SIGNATURE "A",
	    KNOWN "." KNOWN_SIGNATURE "AAAA",
	    KNOWN "." KNOWN_SIGNATURE " ",
	    KNOWN "." KNOWN_SIGNATURE "\n",
	    KNOWN ".\n" KNOWN_SIGNATURE,
	    " " KNOWN "." KNOWN_SIGNATURE,
	    "." KNOWN "." KNOWN_SIGNATURE,
	    KNOWN ".." KNOWN_SIGNATURE,
	    "Bearer " KNOWN "." KNOWN_SIGNATURE,
	    /* The alphabet of plain base64. */
	    KNOWN ".vNBAr9XS+3WSNTcfaaX/sOGd81v0CmxSWr0QuvbZjmQ",
	    /* What libsodium 1.0.18 takes for a '_'. */
	    KNOWN ".vNBAr9XS-3WSNTcfaaX\xffsOGd81v0CmxSWr0QuvbZjmQ",
	    /* Bits left over that are not 0: the same bytes otherwise. */
	    KNOWN ".vNBAr9XS-3WSNTcfaaX_sOGd81v0CmxSWr0QuvbZjmR",
	    /* alg none as forgers send it: without a signature. */
	    ("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0."
	     "eyJzdWIiOiI0MiIsInNpZCI6IjMiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwM"
	     "DAw"
	     "MzYwMH0."),
	};

	for (size_t i = 0; i < LENGTH(bad); i++)
		tap_ok(refused(bad[i]), "form, row %zu", i);
}

/* A signed token with so many spaces in its header that it has a length. */
static void
test_length(void)
{
	char header[TOKEN_MAX_BYTES] = HEADER, token[CRAFTED_MAX];
	size_t n = strlen(HEADER);
	int ok = 0, bad = 0;
	struct token is;

	memset(header + n, ' ', sizeof(header) - 1 - n);
	for (size_t spaces = 2900; spaces < 3100; spaces++) {
		header[spaces] = '\0';
		craft(header, CLAIMS, token);
		header[spaces] = ' ';
		if ((verify(token, &is) == TOKEN_OK) !=
		    (strlen(token) <= TOKEN_MAX_BYTES))
			bad++;
		ok += strlen(token) <= TOKEN_MAX_BYTES;
	}
	tap_is_int(bad, 0, "TOKEN_MAX_BYTES is the limit");
	tap_ok(ok > 0 && ok < 200, "and both sides of it were tried");
}

/* Every prefix, every suffix, every bit and every byte. */
static void
test_damage(void)
{
	static const char good[] = KNOWN "." KNOWN_SIGNATURE;
	const size_t len = sizeof(good) - 1;
	char token[sizeof(good)];
	struct token is;
	int bad = 0;

	for (size_t n = 0; n < len; n++) {
		bad +=
		    verify_with(SECRET, good, n, ISSUED, &is) != TOKEN_INVALID;
		bad += verify_with(SECRET, good + n + 1, len - n - 1, ISSUED,
		           &is) != TOKEN_INVALID;
	}
	tap_is_int(bad, 0, "every prefix and every suffix");
	for (size_t at = 0; at < len; at++) {
		for (int c = 1; c < 256; c++) {
			memcpy(token, good, sizeof(token));
			token[at] = (char)(token[at] ^ c);
			bad += verify_with(SECRET, token, len, ISSUED, &is) !=
			       TOKEN_INVALID;
		}
	}
	tap_is_int(bad, 0, "every other byte in every place");
	for (size_t at = 0; at < len; at++) {
		memcpy(token, good, at);
		memcpy(token + at, good + at + 1, len - at - 1);
		bad += verify_with(SECRET, token, len - 1, ISSUED, &is) !=
		       TOKEN_INVALID;
	}
	tap_is_int(bad, 0, "every byte left out");
	tap_is_int(verify_with(SECRET, NULL, 0, ISSUED, &is), TOKEN_INVALID,
	    "nothing");
}

/* Whether token_sign() with these gives nothing. */
static bool
signs_nothing(const char *secret, int64_t user_id, int64_t session_id,
    int64_t now_s, int64_t ttl_s)
{
	char token[TOKEN_MAX_BYTES] = "old";

	return sign(secret, user_id, session_id, now_s, ttl_s, token) == 0 &&
	       token[0] == '\0';
}

static void
test_bugs(void)
{
	static const char small[] = "0123456789abcdef0123456789abcde";
	static const char good[] = KNOWN "." KNOWN_SIGNATURE;
	struct token is = {7, 7};

	tap_ok(
	    !signs_nothing(SECRET, 1, 1, 0, 1), "the least of all is signed");
	tap_ok(signs_nothing(small, 1, 1, ISSUED, TTL), "a secret of 31 bytes");
	tap_ok(signs_nothing("", 1, 1, ISSUED, TTL), "no secret");
	tap_ok(signs_nothing(SECRET, 0, 1, ISSUED, TTL), "user 0");
	tap_ok(signs_nothing(SECRET, -1, 1, ISSUED, TTL), "user -1");
	tap_ok(signs_nothing(SECRET, 1, 0, ISSUED, TTL), "session 0");
	tap_ok(signs_nothing(SECRET, 1, -1, ISSUED, TTL), "session -1");
	tap_ok(signs_nothing(SECRET, 1, 1, -1, TTL), "a time before 1970");
	tap_ok(signs_nothing(SECRET, 1, 1, ISSUED, 0), "0 seconds");
	tap_ok(signs_nothing(SECRET, 1, 1, ISSUED, INT64_MAX), "for ever");
	tap_is_int(verify_with(small, good, sizeof(good) - 1, ISSUED, &is),
	    TOKEN_MISUSED, "verified with a secret of 31 bytes");
	tap_ok(is_for(&is, 0, 0), "and no user");
}

/* Every allocation of it fails once. */
static void
test_memory(void)
{
	static const char good[] = KNOWN "." KNOWN_SIGNATURE;
	int64_t wrong = 0;
	struct token is;
	long n = 0, count;

	do {
		enum token_status status;

		starve_begin(++n, false);
		status =
		    token_verify(SECRET, good, sizeof(good) - 1, ISSUED, &is);
		count = starve_end();
		wrong += status != (count < n ? TOKEN_OK : TOKEN_NO_MEMORY) ||
		         !(count < n ? is_for(&is, 42, 3) : is_for(&is, 0, 0));
	} while (count >= n);
	tap_ok(count > 10, "%ld allocations", count);
	tap_is_int(wrong, 0, "each of which may fail");
}

int
main(void)
{
	guard = guard_new(CRAFTED_MAX);
	test_known();
	test_round_trip();
	test_time();
	test_headers();
	test_claims();
	test_session();
	test_forms();
	test_length();
	test_damage();
	test_bugs();
	test_memory();
	return tap_done();
}
