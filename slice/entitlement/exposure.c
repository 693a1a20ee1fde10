/* exposure.c — where a right comes due soon unless somebody acts. */
#include "slice/entitlement/entitlement_int.h"
#include "slice/device/device.h"

enum { EXPOSED_MAX = 500, ONE_REPAIR = 30, ONE_REPAIR_WARN = 20, ALL_REPAIRS = 35, ALL_REPAIRS_WARN = 30, DELAY = 15, DELAY_WARN = 10 };

#define X(id, name) name,
const char *const danger_names[] = { DANGER_LIST(X) NULL };
#undef X

str exposure_words(const struct ctx *c, int danger, int64_t reached, int64_t limit)
{
	return trf(c, danger == DANGER_FAILED ? N_("{1} of {2} failed repairs") : N_("{1} of {2} days"), reached, limit);
}

struct open_row { int64_t device_id, order_id, failed, total_days, waiting_days; str order_no, org_path, serial, brand, model; day in_on; };
#define O(m) FIELD(struct open_row, m)
static const struct field open_fields[] = { O(device_id), O(order_id), O(org_path), O(order_no), O(in_on), O(serial), O(brand), O(model), O(failed), O(total_days), O(waiting_days), { 0 } };
struct demand_row { int64_t device_id, order_id; str order_no, org_path, serial, brand, model; int remedy; day demanded_on; };
#define M(m) FIELD(struct demand_row, m)
static const struct field demand_fields[] = { M(device_id), M(order_id), M(org_path), M(order_no), FIELD_ENUM(struct demand_row, remedy, option_names), M(demanded_on), M(serial), M(brand), M(model), { 0 } };

struct list { struct exposed *p; size_t n; };

static void put(struct list *l, const struct open_row *r, int danger, int64_t reached, int64_t limit, str why, str todo)
{
	if (l->n < EXPOSED_MAX)
		l->p[l->n++] = (struct exposed){ .device_id = r->device_id, .order_id = r->order_id, .danger = danger, .org_path = r->org_path, .order_no = r->order_no, .serial = r->serial, .brand = r->brand, .model = r->model,
			.since = r->in_on, .unit = danger == DANGER_FAILED ? S("failed-repairs") : S("days"), .reached = reached, .limit = limit, .why = why, .todo = todo };
}

static void weigh_open(struct ctx *c, struct list *l, const struct open_row *r, day today)
{
	int64_t days = today.d - r->in_on.d - r->waiting_days;

	if (r->failed == 1)
		put(l, r, DANGER_FAILED, 1, 2, _("One repair has failed already."), _("A second one opens exchange, in some provinces refund: have a second engineer test it before hand-over."));
	if (days >= ONE_REPAIR_WARN)
		put(l, r, DANGER_ONE, days, ONE_REPAIR, days > ONE_REPAIR ? _("In repair for longer than 30 days.") : _("Soon 30 days in repair."),
			days > ONE_REPAIR ? _("Exchange is due: offer it.") : _("Finish it, or offer exchange before the customer asks."));
	if (r->total_days >= ALL_REPAIRS_WARN)
		put(l, r, DANGER_ALL, r->total_days, ALL_REPAIRS, r->total_days > ALL_REPAIRS ? _("In repair for more than 35 days in all.") : _("Soon 35 days in repair in all."),
			_("In Zhejiang refund or exchange at the customer's choice: settle it with the customer."));
}

static enum err scope(struct ctx *c, str *lo, str *hi)
{
	*lo = *hi = (str){ 0 };
	if (c->who->sight == SIGHT_ALL)
		return ERR_OK;
	if (c->who->sight != SIGHT_ORG)
		return fail(c, ERR_FORBIDDEN, NULL);
	*lo = c->who->org_path.n ? c->who->org_path : S("!");
	*hi = str_behind(c->a, *lo);
	return ERR_OK;
}

static int pressing(const void *x, const void *y)
{
	const struct exposed *a = x, *b = y;
	int64_t l = a->limit - a->reached, r = b->limit - b->reached;

	return (l > r) - (l < r);
}

enum err exposure(struct ctx *c, struct exposed **ret, size_t *ret_n)
{
	struct list l = { NEW_N(c->a, struct exposed, EXPOSED_MAX), 0 };
	day today = tz_day(c->who->zone, c->now);
	struct open_row *row;
	struct demand_row *dem;
	size_t n;
	str lo, hi;

	TRY(scope(c, &lo, &hi));
	TRY(db_rows(c, &q_exposed_demands, BIND(P(since, (day){ today.d - DELAY_WARN }), P(org_lo, lo), P(org_hi, hi), P(limit, (int64_t)EXPOSED_MAX)), demand_fields,
		sizeof *dem, EXPOSED_MAX, &dem, &n));
	for (size_t i = 0; i < n; i++)
		l.p[l.n++] = (struct exposed){ .device_id = dem[i].device_id, .order_id = dem[i].order_id, .danger = DANGER_REMEDY, .org_path = dem[i].org_path, .order_no = dem[i].order_no, .serial = dem[i].serial, .brand = dem[i].brand, .model = dem[i].model,
			.since = dem[i].demanded_on, .unit = S("days"), .reached = today.d - dem[i].demanded_on.d, .limit = DELAY,
			.why = trf(c, N_("{1} was asked for and not given."), tr(c, option_texts[dem[i].remedy])),
			.todo = _("More than 15 days count as deliberate refusal: grant it or refuse it in writing with the reason.") };
	TRY(db_rows(c, &q_exposed_open, BIND(P(today, today), P(org_lo, lo), P(org_hi, hi), P(limit, (int64_t)EXPOSED_MAX * 4)), open_fields, sizeof *row, EXPOSED_MAX * 4, &row, &n));
	for (size_t i = 0; i < n; i++)
		weigh_open(c, &l, &row[i], today);
	if (l.n > 1)
		qsort(l.p, l.n, sizeof *l.p, pressing);
	*ret = l.p;
	*ret_n = l.n;
	return ERR_OK;
}
