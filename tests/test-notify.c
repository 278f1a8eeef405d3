/* SPDX-License-Identifier: MIT */
/* test-notify -- runtime/notify: what mayfly-hold is told. */
#include "notify.h"

#include "guard.h"
#include "tap.h"

#define THIRTY "0123456789abcdefghijklmnopqrst"

static const struct {
	const char *message;
	const char *told; /* flags, and the name; "-" when it is refused */
} cases[] = {
    {"READY=1", "ready stored"},
    {"READY=1\n", "ready stored"},
    {"\n\nREADY=1\n\n", "ready stored"},
    {"READY=0", " stored"},
    {"READY=11", " stored"},
    {"READY=", " stored"},
    {"READY=1 ", " stored"},
    {" READY=1", " stored"},
    {"ready=1", " stored"},
    {"READYX=1", " stored"},
    {"STOPPING=1", "stopping stored"},
    {"READY=1\nSTOPPING=1", "ready stopping stored"},
    {"FDSTORE=1", "store stored"},
    {"FDSTORE=1\nFDNAME=a.l", "store a.l"},
    {"FDNAME=a.l\nFDSTORE=1\nFDPOLL=0", "store a.l"},
    {"FDSTOREREMOVE=1\nFDNAME=a.l", "remove a.l"},
    {"FDSTOREREMOVE=1\nFDSTORE=1\nFDNAME=a.l", "-"},
    {"FDSTOREREMOVE=1\nFDSTORE=0\nFDNAME=a.l", "remove a.l"},
    /* what others say */
    {"STATUS=serving 37\nMAINPID=7\nRELOADING=1\nMONOTONIC_USEC=1\nX=Y=Z",
        " stored"},
    {"STATUS=READY=1", " stored"},
    {"=", " stored"},
    {"=1", " stored"},
    /* names */
    {"FDSTORE=1\nFDNAME=a\nFDNAME=a", "store a"},
    {"FDSTORE=1\nFDNAME=a\nFDNAME=b", "-"},
    {"FDSTORE=1\nFDNAME=", "-"},
    {"FDSTORE=1\nFDNAME=a:b", "-"},
    {"FDSTORE=1\nFDNAME=a b", "-"},
    {"FDSTORE=1\nFDNAME=a\tb", "-"},
    {"FDSTORE=1\nFDNAME=\xc3\xa4", "-"},
    {"FDSTORE=1\nFDNAME=\x7f", "-"},
    {"FDSTORE=1\nFDNAME=!~=", "store !~="},
    {"FDSTORE=1\nFDNAME=" THIRTY, "store " THIRTY},
    {"FDSTORE=1\nFDNAME=" THIRTY "u", "-"},
    /* what is no message */
    {"", "-"},
    {"\n", "-"},
    {"\n\n\n", "-"},
    {"READY", "-"},
    {"READY=1\nSTOPPING", "-"},
    {"READY=1\r\n", " stored"},
};

static const char *
told_by(struct span message)
{
	static char told[128];
	struct notify n;

	if (!notify_parse(message, &n))
		return "-";
	snprintf(told, sizeof(told), "%s%s%s%s%s%.*s", n.ready ? "ready" : "",
	    n.stopping ? (n.ready ? " stopping" : "stopping") : "",
	    n.store ? "store" : "", n.remove ? "remove" : "", " ",
	    (int)n.name.len, n.name.at);
	return told;
}

int
main(void)
{
	static const char all[] =
	    "READY=1\nFDSTORE=1\nFDNAME=0123456789ab.l\nFDPOLL=0\n";
	static char large[NOTIFY_BYTES_MAX + 1];
	struct guard guard = guard_new(NOTIFY_BYTES_MAX + 1);
	char changed[sizeof(all) - 1];
	struct notify n;
	int bad = 0;

	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t len = strlen(cases[i].message);

		tap_is_text(
		    told_by((struct span){
		        guard_tail(&guard, cases[i].message, len), len}),
		    cases[i].told, "case %zu", i);
	}
	tap_is_text(told_by((struct span){NULL, 0}), "-", "NULL and 0");
	tap_is_text(
	    told_by((struct span){"READY=1\0", 8}), "-", "a NUL behind it");
	memset(large, '\n', sizeof(large));
	memcpy(large, "READY=1", 7);
	tap_is_text(told_by((struct span){large, NOTIFY_BYTES_MAX}),
	    "ready stored", "%d bytes", NOTIFY_BYTES_MAX);
	tap_is_text(told_by((struct span){large, NOTIFY_BYTES_MAX + 1}), "-",
	    "one more");
	for (size_t len = 0; len < sizeof(all); len++) {
		const char *text = guard_tail(&guard, all, len);

		if (notify_parse((struct span){text, len}, &n))
			bad += n.name.len < 1 || n.name.len > NOTIFY_NAME_MAX;
	}
	tap_is_int(bad, 0, "every prefix");
	for (size_t i = 0; i < 256 * sizeof(changed); i++) {
		memcpy(changed, all, sizeof(changed));
		changed[i / 256] = (char)(i % 256);
		if (notify_parse((struct span){guard_tail(&guard, changed,
		                                   sizeof(changed)),
		                     sizeof(changed)},
		        &n))
			bad += n.name.len < 1 || n.name.len > NOTIFY_NAME_MAX ||
			       memchr(n.name.at, ':', n.name.len) != NULL;
	}
	tap_is_int(bad, 0, "every byte in every place");
	return tap_done();
}
