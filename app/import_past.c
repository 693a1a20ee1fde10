/* import_past.c — repairs and incidents of other systems become orders with their history: Open Repair Data, help-desk event logs. */
#include "app/import_kinds.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/order/order_past.h"
#include "slice/org/org.h"

static enum err reporter(struct ctx *c, struct import_run *run, str name, enum customer_kind kind, int64_t *ret)
{
	struct customer_new n = { .name = name, .kind = (int)kind, .external_ref = name, .org_id = NIL, .lat = NIL, .lon = NIL };
	struct customer k;
	enum err e;

	if (import_known(run, "reporter", name, ret))
		return ERR_OK;
	e = customer_by_ref(c, name, &k);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		TRY(customer_add(c, &n, ret));
	} else {
		TRY(e);
		*ret = k.id;
	}
	import_remember(run, "reporter", name, *ret);
	return ERR_OK;
}

static enum err root_path(struct ctx *c, str *ret)
{
	struct org root = { .path = S("") };
	enum err e = org_root(c, &root);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		*ret = S("");
		return ERR_OK;
	}
	TRY(e);
	*ret = root.path;
	return ERR_OK;
}

/* ---- Open Repair Data (ORDS) ---- */

enum { OR_ID, OR_PROVIDER, OR_COUNTRY, OR_PARTNER_CATEGORY, OR_CATEGORY, OR_BRAND, OR_YEAR, OR_AGE, OR_STATUS, OR_BARRIER, OR_GROUP, OR_DATE, OR_PROBLEM, OR_N };
static const struct import_col ords_cols[OR_N] = {
	[OR_ID] = { "id", NULL, true }, [OR_PROVIDER] = { "data_provider", NULL, true }, [OR_COUNTRY] = { "country", NULL, false },
	[OR_PARTNER_CATEGORY] = { "partner_product_category", NULL, false }, [OR_CATEGORY] = { "product_category", NULL, true }, [OR_BRAND] = { "brand", NULL, false },
	[OR_YEAR] = { "year_of_manufacture", NULL, false }, [OR_AGE] = { "product_age", NULL, false }, [OR_STATUS] = { "repair_status", NULL, true },
	[OR_BARRIER] = { "repair_barrier_if_end_of_life", NULL, false }, [OR_GROUP] = { "group_identifier", NULL, false }, [OR_DATE] = { "event_date", NULL, true },
	[OR_PROBLEM] = { "problem", NULL, false },
};
/* What the standard says of the outcome, in our words. */
static const struct { const char *status; int verdict; const char *result; } outcomes[] = {
	{ "Fixed", 0, "Fixed" }, { "Repairable", 5, "Repairable" }, { "End of life", 8, "End of life" }, { "Unknown", -1, NULL },
};

static enum err ords_device(struct ctx *c, const str *v, int64_t customer, int64_t *ret)
{
	struct device d = { .serial = v[OR_ID], .brand = v[OR_BRAND].n ? v[OR_BRAND] : S("Unknown"), .model = v[OR_PARTNER_CATEGORY].n ? v[OR_PARTNER_CATEGORY] : v[OR_CATEGORY],
		.kind = import_device_kind(c->a, v[OR_CATEGORY]), .customer_id = customer, .product_id = NIL, .replaced_by = NIL, .factory_on = NO_DAY, .invoiced_on = NO_DAY,
		.delivered_on = NO_DAY, .installed_on = NO_DAY, .accepted_on = NO_DAY, .external_ref = arena_fmt(c->a, "ords:%.*s", STR_ARG(v[OR_ID])), .second_hand = true };
	struct device old;
	int64_t year;
	bool added;

	if (str_int(v[OR_YEAR], &year) && year >= 1970 && year <= 2100)
		d.factory_on = day_of((int)year, 1, 1);
	TRY(device_import(c, &d, &added));
	TRY(device_by_ref(c, d.external_ref, &old));
	*ret = old.id;
	return ERR_OK;
}

