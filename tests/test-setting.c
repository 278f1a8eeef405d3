/* SPDX-License-Identifier: MIT */
/* test-setting -- base/setting: the words of the log level, numbers, memory. */
#include "setting.h"

#include <stdlib.h>
#include <unistd.h>

#include "starve.h"
#include "tap.h"

static char problem[256];

/* NULL when it is taken, else what is wrong with it. */
static const char *
load(const char *name, const char *value)
{
	bool ok;

	setenv(name, value, 1);
	ok = setting_load(problem, sizeof(problem));
	unsetenv(name);
	return ok ? NULL : problem;
}

static void
test_level(void)
{
	static const char *const bad[] = {"", "trace", "infos", "inf", "INFO",
	    "Warn", "warning", "err", "none", "quiet", " info", "info ",
	    "debug,info", "0", "1"};
	static const struct {
		const char *word;
		enum log_level level;
	} good[] = {{"debug", LOG_DEBUG}, {"info", LOG_INFO},
	    {"warn", LOG_WARN}, {"error", LOG_ERROR}};

	tap_is_int(setting_log_level(), LOG_INFO, "before everything");
	for (size_t i = 0; i < LENGTH(good); i++) {
		tap_is_text(load("MAYFLY_LOG_LEVEL", good[i].word), NULL,
		    "%s is taken", good[i].word);
		tap_is_int(setting_log_level(), good[i].level, "as itself");
		tap_is_text(setting_text(SETTING_LOG_LEVEL), good[i].word,
		    "and as text");
	}
	for (size_t i = 0; i < LENGTH(bad); i++)
		tap_is_text(load("MAYFLY_LOG_LEVEL", bad[i]),
		    "MAYFLY_LOG_LEVEL must be one of: debug, info, warn, error",
		    "\"%s\" is refused", bad[i]);
	tap_ok(setting_load(problem, sizeof(problem)), "none is fine");
	tap_is_int(setting_log_level(), LOG_INFO, "and is info");
}

static void
test_ranges(void)
{
	tap_is_text(load("MAYFLY_IDLE_MS", "1"), NULL, "the least");
	tap_is_int(setting_int(SETTING_IDLE_MS), 1, "is taken");
	tap_is_text(load("MAYFLY_IDLE_MS", "0"),
	    "MAYFLY_IDLE_MS must be a number from 1 to 3600000", "less");
	tap_is_text(load("MAYFLY_IDLE_MS", "1x"),
	    "MAYFLY_IDLE_MS must be a number from 1 to 3600000", "no number");
	tap_is_text(load("MAYFLY_TOKEN_SECRET", "short"),
	    "MAYFLY_TOKEN_SECRET must have 32 to 1024 bytes", "a short text");
	tap_is_text(load("MAYFLY_RUN_DIR", "x"), NULL, "a text");
	tap_is_text(setting_text(SETTING_RUN_DIR), "x", "is taken");
}

static void
test_file(void)
{
	char path[] = "/tmp/test-setting-XXXXXX";
	static const char text[] = "# x\nMAYFLY_LOG_LEVEL=warn\nOTHER=1\n";
	int fd = mkstemp(path);

	if (!tap_ok(fd >= 0 && write(fd, text, sizeof(text) - 1) ==
	                           (ssize_t)sizeof(text) - 1,
	        "a file"))
		return;
	setenv("MAYFLY_ENV_FILE", path, 1);
	tap_ok(setting_load(problem, sizeof(problem)), "is read");
	tap_is_int(setting_log_level(), LOG_WARN, "and its level counts");
	starve_begin(1, true);
	tap_ok(!setting_load(problem, sizeof(problem)), "memory is out");
	starve_end();
	tap_ok(strstr(problem, "Cannot allocate memory") != NULL,
	    "and that is what it says: %s", problem);
	unsetenv("MAYFLY_ENV_FILE");
	close(fd);
	unlink(path);
}

int
main(void)
{
	static const char *const names[] = {"MAYFLY_LOG_LEVEL",
	    "MAYFLY_IDLE_MS", "MAYFLY_TOKEN_SECRET", "MAYFLY_RUN_DIR",
	    "MAYFLY_ENV_FILE"};

	for (size_t i = 0; i < LENGTH(names); i++)
		unsetenv(names[i]);
	test_level();
	test_ranges();
	test_file();
	return tap_done();
}
