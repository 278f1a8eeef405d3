/* SPDX-License-Identifier: MIT */
/* value -- see value.h.  One reader for each type, in the table readers. */
#include "value.h"

#include <json-c/json.h>
#include <regex.h>
#include <string.h>

#include "arena.h"
#include "decimal.h"
#include "die.h"
#include "email.h"
#include "precis.h"
#include "stamp.h"
#include "utf8.h"
#include "uuid.h"
#include "web_url.h"

enum {
	/* A character beyond U+FFFF as two \\uXXXX: RFC 8259, section 7; as
	 * four %XX in a form it is as long. */
	CHARACTER_BYTES = 12,
	BYTE_BYTES = 6,    /* \u0001 */
	SHORT_BYTES = 128, /* what has a form of its own: a number, a time */
	PATTERNS_MAX = 64, /* of one program */
};

/* One value being read. */
struct reading {
	const struct fn_input *input;
	struct arena *arena;
	struct value *out;
};

/* ---- patterns ---- */

/* The pattern with its ends tied to those of the text. */
static int
compile_whole(const char *pattern, regex_t *compiled, char *whole, size_t size)
{
	size_t len = strlen(pattern);

	if (len + sizeof("^()$") > size)
		return REG_ESPACE;
	memcpy(whole, "^(", 2);
	memcpy(whole + 2, pattern, len);
	memcpy(whole + 2 + len, ")$", sizeof(")$"));
	return regcomp(compiled, whole, REG_EXTENDED | REG_NOSUB);
}

bool
value_pattern_is_good(const char *pattern, char *problem, size_t size)
{
	char whole[1024];
	regex_t compiled;
	int error;

	error = compile_whole(pattern, &compiled, whole, sizeof(whole));
	if (error == 0) {
		regfree(&compiled);
		return true;
	}
	regerror(error, NULL, problem, size);
	return false;
}

/* Compiled at first use, kept as long as the process. */
static bool
matches(const char *pattern, const char *text)
{
	static struct {
		const char *pattern;
		regex_t compiled;
	} known[PATTERNS_MAX];
	char whole[1024];
	int i = 0;

	while (i < PATTERNS_MAX && known[i].pattern != NULL &&
	       known[i].pattern != pattern)
		i++;
	if (i == PATTERNS_MAX)
		bug("more than %d patterns", PATTERNS_MAX);
	if (known[i].pattern == NULL) {
		if (compile_whole(
		        pattern, &known[i].compiled, whole, sizeof(whole)) != 0)
			bug("no memory for the pattern %s", pattern);
		known[i].pattern = pattern;
	}
	return regexec(&known[i].compiled, text, 0, NULL, 0) == 0;
}

/* ---- text ---- */

static const char *
check_length(const struct reading *r, int64_t length, const char *unit)
{
	if (length < r->input->min)
		return arena_format(r->arena,
		    "is too short (minimum is %lld %s)",
		    (long long)r->input->min, unit);
	if (length > r->input->max)
		return arena_format(r->arena,
		    "is too long (maximum is %lld %s)",
		    (long long)r->input->max, unit);
	return NULL;
}

/* The text in the one form that it is kept in: NFC, and by type trimmed, or
 * with the rules of names or passwords. */
static const char *
normal_form(const struct reading *r, struct span text)
{
	size_t size = UTF8_NFC_ROOM(text.len);
	const char *fault = NULL;
	char *out;

	if (r->input->type == FN_TEXT) {
		r->out->text = arena_copy(r->arena, text.at, text.len);
		return NULL;
	}
	r->out->text = out = arena_alloc(r->arena, size);
	switch (r->input->type) {
	case FN_NAME:
		fault = precis_name(text, out, size);
		break;
	case FN_SECRET:
		fault = precis_password(text, out, size);
		break;
	default:
		text.at = utf8_trim(text.at, &text.len);
		if (utf8_has_control(text.at, text.len))
			fault = "can't contain control characters";
		else if (utf8_nfc(text.at, text.len, out, size) < 0)
			bug("no memory for %zu bytes of NFC", size);
	}
	if (fault == precis_no_memory)
		bug("no memory for %zu bytes of text", size);
	return fault;
}

static const char *
check_pattern(const struct reading *r)
{
	const struct fn_input *input = r->input;

	if (input->pattern == NULL || matches(input->pattern, r->out->text))
		return NULL;
	if (input->message != NULL)
		return input->message;
	return arena_format(r->arena, "must match %s", input->pattern);
}

