/* export_orders.c — orders in our own form with their history, and in the columns of the Open Repair Data Standard. */
#include "app/export.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/audit/audit.h"
#include "slice/device/device.h"
#include "slice/order/order.h"
#include "export.sql.h"
#include <jansson.h>

#define F(m) FIELD(T, m)
enum { MOVES_MAX = 5000 };

/* ---- our own form ---- */

#define T struct order_out
struct order_out {
	int64_t id, satisfaction;
	str ref, no, kind, mode, channel, priority, state, customer, contact, phone, email, address, division, brand, model, serial, station, engineer, fault, symptom, note, fault_code,
		cause, verdict, finding, result, end_reason, history;
	money fee;
	instant opened_at, handed_over_at, closed_at;
};
static const struct field order_in[] = {
	F(id), F(ref), F(no), F(kind), F(mode), F(channel), F(priority), F(state), F(customer), F(contact), F(phone), F(email), F(address), F(division), F(brand), F(model), F(serial),
	F(station), F(engineer), F(fault), F(symptom), F(note), F(fault_code), F(cause), F(verdict), F(finding), F(result), F(end_reason), F(fee), F(satisfaction), F(opened_at),
	F(handed_over_at), F(closed_at), { 0 }
};
static const struct field order_out[] = {
	F(ref), F(no), F(kind), F(mode), F(channel), F(priority), F(state), F(customer), F(contact), F(phone), F(email), F(address), F(division), F(brand), F(model), F(serial),
	F(station), F(engineer), F(fault), F(symptom), F(note), F(fault_code), F(cause), F(verdict), F(finding), F(result), F(end_reason), F(fee), F(satisfaction), F(opened_at),
	F(handed_over_at), F(closed_at), F(history), { 0 }
};
#undef T

struct move { str kind; instant at; json data; };
static const struct field move_fields[] = { FIELD(struct move, kind), FIELD(struct move, at), FIELD(struct move, data), { 0 } };

/* "accept>accepted@2026-03-02T10:00:00+08:00;wait>waiting:parts@…": what import replays. */
static enum err order_history(struct ctx *c, void *row)
{
	static const char *const keys[] = { "to", "wait", NULL };
	struct order_out *o = row;
	struct move *m;
	size_t n, k = 0;
	str *piece;

	TRY(db_rows(c, &q_export_moves, BIND(P(order_id, o->id)), move_fields, sizeof *m, MOVES_MAX, &m, &n));
	piece = NEW_N(c->a, str, n + 1);
	for (size_t i = 0; i < n; i++) {
		str said[2];

		if (name_index(order_events, m[i].kind) < 0)
			continue;
		event_texts(c, &(struct event){ .data = m[i].data }, keys, said);
		if (said[0].n)
			piece[k++] = arena_fmt(c->a, "%.*s>%.*s%s%.*s@%.*s", STR_ARG(m[i].kind), STR_ARG(said[0]), said[1].n ? ":" : "", STR_ARG(said[1]),
				STR_ARG(instant_iso(c->a, c->who->zone, m[i].at)));
	}
	o->history = arena_join(c->a, piece, k, S(";"));
	return ERR_OK;
}
const struct export_kind export_orders = { "orders", "work orders with their history", &q_export_orders, true, order_in, order_out, sizeof(struct order_out), order_history };

/* ---- Open Repair Data: the standard's columns in the standard's order ---- */

#define T struct ords_out
struct ords_out {
	str no, state, verdict, fault, end_reason, brand, model, device_kind, station;
	json source;
	instant opened_at;
	day factory_on;
	str id, data_provider, country, partner_product_category, product_category, year_of_manufacture, product_age, repair_status, repair_barrier_if_end_of_life, group_identifier,
		event_date, problem, maker;
};
static const struct field ords_in[] = { F(no), F(source), F(state), F(verdict), F(fault), F(end_reason), F(opened_at), F(brand), F(model), F(device_kind), F(factory_on), F(station), { 0 } };
static const struct field ords_out[] = {
	F(id), F(data_provider), F(country), F(partner_product_category), F(product_category), { .name = "brand", .off = offsetof(T, maker), .kind = K_STR, .size = sizeof(str) },
	F(year_of_manufacture), F(product_age), F(repair_status), F(repair_barrier_if_end_of_life), F(group_identifier), F(event_date), F(problem), { 0 }
};
#undef T

/* What the standard calls our kinds. */
static const struct { const char *kind, *category; } categories[] = {
	{ "notebook", "Laptop" }, { "desktop", "Desktop computer" }, { "all-in-one", "Desktop computer" }, { "workstation", "Desktop computer" }, { "server", "Desktop computer" },
	{ "tablet", "Tablet" }, { "printer", "Printer/scanner" }, { "monitor", "Flat screen" }, { "network", "PC accessory" }, { "pos", "Misc" },
};

static str category_of(str kind)
{
	for (size_t i = 0; i < LEN(categories); i++)
		if (str_eq(kind, str_c(categories[i].kind)))
			return str_c(categories[i].category);
	return S("Misc");
}

static str status_of(str verdict)
{
	static const struct { const char *verdict, *status; } statuses[] = {
		{ "in_place", "Fixed" }, { "part", "Fixed" }, { "refurbish", "Fixed" }, { "paid", "Fixed" }, { "software", "Fixed" }, { "no_fault", "Fixed" }, { "exchange", "End of life" },
		{ "refund", "End of life" }, { "rejected", "Repairable" },
	};

	for (size_t i = 0; i < LEN(statuses); i++)
		if (str_eq(verdict, str_c(statuses[i].verdict)))
			return str_c(statuses[i].status);
	return S("Unknown");
}

static void own_record(struct ctx *c, struct ords_out *r)
{
	day on = tz_day(c->who->zone, r->opened_at);
	int y, mo, d;

	r->id = r->no;
	r->data_provider = S("baoxiu");
	r->country = S("CHN");
	r->partner_product_category = r->model.n ? r->model : r->device_kind;
	r->product_category = category_of(r->device_kind);
	r->maker = r->brand.n ? r->brand : S("Unknown");
	if (r->factory_on.d != NIL) {
		day_split(r->factory_on, &y, &mo, &d);
		r->year_of_manufacture = arena_fmt(c->a, "%d", y);
		r->product_age = arena_fmt(c->a, "%lld", (long long)((on.d - r->factory_on.d) / 365));
	}
	r->repair_status = status_of(r->verdict);
	r->repair_barrier_if_end_of_life = r->end_reason;
	r->group_identifier = r->station;
	r->event_date = day_iso(c->a, on);
	r->problem = r->fault;
}

/* A record that came in goes out as it came. */
static void taken_record(struct ctx *c, struct ords_out *r, const json_t *j)
{
	for (const struct field *f = ords_out; f->name; f++) {
		const json_t *v = json_object_get(j, f->name);

		field_set(f, r, json_is_string(v) ? v_str(arena_str(c->a, (str){ json_string_value(v), json_string_length(v) })) : v_str(S("")));
	}
}

static enum err ords_record(struct ctx *c, void *row)
{
	struct ords_out *r = row;
	json_t *j = r->source.s.p ? json_loadb(r->source.s.p, r->source.s.n, 0, NULL) : NULL;

	if (json_object_get(j, "data_provider"))
		taken_record(c, r, j);
	else
		own_record(c, r);
	json_decref(j);
	return ERR_OK;
}
const struct export_kind export_ords = { "ords", "closed repairs in the columns of the Open Repair Data Standard", &q_export_ords, true, ords_in, ords_out, sizeof(struct ords_out), ords_record };
