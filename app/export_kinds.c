/* export_kinds.c — everything but orders. */
#include "app/export.h"
#include "base/i18n.h"
#include "slice/audit/audit.h"
#include "slice/contract/contract.h"
#include "slice/device/device.h"
#include "slice/org/org.h"
#include "export.sql.h"

#define F(m) FIELD(T, m)

str export_degrees(struct arena *a, int64_t micro)
{
	int64_t u = micro < 0 ? -micro : micro;

	return micro == NIL ? (str){ 0 } : arena_fmt(a, "%s%lld.%06lld", micro < 0 ? "-" : "", (long long)(u / 1000000), (long long)(u % 1000000));
}

#define T struct customer_out
struct customer_out { str ref, no, name, kind, phone, email, title, address, division, organisation, note; int64_t key_customer; instant created_at; };
static const struct field customer_fields[] = { F(ref), F(no), F(name), F(kind), F(phone), F(email), F(title), F(address), F(division), F(key_customer), F(organisation), F(note), F(created_at), { 0 } };
static const struct export_kind customers = { "customers", "persons and organisations, with their main contact and address", &q_export_customers, true, customer_fields, customer_fields,
	sizeof(T), NULL };
#undef T

#define T struct device_out
struct device_out {
	str serial, brand, model, series, kind, customer, proof, invoice_no, asset_no, department, user_name, location, division, note;
	day invoiced_on, delivered_on, installed_on, accepted_on, factory_on;
	instant created_at;
};
static const struct field device_fields[] = { F(serial), F(brand), F(model), F(series), F(kind), F(customer), F(proof), F(invoice_no), F(invoiced_on), F(delivered_on), F(installed_on),
	F(accepted_on), F(factory_on), F(asset_no), F(department), F(user_name), F(location), F(division), F(note), F(created_at), { 0 } };
static const struct export_kind devices = { "devices", "the installed base", &q_export_devices, true, device_fields, device_fields, sizeof(T), NULL };
#undef T

#define T struct product_out
struct product_out { str brand, model, series, kind, config, note; };
static const struct field product_fields[] = { F(brand), F(model), F(series), F(kind), F(config), F(note), { 0 } };
static const struct export_kind products = { "products", "brands and models", &q_export_products, false, product_fields, product_fields, sizeof(T), NULL };
#undef T

#define T struct code_out
struct code_out { str code, grp, name_zh, name_en, kind, source; };
static const struct field code_in[] = { F(code), F(grp), F(name_zh), F(name_en), F(kind), F(source), { 0 } };
static const struct field code_out[] = { F(code), { .name = "group", .off = offsetof(T, grp), .kind = K_STR, .size = sizeof(str) }, F(name_zh), F(name_en), F(kind), F(source), { 0 } };
static const struct export_kind codes = { "codes", "symptom and fault codes", &q_export_codes, false, code_in, code_out, sizeof(T), NULL };
#undef T

/* ---- places ---- */

#define T struct station_out
struct station_out { int64_t id, lat, lon, capacity; str code, parent, kind, name, name_en, address, phone, lat_text, lon_text, areas, brands; };
static const struct field station_in[] = { F(id), F(code), F(parent), F(kind), F(name), F(name_en), F(address), F(phone), F(lat), F(lon), F(capacity), { 0 } };
static const struct field station_out[] = { F(code), F(parent), F(kind), F(name), F(name_en), F(address), F(phone),
	{ .name = "lat", .off = offsetof(T, lat_text), .kind = K_STR, .size = sizeof(str) }, { .name = "lon", .off = offsetof(T, lon_text), .kind = K_STR, .size = sizeof(str) },
	F(areas), F(brands), F(capacity), { 0 } };

static enum err station_parts(struct ctx *c, void *row)
{
	struct station_out *s = row;
	struct org o;
	str *piece;

