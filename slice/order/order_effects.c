/* order_effects.c — named guards and effects of the move table: one function, one rule. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/calendar/calendar.h"
#include "slice/order/order_int.h"
#include "slice/org/org.h"

static enum err station_of(struct ctx *c, str code, struct org *ret)
{
	enum err e = org_by_code(c, code, ret);

	if (e == ERR_NOT_FOUND || (!e && (ret->kind != ORG_STATION || !ret->active))) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "station", N_("There is no active station {1}."), code);
	}
	return e;
}

enum err order_held(struct ctx *c, int64_t customer_id, int64_t device_id, str path)
{
	TRY(org_holds(c, ORG_CUSTOMER, customer_id, path));
	return org_holds(c, ORG_DEVICE, device_id, path);
}

enum err order_guard_station(struct ctx *c, const struct order *o, const struct order_act *a)
{
	struct org s;

	TRY(station_of(c, a->station, &s));
	if (c->who->sight == SIGHT_ORG && !str_starts(s.path, c->who->org_path))
		return fail_field(c, "station", N_("Station {1} is not in your region."), a->station);
	if (o->station_id == s.id && o->state == ORDER_STATION_ASSIGNED)
		return fail_field(c, "station", N_("The order is already at this station."));
	return ERR_OK;
}

enum err order_to_station(struct ctx *c, struct order *o, const struct order_act *a)
{
	struct org s;

	TRY(station_of(c, a->station, &s));
	o->station_id = s.id;
	o->station_calendar_id = s.calendar_id;
	o->station = s.code;
	o->org_path = s.path;
	o->engineer_id = NIL;
	if (o->lat != NIL && o->lon != NIL && s.lat != NIL && s.lon != NIL)
		o->travel_m = org_distance_m(o->lat, o->lon, s.lat, s.lon);
	return order_held(c, o->customer_id, o->device_id, s.path);
}

enum err order_leave_station(struct ctx *c, struct order *o, const struct order_act *a)
{
	struct org root;

	(void)a;
	TRY(org_root(c, &root));
	o->station_id = o->station_calendar_id = NIL;
	o->travel_m = NIL;
	o->org_path = root.path;
	return ERR_OK;
}

enum err order_unit_received(struct ctx *c, struct order *o, const struct order_act *a)
{
	struct org here;

	o->unit_in = true;
	if (a->station.n)
		return order_to_station(c, o, a);
	if (o->station_id != NIL || c->who->org_id == NIL)
		return ERR_OK;
	TRY(org_get(c, c->who->org_id, &here));
	if (here.kind != ORG_STATION)
		return ERR_OK;
	o->station_id = here.id;
	o->station_calendar_id = here.calendar_id;
	o->org_path = here.path;
	return order_held(c, o->customer_id, o->device_id, here.path);
}

/* An engineer can be given a job of a station they work at. */
enum err order_guard_engineer(struct ctx *c, const struct order *o, const struct order_act *a)
{
	struct user u;
	enum err e = user_by_login(c, a->engineer, &u);

	if (e == ERR_NOT_FOUND || (!e && !u.active)) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "engineer", N_("There is no engineer {1}."), a->engineer);
	}
	TRY(e);
	for (size_t i = 0; i < u.n_roles; i++)
		if (u.roles[i].role == ROLE_ENGINEER && str_starts(o->org_path, u.roles[i].org_path))
			return ERR_OK;
	return fail_field(c, "engineer", N_("{1} does not work at this station."), u.name);
}

enum err order_to_engineer(struct ctx *c, struct order *o, const struct order_act *a)
{
	struct user u;

	TRY(user_by_login(c, a->engineer, &u));
	o->engineer_id = u.id;
	o->visit_from = o->visit_to = NO_INSTANT;
	return ERR_OK;
}

enum err order_leave_engineer(struct ctx *c, struct order *o, const struct order_act *a)
{
	(void)c;
	(void)a;
	o->engineer_id = NIL;
	return ERR_OK;
}

enum err order_guard_visit(struct ctx *c, const struct order *o, const struct order_act *a)
{
	(void)o;
	if (a->from.ms < a->at.ms - 3600000LL)
		return fail_field(c, "from", N_("An appointment lies ahead of us, not behind."));
	if (a->until.ms != NIL && a->until.ms <= a->from.ms)
		return fail_field(c, "until", N_("The appointment ends before it begins."));
	return ERR_OK;
}

