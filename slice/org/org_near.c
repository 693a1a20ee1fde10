/* org_near.c — who serves a place: by area, by distance, with the nearest authorised neighbour where nobody does. [N2 N3] */
#include "slice/org/org_int.h"
#include "base/time.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "org.sql.h"
#include <math.h>

enum { FOUND_MAX = 2000, DEGREE = 1000000, EARTH_M = 6371009 };

const struct field org_hit_fields[] = {
	FIELD(struct org, id), FIELD(struct org, code), FIELD(struct org, name), FIELD(struct org, name_en), FIELD(struct org, address),
	FIELD(struct org, phone), FIELD(struct org, lat), FIELD(struct org, lon), FIELD(struct org_hit, distance_m), FIELD(struct org_hit, extra_m),
	FIELD(struct org_hit, own_area), { 0 }
};

/* Geometry, not money: the one place where a real number is the right one. */
int64_t org_distance_m(int64_t lat1, int64_t lon1, int64_t lat2, int64_t lon2)
{
	const double rad = M_PI / 180 / DEGREE;
	double a = sin((double)(lat2 - lat1) * rad / 2), b = sin((double)(lon2 - lon1) * rad / 2);
	double h = a * a + cos((double)lat1 * rad) * cos((double)lat2 * rad) * b * b;

	return (int64_t)llround(2 * EARTH_M * asin(sqrt(h < 1 ? h : 1)));
}

static int by_distance(const void *x, const void *y)
{
	const struct org_hit *a = x, *b = y;

	if (a->distance_m != b->distance_m)
		return a->distance_m < b->distance_m ? -1 : 1;
	return a->org.id < b->org.id ? -1 : 1;
}

struct wanted { str brand; int64_t level; int64_t today; };

static struct wanted wanted(struct ctx *c, str brand, int64_t level)
{
	return (struct wanted){ brand.n ? fold(c->a, brand) : (str){ 0 }, level > 0 ? level : 1, tz_day(tz_get(setting_str(c, "zone")), c->now).d };
}

/* Stations in the box of ±reach micro-degrees, nearest first. A box over the date line is not cut in two: reach grows to the whole. */
static enum err in_box(struct ctx *c, int64_t lat, int64_t lon, int64_t reach, const struct wanted *w, struct org_hit **ret, size_t *ret_n)
{
	int64_t wide = reach >= 32 * DEGREE ? 2 * (int64_t)LON_MAX : 2 * reach;
	struct org_hit *hit;
	struct org *o;
	size_t n;

	TRY(db_rows(c, &q_org_within, BIND(P(south, lat - reach), P(north, lat + reach), P(west, lon - wide), P(east, lon + wide), P(brand, w->brand),
		P(level, w->level), P(today, w->today)), org_fields, sizeof *o, FOUND_MAX, &o, &n));
	hit = NEW_N(c->a, struct org_hit, n);
	for (size_t i = 0; i < n; i++)
		hit[i] = (struct org_hit){ .org = o[i], .distance_m = org_distance_m(lat, lon, o[i].lat, o[i].lon) };
	qsort(hit, n, sizeof *hit, by_distance);
	*ret = hit;
	*ret_n = n;
	return ERR_OK;
}

/* Within the box everything nearer than its edge is certain to be found. */
static size_t certain(const struct org_hit *hit, size_t n, int64_t reach)
{
	int64_t edge = reach / DEGREE * 111000;
	size_t k = 0;

	while (k < n && hit[k].distance_m <= edge)
		k++;
	return k;
}

enum err org_nearest(struct ctx *c, int64_t lat, int64_t lon, str brand, int64_t level, int n, struct org_hit **ret, size_t *ret_n)
{
	struct wanted w = wanted(c, brand, level);
	struct org_hit *hit = NULL;
	size_t want = n > 0 ? (size_t)n : 1, have = 0;

	for (int64_t reach = DEGREE; ; reach *= 4) {
		TRY(in_box(c, lat, lon, reach, &w, &hit, &have));
		if (certain(hit, have, reach) >= want || reach > 2 * (int64_t)LON_MAX)
			break;
	}
	*ret = hit;
	*ret_n = have < want ? have : want;
	return ERR_OK;
}

static bool has(const struct org_hit *hit, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (hit[i].org.id == id)
			return true;
	return false;
}

enum err org_for_area(struct ctx *c, str division, str brand, int64_t level, int n, struct org_hit **ret, size_t *ret_n)
{
	struct wanted w = wanted(c, brand, level);
	struct division at = { .lat = NIL, .lon = NIL };
	size_t want = n > 0 ? (size_t)n : 1, own, near = 0, have = 0;
	struct org_hit *hit = NEW_N(c->a, struct org_hit, want), *around = NULL;
	struct org *o;
	enum err e;

	division = division_short(division);
	e = db_row(c, &q_division_place, BIND(P(code, division)), division_fields, &at);
	if (e && e != ERR_NOT_FOUND)
		return e;
	TRY(db_rows(c, &q_org_serving, BIND(P(division, division), P(brand, w.brand), P(level, w.level), P(today, w.today)), org_fields, sizeof *o,
		FOUND_MAX, &o, &own));
	for (; have < own && have < want; have++) {
		bool known = at.lat != NIL && o[have].lat != NIL;

		hit[have] = (struct org_hit){ .org = o[have], .own_area = true,
			.distance_m = known ? org_distance_m(at.lat, at.lon, o[have].lat, o[have].lon) : NIL };
	}
	if (at.lat != NIL && have < want)
		TRY(org_nearest(c, at.lat, at.lon, brand, level, (int)(want + have), &around, &near));
	for (size_t i = 0; i < near && have < want; i++)
		if (!has(hit, have, around[i].org.id)) {
			hit[have] = around[i];
			hit[have++].extra_m = around[i].distance_m;
		}
	*ret = hit;
	*ret_n = have;
	return ERR_OK;
}
