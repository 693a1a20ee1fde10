/* calendar_book.c — stored calendars and their versions. */
#include "base/i18n.h"
#include "calendar.sql.h"
#include "db/db.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/calendar/calendar_int.h"

enum { MAX_DEFINITION = 200000, MAX_VERSIONS = 500 };
#define SINCE_EVER ((day){ 0 })                        /* 1970-01-01: the first day anything is computed for */

#define K(m) FIELD(struct calendar, m)
const struct field calendar_fields[] = { K(id), K(ver), K(rev), K(code), K(name), K(name_en), K(zone), K(active), { 0 } };
#define VERSION(m) FIELD(struct calendar_version, m)
const struct field calendar_version_fields[] = { VERSION(since), VERSION(definition), VERSION(note), VERSION(saved_by), VERSION(saved_at), { 0 } };
const struct field calendar_change_fields[] = { FIELD(struct calendar_change, on), FIELD(struct calendar_change, before), FIELD(struct calendar_change, after), { 0 } };

str calendar_title(const struct ctx *c, const struct calendar *k)
{
	return c->who && !strcmp(c->who->lang, "en") ? k->name_en : k->name;
}

/* ---- reading ---- */

enum err calendar_list(struct ctx *c, struct calendar **ret, size_t *ret_n)
{
	return db_rows(c, &q_calendar_list, BIND(), calendar_fields, sizeof(struct calendar), 500, ret, ret_n);
}

enum err calendar_by_code(struct ctx *c, str code, struct calendar *ret)
{
	return db_row(c, &q_calendar_one, BIND(P(code, code)), calendar_fields, ret);
}

enum err calendar_by_id(struct ctx *c, int64_t id, struct calendar *ret)
{
	return db_row(c, &q_calendar_one, BIND(P(id, id)), calendar_fields, ret);
}

enum err calendar_default(struct ctx *c, struct calendar *ret)
{
	return calendar_by_code(c, setting_str(c, "calendar.default"), ret);
}

enum err calendar_versions(struct ctx *c, int64_t id, struct calendar_version **ret, size_t *ret_n)
{
	return db_rows(c, &q_calendar_versions, BIND(P(id, id)), calendar_version_fields, sizeof(struct calendar_version), MAX_VERSIONS, ret, ret_n);
}

enum err calendar_compile(struct ctx *c, const struct calendar_version *v, size_t n, struct cal **ret)
{
	struct cal_def *def = NEW_N(c->a, struct cal_def, n);

	for (size_t i = 0; i < n; i++) {
		day since = v[i].since.d > SINCE_EVER.d ? v[i].since : NO_DAY;

		TRY(cal_parse(c, v[i].definition, "definition", since, national_stored, &def[i]));
		if (i && def[i].zone != def[0].zone)
			return fail_field(c, "definition.zone", N_("The zone of a calendar does not change: {1}. Make another calendar for another zone."), tz_name(def[0].zone));
	}
	*ret = cal_compile(c->a, def, n);
	return ERR_OK;
}

enum err calendar_ruling(struct ctx *c, int64_t id, day on, struct cal_def *ret)
{
	struct calendar_version *v;
	size_t n, i;

