/* clock_vectors.c — runs clock vectors: all of a file is read and judged before the first is run. */
#include "app/clock_vectors.h"
#include "base/i18n.h"
#include "slice/calendar/clock.h"
#include <jansson.h>

enum { ARENA_MAX = 1 << 30 };

enum ask { ASK_DUE, ASK_BETWEEN, ASK_COUNT };
struct vector {
	const char *id;
	struct cal *cal;
	enum ask ask;
	struct clock clock;                            /* DUE; start also of BETWEEN */
	instant due;                                   /* NO_INSTANT: none is expected */
	int64_t unpublished;                           /* NIL: not asked */
	instant end;
	int64_t business;
	day from, to;
	int64_t workdays;
};
struct named_cal { const char *name; struct cal *cal; };
struct suite {
	struct ctx *c;
	struct named_cal *cal; size_t n_cals;
	struct vector *v; size_t n;
};

/* Which keys a vector of each kind has; the first names the kind. */
static const char *const keys[][7] = {
	[ASK_DUE] = { "target", "start", "due", "pauses", "unpublished", NULL },
	[ASK_BETWEEN] = { "end", "start", "business", NULL },
	[ASK_COUNT] = { "from", "to", "workdays", NULL },
};
static const char *const common_keys[] = { "id", "calendar", "why", NULL };

static str text_at(const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);

	return (str){ json_string_value(v), json_string_length(v) };
}

/* ---- reading: every function names the vector's key that is wrong ---- */

static enum err bad(struct suite *s, const char *id, const char *key, const char *text)
{
	return fail_field(s->c, arena_fmt(s->c->a, "%s: %s", id, key).p, text);
}

static enum err read_instant(struct suite *s, const struct vector *v, const json_t *j, const char *key, instant *ret)
{
	if (!instant_parse(text_at(j, key), cal_zone(v->cal), ret))
		return bad(s, v->id, key, N_("An instant is expected, such as 2026-03-02T10:00:00+08:00."));
	return ERR_OK;
}

static enum err read_pause(struct suite *s, const struct vector *v, const json_t *pair, struct span *ret)
{
	const json_t *from = json_array_get(pair, 0), *to = json_array_get(pair, 1);
	const struct tz *z = cal_zone(v->cal);

	ret->to = NO_INSTANT;
	if (json_array_size(pair) != 2 || !json_is_string(from) || !(json_is_null(to) || json_is_string(to)) ||
	    !instant_parse(str_c(json_string_value(from)), z, &ret->from) || (json_is_string(to) && !instant_parse(str_c(json_string_value(to)), z, &ret->to)))
		return bad(s, v->id, "pauses", N_("A pause is [from, to] or [from, null]."));
	if (ret->to.ms != NIL && ret->to.ms < ret->from.ms)
		return bad(s, v->id, "pauses", N_("A pause ends before it starts."));
	return ERR_OK;
}

static enum err read_pauses(struct suite *s, struct vector *v, const json_t *j)
{
	size_t n = json_array_size(j);
	struct span *p = NEW_N(s->c->a, struct span, n + 1);

	if (j && !json_is_array(j))
		return bad(s, v->id, "pauses", N_("A pause is [from, to] or [from, null]."));
	for (size_t i = 0; i < n; i++)
		TRY(read_pause(s, v, json_array_get(j, i), &p[i]));
	span_sort(p, n);
	v->clock.pause = p;
	v->clock.n = n;
	return ERR_OK;
}

static enum err read_due(struct suite *s, struct vector *v, const json_t *j)
{
	const json_t *year = json_object_get(j, "unpublished");

	TRY(read_instant(s, v, j, "start", &v->clock.start));
	if (!target_parse(text_at(j, "target"), &v->clock.target))
		return bad(s, v->id, "target", N_("A target is 90m, 8h, 1h30m, 3wd or 2cd."));
	TRY(read_pauses(s, v, json_object_get(j, "pauses")));
	v->clock.cal = v->cal;
	v->unpublished = year ? json_integer_value(year) : NIL;
	v->due = NO_INSTANT;
	return json_is_null(json_object_get(j, "due")) ? ERR_OK : read_instant(s, v, j, "due", &v->due);
}