	TRY(org_get(c, s->id, &o));
	piece = NEW_N(c->a, str, o.n_areas + o.n_brands + 1);
	for (size_t i = 0; i < o.n_areas; i++)
		piece[i] = o.areas[i].division;
	s->areas = arena_join(c->a, piece, o.n_areas, S(";"));
	for (size_t i = 0; i < o.n_brands; i++)
		piece[i] = arena_fmt(c->a, "%.*s:%lld", STR_ARG(o.brands[i].brand), (long long)o.brands[i].level);
	s->brands = arena_join(c->a, piece, o.n_brands, S(";"));
	s->lat_text = export_degrees(c->a, s->lat);
	s->lon_text = export_degrees(c->a, s->lon);
	return ERR_OK;
}
static const struct export_kind stations = { "stations", "headquarters, regions and stations with place, areas and brands", &q_export_stations, false, station_in, station_out, sizeof(T),
	station_parts };
#undef T

#define T struct person_out
struct person_out { int64_t id; str login, name, roles, phone, email, lang, zone, customer; bool active; };
static const struct field person_in[] = { F(id), F(login), F(name), F(phone), F(email), F(lang), F(zone), F(customer), F(active), { 0 } };
static const struct field person_out[] = { F(login), F(name), F(roles), F(phone), F(email), F(lang), F(zone), F(customer), F(active), { 0 } };
struct held { str role, place; };
static const struct field held_fields[] = { FIELD(struct held, role), FIELD(struct held, place), { 0 } };

static enum err person_roles(struct ctx *c, void *row)
{
	struct person_out *p = row;
	struct held *h;
	str *piece;
	size_t n;

	TRY(db_rows(c, &q_export_roles, BIND(P(id, p->id)), held_fields, sizeof *h, 100, &h, &n));
	piece = NEW_N(c->a, str, n + 1);
	for (size_t i = 0; i < n; i++)
		piece[i] = h[i].place.n ? arena_fmt(c->a, "%.*s@%.*s", STR_ARG(h[i].role), STR_ARG(h[i].place)) : h[i].role;
	p->roles = arena_join(c->a, piece, n, S(";"));
	return ERR_OK;
}
static const struct export_kind people = { "people", "logins with their roles; no passwords", &q_export_people, false, person_in, person_out, sizeof(T), person_roles };
#undef T

#define T struct division_out
struct division_out { str code, name, parent, pinyin, lat_text, lon_text; int64_t lat, lon; };
static const struct field division_in[] = { F(code), F(name), F(parent), F(pinyin), F(lat), F(lon), { 0 } };
static const struct field division_out[] = { F(code), F(name), F(parent), F(pinyin), { .name = "lat", .off = offsetof(T, lat_text), .kind = K_STR, .size = sizeof(str) },
	{ .name = "lon", .off = offsetof(T, lon_text), .kind = K_STR, .size = sizeof(str) }, { 0 } };

static enum err division_place(struct ctx *c, void *row)
{
	struct division_out *d = row;

	d->lat_text = export_degrees(c->a, d->lat);
	d->lon_text = export_degrees(c->a, d->lon);
	return ERR_OK;
}
static const struct export_kind divisions = { "divisions", "administrative divisions with coordinates", &q_export_divisions, false, division_in, division_out, sizeof(T), division_place };
#undef T

#define T struct contract_out
struct contract_out { int64_t id; str ref, customer, title, level, calendar, devices, models, brands, note; day from_on, until_on; bool whole, active; };
static const struct field contract_in[] = { F(id), F(ref), F(customer), F(title), F(level), F(calendar), F(from_on), F(until_on), F(whole), F(active), F(note), { 0 } };
static const struct field contract_fields[] = { F(ref), F(customer), F(title), F(level), F(calendar), F(from_on), F(until_on), F(devices), F(models), F(brands), F(whole), F(active), F(note), { 0 } };
struct covers { str kind, what; };
static const struct field covers_fields[] = { FIELD(struct covers, kind), FIELD(struct covers, what), { 0 } };

static enum err contract_covers_told(struct ctx *c, void *row)
{
	struct contract_out *k = row;
	str *const list[] = { &k->devices, &k->models, &k->brands };
	struct covers *v;
	str *piece;
	size_t n, m;