	TRY(calendar_versions(c, id, &v, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	for (i = n - 1; i > 0 && v[i].since.d > on.d; i--)
		;
	return cal_parse(c, v[i].definition, "definition", NO_DAY, national_stored, ret);
}

/* ---- changing ---- */

static enum err check_names(struct ctx *c, const struct calendar *k)
{
	if (!str_trim(k->name).n)
		(void)fail_field(c, "name", N_("A name is needed."));
	if (!str_trim(k->name_en).n)
		(void)fail_field(c, "name_en", N_("A name is needed."));
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

static enum err check_code(struct ctx *c, str code)
{
	struct calendar other;
	enum err e;

	if (!code.n || code.n > 40 || strspn(code.p, "abcdefghijklmnopqrstuvwxyz0123456789-.") < code.n)
		return fail_field(c, "code", N_("A code has small letters, digits, - and . only, such as office."));
	e = calendar_by_code(c, code, &other);
	if (!e)
		return fail_field(c, "code", N_("There is a calendar {1} already."), code);
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

static enum err put_version(struct ctx *c, int64_t id, const struct calendar_version *v, const struct cal_def *def)
{
	str national = def->national ? str_c(def->national->code) : (str){ 0 };

	return db_exec(c, &q_calendar_version_put, BIND(P(id, id), P(since, v->since), P(definition, v->definition), P(national, national), P(note, v->note),
		P(saved_by, c->who->name), P(now, c->now)), 1);
}

enum err calendar_add(struct ctx *c, const struct calendar *k, str definition, int64_t *ret_id)
{
	struct calendar_version v = { .since = SINCE_EVER, .definition = definition };
	struct cal_def def;
	int64_t id;

	assert(db_writing(c->db));
	TRY(check_names(c, k));
	TRY(check_code(c, str_c(arena_cstr(c->a, k->code))));
	if (definition.n > MAX_DEFINITION)
		return fail_field(c, "definition", N_("This definition is too long."));
	TRY(cal_parse(c, definition, "definition", NO_DAY, national_stored, &def));
	TRY(db_insert(c, &q_calendar_insert, BIND(P(code, k->code), P(name, k->name), P(name_en, k->name_en), P(zone, tz_name(def.zone))), &id));
	TRY(put_version(c, id, &v, &def));
	TRY(audit_add(c, "calendar", id, "add", BIND(P(code, k->code), P(definition, definition))));
	*ret_id = id;
	return ERR_OK;
}

enum err calendar_save(struct ctx *c, const struct calendar *k)
{
	assert(db_writing(c->db));
	TRY(check_names(c, k));
	TRY(db_exec(c, &q_calendar_save, BIND(P(id, k->id), P(ver, k->ver), P(name, k->name), P(name_en, k->name_en), P(active, k->active)), 1));
	return audit_add(c, "calendar", k->id, "rename", BIND(P(name, k->name), P(name_en, k->name_en), P(active, k->active)));
}

/* The stored versions with v in its place. */
static enum err merged(struct ctx *c, int64_t id, const struct calendar_version *v, struct calendar_version **ret, size_t *ret_n)
{
	struct calendar_version *old, *list;
	size_t n, at = 0;

	TRY(calendar_versions(c, id, &old, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	if (v->since.d == NIL || v->since.d < SINCE_EVER.d)
		return fail_field(c, "since", N_("The day it takes effect is needed."));
	if (n == MAX_VERSIONS)
		return fail_field(c, "since", N_("A calendar has at most {1} versions."), MAX_VERSIONS);
	if (v->definition.n > MAX_DEFINITION)
		return fail_field(c, "definition", N_("This definition is too long."));
	list = NEW_N(c->a, struct calendar_version, n + 1);
	while (at < n && old[at].since.d < v->since.d)
		list[at] = old[at], at++;
	list[at] = *v;
	*ret_n = at + 1;
	for (size_t i = at + (at < n && old[at].since.d == v->since.d); i < n; i++)
		list[(*ret_n)++] = old[i];
	*ret = list;
	return ERR_OK;
}

enum err calendar_draft(struct ctx *c, int64_t id, const struct calendar_version *v, struct cal **ret)
{
	struct calendar_version *list = NULL;
	size_t n = 0;

	TRY(merged(c, id, v, &list, &n));
	return calendar_compile(c, list, n, ret);
}

enum err calendar_revise(struct ctx *c, int64_t id, int64_t ver, const struct calendar_version *v)
{
	day since = v->since.d > SINCE_EVER.d ? v->since : NO_DAY;
	struct cal_def def;
	struct cal *cal;

	assert(db_writing(c->db));
	TRY(calendar_draft(c, id, v, &cal));
	TRY(cal_parse(c, v->definition, "definition", since, national_stored, &def));
	TRY(db_exec(c, &q_calendar_touch, BIND(P(id, id), P(ver, ver)), 1));
	TRY(put_version(c, id, v, &def));
	return audit_add(c, "calendar", id, "revise", BIND(P(since, v->since), P(definition, v->definition), P(note, v->note)));
}

enum err calendar_withdraw(struct ctx *c, int64_t id, int64_t ver, day since)
{
	assert(db_writing(c->db));
	if (since.d <= SINCE_EVER.d)
		return fail(c, ERR_CONFLICT, N_("The first version of a calendar stays."));
	TRY(db_exec(c, &q_calendar_touch, BIND(P(id, id), P(ver, ver)), 1));
	TRY(db_exec(c, &q_calendar_version_drop, BIND(P(id, id), P(since, since)), 1));
	return audit_add(c, "calendar", id, "withdraw", BIND(P(since, since)));
}

/* ---- what changes ---- */

str calendar_hours_text(struct ctx *c, struct cal_hours h)
{
	str text = S("");

	for (size_t i = 0; i < h.n; i++) {
		int to = h.w[i].to > CAL_DAY_MIN ? h.w[i].to - CAL_DAY_MIN : h.w[i].to;

		text = arena_fmt(c->a, "%.*s%s%02d:%02d–%02d:%02d", STR_ARG(text), i ? " " : "", h.w[i].from / 60, h.w[i].from % 60, to / 60, to % 60);
	}
	return text;
}

static bool same_hours(struct cal_hours a, struct cal_hours b)
{
	return a.n == b.n && (!a.n || !memcmp(a.w, b.w, a.n * sizeof *a.w));
}

void calendar_diff(struct ctx *c, const struct cal *before, const struct cal *after, day from, day to, size_t max, struct calendar_change **ret, size_t *ret_n)
{
	struct calendar_change *list = NEW_N(c->a, struct calendar_change, max);
	size_t n = 0;

	for (day d = from; d.d <= to.d && n < max; d.d++) {
		enum cal_rule rule;
		struct cal_hours a = cal_hours_on(before, d, &rule), b = cal_hours_on(after, d, &rule);

		if (!same_hours(a, b))
			list[n++] = (struct calendar_change){ d, calendar_hours_text(c, a), calendar_hours_text(c, b) };
	}
	*ret = list;
	*ret_n = n;
}