static enum err read_between(struct suite *s, struct vector *v, const json_t *j)
{
	TRY(read_instant(s, v, j, "start", &v->clock.start));
	TRY(read_instant(s, v, j, "end", &v->end));
	if (v->end.ms < v->clock.start.ms)
		return bad(s, v->id, "end", N_("The end is before the start."));
	return duration_parse(text_at(j, "business"), &v->business) ? ERR_OK : bad(s, v->id, "business", N_("A duration is expected, such as 5h30m."));
}

static enum err read_count(struct suite *s, struct vector *v, const json_t *j)
{
	if (!day_parse(text_at(j, "from"), &v->from))
		return bad(s, v->id, "from", N_("A date is expected, such as 2026-03-02."));
	if (!day_parse(text_at(j, "to"), &v->to))
		return bad(s, v->id, "to", N_("A date is expected, such as 2026-03-02."));
	if (v->to.d < v->from.d)
		return bad(s, v->id, "to", N_("The end is before the start."));
	if (!json_is_integer(json_object_get(j, "workdays")))
		return bad(s, v->id, "workdays", N_("A whole number is expected."));
	v->workdays = json_integer_value(json_object_get(j, "workdays"));
	return ERR_OK;
}

static enum err check_keys(struct suite *s, const struct vector *v, const json_t *j)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)j, key, value)
		if (name_index(common_keys, str_c(key)) < 0 && name_index(keys[v->ask], str_c(key)) < 0)
			return bad(s, v->id, key, N_("A vector of this kind has no such key."));
	for (size_t i = 0; i < 3; i++)
		if (!json_object_get(j, keys[v->ask][i]))
			return bad(s, v->id, keys[v->ask][i], N_("This key is missing."));
	return ERR_OK;
}

static enum err read_kind(struct suite *s, struct vector *v, const json_t *j)
{
	static enum err (*const read[])(struct suite *, struct vector *, const json_t *) = { read_due, read_between, read_count };

	for (v->ask = ASK_DUE; v->ask <= ASK_COUNT; v->ask++)
		if (json_object_get(j, keys[v->ask][0]))
			break;
	if (v->ask > ASK_COUNT)
		return bad(s, v->id, "target", N_("A vector asks for due (start, target), business (start, end) or workdays (from, to)."));
	TRY(check_keys(s, v, j));
	return read[v->ask](s, v, j);
}

static enum err read_vector(struct suite *s, size_t i, const json_t *j)
{
	struct vector *v = &s->v[i];
	str id = text_at(j, "id"), cal = text_at(j, "calendar");

	v->id = id.n ? arena_cstr(s->c->a, id) : arena_fmt(s->c->a, "vector %zu", i + 1).p;
	if (!id.n)
		return bad(s, v->id, "id", N_("This key is missing."));
	for (size_t k = 0; k < i; k++)
		if (!strcmp(s->v[k].id, v->id))
			return bad(s, v->id, "id", N_("Two vectors have this id."));
	for (size_t k = 0; k < s->n_cals && !v->cal; k++)
		if (str_eq(str_c(s->cal[k].name), cal))
			v->cal = s->cal[k].cal;
	if (!v->cal)
		return bad(s, v->id, "calendar", N_("There is no such calendar in this file."));
	return read_kind(s, v, j);
}

static enum err read_calendars(struct suite *s, const json_t *j)
{
	const char *name;
	json_t *def;

	if (!json_is_object(j))
		return fail_field(s->c, "calendars", N_("An object of calendars is expected."));
	s->cal = NEW_N(s->c->a, struct named_cal, json_object_size(j) + 1);
	json_object_foreach((json_t *)j, name, def) {
		struct cal_def *d = NEW(s->c->a, struct cal_def);

		TRY(cal_parse_json(s->c, def, arena_fmt(s->c->a, "calendars.%s", name).p, NO_DAY, national_builtin, d));
		s->cal[s->n_cals++] = (struct named_cal){ arena_cstr(s->c->a, str_c(name)), cal_compile(s->c->a, d, 1) };
	}
	return ERR_OK;
}

