/* calendar_shelf.c — compiled calendars kept per thread, each used only while the stored definition is what it was made from. */
#include "base/i18n.h"
#include "calendar.sql.h"
#include "db/db.h"
#include "slice/calendar/calendar_int.h"
#include <pthread.h>

enum { SHELF = 64, BOOK_BYTES = 64 << 20, VERSIONS_MAX = 500 };

/* What a calendar was made from: definition texts and a sum over all national days, so that another database, a rolled-back change or a
 * corrected year is never taken for the same. */
struct book {
	int64_t id, stamp, used;
	struct calendar_version *version; size_t n;
	struct cal *cal;
	struct arena a;
};
struct shelf { struct book book[SHELF]; int64_t clock; bool known; };
static _Thread_local struct shelf shelf;

/* ---- a thread's shelf goes with it ---- */

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void clear(void *arg)
{
	struct shelf *s = arg;

	for (size_t i = 0; i < SHELF; i++)
		if (s->book[i].cal)
			arena_free(&s->book[i].a);
	memset(s, 0, sizeof *s);
}

static void make_key(void)
{
	if (pthread_key_create(&key, clear))
		BUG("no thread key");
}

static struct shelf *my_shelf(void)
{
	if (!shelf.known) {
		pthread_once(&once, make_key);
		pthread_setspecific(key, &shelf);
		shelf.known = true;
	}
	return &shelf;
}

/* ---- is it still the same? ---- */

struct shelved { int64_t rev, stamp; day since; str definition; };
static const struct field shelved_fields[] = {
	FIELD(struct shelved, rev), FIELD(struct shelved, stamp), FIELD(struct shelved, since), FIELD(struct shelved, definition), { 0 }
};

static bool same(const struct book *b, const struct shelved *v, size_t n)
{
	if (b->n != n || b->stamp != v->stamp)
		return false;
	for (size_t i = 0; i < n; i++)
		if (b->version[i].since.d != v[i].since.d || !str_eq(b->version[i].definition, v[i].definition))
			return false;
	return true;
}

static struct book *place_for(struct shelf *s, int64_t id)
{
	struct book *oldest = &s->book[0];

	for (size_t i = 0; i < SHELF; i++) {
		if (s->book[i].cal && s->book[i].id == id)
			return &s->book[i];
		if (s->book[i].used < oldest->used)
			oldest = &s->book[i];
	}
	return oldest;
}

static enum err fill(struct ctx *c, struct book *b, int64_t id, const struct shelved *v, size_t n)
{
	struct book fresh = { .id = id, .stamp = v->stamp, .n = n };
	struct ctx own = *c;
	enum err e;

	arena_init(&fresh.a, BOOK_BYTES);
	own.a = &fresh.a;
	fresh.version = NEW_N(&fresh.a, struct calendar_version, n);
	for (size_t i = 0; i < n; i++)
		fresh.version[i] = (struct calendar_version){ .since = v[i].since, .definition = arena_str(&fresh.a, v[i].definition) };
	e = calendar_compile(&own, fresh.version, n, &fresh.cal);
	if (e) {
		arena_free(&fresh.a);
		return fail(c, e, N_("A stored calendar cannot be read."));
	}
	if (b->cal)
		arena_free(&b->a);
	*b = fresh;
	cal_moved(b->cal, &b->a);
	return ERR_OK;
}

enum err calendar_load_rev(struct ctx *c, int64_t id, struct cal **ret, int64_t *ret_rev)
{
	struct shelf *s = my_shelf();
	struct book *b = place_for(s, id);
	struct shelved *v;
	size_t n;

	TRY(db_rows(c, &q_calendar_shelf, BIND(P(id, id)), shelved_fields, sizeof *v, VERSIONS_MAX, &v, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	if (!b->cal || b->id != id || !same(b, v, n))
		TRY(fill(c, b, id, v, n));
	b->used = ++s->clock;
	*ret = b->cal;
	*ret_rev = v->rev;
	return ERR_OK;
}

enum err calendar_load(struct ctx *c, int64_t id, struct cal **ret)
{
	int64_t rev;

	return calendar_load_rev(c, id, ret, &rev);
}
