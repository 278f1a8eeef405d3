/* SPDX-License-Identifier: MIT */
/*
 * deploy -- what deploy, rollback, promote and delete share: each makes a new
 * generation of the application (base/store.h), and goes over to it by the same
 * steps (deploy-steps.c).
 *
 * Whatever fails leaves what is served as it was.  Each step is
 * deploy_STEP(struct deploy *), returns an enum cli_exit, and has said what is
 * to be mended when that is not CLI_OK.
 */
#ifndef DEPLOY_H
#define DEPLOY_H

#include "buf.h"
#include "cli.h"
#include "descriptor.h"
#include "store-write.h"

enum {
	DEPLOY_PROBLEM_BYTES = 1024,
	DEPLOY_STEPS_MAX = 16,
	DEPLOY_WHY_MAX = 200, /* bytes of -m */
};

struct json_object; /* json-c */

/* Of nginx and PgBouncer: options, and members of STORE/APP/web.json. */
enum deploy_web_word {
	DEPLOY_WEB_CONF,
	DEPLOY_WEB_PID,
	DEPLOY_WEB_TEMPLATE,
	DEPLOY_WEB_WWW_DIR,
	DEPLOY_WEB_TITLE,
	DEPLOY_WEB_LOG_DIR,
	DEPLOY_WEB_LISTEN,
	DEPLOY_WEB_PORT,
	DEPLOY_WEB_POOL_INI,
	DEPLOY_WEB_POOL_PID,
	DEPLOY_WEB_WORDS
};

/* An executable that was given. */
struct deploy_parcel {
	char *path;
	const char *name; /* the end of path */
	char hash[STORE_HASH_CHARS + 1];
	struct store_arrival arrival; /* where it is not in the store */
};

/* A release that the next generation serves, or tries as a canary. */
struct deploy_part {
	const char *name, *hash; /* of the generation */
	bool canary;             /* beside the current one */
	bool fresh;              /* the generation before does not serve it */
	struct json_object *printed;
	struct descriptor *descriptor; /* its program: STORE/HASH/NAME */
};

struct deploy {
	/* What was asked for. */
	const struct command *command;
	const char *why; /* -m */
	const char *run_dir, *store, *app;
	const char *migrations; /* folder, or NULL */
	bool json, allow_break, no_smoke, no_database;
	int share;                         /* --canary; 0 for none */
	int64_t watch_ms;                  /* --for; 0 for none */
	const char *web[DEPLOY_WEB_WORDS]; /* NULL: not said */
	char **words;                      /* what stands behind the options */
	int nwords;

	/* What is made of it. */
	int lock;
	struct deploy_parcel *parcels;
	int nparcels;
	struct store_generation now, next;
	char reason[DEPLOY_WHY_MAX + 1]; /* of next */
	struct deploy_part *parts;       /* of next, sorted by name */
	int nparts;
	bool whole;   /* what was given is all of the application */
	bool changed; /* next is another than now */
	bool running; /* mayflyd answers */
	int due;      /* migrations that are not applied */
	bool untried; /* they could not be tried on a copy */
	bool written; /* N.json is there, and not in force */
	bool flipped; /* it is */
	struct json_object *web_kept; /* web.json */
	struct buf web_text;          /* the new configuration of nginx */
	bool web_said;                /* options are another than before */
	bool web_changed;             /* nginx has taken it */
	bool descriptors_changed;     /* of who is served */
	int64_t began_ms;
	struct {
		const char *word;
		int64_t ms;
	} took[DEPLOY_STEPS_MAX];
	int ntook;
	char note[DEPLOY_PROBLEM_BYTES]; /* what a step has to tell */
};

/* ---- deploy-options.c ---- */

/* Options and settings, and the generation that is in force. */
int deploy_open(struct deploy *d, const struct command *command, int argc,
    char *argv[]) MUST_CHECK;