static enum err read_suite(struct suite *s, const json_t *root)
{
	const json_t *list = json_object_get(root, "vectors");
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)root, key, v)
		if (strcmp(key, "calendars") && strcmp(key, "vectors"))
			return fail_field(s->c, arena_cstr(s->c->a, str_c(key)), N_("The file has calendars and vectors, nothing else."));
	if (!json_is_array(list))
		return fail_field(s->c, "vectors", N_("A list of vectors is expected."));
	TRY(read_calendars(s, json_object_get(root, "calendars")));
	s->v = NEW_N(s->c->a, struct vector, json_array_size(list) + 1);
	for (; s->n < json_array_size(list); s->n++)
		TRY(read_vector(s, s->n, json_array_get(list, s->n)));
	return ERR_OK;
}

/* ---- running ---- */

static str instant_text(struct arena *a, const struct vector *v, instant t)
{
	return t.ms == NIL ? S("null") : instant_iso(a, cal_zone(v->cal), t);
}

static bool differs(FILE *out, const struct vector *v, const char *what, str want, str got)
{
	fprintf(out, "%s: %s expected %.*s, got %.*s\n", v->id, what, STR_ARG(want), STR_ARG(got));
	return true;
}

static bool run_due(FILE *out, struct arena *a, const struct vector *v)
{
	struct clock_due got = clock_due(&v->clock);
	bool wrong = false;

	if (got.due.ms != v->due.ms)
		wrong = differs(out, v, "due", instant_text(a, v, v->due), instant_text(a, v, got.due));
	if (v->unpublished != NIL && got.unpublished != v->unpublished)
		wrong = differs(out, v, "unpublished", arena_fmt(a, "%lld", (long long)v->unpublished), arena_fmt(a, "%d", got.unpublished));
	return wrong;
}

static bool run_vector(FILE *out, struct arena *a, const struct vector *v)
{
	int64_t got;

	switch (v->ask) {
	case ASK_DUE:
		return run_due(out, a, v);
	case ASK_BETWEEN:
		got = cal_between(v->cal, v->clock.start, v->end);
		return got != v->business && differs(out, v, "business", duration_print(a, v->business), duration_print(a, got));
	case ASK_COUNT:
		got = cal_workdays(v->cal, v->from, v->to);
		return got != v->workdays && differs(out, v, "workdays", arena_fmt(a, "%lld", (long long)v->workdays), arena_fmt(a, "%lld", (long long)got));
	}
	BUG("vector kind %d", (int)v->ask);
}

static int run_suite(FILE *out, const char *file, const struct suite *s)
{
	size_t wrong = 0;

	for (size_t i = 0; i < s->n; i++)
		wrong += run_vector(out, s->c->a, &s->v[i]);
	if (wrong)
		fprintf(out, "%s: %zu of %zu vectors differ\n", file, wrong, s->n);
	else
		fprintf(out, "%s: %zu vectors, all as expected\n", file, s->n);
	return wrong ? 1 : 0;
}

static int refuse(FILE *err, const char *file, const struct ctx *c)
{
	for (size_t i = 0; i < c->diag.n; i++) {
		const struct diag_field *f = &c->diag.f[i];
		str text = trf_(c, f->text, f->arg, LEN(f->arg));

		fprintf(err, "baoxiu: clock test: %s: %s: %.*s\n", file, f->field, STR_ARG(text));
	}
	return 2;
}

int clock_run_file(const char *file, FILE *out, FILE *err)
{
	static const struct actor someone = { .id = NIL, .org_id = NIL, .customer_id = NIL, .lang = "en" };
	struct arena a = { 0 };
	struct ctx c = { .a = &a, .who = &someone, .now = clock_now() };
	struct suite s = { .c = &c };
	json_error_t why;
	json_t *root = json_load_file(file, JSON_REJECT_DUPLICATES, &why);
	int rc;

	if (!root) {
		fprintf(err, "baoxiu: clock test: %s: line %d: %s\n", file, why.line, why.text);
		return 2;
	}
	arena_init(&a, ARENA_MAX);
	rc = read_suite(&s, root) ? refuse(err, file, &c) : run_suite(out, file, &s);
	json_decref(root);
	arena_free(&a);
	return rc;
}