/* UTF-8 first, then blank, then the rules of the type, then length. */
static const char *
read_text(const struct reading *r, struct span raw)
{
	enum fn_type type = r->input->type;
	const char *fault = NULL;
	bool blank;

	blank =
	    type == FN_SECRET ? raw.len == 0 : utf8_is_blank(raw.at, raw.len);
	if (blank && (r->input->required || r->input->in == FN_PATH ||
	                 r->input->items_max > 0 || r->input->min > 0))
		return "can't be blank";
	r->out->text = "";
	if (!blank || type == FN_TEXT)
		fault = normal_form(r, raw);
	if (fault != NULL)
		return fault;
	raw = (struct span){r->out->text, strlen(r->out->text)};
	if (type == FN_SECRET)
		fault = check_length(r, (int64_t)raw.len, "bytes");
	else
		fault =
		    check_length(r, utf8_length(raw.at, raw.len), "characters");
	if (fault == NULL && type == FN_EMAIL && !email_is_address(raw))
		fault = "is not an email address";
	return fault == NULL ? check_pattern(r) : fault;
}

static const char *
read_url(const struct reading *r, struct span raw)
{
	char *out;

	raw.at = utf8_trim(raw.at, &raw.len);
	out = arena_alloc(r->arena, WEB_URL_ROOM(raw.len));
	r->out->text = out;
	if (web_url_read(raw, out) < 0)
		return "must be an http or https URL";
	return check_length(r, (int64_t)strlen(out), "bytes");
}

/* ---- numbers, words and times ---- */

static const char *
keep_number(const struct reading *r, int64_t number)
{
	if (r->input->clamp && number > r->input->max)
		number = r->input->max;
	if (number < r->input->min)
		return arena_format(r->arena, "must be at least %lld",
		    (long long)r->input->min);
	if (number > r->input->max)
		return arena_format(
		    r->arena, "must be at most %lld", (long long)r->input->max);
	r->out->number = number;
	r->out->text = arena_format(r->arena, "%lld", (long long)number);
	return NULL;
}

/* -?digits, at most one of which does not fit: INT64_MAX or INT64_MIN then. */
static const char *
read_int(const struct reading *r, struct span raw)
{
	bool negative = raw.len > 0 && raw.at[0] == '-', large = false;
	int64_t number = 0;
	int digit;

	if (raw.len == (negative ? 1 : 0))
		return "must be an integer";
	for (size_t i = negative; i < raw.len; i++) {
		if (raw.at[i] < '0' || raw.at[i] > '9')
			return "must be an integer";
		digit = negative ? '0' - raw.at[i] : raw.at[i] - '0';
		large = large || __builtin_mul_overflow(number, 10, &number) ||
		        __builtin_add_overflow(number, digit, &number);
	}
	if (large && !(r->input->clamp && !negative))
		return "must be an integer";
	return keep_number(r, large ? INT64_MAX : number);
}

static const char *
read_decimal(const struct reading *r, struct span raw)
{
	char *out = arena_alloc(r->arena, DECIMAL_TEXT_BYTES);

	r->out->text = out;
	if (!decimal_read(raw, r->input->scale, out))
		return arena_format(r->arena,
		    "must be a number with at most %d digits before and %d"
		    " behind the point",
		    DECIMAL_DIGITS_MAX, r->input->scale);
	if (decimal_compare(out, r->input->min) < 0)
		return arena_format(r->arena, "must be at least %lld",
		    (long long)r->input->min);
	if (decimal_compare(out, r->input->max) > 0)
		return arena_format(
		    r->arena, "must be at most %lld", (long long)r->input->max);
	return NULL;
}

static const char *
read_bool(const struct reading *r, struct span raw)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {{"true", true}, {"false", false}, {"1", true},
	    {"0", false}, {"on", true}, {"off", false}};

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (strlen(words[i].word) != raw.len ||
		    memcmp(words[i].word, raw.at, raw.len) != 0)
			continue;
		r->out->number = words[i].value;
		r->out->text = words[i].value ? "true" : "false";
		return NULL;
	}
	return "must be true or false";
}

int
value_choice(const char *choices, struct span text)
{
	size_t len;
	int i = 0;

	for (; *choices != '\0'; i++) {
		len = strcspn(choices, " ");
		if (len == text.len && memcmp(choices, text.at, len) == 0)
			return i;
		choices += len;
		choices += strspn(choices, " ");
	}
	return -1;
}

static const char *
say_choices(const struct reading *r)
{
	const char *from = r->input->choices;
	char *said = arena_alloc(
	    r->arena, sizeof("must be one of: ") + 2 * strlen(from));
	char *to = stpcpy(said, "must be one of: ");

	for (; *from != '\0'; from++) {
		if (*from == ' ')
			*to++ = ',';
		*to++ = *from;
	}
	return said;
}

