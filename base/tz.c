/* tz.c — time zones from TZif files (RFC 8536): sorted transitions, then the footer's rule for all years after the last one. */
#include "base/time.h"
#include <pthread.h>
#include <stdatomic.h>

#define ZONE_DIR "/usr/share/zoneinfo/"
enum { HEAD = 44, FILE_MAX = 1 << 18, DAY_S = 86400 };

/* When a rule's half of the year begins: Mm.w.d, Jn or n, at so many seconds of local time. */
struct turn { char form; int m, w, d; int64_t s; };
struct rule { bool given, has_dst; int std, dst; struct turn to_dst, to_std; };
struct tz {
	struct tz *next;
	char name[64];
	size_t n;
	int64_t *at;                   /* n transitions, seconds UTC, ascending */
	int32_t *off;                  /* n + 1 offsets: off[0] before the first transition, off[i + 1] from at[i] */
	struct rule rule;
};

/* ---- the footer: STDoffset[DST[offset],start[/time],end[/time]] ---- */

static bool number(const char **p, int *ret)
{
	int v = 0;

	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9' && v < 10000; ++*p)
		v = v * 10 + (**p - '0');
	*ret = v;
	return true;
}

/* [+-]h[:mm[:ss]] */
static bool hms(const char **p, int *ret)
{
	int sign = **p == '-' ? -1 : 1, h, mi = 0, s = 0;

	*p += **p == '-' || **p == '+';
	if (!number(p, &h) || h > 167)
		return false;
	if (**p == ':' && (++*p, !number(p, &mi)))
		return false;
	if (**p == ':' && (++*p, !number(p, &s)))
		return false;
	*ret = sign * (h * 3600 + mi * 60 + s);
	return mi < 60 && s < 60;
}

static bool abbreviation(const char **p)
{
	const char *from = *p;

	if (**p == '<') {
		*p = strchr(from, '>');
		if (!*p)
			*p = "";
		return *(*p) && ++*p;
	}
	while ((**p | 32) >= 'a' && (**p | 32) <= 'z')
		++*p;
	return *p > from;
}

static bool turn(const char **p, struct turn *t)
{
	int s = 2 * 3600;

	*t = (struct turn){ .form = **p };
	if (**p == 'M') {
		++*p;
		if (!number(p, &t->m) || *(*p)++ != '.' || !number(p, &t->w) || *(*p)++ != '.' || !number(p, &t->d))
			return false;
		if (t->m < 1 || t->m > 12 || t->w < 1 || t->w > 5 || t->d > 6)
			return false;
	} else {
		*p += **p == 'J';
		if (!number(p, &t->d) || t->d > 365 || (t->form == 'J' && t->d < 1))
			return false;
	}
	if (**p == '/' && (++*p, !hms(p, &s)))
		return false;
	t->s = s;
	return true;
}

static bool rule_parse(const char *p, struct rule *r)
{
	int west;

	*r = (struct rule){ .given = true };
	if (!abbreviation(&p) || !hms(&p, &west))
		return false;
	r->std = -west;
	if (!*p)
		return true;
	r->has_dst = true;
	r->dst = r->std + 3600;
	if (!abbreviation(&p))
		return false;
	if (*p != ',') {
		if (!hms(&p, &west))
			return false;
		r->dst = -west;
	}
	return *p++ == ',' && turn(&p, &r->to_dst) && *p++ == ',' && turn(&p, &r->to_std) && !*p;
}

/* Local seconds since 1970 at which the turn of that year happens. */
static int64_t turn_at(const struct turn *t, int year)
{
	int64_t d = day_of(year, 1, 1).d;
	bool leap = day_of(year, 3, 1).d - d == 60;

	if (t->form == 'M') {
		int64_t first = day_of(year, t->m, 1).d, last = day_of(year, t->m + 1, 1).d - 1;
		/* 1970-01-01 was a Thursday; the footer counts from Sunday 0. */
		int64_t wd = ((first + 4) % 7 + 7) % 7;

		d = first + (t->d - wd + 7) % 7 + 7 * (t->w - 1);
		if (d > last)
			d -= 7;
	} else if (t->form == 'J') {
		d += t->d - 1 + (leap && t->d >= 60);
	} else {
		d += t->d;
	}
	return d * DAY_S + t->s;
}

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

