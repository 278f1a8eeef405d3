/* SPDX-License-Identifier: MIT */
/* test-uuid -- base/uuid: the vector of RFC 9562, layout, order, no entropy;
 * those of others. */
#include "uuid.h"

#include <errno.h>
#include <sys/random.h>
#include <sys/syscall.h>

#include "every_byte.h"
#include "stamp.h"

static struct guard guard, out_guard;

/* Stands before that of the C library. */
static enum { WHOLE, REFUSED, CUT, INTERRUPTED } entropy;

ssize_t
getrandom(void *bytes, size_t n, unsigned flags)
{
	switch (entropy) {
	case REFUSED:
		errno = ENOSYS;
		return -1;
	case CUT:
		return syscall(SYS_getrandom, bytes, n - 1, flags);
	case INTERRUPTED:
		entropy = WHOLE;
		errno = EINTR;
		return -1;
	case WHOLE:
		break;
	}
	return syscall(SYS_getrandom, bytes, n, flags);
}

static const unsigned char zeros[10];
static const unsigned char ones[10] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
/* RFC 9562, appendix A.6: rand_a CC3, rand_b 18C4DC0C0C07398F. */
static const unsigned char rfc[10] = {
    0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f};

static const struct {
	int64_t unix_ms;
	const unsigned char *random;
	const char *want;
} rows[] = {
    {0x017f22e279b0, rfc, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"},
    {0, zeros, "00000000-0000-7000-8000-000000000000"},
    {0, ones, "00000000-0000-7fff-bfff-ffffffffffff"},
    {1, zeros, "00000000-0001-7000-8000-000000000000"},
    {0xffffffffffff, ones, "ffffffff-ffff-7fff-bfff-ffffffffffff"},
    {0x1000000000001, zeros, "00000000-0001-7000-8000-000000000000"},
    {-1, zeros, "ffffffff-ffff-7000-8000-000000000000"},
};

static bool
is_version_7(const char *text)
{
	for (size_t i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-')
				return false;
		} else if (strchr("0123456789abcdef", text[i]) == NULL) {
			return false;
		}
	}
	return text[36] == '\0' && text[14] == '7' &&
	       strchr("89ab", text[19]) != NULL;
}

static void
test_rows(void)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *random = guard_tail(&guard, rows[i].random, 10);
		char out[UUID_TEXT_BYTES];

		uuid_text(rows[i].unix_ms, (const unsigned char *)random, out);
		tap_is_text(out, rows[i].want, "row %zu", i);
	}
}

/* Each random bit that counts changes one digit; there are 74. */
static void
test_bits(void)
{
	int count = 0;

	for (int bit = 0; bit < 80; bit++) {
		unsigned char random[10] = {0};
		char out[UUID_TEXT_BYTES];

		random[bit / 8] = (unsigned char)(1 << bit % 8);
		uuid_text(0, random, out);
		if (strcmp(out, rows[1].want) != 0)
			count++;
	}
	tap_is_int(count, 74, "74 random bits count");
}

static void
test_order(void)
{
	char last[UUID_TEXT_BYTES] = "", out[UUID_TEXT_BYTES];
	int bad = 0;

	for (int64_t ms = 1; ms < INT64_C(0x800000000000); ms += 1 + ms / 3) {
		uuid_text(ms, ms % 2 == 0 ? zeros : ones, out);
		if (strcmp(last, out) >= 0)
			bad++;
		memcpy(last, out, sizeof(last));
	}
	tap_is_int(bad, 0, "text is sorted as time is");
}

static void
test_new(void)
{
	enum { N = 2000 };
	static char made[N][UUID_TEXT_BYTES];
	char first[UUID_TEXT_BYTES], last[UUID_TEXT_BYTES];
	int bad = 0, same = 0;

	uuid_text(stamp_unix_ms(), zeros, first);
	for (int i = 0; i < N; i++) {
		if (!uuid_new(made[i]) || !is_version_7(made[i]))
			bad++;
	}
	uuid_text(stamp_unix_ms(), ones, last);
	for (int i = 0; i < N; i++) {
		if (strcmp(made[i], first) < 0 || strcmp(made[i], last) > 0)
			bad++;
		for (int j = 0; j < i; j++)
			same += strcmp(made[i], made[j]) == 0;
	}
	tap_is_int(bad, 0, "%d new ones have the form and are of now", N);
	tap_is_int(same, 0, "and no two are the same");
}

static void
test_entropy(void)
{
	char out[UUID_TEXT_BYTES] = "old";

	entropy = REFUSED;
	tap_ok(!uuid_new(out), "no random bytes, no uuid");
	tap_is_text(out, "", "and no old one");
	entropy = CUT;
	tap_ok(!uuid_new(out) && out[0] == '\0', "too few of them: the same");
	entropy = INTERRUPTED;
	tap_ok(uuid_new(out) && is_version_7(out), "a signal: another try");
	entropy = WHOLE;
}

