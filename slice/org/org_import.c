/* org_import.c — one row of a stations file, and the same texts in the station's form. */
#include "slice/org/org_int.h"
#include "base/i18n.h"
#include "base/time.h"

enum { PIECES_MAX = 500 };

/* Pieces stand between ';', also full-width, or on lines of their own. */
static str separated(struct ctx *c, str text)
{
	static const str wide = { "\xEF\xBC\x9B", 3 };
	char *d = arena_alloc(c->a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (str_starts((str){ text.p + i, text.n - i }, wide)) {
			d[n++] = ';';
			i += 2;
		} else {
			d[n++] = text.p[i] == '\n' || text.p[i] == '\r' ? ';' : text.p[i];
		}
	}
	return (str){ d, n };
}

static enum err read_areas(struct ctx *c, str text, struct org *o)
{
	str piece;

	text = separated(c, text);
	o->areas = NEW_N(c->a, struct org_area, PIECES_MAX);
	o->n_areas = 0;
	while (str_cut(&text, ';', &piece)) {
		piece = str_trim(piece);
		if (!piece.n)
			continue;
		if (o->n_areas == PIECES_MAX)
			return fail_field(c, "areas", N_("At most {1} are allowed."), (int)PIECES_MAX);
		o->areas[o->n_areas++].division = division_short(piece);
	}
	return ERR_OK;
}

static bool read_day(str *rest, day *ret)
{
	str piece;

	*ret = NO_DAY;
	return !str_cut(rest, ':', &piece) || !str_trim(piece).n || day_parse(str_trim(piece), ret);
}

/* "Lenovo:2:2026-01-01:2026-12-31", all but the name may be left out; the level then is 1. */
static bool read_brand(str text, struct org_brand *b)
{
	str name, level;

	*b = (struct org_brand){ .level = 1, .from = NO_DAY, .until = NO_DAY };
	if (!str_cut(&text, ':', &name) || !str_trim(name).n)
		return false;
	b->brand = str_trim(name);
	if (str_cut(&text, ':', &level) && str_trim(level).n && !str_int(str_trim(level), &b->level))
		return false;
	return read_day(&text, &b->from) && read_day(&text, &b->until) && !text.n;
}

static enum err read_brands(struct ctx *c, str text, struct org *o)
{
	str piece;

	text = separated(c, text);
	o->brands = NEW_N(c->a, struct org_brand, PIECES_MAX);
	o->n_brands = 0;
	while (str_cut(&text, ';', &piece)) {
		piece = str_trim(piece);
		if (!piece.n)
			continue;
		if (o->n_brands == PIECES_MAX)
			return fail_field(c, "brands", N_("At most {1} are allowed."), (int)PIECES_MAX);
		if (!read_brand(piece, &o->brands[o->n_brands++]))
			return fail_field(c, "brands", N_("A brand is written NAME:LEVEL, such as Lenovo:2."));
	}
	return ERR_OK;
}

str org_brands_text(struct ctx *c, const struct org *o)
{
	str *line = NEW_N(c->a, str, o->n_brands + 1);

	for (size_t i = 0; i < o->n_brands; i++) {
		const struct org_brand *b = &o->brands[i];
		bool until = b->until.d != NIL, from = b->from.d != NIL;

		line[i] = arena_fmt(c->a, "%.*s:%lld", STR_ARG(b->brand), (long long)b->level);
		if (from || until)
			line[i] = arena_fmt(c->a, "%.*s:%.*s:%.*s", STR_ARG(line[i]), STR_ARG(from ? day_iso(c->a, b->from) : S("")),
				STR_ARG(until ? day_iso(c->a, b->until) : S("")));
	}
	return arena_join(c->a, line, o->n_brands, S("\n"));
}

str org_areas_text(struct ctx *c, const struct org *o)
{
	str *line = NEW_N(c->a, str, o->n_areas + 1);

	for (size_t i = 0; i < o->n_areas; i++)
		line[i] = o->areas[i].division;
	return arena_join(c->a, line, o->n_areas, S("\n"));
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

enum err org_read_row(struct ctx *c, const struct org_row *r, struct org *o)
{
	o->code = str_trim(r->code);
	o->name = str_trim(r->name);
	o->name_en = some(r->name_en);
	o->address = some(r->address);
	o->phone = some(r->phone);
	TRY(read_parent(c, r->parent, o));
	TRY(read_numbers(c, r, o));
	TRY(read_areas(c, r->areas, o));
	return read_brands(c, r->brands, o);
}

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
	TRY(org_read_row(c, r, &o));
	return fresh ? org_add(c, &o, &id) : org_save(c, &o);
}
