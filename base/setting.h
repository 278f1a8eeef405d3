/* SPDX-License-Identifier: MIT */
/*
 * setting -- what is configured, from one table (setting.c): the environment,
 * else the file that MAYFLY_ENV_FILE names (default SYSCONFDIR/mayfly/env),
 * else a default.  The file exists because suEXEC strips the environment.
 *
 * The file: lines KEY=VALUE; '#' starts a comment line; no quotes, no
 * expansion.  It holds secrets, so it is refused when group or others can
 * read it.  All keys with units and defaults: doc/limits.md.
 */
#ifndef SETTING_H
#define SETTING_H

#include "base.h"
#include "log.h"

enum setting {
	SETTING_DATABASE_URL, /* libpq URI or conninfo, through PgBouncer */
	SETTING_READER_URL,   /* the same for functions of this role; */
	SETTING_WRITER_URL,   /* without it they take DATABASE_URL */
	SETTING_ACCOUNT_URL,
	SETTING_TOKEN_SECRET,  /* text, TOKEN_SECRET_MIN_BYTES or more */
	SETTING_TOKEN_TTL_S,   /* seconds a token lasts */
	SETTING_ACCESS_TTL_S,  /* the same, of one that can be refreshed */
	SETTING_LOG_LEVEL,     /* debug, info, warn, error */
	SETTING_RUN_DIR,       /* mayflyd: where the sockets are */
	SETTING_STORE,         /* where the releases are: store.h */
	SETTING_APP,           /* the name of the application */
	SETTING_FUNCTIONS,     /* folders that a deploy takes, with ':' */
	SETTING_IDLE_MS,       /* mayflyd: when a function does not say */
	SETTING_MAX_INSTANCES, /* mayflyd: when a function does not say */
	SETTING_SITE_URL,      /* where readers find the pages */
	SETTING_SITE_TITLE,    /* of feeds */
	SETTING_DEV,           /* 1: causes in answers, no second tries */
	SETTING_RATES,         /* changes of the rate limits: rate_class.h */
	SETTINGS
};

enum {
	SETTING_OWN_MAX = 16,        /* of a function */
	SETTING_OWN_NAME_MAX = 64,   /* characters */
	SETTING_OWN_TEXT_MAX = 4096, /* bytes of its value */
};

/*
 * Settings of a function's own, such as STRIPE_KEY, in the same places.
 *
 * setting_own_problem	what is wrong with such a name, or NULL
 * setting_own_there	whether each of n names has a value; otherwise problem
 *			(size bytes) says which has none, and where it belongs
 * setting_own		before setting_load(): read these, too; names live on
 * setting_own_text	after it: the value, never NULL for one that was asked
 *			for; NULL for another
 */
const char *setting_own_problem(const char *name) MUST_CHECK;
bool setting_own_there(
    char *const *names, int n, char *problem, size_t size) MUST_CHECK;
void setting_own(const char *const *names, int n);
const char *setting_own_text(const char *name) MUST_CHECK;

/*
 * Read everything.  On a bad file or value returns false, and problem (size
 * bytes) says which and why, without the value; the settings are as before.
 * Texts that were had before are gone after a second time.
 */
bool setting_load(char *problem, size_t size) MUST_CHECK;

/*
 * A daemon's second time: none of the n fixed ones may have another value.
 * *changed says whether the file has another text.
 */
bool setting_load_again(const enum setting *fixed, int n, bool *changed,
    char *problem, size_t size) MUST_CHECK;

/* The text, or the default, or NULL when there is neither. */
const char *setting_text(enum setting s);

/* For settings that are numbers; setting_load() has checked the range. */
int64_t setting_int(enum setting s);

/* SETTING_LOG_LEVEL; LOG_INFO before setting_load(). */
enum log_level setting_log_level(void);

/* The name in the environment, such as "DATABASE_URL". */
const char *setting_name(enum setting s);

#endif /* SETTING_H */