static enum err ords_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	struct order_past_step step = { .state = ORDER_CLOSED, .wait = -1 };
	struct order_past p = { .external_ref = arena_fmt(c->a, "ords:%.*s", STR_ARG(v[OR_ID])), .kind = KIND_REPAIR, .mode = MODE_CARRY_IN, .priority = 1, .verdict = -2,
		.station_id = NIL, .source = r->raw, .steps = &step, .n_steps = 1, .actor = v[OR_PROVIDER], .fault = v[OR_PROBLEM].n ? v[OR_PROBLEM] : S("-"),
		.end_reason = v[OR_BARRIER], .words = v[OR_BRAND] };
	bool known;
	int64_t id;
	day on;

	if (!v[OR_ID].n)
		return fail_field(c, "id", N_("A record needs its number."));
	if (!day_parse(v[OR_DATE], &on))
		return fail_field(c, "event_date", N_("“{1}” is not a date like 2025-03-08."), v[OR_DATE]);
	for (size_t i = 0; i < LEN(outcomes); i++)
		if (str_eq(v[OR_STATUS], str_c(outcomes[i].status)))
			p.verdict = outcomes[i].verdict, p.result = str_c(outcomes[i].result);
	if (p.verdict == -2)
		return fail_field(c, "repair_status", N_("“{1}” is none of: {2}."), v[OR_STATUS], S("Fixed, Repairable, End of life, Unknown"));
	p.opened_at = (instant){ on.d * 86400000LL - tz_offset(c->who->zone, (instant){ on.d * 86400000LL }) * 1000LL };
	step.at = p.opened_at;
	TRY(reporter(c, run, v[OR_PROVIDER], CUSTOMER_ORGANISATION, &p.customer_id));
	p.contact_name = v[OR_GROUP].n ? v[OR_GROUP] : v[OR_PROVIDER];
	TRY(root_path(c, &p.org_path));
	TRY(ords_device(c, v, p.customer_id, &p.device_id));
	TRY(order_import(c, &p, &id, &known));
	*ret = known ? IMPORT_KNOWN : IMPORT_ADDED;
	return ERR_OK;
}
const struct import_kind import_ords = { "ords", N_("Open Repair Data: closed repairs"), ords_cols, OR_N, ords_row, .raw = true };

/* ---- help-desk event log: one record an update, one order an incident ---- */

enum { IN_NUMBER, IN_STATE, IN_CALLER, IN_OPENED, IN_UPDATED, IN_UPDATER, IN_CONTACT, IN_PLACE, IN_CATEGORY, IN_SUBCATEGORY, IN_SYMPTOM, IN_IMPACT, IN_URGENCY, IN_PRIORITY,
	IN_GROUP, IN_ASSIGNED, IN_REASSIGNED, IN_REOPENED, IN_CODE, IN_RESOLVED, IN_CLOSED, IN_COLS };
static const struct import_col incident_cols[IN_COLS] = {
	[IN_NUMBER] = { "number", NULL, true }, [IN_STATE] = { "incident_state", "state", true }, [IN_CALLER] = { "caller_id", "caller", false },
	[IN_OPENED] = { "opened_at", NULL, true }, [IN_UPDATED] = { "sys_updated_at", "updated_at", true }, [IN_UPDATER] = { "sys_updated_by", "updated_by", false },
	[IN_CONTACT] = { "contact_type", NULL, false }, [IN_PLACE] = { "location", NULL, false }, [IN_CATEGORY] = { "category", NULL, false },
	[IN_SUBCATEGORY] = { "subcategory", NULL, false }, [IN_SYMPTOM] = { "u_symptom", "symptom", false }, [IN_IMPACT] = { "impact", NULL, false },
	[IN_URGENCY] = { "urgency", NULL, false }, [IN_PRIORITY] = { "priority", NULL, false }, [IN_GROUP] = { "assignment_group", NULL, false },
	[IN_ASSIGNED] = { "assigned_to", NULL, false }, [IN_REASSIGNED] = { "reassignment_count", NULL, false }, [IN_REOPENED] = { "reopen_count", NULL, false },
	[IN_CODE] = { "closed_code", NULL, false }, [IN_RESOLVED] = { "resolved_at", NULL, false }, [IN_CLOSED] = { "closed_at", NULL, false },
};
static const struct { const char *name; int state, wait; } incident_states[] = {
	{ "New", ORDER_REGISTERED, -1 }, { "Active", ORDER_TRIAGED, -1 }, { "Awaiting User Info", ORDER_WAITING, WAIT_CUSTOMER },
	{ "Awaiting Problem", ORDER_WAITING, WAIT_HIGHER_TIER }, { "Awaiting Vendor", ORDER_WAITING, WAIT_VENDOR }, { "Awaiting Evidence", ORDER_WAITING, WAIT_CUSTOMER },
	{ "Resolved", ORDER_SOLVED_REMOTELY, -1 }, { "Closed", ORDER_CLOSED, -1 },
};