void deploy_close(struct deploy *d);
/* The help of the options that all have. */
#define DEPLOY_HELP                                                            \
	"  -m, --message TEXT   why, for mayfly versions\n"                    \
	"  -o, --output FORM    table or json\n"                               \
	"  --break              allow a migration under which a statement "    \
	"of\n"                                                                 \
	"                       what is served fails\n"                        \
	"  --migrations DIR     apply what is new there: NNN-topic.sql\n"      \
	"  --no-database        there is none: statements are not looked at\n" \
	"  --no-smoke           do not try new releases before they serve\n"   \
	"  --run-dir DIR        where mayflyd's sockets are\n"                 \
	"                       (default: MAYFLY_RUN_DIR, or ./var/run)\n"     \
	"Of nginx and PgBouncer, where Mayfly configures them; kept for the "  \
	"next "                                                                \
	"time:\n"                                                              \
	"  --nginx-conf FILE    the configuration; '' for none\n"              \
	"  --nginx-pid FILE     the number of its process\n"                   \
	"  --template FILE      nginx/mayfly.conf of the sources\n"            \
	"  --www-dir DIR        the files that are served\n"                   \
	"  --title TEXT         of the reference there, openapi.json, "        \
	"api.html\n"                                                           \
	"  --log-dir DIR        where access.log and error.log go\n"           \
	"  --listen ADDRESS     default: 127.0.0.1\n"                          \
	"  --port N             default: 8787\n"                               \
	"  --pgbouncer-ini FILE its number follows the schema\n"               \
	"  --pgbouncer-pid FILE the number of its process\n"

/* ---- deploy-steps.c ---- */

/* Lock, then plan() says what d->next is to be, then all else; prints the
 * outcome.  plan() uses deploy_plan_*. */
int deploy_run(struct deploy *d, int (*plan)(struct deploy *d)) MUST_CHECK;

/* ---- deploy-plan.c ---- */

/* The next generation begins as the one that is in force. */
void deploy_plan_copy(struct deploy *d);

/* The function of that name in the next generation: there, or new. */
struct store_function *deploy_plan_find(struct deploy *d, const char *name);
struct store_function *deploy_plan_add(struct deploy *d, const char *name);
void deploy_plan_delete(struct deploy *d, const char *name);

/* It gets another release, without a canary. */
void deploy_plan_release(struct store_function *f, const char *hash);

/* Whether two generations serve the same. */
bool deploy_plan_same(const struct store_generation *a,
    const struct store_generation *b) MUST_CHECK;

/* ---- the steps ---- */

/* deploy-parcel.c: d->words are FILEs and FOLDERs; into the store with them. */
int deploy_collect(struct deploy *d) MUST_CHECK;
int deploy_store(struct deploy *d) MUST_CHECK;

/* deploy-read.c: d->parts */
int deploy_read(struct deploy *d) MUST_CHECK;
void deploy_parts_free(struct deploy *d);

/* deploy-check.c: what they need, and their routes */
int deploy_check(struct deploy *d) MUST_CHECK;

/* deploy-database.c: of the schema as it will be */
int deploy_database_check(struct deploy *d) MUST_CHECK;
int deploy_migrate(struct deploy *d) MUST_CHECK;
int deploy_statements(struct deploy *d) MUST_CHECK;

/* deploy-pool.c */
int deploy_pool(struct deploy *d) MUST_CHECK;

/* deploy-smoke.c */
int deploy_smoke(struct deploy *d) MUST_CHECK;

/* deploy-serve.c */
int deploy_write(struct deploy *d) MUST_CHECK;
int deploy_flip(struct deploy *d) MUST_CHECK;
int deploy_settle(struct deploy *d) MUST_CHECK;
int deploy_true(struct deploy *d) MUST_CHECK; /* nothing has changed */
int deploy_record(struct deploy *d) MUST_CHECK;
void deploy_undo(struct deploy *d);

/* deploy-web.c: nginx's configuration, and the pages that follow from the
 * descriptors */
void deploy_web_free(struct deploy *d);
int deploy_web_check(struct deploy *d) MUST_CHECK;
int deploy_web(struct deploy *d) MUST_CHECK;

#endif /* DEPLOY_H */