enum err order_wait_begins(struct ctx *c, struct order *o, const struct order_act *a)
{
	(void)c;
	o->wait = a->wait;
	o->wait_until = a->until;
	return ERR_OK;
}

enum err order_wait_ends(struct ctx *c, struct order *o, const struct order_act *a)
{
	(void)c;
	(void)a;
	o->wait = o->wait_from = -1;
	o->wait_until = NO_INSTANT;
	return ERR_OK;
}

enum err order_escalates(struct ctx *c, struct order *o, const struct order_act *a)
{
	(void)c;
	(void)a;
	o->wait = WAIT_HIGHER_TIER;
	return ERR_OK;
}

enum err order_test_failed(struct ctx *c, struct order *o, const struct order_act *a)
{
	(void)c;
	(void)a;
	o->result = (str){ 0 };
	return ERR_OK;
}

static bool is_returned(const struct order_act *a, str name)
{
	for (size_t i = 0; i < a->n_returned; i++)
		if (str_eq(a->returned[i], name))
			return true;
	return false;
}

/* What came along goes along, or the note says why not. */
static enum err check_returned(struct ctx *c, const struct order *o, const struct order_act *a)
{
	for (size_t i = 0; a->ticked && !str_trim(a->note).n && i < o->n_accessories; i++)
		if (!is_returned(a, o->accessories[i].name))
			return fail_field(c, "note", N_("{1} is not ticked as handed back. Tick it, or say here why not."), o->accessories[i].name);
	return ERR_OK;
}

/* On site and at the counter the customer signs; a unit sent by post is signed for by the carrier's slip number. */
enum err order_guard_signature(struct ctx *c, const struct order *o, const struct order_act *a)
{
	if ((o->mode == MODE_ONSITE || o->mode == MODE_CARRY_IN) && !a->signature.n)
		return fail_field(c, "signature", N_("Please let the customer sign."));
	return check_returned(c, o, a);
}

enum err order_handed_over(struct ctx *c, struct order *o, const struct order_act *a)
{
	o->handed_over_at = a->at;
	o->unit_in = false;
	if (a->signature.n)
		TRY(attachment_bytes(c, "order", o->id, S("signature.png"), S("image/png"), a->signature, true, &o->signature_id));
	return db_exec(c, &q_order_unlock_destroy, BIND(P(id, o->id)), 1);
}

/* Nobody rates their own work [K5]. */
enum err order_guard_callback(struct ctx *c, const struct order *o, const struct order_act *a)
{
	(void)a;
	if (o->engineer_id == c->who->id)
		return fail(c, ERR_FORBIDDEN, N_("Somebody else must call this customer back: it was your own job."));
	return ERR_OK;
}

enum err order_refusal_until(struct ctx *c, instant since, day *ret)
{
	const struct national *cn = national_shipped(S("CN"));
	day d = tz_day(c->who->zone, since);

	for (int64_t left = setting_int(c, "order.refusal_days"); left > 0; left -= national_workday(cn, d))
		d.d++;
	*ret = d;
	return ERR_OK;
}

enum err order_guard_refusal(struct ctx *c, const struct order *o, const struct order_act *a)
{
	instant since = o->handed_over_at.ms != NIL ? o->handed_over_at : o->state_at;
	day last;

	(void)a;
	TRY(order_refusal_until(c, since, &last));
	if (tz_day(c->who->zone, c->now).d > last.d)
		return fail(c, ERR_CONFLICT, N_("The result could be refused until {1}. Please report the fault anew."), last);
	return ERR_OK;
}

enum err order_guard_unit_back(struct ctx *c, const struct order *o, const struct order_act *a)
{
	(void)a;
	if (o->unit_in)
		return fail(c, ERR_CONFLICT, N_("The customer's unit is still here. Hand it over first."));
	return ERR_OK;
}

enum err order_reopened(struct ctx *c, struct order *o, const struct order_act *a)
{
	(void)c;
	(void)a;
	o->reopened++;
	o->closed_at = o->handed_over_at = NO_INSTANT;
	o->engineer_id = NIL;
	o->satisfaction = NIL;
	o->end_reason = (str){ 0 };
	return ERR_OK;
}
