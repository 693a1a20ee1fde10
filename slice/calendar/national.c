/* national.c — published years of national holidays, stored and shipped; the shipped calendars. */
#include "base/embed.h"
#include "base/i18n.h"
#include "calendar.sql.h"
#include "db/db.h"
#include "slice/audit/audit.h"
#include "slice/calendar/calendar_int.h"
#include <jansson.h>

enum { MAX_DAYS = 20000, MAX_YEARS = 200, MAX_LISTED = 366 };

/* ---- reading ---- */

struct day_row { day on_day; bool work; };
static const struct field day_fields[] = { FIELD(struct day_row, on_day), FIELD(struct day_row, work), { 0 } };
struct year_row { int64_t year; };
static const struct field year_fields[] = { FIELD(struct year_row, year), { 0 } };

static enum err load(struct ctx *c, str code, struct national *nat)
{
	struct day_row *row;
	struct year_row *y;
	size_t n, n_years;
	struct national_day *d;
	int16_t *year;

	TRY(db_rows(c, &q_national_years, BIND(P(country, code)), year_fields, sizeof *y, MAX_YEARS, &y, &n_years));
	TRY(db_rows(c, &q_national_days, BIND(P(country, code)), day_fields, sizeof *row, MAX_DAYS, &row, &n));
	d = NEW_N(c->a, struct national_day, n + 1);
	year = NEW_N(c->a, int16_t, n_years + 1);
	for (size_t i = 0; i < n_years; i++)
		year[i] = (int16_t)y[i].year;
	for (size_t i = 0; i < n; i++) {
		/* The later publication of a day comes last and wins. */
		nat->n -= nat->n && d[nat->n - 1].d == row[i].on_day.d;
		d[nat->n++] = (struct national_day){ (int32_t)row[i].on_day.d, row[i].work };
	}
	memcpy(nat->code, code.p, code.n);
	nat->day = d;
	nat->year = year;
	nat->n_years = n_years;
	return ERR_OK;
}

const struct national *national_stored(struct ctx *c, str code)
{
	struct national *nat = NEW(c->a, struct national);

	if (!code.n || code.n >= sizeof nat->code || load(c, code, nat) || !nat->n_years)
		return NULL;
	return nat;
}

#define Y(m) FIELD(struct national_year_row, m)
const struct field national_year_fields[] = { Y(country), Y(year), Y(off), Y(work), Y(saved_at), { 0 } };

enum err national_years(struct ctx *c, struct national_year_row **ret, size_t *ret_n)
{
	return db_rows(c, &q_national_years_all, BIND(), national_year_fields, sizeof(struct national_year_row), 200, ret, ret_n);
}

/* ---- import ---- */

struct listed { day d[MAX_LISTED]; bool work[MAX_LISTED]; size_t n; int64_t year; };

static enum err list_day(struct ctx *c, struct listed *l, str text, bool work, const char *at)
{
	day d;

	if (!day_parse(text, &d))
		return fail_field(c, at, N_("“{1}” is no date; write 2026-10-01."), arena_str(c->a, text));
	if (d.d < day_of((int)l->year - 1, 12, 1).d || d.d > day_of((int)l->year + 1, 1, 31).d)
		return fail_field(c, at, N_("{1} is not a day of {2}."), d, arena_fmt(c->a, "%lld", (long long)l->year));
	for (size_t i = 0; i < l->n; i++)
		if (l->d[i].d == d.d)
			return fail_field(c, at, N_("{1} is given twice."), d);
	if (l->n == MAX_LISTED)
		return fail_field(c, at, N_("These are too many days."));
	l->d[l->n] = d;
	l->work[l->n++] = work;
	return ERR_OK;
}

static enum err list_plain(struct ctx *c, struct listed *l, const json_t *list, bool work, const char *at)
{
	if (!json_is_array(list))
		return fail_field(c, at, N_("A list of dates is expected."));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *v = json_array_get(list, i);

		TRY(list_day(c, l, (str){ json_string_value(v), json_string_length(v) }, work, at));
	}
	return ERR_OK;
}

static enum err list_marked(struct ctx *c, struct listed *l, const json_t *list)
{
	if (!json_is_array(list))
		return fail_field(c, "days", N_("A list of dates is expected."));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *v = json_array_get(list, i), *date = json_object_get(v, "date"), *off = json_object_get(v, "isOffDay");

		if (!json_is_boolean(off))
			return fail_field(c, "days", N_("A day needs date and isOffDay."));
		TRY(list_day(c, l, (str){ json_string_value(date), json_string_length(date) }, json_is_false(off), "days"));
	}
	return ERR_OK;
}

static enum err read_listed(struct ctx *c, const json_t *j, struct listed *l, str *ret_country)
{
	const json_t *country = json_object_get(j, "country"), *year = json_object_get(j, "year"), *days = json_object_get(j, "days");
	str code = country ? (str){ json_string_value(country), json_string_length(country) } : S("CN");