/* d/m/Y H:M; "?" means missing. */
static bool log_time(const struct ctx *c, str v, instant *ret)
{
	static const struct { char behind; int least, most; } part[] = { { '/', 1, 31 }, { '/', 1, 12 }, { ' ', 1970, 2100 }, { ':', 0, 23 }, { 0, 0, 59 } };
	enum { D, MO, Y, H, MI, PARTS };
	int64_t n[PARTS];
	str rest = v, text;

	for (size_t i = 0; i < PARTS; i++)
		if (!str_cut(&rest, part[i].behind, &text) || !str_int(text, &n[i]))
			return instant_parse(v, c->who->zone, ret);
	for (size_t i = 0; i < PARTS; i++)
		if (n[i] < part[i].least || n[i] > part[i].most)
			return false;
	*ret = tz_instant(c->who->zone, (struct civil){ .y = (int)n[Y], .mo = (int)n[MO], .d = (int)n[D], .h = (int)n[H], .mi = (int)n[MI] });
	return true;
}

static str known_text(str v) { return str_eq(v, S("?")) ? (str){ 0 } : v; }

/* "3 - Moderate" → normal: 1 Critical, 2 High, 3 Moderate, 4 Low. */
static int priority_of(str v)
{
	static const int ours[] = { 1, 3, 2, 1, 0 };

	return v.n && v.p[0] >= '1' && v.p[0] <= '4' ? ours[v.p[0] - '0'] : 1;
}

/* One step a record; an unknown state or one no move leads to is remarked on, the rest of the history stays. */
static enum err steps_of(struct ctx *c, struct import_run *run, struct order_past *p, const struct import_row *r, size_t n)
{
	struct order_past_step *step = NEW_N(c->a, struct order_past_step, n);

	p->steps = step;
	for (size_t i = 0; i < n; i++) {
		const str *v = r[i].cell;
		size_t k = 0;

		while (k < LEN(incident_states) && !str_eq(v[IN_STATE], str_c(incident_states[k].name)))
			k++;
		if (k == LEN(incident_states)) {
			import_remark(run, &r[i], trf(c, N_("incident_state: “{1}” has no meaning here; this update was left out."), v[IN_STATE]));
			continue;
		}
		step[p->n_steps] = (struct order_past_step){ .state = incident_states[k].state, .wait = incident_states[k].wait, .note = known_text(v[IN_ASSIGNED]) };
		if (!log_time(c, v[IN_UPDATED], &step[p->n_steps].at))
			return fail_field(c, "sys_updated_at", N_("“{1}” is not a time like 29/2/2016 01:23."), v[IN_UPDATED]);
		p->n_steps++;
		if (order_past_check(p)) {
			import_remark(run, &r[i], trf(c, N_("incident_state: no move leads to “{1}” from there; this update was left out."), v[IN_STATE]));
			p->n_steps--;
		}
	}
	return ERR_OK;
}

static enum err incident_rows(struct ctx *c, struct import_run *run, const struct import_row *r, size_t n, enum import_fate *ret)
{
	const str *v = r->cell, *last = r[n - 1].cell;
	struct order_past p = { .external_ref = arena_fmt(c->a, "incident:%.*s", STR_ARG(v[IN_NUMBER])), .kind = KIND_SUPPORT, .mode = MODE_REMOTE,
		.priority = priority_of(last[IN_PRIORITY]), .verdict = -1, .device_id = NIL, .station_id = NIL, .actor = known_text(v[IN_UPDATER]), .source = r[n - 1].raw,
		.note = known_text(last[IN_GROUP]), .result = known_text(last[IN_CODE]), .words = v[IN_NUMBER] };
	str caller = known_text(v[IN_CALLER]);
	bool known;
	int64_t id;

	if (!v[IN_NUMBER].n)
		return fail_field(c, "number", N_("A record needs its number."));
	if (!log_time(c, v[IN_OPENED], &p.opened_at))
		return fail_field(c, "opened_at", N_("“{1}” is not a time like 29/2/2016 01:23."), v[IN_OPENED]);
	p.fault = arena_fmt(c->a, "%.*s · %.*s · %.*s", STR_ARG(v[IN_CATEGORY]), STR_ARG(v[IN_SUBCATEGORY]), STR_ARG(v[IN_SYMPTOM]));
	p.contact_name = caller.n ? caller : S("?");
	TRY(reporter(c, run, p.contact_name, CUSTOMER_PERSON, &p.customer_id));
	TRY(root_path(c, &p.org_path));
	TRY(steps_of(c, run, &p, r, n));
	TRY(order_import(c, &p, &id, &known));
	*ret = known ? IMPORT_KNOWN : IMPORT_ADDED;
	return ERR_OK;
}
const struct import_kind import_incidents = { "incidents", N_("A help-desk event log: orders with their history"), incident_cols, IN_COLS, .group = "number", .rows = incident_rows,
	.raw = true };
