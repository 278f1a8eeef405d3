/* SPDX-License-Identifier: MIT */
/* test-nginx_config -- cli/nginx-config: the share of a canary for every
 * percent, and how long the path of a socket may be. */
#include "nginx-config.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "tap.h"

static char template[] = "/tmp/test-nginx_config.XXXXXX";
static char run_dir[128] = "/run/mayfly";

static struct nginx_options options = {
    .template = template,
    .run_dir = run_dir,
    .log_dir = "/log",
    .www_dir = "/www",
    .app = "shop",
    .listen = "127.0.0.1:1",
};

static char name[] = "hat-get", path[] = "/hats", other[] = "hat-list",
            other_path[] = "/list";
static struct descriptor hat = {.name = name, .path = path, .method = HTTP_GET};
static struct descriptor hats = {
    .name = other, .path = other_path, .method = HTTP_GET};
static struct descriptor *const list[] = {&hat, &hats};

static bool
write_template(void)
{
	static const char text[] = "@UPSTREAMS@\n@LOCATIONS@\n";
	int fd = mkstemp(template);

	return fd >= 0 &&
	       write(fd, text, strlen(text)) == (ssize_t)strlen(text) &&
	       close(fd) == 0;
}

/* The servers of an upstream. */
struct servers {
	long n, canaries;             /* how many, and how many of a canary */
	long weight, canaries_weight; /* theirs together */
	bool good;                    /* each is a line as it has to be */
};

static struct servers
servers_of(const char *text, const char *function)
{
	struct servers s = {.good = true};
	char word[128];
	const char *end;
	bool canary;
	long weight;

	snprintf(word, sizeof(word), "upstream fn_%s {\n", function);
	text = strstr(text, word);
	if (text == NULL)
		return (struct servers){.good = false};
	end = strchr(text, '}');
	snprintf(word, sizeof(word), "server \"unix:/run/mayfly/shop/fn/%s",
	    function);
	while ((text = strstr(text, "server \"")) != NULL && text < end) {
		s.good = s.good && strncmp(text, word, strlen(word)) == 0;
		text += strlen(word);
		canary = strncmp(text, "~canary", 7) == 0;
		text += canary ? 7 : 0;
		s.good =
		    s.good && strncmp(text, ".sock\" max_fails=0", 18) == 0;
		text += 18;
		weight = 1;
		if (strncmp(text, " weight=", 8) == 0)
			weight = strtol(text + 8, NULL, 10);
		s.good = s.good && weight > 0; /* nginx takes no 0 */
		s.n++;
		s.weight += weight;
		s.canaries += canary ? 1 : 0;
		s.canaries_weight += canary ? weight : 0;
	}
	return s;
}

static void
test_share(bool dev)
{
	struct nginx_canary canary = {.name = name};
	int wrong = 0;

	options.dev = dev;
	for (int share = 0; share <= 100; share++) {
		bool both = share > 0 && share < 100;
		long servers = dev ? (both ? 2 : 1) : 4;
		long canaries = both ? 1 : share == 100 ? servers : 0;
		struct buf text = buf_new(NGINX_CONFIG_MAX_BYTES);
		struct servers s;

		canary.share = share;
		if (nginx_config(&options, list, LENGTH(list), &canary, 1,
		        &text) != CLI_OK)
			wrong++;
		s = servers_of(text.data != NULL ? text.data : "", name);
		if (!s.good || s.n != servers || s.canaries != canaries ||
		    s.canaries_weight * 100 != share * s.weight) {
			tap_note("%d percent: %ld servers, %ld of the canary,"
			         " weights %ld of %ld",
			    share, s.n, s.canaries, s.canaries_weight,
			    s.weight);
			wrong++;
		}
		s = servers_of(text.data != NULL ? text.data : "", other);
		if (!s.good || s.canaries != 0 || s.n != (dev ? 1 : 4))
			wrong++;
		/* two servers are enough for a second try */
		if ((text.data != NULL &&
		        strstr(text.data, "fastcgi_next_upstream off;") !=
		            NULL) != dev)
			wrong++;
		buf_free(&text);
	}
	tap_is_int(
	    wrong, 0, "a canary's share is exact%s", dev ? ", with --dev" : "");
}

/* What a path has to be shorter than is in unix(7): 108 bytes with its NUL. */
static void
test_length(void)
{
	struct buf text = buf_new(NGINX_CONFIG_MAX_BYTES);
	size_t most = 107 - strlen("/shop/fn/hat-list~canary.sock");

	memset(run_dir, 'r', most);
	run_dir[0] = '/';
	run_dir[most] = '\0';
	tap_is_int(nginx_config(&options, list, LENGTH(list), NULL, 0, &text),
	    CLI_OK, "the longest path of a socket");
	run_dir[most] = 'r';
	run_dir[most + 1] = '\0';
	tap_is_int(nginx_config(&options, list, LENGTH(list), NULL, 0, &text),
	    CLI_USAGE, "one byte more is refused, without a canary, too");
	buf_free(&text);
}

int
main(void)
{
	if (!write_template())
		return 99;
	test_share(false);
	test_share(true);
	test_length();
	unlink(template);
	return tap_done();
}