	TRY(db_rows(c, &q_export_covers, BIND(P(id, k->id)), covers_fields, sizeof *v, 2000, &v, &n));
	piece = NEW_N(c->a, str, n + 1);
	for (size_t kind = 0; kind < LEN(list); kind++) {
		m = 0;
		for (size_t i = 0; i < n; i++)
			if (str_eq(v[i].kind, str_c(contract_covers[kind])))
				piece[m++] = v[i].what;
		*list[kind] = arena_join(c->a, piece, m, S(";"));
	}
	return ERR_OK;
}
static const struct export_kind contracts = { "contracts", "service contracts with what they cover", &q_export_contracts, true, contract_in, contract_fields, sizeof(T), contract_covers_told };
#undef T

#define T struct policy_out
struct policy_out { json body; };
static const struct field policy_fields[] = { F(body), { 0 } };
static const struct export_kind policies = { "policies", "warranty policies; with --format json what import takes", &q_export_policies, false, policy_fields, policy_fields, sizeof(T), NULL };
#undef T

/* ---- parts and prices ---- */

#define T struct part_out
struct part_out { str no, name, spec, unit, class, kind, brand, maker_no, barcode; int64_t serial_tracked, owes_old, supplier_months; money price, cost; };
static const struct field part_fields[] = { F(no), F(name), F(spec), F(unit), F(class), F(kind), F(brand), F(maker_no), F(barcode), F(serial_tracked), F(owes_old), F(supplier_months), F(price), F(cost), { 0 } };
static const struct export_kind parts = { "parts", "the part catalogue", &q_export_parts, true, part_fields, part_fields, sizeof(T), NULL };
#undef T

#define T struct stock_out
struct stock_out { str part_no, warehouse, serials; int64_t qty, low, high; money value; };
static const struct field stock_fields[] = { F(part_no), F(warehouse), F(qty), F(serials), F(value), F(low), F(high), { 0 } };
static const struct export_kind stock = { "stock", "good stock and its levels, by part and warehouse", &q_export_stock, false, stock_fields, stock_fields, sizeof(T), NULL };
#undef T

enum { NO_END = 1000000000 };                          /* metres: a distance band without upper end */
#define T struct price_out
struct price_out { str list, kind, code, name, name_en, model, tax; int64_t from_m, to_m, tax_bp, from_km, to_km; money price; };
static const struct field price_in[] = { F(list), F(kind), F(code), F(name), F(name_en), F(model), F(from_m), F(to_m), F(price), F(tax_bp), { 0 } };
static const struct field price_out[] = { F(list), F(kind), F(code), F(name), F(name_en), F(model), F(from_km), F(to_km), F(price), F(tax), { 0 } };

static enum err price_units(struct ctx *c, void *row)
{
	struct price_out *p = row;

	p->from_km = p->from_m / 1000;
	p->to_km = p->to_m >= NO_END ? NIL : p->to_m / 1000;
	p->tax = arena_fmt(c->a, "%lld.%02lld", (long long)(p->tax_bp / 100), (long long)(p->tax_bp % 100));
	return ERR_OK;
}
static const struct export_kind prices = { "prices", "price lists in force and drafts", &q_export_prices, false, price_in, price_out, sizeof(T), price_units };
#undef T

/* ---- what happened ---- */

#define T struct message_out
struct message_out { str order_no, author, text; instant at; bool internal, from_customer; };
static const struct field message_fields[] = { F(order_no), F(at), F(author), F(text), F(internal), F(from_customer), { 0 } };
static const struct export_kind messages = { "messages", "what was said on orders", &q_export_messages, true, message_fields, message_fields, sizeof(T), NULL };
#undef T

#define T struct event
static const struct field event_out[] = { F(id), F(subject_kind), F(subject_id), F(seq), F(at), F(device_at), F(user_id), F(actor), F(kind), F(data), F(data_hash), F(salt), F(hash), { 0 } };
static const struct export_kind events = { "events", "the audit trail", &q_export_events, true, event_out, event_out, sizeof(T), NULL };
#undef T

const struct export_kind *const export_kinds[] = {
	&customers, &devices, &products, &codes, &stations, &divisions, &people, &contracts, &policies, &parts, &stock, &prices, &export_orders, &export_ords, &messages, &events, NULL,
};
