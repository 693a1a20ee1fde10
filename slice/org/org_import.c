/* org_import.c — one row of a stations file. */
#include "slice/org/org_int.h"
#include "base/i18n.h"

enum { PIECES_MAX = 500 };

static enum err read_areas(struct ctx *c, str text, struct org *o)
{
	str piece;

	o->areas = NEW_N(c->a, struct org_area, PIECES_MAX);
	o->n_areas = 0;
	while (str_cut(&text, ';', &piece)) {
		piece = str_trim(piece);
		if (!piece.n)
			continue;
		if (o->n_areas == PIECES_MAX)
			return fail_field(c, "areas", N_("At most {1} are allowed."), (int)PIECES_MAX);
		o->areas[o->n_areas++].division = piece;
	}
	return ERR_OK;
}

/* "Lenovo:2;华为" — without a level it is 1. */
static enum err read_brands(struct ctx *c, str text, struct org *o)
{
	str piece, name;

	o->brands = NEW_N(c->a, struct org_brand, PIECES_MAX);
	o->n_brands = 0;
	while (str_cut(&text, ';', &piece)) {
		struct org_brand *b = &o->brands[o->n_brands];

		piece = str_trim(piece);
		if (!piece.n)
			continue;
		if (o->n_brands == PIECES_MAX - 1)
			return fail_field(c, "brands", N_("At most {1} are allowed."), (int)PIECES_MAX);
		*b = (struct org_brand){ .level = 1, .from = NO_DAY, .until = NO_DAY };
		if (!str_cut(&piece, ':', &name) || (piece.n && !str_int(str_trim(piece), &b->level)))
			return fail_field(c, "brands", N_("A brand is written NAME:LEVEL, such as Lenovo:2."));
		b->brand = str_trim(name);
		o->n_brands++;
	}
	return ERR_OK;
}

static enum err read_numbers(struct ctx *c, const struct org_row *r, struct org *o)
{
	if (!micro_parse(r->lat, LAT_MAX, &o->lat))
		return fail_field(c, "lat", N_("A latitude lies between -90 and 90."));
	if (!micro_parse(r->lon, LON_MAX, &o->lon))
		return fail_field(c, "lon", N_("A longitude lies between -180 and 180."));
	o->capacity = NIL;
	if (str_trim(r->capacity).n && !str_int(str_trim(r->capacity), &o->capacity))
		return fail_field(c, "capacity", N_("A whole number is needed, such as {1}."), S("12"));
	return ERR_OK;
}

static enum err read_parent(struct ctx *c, str code, struct org *o)
{
	struct org up;
	enum err e;

	o->parent_id = NIL;
	if (!str_trim(code).n) {
		e = o->kind == ORG_HQ ? ERR_NOT_FOUND : org_root(c, &up);
		o->parent_id = e ? NIL : up.id;
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	e = org_by_code(c, code, &up);
	if (e == ERR_NOT_FOUND)
		return fail_field(c, "parent", N_("There is no place with the code {1}."), code);
	TRY(e);
	o->parent_id = up.id;
	return ERR_OK;
}

static str some(str s) { return str_trim(s).n ? str_trim(s) : (str){ 0 }; }

enum err org_import_row(struct ctx *c, const struct org_row *r)
{
	struct org o = { .active = true, .calendar_id = NIL };
	enum err e = org_by_code(c, r->code, &o);
	int64_t id;
	bool fresh = e == ERR_NOT_FOUND;

	if (e && !fresh)
		return e;
	if (fresh || some(r->kind).n)
		o.kind = some(r->kind).n ? name_index(org_kind_names, some(r->kind)) : ORG_STATION;
	if (o.kind < 0)
		return fail_field(c, "kind", N_("The kind is hq, region or station."));
	o.code = str_trim(r->code);
	o.name = str_trim(r->name);
	o.name_en = some(r->name_en);
	o.address = some(r->address);
	o.phone = some(r->phone);
	TRY(read_parent(c, r->parent, &o));
	TRY(read_numbers(c, r, &o));
	TRY(read_areas(c, r->areas, &o));
	TRY(read_brands(c, r->brands, &o));
	return fresh ? org_add(c, &o, &id) : org_save(c, &o);
}
