/* forecast.c — what will be needed in the next months, from what was used in the last two years [S3, S20].
 *
 * A month's need = use of the last twelve months ÷ 12 × season, rounded up. Season of a calendar month = its share of two years' use against an even
 * share, taken by half: one odd year must not rule. With less than two years of history it is 1, and the average is that of the months there are. */
#include "base/time.h"
#include "slice/supply/supply_int.h"

enum { MOST = 2000 };
struct used { int64_t part_id, qty; str part_no, part, unit, model; };
static const struct field used_fields[] = {
	FIELD(struct used, part_id), FIELD(struct used, qty), FIELD(struct used, part_no), FIELD(struct used, part), FIELD(struct used, unit), FIELD(struct used, model), { 0 }
};
struct lying { int64_t part_id, qty; };
static const struct field lying_fields[] = { FIELD(struct lying, part_id), FIELD(struct lying, qty), { 0 } };

static instant month_start(const struct ctx *c, int y, int mo)
{
	int yy, mm, dd;

	day_split(day_of(y, mo, 1), &yy, &mm, &dd);
	return tz_instant(c->who->zone, (struct civil){ .y = yy, .mo = mm, .d = 1 });
}

static struct forecast_row *row_of(struct forecast_row *all, size_t *n, const struct used *u, bool by_model)
{
	for (size_t i = 0; i < *n; i++)
		if (all[i].part_id == u->part_id && (!by_model || str_eq(all[i].model, u->model)))
			return &all[i];
	if (*n == MOST)
		return NULL;
	all[*n] = (struct forecast_row){ .part_id = u->part_id, .part_no = u->part_no, .part = u->part, .unit = u->unit, .model = by_model ? u->model : (str){ 0 } };
	return &all[(*n)++];
}

int64_t forecast_need(const int64_t month[FORECAST_BACK], int ahead)
{
	int64_t last12 = 0, all = 0, same, months = FORECAST_BACK, first = 0;

	while (first < FORECAST_BACK && !month[first])
		first++;
	for (int i = 0; i < FORECAST_BACK; i++) {
		all += month[i];
		last12 += i >= FORECAST_BACK - 12 ? month[i] : 0;
	}
	months -= first;
	if (!all)
		return 0;
	if (first)
		return months > 12 ? (last12 + 11) / 12 : (all + months - 1) / months;
	same = month[ahead] + month[ahead + 12];       /* the first month of the history is the next one's of two years ago */
	return (last12 * (all + 12 * same) + 24 * all - 1) / (24 * all);
}

static enum err add_stock(struct ctx *c, const struct in_sight *s, struct forecast_row *all, size_t n)
{
	struct lying *l;
	size_t n_l;

	TRY(db_rows(c, &q_forecast_stock, BIND(P(org_lo, s->org_lo), P(org_hi, s->org_hi)), lying_fields, sizeof *l, 20000, &l, &n_l));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n_l; k++)
			if (l[k].part_id == all[i].part_id)
				all[i].stock = l[k].qty;
	return ERR_OK;
}

static int more_needed(const void *a, const void *b)
{
	const struct forecast_row *x = a, *y = b;

	return x->next[0] != y->next[0] ? (x->next[0] < y->next[0]) - (x->next[0] > y->next[0]) : (x->year < y->year) - (x->year > y->year);
}

enum err forecast_list(struct ctx *c, bool by_model, str model, struct forecast_row **ret, size_t *ret_n)
{
	struct civil now = tz_civil(c->who->zone, c->now);
	struct forecast_row *all = NEW_N(c->a, struct forecast_row, MOST);
	struct in_sight s;
	size_t n = 0;

	TRY(supply_sight(c, &s));
	for (int i = 0; i < FORECAST_BACK; i++) {
		instant from = month_start(c, now.y, now.mo - FORECAST_BACK + i), until = month_start(c, now.y, now.mo - FORECAST_BACK + i + 1);
		struct used *u;
		size_t n_u;

		TRY(db_rows(c, &q_forecast_month, BIND(P(from, from), P(until, until), P(model, str_or_none(model)), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), used_fields, sizeof *u, MOST, &u, &n_u));
		for (size_t k = 0; k < n_u; k++) {
			struct forecast_row *r = row_of(all, &n, &u[k], by_model);

			if (r)
				r->month[i] += u[k].qty;
		}
	}
	for (size_t i = 0; i < n; i++) {
		for (int k = FORECAST_BACK - 12; k < FORECAST_BACK; k++)
			all[i].year += all[i].month[k];
		for (int k = 0; k < FORECAST_AHEAD; k++)
			all[i].next[k] = forecast_need(all[i].month, k);
	}
	TRY(add_stock(c, &s, all, n));
	qsort(all, n, sizeof *all, more_needed);
	*ret = all;
	*ret_n = n;
	return ERR_OK;
}

enum err forecast_models(struct ctx *c, str **ret, size_t *ret_n)
{
	struct used *u;
	struct in_sight s;
	size_t n;

	TRY(supply_sight(c, &s));
	TRY(db_rows(c, &q_forecast_models, BIND(P(from, (instant){ c->now.ms - 365 * 86400000LL }), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), used_fields, sizeof *u, 60, &u, &n));
	*ret = NEW_N(c->a, str, n + 1);
	for (size_t i = 0; i < n; i++)
		(*ret)[i] = u[i].model;
	*ret_n = n;
	return ERR_OK;
}