/* Bytes that may hold NUL. */
#define BYTES(literal) literal, sizeof(literal) - 1
#define NIL "00000000-0000-0000-0000-000000000000"
#define LARGEST "ffffffff-ffff-ffff-ffff-ffffffffffff"

static const struct {
	const char *bytes;
	size_t len;
	const char *want; /* NULL: refused */
} texts[] = {
    /* RFC 9562, appendix A: versions 1, 3 to 8; 5.9 and 5.10. */
    {BYTES("C232AB00-9414-11EC-B3C8-9F6BDECED846"),
        "c232ab00-9414-11ec-b3c8-9f6bdeced846"},
    {BYTES("5df41881-3aed-3515-88a7-2f4a814cf09e"),
        "5df41881-3aed-3515-88a7-2f4a814cf09e"},
    {BYTES("919108f7-52d1-4320-9bac-f847db4148a8"),
        "919108f7-52d1-4320-9bac-f847db4148a8"},
    {BYTES("2ed6657d-e927-568b-95e1-2665a8aea6a2"),
        "2ed6657d-e927-568b-95e1-2665a8aea6a2"},
    {BYTES("1EC9414C-232A-6B00-B3C8-9F6BDECED846"),
        "1ec9414c-232a-6b00-b3c8-9f6bdeced846"},
    {BYTES("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"),
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"},
    {BYTES("2489E9AD-2EE2-8E00-8EC9-32D5F69181C0"),
        "2489e9ad-2ee2-8e00-8ec9-32d5f69181c0"},
    {BYTES(NIL), NIL},
    {BYTES(LARGEST), LARGEST},
    {BYTES("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"), LARGEST},
    {BYTES("FfFfFfFf-ffff-FFFF-ffff-FFFFFFffffff"), LARGEST},
    /* Other forms. */
    {BYTES(""), NULL},
    {BYTES("017f22e279b07cc398c4dc0c0c07398f"), NULL},
    {BYTES("{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}"), NULL},
    {BYTES("urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), NULL},
    {BYTES("017f22e2-79b0-7cc3-98c4dc0c0c07398f"), NULL},
    {BYTES("017f22e2-79b0-7cc3-98c4dc0c0c07398f0"), NULL},
    {BYTES("017f22e-279b0-7cc3-98c4-dc0c0c07398f"), NULL},
    {BYTES("017f22e2_79b0_7cc3_98c4_dc0c0c07398f"), NULL},
    {BYTES("017f22e2-79b0-7cc3-98c4-dc0c0c0739-f"), NULL},
    {BYTES("------------------------------------"), NULL},
    {BYTES("0x7f22e2-79b0-7cc3-98c4-dc0c0c07398f"), NULL},
    {BYTES("g17f22e2-79b0-7cc3-98c4-dc0c0c07398f"), NULL},
    /* One too few, one too many. */
    {BYTES("017f22e2-79b0-7cc3-98c4-dc0c0c07398"), NULL},
    {BYTES("017f22e2-79b0-7cc3-98c4-dc0c0c07398f0"), NULL},
    {BYTES(" 17f22e2-79b0-7cc3-98c4-dc0c0c07398f"), NULL},
    {BYTES("017f22e2-79b0-7cc3-98c4-dc0c0c07398f "), NULL},
    {BYTES("017f22e2-79b0-7cc3-98c4-dc0c0c07398\n"), NULL},
    {BYTES("017f22e2-79b0-7cc3-98c4-dc0c0c07398\0"), NULL},
    {BYTES("017f22e2-79b0-7cc3-98c4-dc0c0c07398f\0"), NULL},
};

/* Into exactly the room that is asked for. */
static ptrdiff_t
read_uuid(struct span text, char *out)
{
	char room[UUID_TEXT_BYTES], *written;

	memset(room, 'x', sizeof(room));
	written = guard_tail(&out_guard, room, sizeof(room));
	if (!uuid_read(text, written))
		return -1;
	memcpy(out, written, sizeof(room));
	return (ptrdiff_t)strlen(out);
}

static void
test_read(void)
{
	char out[EVERY_BYTE_ROOM];

	for (size_t i = 0; i < LENGTH(texts); i++) {
		size_t len = texts[i].len;
		struct span text = {
		    guard_tail(&guard, texts[i].bytes, len), len};

		tap_is_text(read_uuid(text, out) >= 0 ? out : NULL,
		    texts[i].want, "text %zu: %s", i,
		    texts[i].want != NULL ? "fine" : "refused");
	}
	tap_is_int(read_uuid((struct span){NULL, 0}, out), -1, "NULL and 0");
	/* 32 digits of 22 kinds, 4 hyphens. */
	tap_is_int(every_byte(&guard, rows[0].want, read_uuid), 32 * 22 + 4,
	    "each byte of %s", rows[0].want);
}

int
main(void)
{
	guard = guard_new(EVERY_BYTE_ROOM);
	out_guard = guard_new(UUID_TEXT_BYTES);
	test_rows();
	test_bits();
	test_order();
	test_new();
	test_entropy();
	test_read();
	return tap_done();
}
