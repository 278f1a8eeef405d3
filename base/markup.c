/* SPDX-License-Identifier: MIT */
/* markup -- see markup.h. */
#include "markup.h"

#include <string.h>

/* In the order of kinds: the longer before what they begin with. */
enum kind { TEXT, INT, LONG, LONG_LONG, SIZE, PERCENT, KINDS };

static const char *const conversions[KINDS] = {
    [TEXT] = "s",
    [INT] = "d",
    [LONG] = "ld",
    [LONG_LONG] = "lld",
    [SIZE] = "zu",
    [PERCENT] = "%",
};

/* The conversion behind a '%'; KINDS when it is none of them. */
static enum kind
conversion_at(const char *at)
{
	int k = 0;

	while (k < KINDS &&
	       strncmp(at, conversions[k], strlen(conversions[k])) != 0)
		k++;
	return (enum kind)k;
}

void
markup_format(struct buf *b, void (*text)(struct buf *b, struct span s),
    const char *fmt, va_list ap)
{
	const char *percent, *s;
	enum kind kind;

	for (percent = strchr(fmt, '%'); percent != NULL;
	     percent = strchr(fmt, '%')) {
		buf_add(b, fmt, (size_t)(percent - fmt));
		kind = conversion_at(percent + 1);
		switch (kind) {
		case TEXT:
			s = va_arg(ap, const char *);
			if (s != NULL)
				text(b, (struct span){s, strlen(s)});
			break;
		case INT:
			buf_format(b, "%d", va_arg(ap, int));
			break;
		case LONG:
			buf_format(b, "%ld", va_arg(ap, long));
			break;
		case LONG_LONG:
			buf_format(b, "%lld", va_arg(ap, long long));
			break;
		case SIZE:
			buf_format(b, "%zu", va_arg(ap, size_t));
			break;
		case PERCENT:
			buf_add(b, "%", 1);
			break;
		case KINDS:
			b->failed = b->misused = true;
			return;
		}
		fmt = percent + 1 + strlen(conversions[kind]);
	}
	buf_text(b, fmt);
}