static const char *
read_choice(const struct reading *r, struct span raw)
{
	r->out->number = value_choice(r->input->choices, raw);
	r->out->text = arena_copy(r->arena, raw.at, raw.len);
	return r->out->number < 0 ? say_choices(r) : NULL;
}

static const char *
read_date(const struct reading *r, struct span raw)
{
	r->out->text = arena_copy(r->arena, raw.at, raw.len);
	return stamp_is_date(raw) ? NULL : "must be a date such as 2026-11-23";
}

static const char *
read_time(const struct reading *r, struct span raw)
{
	char *out = arena_alloc(r->arena, STAMP_TEXT_BYTES);

	r->out->text = out;
	if (!stamp_read(raw, &r->out->number) ||
	    !stamp_text(r->out->number, out))
		return "must be a time such as 2026-11-23T08:41:33Z";
	return NULL;
}

static const char *
read_uuid(const struct reading *r, struct span raw)
{
	char *out = arena_alloc(r->arena, UUID_TEXT_BYTES);

	r->out->text = out;
	return uuid_read(raw, out) ? NULL : "must be a UUID";
}

/* FN_JSON, where a form came and JSON might have. */
static const char *
refuse_text(const struct reading *r, struct span raw)
{
	(void)r;
	(void)raw;
	return "must come in a JSON body";
}

static const char *(*const readers[FN_TYPES])(
    const struct reading *r, struct span raw) = {
    [FN_LINE] = read_text,
    [FN_TEXT] = read_text,
    [FN_NAME] = read_text,
    [FN_EMAIL] = read_text,
    [FN_SECRET] = read_text,
    [FN_URL] = read_url,
    [FN_INT] = read_int,
    [FN_DECIMAL] = read_decimal,
    [FN_BOOL] = read_bool,
    [FN_CHOICE] = read_choice,
    [FN_DATE] = read_date,
    [FN_TIME] = read_time,
    [FN_UUID] = read_uuid,
    [FN_JSON] = refuse_text,
};

const char *
value_from_text(const struct fn_input *input, struct arena *arena,
    struct span text, struct value *out)
{
	struct reading r = {input, arena, out};

	if (utf8_length(text.at, text.len) < 0)
		return "is not valid UTF-8 text without NUL";
	return readers[input->type](&r, text);
}

/* ---- JSON ---- */

static struct span
json_text_of(struct json_object *value)
{
	return (struct span){json_object_get_string(value),
	    (size_t)json_object_get_string_len(value)};
}

static const char *
read_json(const struct reading *r, struct json_object *json)
{
	const char *text;
	size_t len;

	text = json_object_to_json_string_length(json,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
	if (text == NULL)
		bug("no memory for %s as text", r->input->name);
	r->out->text = arena_copy(r->arena, text, len);
	return check_length(r, (int64_t)len, "bytes");
}

/* A number keeps the text that it came as: json_in.h. */
static const char *
read_json_decimal(const struct reading *r, struct json_object *json)
{
	const char *text = json_object_get_string(json);

	if (json_object_is_type(json, json_type_string))
		return read_decimal(r, json_text_of(json));
	if (!json_object_is_type(json, json_type_int) &&
	    !json_object_is_type(json, json_type_double))
		return "must be a number";
	if (text == NULL)
		bug("no memory for a number");
	return read_decimal(r, (struct span){text, strlen(text)});
}

const char *
value_from_json(const struct fn_input *input, struct arena *arena,
    struct json_object *json, struct value *out)
{
	struct reading r = {input, arena, out};

	switch (input->type) {
	case FN_JSON:
		return read_json(&r, json);
	case FN_DECIMAL:
		return read_json_decimal(&r, json);
	case FN_INT:
		if (!json_object_is_type(json, json_type_int))
			return "must be an integer";
		return keep_number(&r, json_object_get_int64(json));
	case FN_BOOL:
		if (!json_object_is_type(json, json_type_boolean))
			return "must be true or false";
		out->number = json_object_get_boolean(json);
		out->text = out->number != 0 ? "true" : "false";
		return NULL;
	default:
		break;
	}
	if (!json_object_is_type(json, json_type_string))
		return "must be text";
	return value_from_text(input, arena, json_text_of(json), out);
}

int64_t
value_body_bytes(const struct fn_input *input)
{
	/* It may be no good: fn_check() asks before it has looked at all. */
	int64_t max =
	    input->max < VALUE_LENGTH_MAX ? input->max : VALUE_LENGTH_MAX;

	switch (descriptor_types[input->type].measure) {
	case FN_MEASURE_CHARACTERS:
		return max * CHARACTER_BYTES;
	case FN_MEASURE_BYTES:
		return max * BYTE_BYTES;
	default:
		return SHORT_BYTES;
	}
}