static int rule_offset(const struct rule *r, int64_t s)
{
	int64_t from, to;
	int y, mo, d;

	if (!r->has_dst)
		return r->std;
	day_split((day){ floor_div(s + r->std, DAY_S) }, &y, &mo, &d);
	from = turn_at(&r->to_dst, y) - r->std;
	to = turn_at(&r->to_std, y) - r->dst;
	if (from < to)
		return s >= from && s < to ? r->dst : r->std;
	return s >= to && s < from ? r->std : r->dst;
}

/* ---- the file ---- */

static uint32_t be32(const unsigned char *p) { return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]; }
static int64_t be64(const unsigned char *p) { return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4)); }

enum { ISUT, ISSTD, LEAP, TIME, TYPE, CHAR };
struct block { size_t n[6]; const unsigned char *body; size_t size; };

static bool block_at(const unsigned char *p, size_t n, size_t time_size, struct block *b)
{
	if (n < HEAD || memcmp(p, "TZif", 4) || p[4] < '2')
		return false;
	for (int i = 0; i < 6; i++) {
		b->n[i] = be32(p + 20 + 4 * i);
		if (b->n[i] > FILE_MAX)
			return false;
	}
	b->body = p + HEAD;
	b->size = b->n[TIME] * (time_size + 1) + b->n[TYPE] * 6 + b->n[CHAR] + b->n[LEAP] * (time_size + 4) + b->n[ISSTD] + b->n[ISUT];
	return b->size <= n - HEAD;
}

/* Offsets by transition. False when a type is out of range or the order is wrong. */
static bool fill_transitions(struct tz *z, const struct block *b)
{
	const unsigned char *idx = b->body + 8 * b->n[TIME], *types = idx + b->n[TIME];

	z->n = b->n[TIME];
	z->at = calloc(z->n + 1, sizeof *z->at);
	z->off = calloc(z->n + 1, sizeof *z->off);
	if (!z->at || !z->off)
		BUG("out of memory");
	z->off[0] = (int32_t)be32(types);
	for (size_t i = 0; i < z->n; i++) {
		z->at[i] = be64(b->body + 8 * i);
		if (idx[i] >= b->n[TYPE] || (i && z->at[i] <= z->at[i - 1]))
			return false;
		z->off[i + 1] = (int32_t)be32(types + 6 * idx[i]);
	}
	for (size_t i = 0; i <= z->n; i++)
		if (z->off[i] < -DAY_S || z->off[i] > DAY_S)
			return false;
	return true;
}

static bool tz_load(struct tz *z, const unsigned char *p, size_t n)
{
	struct block v1, v2;
	const unsigned char *foot, *end;
	char rule[128] = "";

	if (!block_at(p, n, 4, &v1))
		return false;
	n -= HEAD + v1.size;
	/* Leap seconds ("right/" zones) are not how instants are counted here. */
	if (!block_at(v1.body + v1.size, n, 8, &v2) || !v2.n[TYPE] || v2.n[LEAP])
		return false;
	foot = v2.body + v2.size;
	n -= HEAD + v2.size;
	if (n < 2 || foot[0] != '\n')
		return false;
	end = memchr(foot + 1, '\n', n - 1);
	if (!end || (size_t)(end - foot) > sizeof rule)
		return false;
	memcpy(rule, foot + 1, (size_t)(end - foot) - 1);
	if (*rule && !rule_parse(rule, &z->rule))
		return false;
	return fill_transitions(z, &v2);
}

