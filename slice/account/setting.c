/* setting.c — the settings of all departments: their tables say name, kind, fallback and meaning; the database holds what was changed. */
#include "slice/account/account_int.h"
#include "base/i18n.h"
#include "base/time.h"
#include "http/http.h"
#include "slice/audit/audit.h"
#include "account.sql.h"
#include <pthread.h>

enum { STORED_MAX = 1000, FRESH_US = 2000 * 1000, VALUE_MAX = 4000, CACHE_BYTES = 8 << 20 };

struct stored { str name, value; };
static const struct field stored_fields[] = { FIELD(struct stored, name), FIELD(struct stored, value), { 0 } };

static const struct slice *const *all;
static const struct setting_check *checks;
static bool cache_on;
static struct { pthread_rwlock_t lock; struct arena a; struct stored *row; size_t n; int64_t read_at; uint64_t epoch; } cache = { .lock = PTHREAD_RWLOCK_INITIALIZER };

void setting_use(const struct slice *const *slices, bool cached)
{
	all = slices;
	cache_on = cached;
	pthread_rwlock_wrlock(&cache.lock);
	if (!cache.a.cap)
		arena_init(&cache.a, CACHE_BYTES);
	cache.read_at = 0;
	pthread_rwlock_unlock(&cache.lock);
}

void setting_checks(const struct setting_check *table) { checks = table; }

const struct slice *const *setting_slices(void) { return all; }

const struct setting *setting_find(const char *name)
{
	for (const struct slice *const *s = all; s && *s; s++)
		for (size_t i = 0; i < (*s)->n_settings; i++)
			if (!strcmp((*s)->settings[i].name, name))
				return &(*s)->settings[i];
	return NULL;
}

/* ---- reading ---- */

/* A read shows what was committed when it began; elsewhere two seconds are near enough. */
static bool cache_fresh(const struct ctx *c)
{
	uint64_t epoch = db_writing(c->db) ? 0 : conn_epoch(c->db);

	return cache.read_at && (epoch ? epoch == cache.epoch : clock_mono_us() - cache.read_at < FRESH_US);
}

static enum err cache_fill(struct ctx *c)
{
	struct stored *row;
	size_t n;

	TRY(db_rows(c, &q_setting_all, BIND(), stored_fields, sizeof *row, STORED_MAX, &row, &n));
	pthread_rwlock_wrlock(&cache.lock);
	arena_clear(&cache.a);
	cache.row = NEW_N(&cache.a, struct stored, n);
	for (size_t i = 0; i < n; i++)
		cache.row[i] = (struct stored){ arena_str(&cache.a, row[i].name), arena_str(&cache.a, row[i].value) };
	cache.n = n;
	cache.read_at = clock_mono_us();
	cache.epoch = conn_epoch(c->db);
	pthread_rwlock_unlock(&cache.lock);
	return ERR_OK;
}

static bool cache_get(struct ctx *c, str name, str *ret)
{
	bool fresh;

	pthread_rwlock_rdlock(&cache.lock);
	fresh = cache_fresh(c);
	*ret = (str){ 0 };
	for (size_t i = 0; fresh && i < cache.n; i++)
		if (str_eq(cache.row[i].name, name))
			*ret = arena_str(c->a, cache.row[i].value);
	pthread_rwlock_unlock(&cache.lock);
	return fresh;
}

/* Absent when it was not changed. Inside a write the transaction's own view counts, uncached. */
static str override(struct ctx *c, const char *name)
{
	struct stored row;
	size_t n;
	struct stored *one;
	str value;

	if (!c->db)
		return (str){ 0 };
	if (cache_on) {
		if (cache_get(c, str_c(name), &value))
			return value;
		if (!db_writing(c->db) && !cache_fill(c) && cache_get(c, str_c(name), &value))
			return value;
	}
	if (db_rows(c, &q_setting_get, BIND(P(name, name)), stored_fields, sizeof row, 1, &one, &n) || !n)
		return (str){ 0 };
	return one->value;
}

str setting_str(struct ctx *c, const char *name)
{
	const struct setting *s = setting_find(name);
	str value;

	if (!s)
		BUG("unknown setting %s", name);
	value = override(c, name);
	if (!value.p)
		return str_c(s->fallback);
	if (s->kind == IN_SECRET && !secret_open(c->a, value, &value))
		return (str){ 0 };
	return value;
}

int64_t setting_int(struct ctx *c, const char *name)
{
	str text = setting_str(c, name);
	int64_t i;

	if (!str_int(text, &i))
		BUG("setting %s is not a number: %.*s", name, STR_ARG(text));
	return i;
}

bool setting_bool(struct ctx *c, const char *name) { return setting_int(c, name) != 0; }

/* ---- changing ---- */

static enum err value_check(struct ctx *c, const struct setting *s, str v)
{
	int64_t i;
	day d;

	if (v.n > VALUE_MAX || !utf8_valid(v))
		return fail_field(c, s->name, N_("This is too long."));
	if (s->kind == IN_INT && !str_int(v, &i))
		return fail_field(c, s->name, N_("A whole number is needed, such as {1}."), s->fallback);
	if (s->kind == IN_BOOL && !str_eq(v, S("0")) && !str_eq(v, S("1")))
		return fail_field(c, s->name, N_("Yes or no is needed."));
	if (s->kind == IN_DAY && !day_parse(v, &d))
		return fail_field(c, s->name, N_("A date is needed, such as 2026-11-22."));
	if (!strncmp(s->name, "series.", 7) && !series_pattern_ok(c, v))
		return fail_field(c, s->name, N_("A number pattern needs a counter, as in {1}."), s->fallback);
	if (!strcmp(s->name, "zone") && !tz_get(v))
		return fail_field(c, s->name, N_("This time zone is unknown; an example is Asia/Shanghai."));
	for (const struct setting_check *k = checks; k && k->name; k++)
		if (!strcmp(k->name, s->name))
			return k->ok(c, s->name, v);
	return ERR_OK;
}

static enum err seal(struct ctx *c, const struct setting *s, str value, str *ret)
{
	*ret = value;
	if (s->kind != IN_SECRET || !value.n)
		return ERR_OK;
	return secret_seal(c->a, value, ret) ? ERR_OK : fail_field(c, s->name, N_("Secrets cannot be kept: this service has no key for them."));
}

enum err setting_set(struct ctx *c, const char *name, str value)
{
	const struct setting *s = setting_find(name);
	str kept;

	assert(db_writing(c->db));
	if (!s)
		return fail(c, ERR_NOT_FOUND, NULL);
	if (value.p) {
		TRY(value_check(c, s, value));
		TRY(seal(c, s, value, &kept));
		TRY(db_exec(c, &q_setting_put, BIND(P(name, name), P(value, kept)), 1));
	} else {
		TRY(db_exec(c, &q_setting_drop, BIND(P(name, name)), -1));
	}
	pthread_rwlock_wrlock(&cache.lock);
	cache.read_at = 0;
	pthread_rwlock_unlock(&cache.lock);
	return audit_add(c, "setting", 0, "changed", BIND(P(name, name), P(value, s->kind == IN_SECRET ? (str){ 0 } : value)));
}
