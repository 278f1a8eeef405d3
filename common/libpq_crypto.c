/* SPDX-License-Identifier: MIT */
/*
 * libpq_crypto -- what libpq takes from OpenSSL, without OpenSSL.
 *
 * OpenSSL would be two thirds of a function that is linked statically, and most
 * of the 20,000 addresses in it that are relocated at each start.  A function
 * has PgBouncer at the other end of a unix socket; PgBouncer is what speaks TLS
 * to a database elsewhere.  So libpq gets here
 *
 *	SHA-256, HMAC, random bytes	from libsodium, for SCRAM-SHA-256
 *	MD5				no: the connection fails
 *	TLS				no: where the server offers it, the
 *					connection fails, unless sslmode is
 *					disable or allow
 *
 * --disable-static-functions leaves this file out: libpq is the system's.
 *
 * Source: PostgreSQL 15, src/include/common/cryptohash.h and hmac.h,
 * src/include/port.h, src/interfaces/libpq/libpq-int.h.  The last wants the
 * headers of Kerberos, so the interfaces stand here once more.
 */
#include <libpq-fe.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/types.h>

#include "die.h"
#include "log.h"

enum pg_cryptohash_type { PG_MD5, PG_SHA1, PG_SHA224, PG_SHA256 };

typedef crypto_hash_sha256_state hash;
typedef crypto_auth_hmacsha256_state hmac;

hash *pg_cryptohash_create(enum pg_cryptohash_type type);
int pg_cryptohash_init(hash *ctx);
int pg_cryptohash_update(hash *ctx, const uint8_t *data, size_t len);
int pg_cryptohash_final(hash *ctx, uint8_t *out, size_t len);
void pg_cryptohash_free(hash *ctx);
const char *pg_cryptohash_error(const hash *ctx);

hmac *pg_hmac_create(enum pg_cryptohash_type type);
int pg_hmac_init(hmac *ctx, const uint8_t *key, size_t len);
int pg_hmac_update(hmac *ctx, const uint8_t *data, size_t len);
int pg_hmac_final(hmac *ctx, uint8_t *out, size_t len);
void pg_hmac_free(hmac *ctx);
const char *pg_hmac_error(const hmac *ctx);

bool pg_strong_random(void *out, size_t len);
int timingsafe_bcmp(const void *a, const void *b, size_t len);

void pgtls_init_library(bool do_ssl, int do_crypto);
int pgtls_init(PGconn *conn, bool do_ssl, bool do_crypto);
void pgtls_close(PGconn *conn);
void pgtls_unreachable(void);

/* NULL can only mean that the type is missing: xmalloc() aborts when memory is
 * out. */
hash *
pg_cryptohash_create(enum pg_cryptohash_type type)
{
	return type == PG_SHA256 ? xmalloc(sizeof(hash)) : NULL;
}

int
pg_cryptohash_init(hash *ctx)
{
	return crypto_hash_sha256_init(ctx);
}

int
pg_cryptohash_update(hash *ctx, const uint8_t *data, size_t len)
{
	return crypto_hash_sha256_update(ctx, data, len);
}

int
pg_cryptohash_final(hash *ctx, uint8_t *out, size_t len)
{
	if (len < crypto_hash_sha256_BYTES)
		return -1;
	return crypto_hash_sha256_final(ctx, out);
}

void
pg_cryptohash_free(hash *ctx)
{
	free(ctx);
}

const char *
pg_cryptohash_error(const hash *ctx)
{
	return ctx != NULL ? "SHA-256 failed"
	                   : "this build has SCRAM-SHA-256, not MD5";
}

hmac *
pg_hmac_create(enum pg_cryptohash_type type)
{
	return type == PG_SHA256 ? xmalloc(sizeof(hmac)) : NULL;
}

int
pg_hmac_init(hmac *ctx, const uint8_t *key, size_t len)
{
	return crypto_auth_hmacsha256_init(ctx, key, len);
}

int
pg_hmac_update(hmac *ctx, const uint8_t *data, size_t len)
{
	return crypto_auth_hmacsha256_update(ctx, data, len);
}

int
pg_hmac_final(hmac *ctx, uint8_t *out, size_t len)
{
	if (len < crypto_auth_hmacsha256_BYTES)
		return -1;
	return crypto_auth_hmacsha256_final(ctx, out);
}

/* It was keyed with the password. */
void
pg_hmac_free(hmac *ctx)
{
	if (ctx != NULL)
		sodium_memzero(ctx, sizeof(*ctx));
	free(ctx);
}

const char *
pg_hmac_error(const hmac *ctx)
{
	(void)ctx;
	return "HMAC-SHA-256 failed";
}

bool
pg_strong_random(void *out, size_t len)
{
	randombytes_buf(out, len);
	return true;
}

int
timingsafe_bcmp(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len);
}

void
pgtls_init_library(bool do_ssl, int do_crypto)
{
	(void)do_ssl;
	(void)do_crypto;
}

/* do_ssl: the server has just said that it speaks TLS.  Failure here ends the
 * connection, also where sslmode would have tried again without.  libpq adds no
 * reason to its message. */
int
pgtls_init(PGconn *conn, bool do_ssl, bool do_crypto)
{
	(void)conn;
	(void)do_crypto;
	if (!do_ssl)
		return 0;
	log_error(
	    "database: the server offers TLS, which this build does not have: "
	    "connect through PgBouncer, or say sslmode=disable in "
	    "DATABASE_URL, or build with --disable-static-functions");
	return -1;
}

void
pgtls_close(PGconn *conn)
{
	(void)conn;
}

/* What needs a connection that is encrypted. */
void
pgtls_unreachable(void)
{
	abort();
}

#define UNREACHABLE __attribute__((alias("pgtls_unreachable")))

void pgtls_bytes_pending(void) UNREACHABLE;
void pgtls_get_peer_certificate_hash(void) UNREACHABLE;
void pgtls_open_client(void) UNREACHABLE;
void pgtls_read(void) UNREACHABLE;
void pgtls_read_pending(void) UNREACHABLE;
void pgtls_verify_peer_name_matches_certificate_guts(void) UNREACHABLE;
void pgtls_write(void) UNREACHABLE;