static bool name_ok(str name)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";

	if (!name.n || name.n >= sizeof ((struct tz *)0)->name || name.p[0] == '/')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!name.p[i] || !strchr(chars, name.p[i]))
			return false;
	return true;
}

static struct tz *tz_read(str name)
{
	char path[sizeof ZONE_DIR + sizeof ((struct tz *)0)->name];
	unsigned char *p = malloc(FILE_MAX);
	struct tz *z = calloc(1, sizeof *z);
	size_t n = 0;
	FILE *f;

	if (!p || !z)
		BUG("out of memory");
	memcpy(z->name, name.p, name.n);
	snprintf(path, sizeof path, ZONE_DIR "%s", z->name);
	f = fopen(path, "rbe");
	if (f) {
		n = fread(p, 1, FILE_MAX, f);
		fclose(f);
	}
	if (!tz_load(z, p, n)) {
		free(z->at);
		free(z->off);
		free(z);
		z = NULL;
	}
	free(p);
	return z;
}

static _Atomic(struct tz *) zones;

static struct tz *cached(str name)
{
	struct tz *z = atomic_load_explicit(&zones, memory_order_acquire);

	while (z && !str_eq(str_c(z->name), name))
		z = z->next;
	return z;
}

/* Entries are never changed or removed, so readers need no lock. */
const struct tz *tz_get(str name)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct tz *z = cached(name);

	if (z || !name_ok(name))
		return z;
	pthread_mutex_lock(&lock);
	z = cached(name);
	if (!z && (z = tz_read(name))) {
		z->next = atomic_load_explicit(&zones, memory_order_relaxed);
		atomic_store_explicit(&zones, z, memory_order_release);
	}
	pthread_mutex_unlock(&lock);
	return z;
}

str tz_name(const struct tz *z) { return z ? str_c(z->name) : S("UTC"); }

/* ---- use ---- */

static int offset_at(const struct tz *z, int64_t s)
{
	size_t lo = 0, hi;

	if (!z)
		return 0;
	if (z->rule.given && (!z->n || s >= z->at[z->n - 1]))
		return rule_offset(&z->rule, s);
	for (hi = z->n; lo < hi;) {
		size_t mid = (lo + hi) / 2;

		if (z->at[mid] <= s)
			lo = mid + 1;
		else
			hi = mid;
	}
	return z->off[lo];
}

int tz_offset(const struct tz *z, instant t) { return offset_at(z, floor_div(t.ms, 1000)); }

struct civil tz_civil(const struct tz *z, instant t)
{
	int64_t s = floor_div(t.ms, 1000), local = s + offset_at(z, s), d = floor_div(local, DAY_S);
	int left = (int)(local - d * DAY_S);
	struct civil c = { .h = left / 3600, .mi = left / 60 % 60, .s = left % 60, .ms = (int)(t.ms - s * 1000) };

	day_split((day){ d }, &c.y, &c.mo, &c.d);
	return c;
}

day tz_day(const struct tz *z, instant t)
{
	int64_t s = floor_div(t.ms, 1000);

	return t.ms == NIL ? NO_DAY : (day){ floor_div(s + offset_at(z, s), DAY_S) };
}

instant tz_instant(const struct tz *z, struct civil c)
{
	int64_t local = day_of(c.y, c.mo, c.d).d * DAY_S + c.h * 3600LL + c.mi * 60LL + c.s, best = NIL;
	/* Offsets are within a day of UTC: these are all that can hold around the local time. */
	int before = offset_at(z, local - DAY_S), after = offset_at(z, local + DAY_S);
	int offs[] = { before, offset_at(z, local - before), offset_at(z, local - after), after };

	for (size_t i = 0; i < LEN(offs); i++) {
		int64_t s = local - offs[i];

		if (offset_at(z, s) == offs[i] && (best == NIL || s < best))
			best = s;
	}
	if (best == NIL)
		best = local - before;
	return (instant){ best * 1000 + c.ms };
}