	l->year = json_integer_value(year);
	if (!json_is_integer(year) || l->year < 1990 || l->year > 2098)
		return fail_field(c, "year", N_("A year such as 2027 is expected."));
	if (code.n < 2 || code.n > 3 || strspn(code.p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") < code.n)
		return fail_field(c, "country", N_("A country code such as CN is expected."));
	*ret_country = arena_str(c->a, code);
	if (days)
		TRY(list_marked(c, l, days));
	if (!days || json_object_get(j, "off"))
		TRY(list_plain(c, l, json_object_get(j, "off"), false, "off"));
	if (!days || json_object_get(j, "work"))
		TRY(list_plain(c, l, json_object_get(j, "work"), true, "work"));
	if (!l->n)
		return fail_field(c, "off", N_("This year has no day in it: it is not published yet."));
	return ERR_OK;
}

static enum err store(struct ctx *c, const struct listed *l, struct national_import *done)
{
	TRY(db_exec(c, &q_national_year_put, BIND(P(country, done->country), P(year, l->year), P(now, c->now)), 1));
	TRY(db_exec(c, &q_national_year_clear, BIND(P(country, done->country), P(year, l->year)), -1));
	for (size_t i = 0; i < l->n; i++) {
		TRY(db_exec(c, &q_national_day_insert, BIND(P(country, done->country), P(on_day, l->d[i]), P(year, l->year), P(work, l->work[i])), 1));
		*(l->work[i] ? &done->work : &done->off) += 1;
	}
	TRY(db_exec(c, &q_national_year_stamp, BIND(P(country, done->country), P(year, l->year)), 1));
	done->year = l->year;
	return db_exec(c, &q_calendar_national_changed, BIND(P(country, done->country)), -1);
}

enum err national_import(struct ctx *c, str text, struct national_import *ret)
{
	struct national_import done = { 0 };
	struct listed *l = NEW(c->a, struct listed);
	json_error_t why;
	json_t *j = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &why);
	enum err e;

	assert(db_writing(c->db));
	if (!j)
		return fail_field(c, "file", N_("This is not JSON: {1} in line {2}."), arena_str(c->a, str_c(why.text)), why.line);
	e = json_is_object(j) ? read_listed(c, j, l, &done.country) : fail_field(c, "file", N_("An object with country, year, off and work is expected."));
	json_decref(j);
	TRY(e);
	TRY(store(c, l, &done));
	TRY(audit_add(c, "national", done.year, "import", BIND(P(country, done.country), P(off, done.off), P(work, done.work))));
	*ret = done;
	return ERR_OK;
}

/* ---- what is shipped ---- */

static enum err seed_year(struct ctx *c, const struct embedded *e)
{
	struct national_import done;
	str name = str_c(e->name), country;
	int64_t year, known;

	/* holidays/cn-2026.json */
	name.p += strlen("holidays/");
	name.n -= strlen("holidays/") + strlen(".json");
	(void)str_cut(&name, '-', &country);
	if (!str_int(name, &year))
		BUG("%s: no year in the name", e->name);
	country = str_eq(country, S("cn")) ? S("CN") : country;
	TRY(db_int(c, &q_national_year_known, BIND(P(country, country), P(year, year)), &known));
	return known ? ERR_OK : national_import(c, embedded_str(e), &done);
}

static str text_at(struct ctx *c, const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);

	return arena_str(c->a, (str){ json_string_value(v), json_string_length(v) });
}

static enum err seed_calendar(struct ctx *c, const struct embedded *e)
{
	json_t *j = json_loadb((const char *)e->bytes, e->n, JSON_REJECT_DUPLICATES, NULL), *def = json_object_get(j, "definition");
	size_t room = json_dumpb(def, NULL, 0, JSON_COMPACT);
	char *text = arena_alloc(c->a, room + 1);
	struct calendar k = { .code = text_at(c, j, "code"), .name = text_at(c, j, "name"), .name_en = text_at(c, j, "name_en") }, known;
	int64_t id;
	enum err err;

	if (!room || json_dumpb(def, text, room, JSON_COMPACT) != room)
		BUG("%s: no definition", e->name);
	json_decref(j);
	err = calendar_by_code(c, k.code, &known);
	if (err != ERR_NOT_FOUND)
		return err;
	c->diag = (struct diag){ 0 };
	return calendar_add(c, &k, (str){ text, room }, &id);
}

enum err calendar_seed(struct ctx *c)
{
	assert(db_writing(c->db));
	for (const struct embedded *e = embedded_data; e->name; e++)
		if (str_starts(str_c(e->name), S("holidays/")))
			TRY(seed_year(c, e));
	for (const struct embedded *e = embedded_data; e->name; e++)
		if (str_starts(str_c(e->name), S("calendars/")))
			TRY(seed_calendar(c, e));
	return ERR_OK;
}
