#include "slice/org/org_int.h"
#include "base/i18n.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "org.sql.h"

enum { LIST_MAX = 2000, PARTS_MAX = 5000, CODE_MAX = 32, NAME_CP = 80 };

const char *const org_kind_names[] = { "hq", "region", "station", NULL };
const char *const org_kind_titles[] = { N_("Headquarters"), N_("Region"), N_("Station") };

static const struct field area_fields[] = {
	FIELD(struct org_area, org_id), FIELD(struct org_area, division), FIELD(struct org_area, name), { 0 }
};
static const struct field brand_fields[] = {
	FIELD(struct org_brand, org_id), FIELD(struct org_brand, brand), FIELD(struct org_brand, level), FIELD(struct org_brand, from),
	FIELD(struct org_brand, until), { 0 }
};
const struct field org_fields[] = {
	FIELD(struct org, id), FIELD(struct org, ver), FIELD(struct org, parent_id), FIELD_ENUM(struct org, kind, org_kind_names),
	FIELD(struct org, code), FIELD(struct org, name), FIELD(struct org, name_en), FIELD(struct org, path), FIELD(struct org, address),
	FIELD(struct org, phone), FIELD(struct org, lat), FIELD(struct org, lon), FIELD(struct org, calendar_id), FIELD(struct org, capacity),
	FIELD(struct org, active), FIELD_LIST(struct org, areas, n_areas, area_fields), FIELD_LIST(struct org, brands, n_brands, brand_fields), { 0 }
};

/* ---- words ---- */

str org_title(const struct ctx *c, const struct org *o)
{
	return o->name_en.n && c->who->lang && !strcmp(c->who->lang, "en") ? o->name_en : o->name;
}

str path_after(struct arena *a, str path)
{
	str end = arena_str(a, path);

	assert(path.n && path.p[path.n - 1] == '.');
	((char *)(size_t)end.p)[end.n - 1] = '.' + 1;
	return end;
}

str text_after(struct arena *a, str text) { return arena_fmt(a, "%.*s\xF4\x8F\xBF\xBF", STR_ARG(text)); }

bool micro_parse(str s, int64_t max, int64_t *ret)
{
	str whole, part = { 0 };
	int64_t v = 0, f = 0;
	bool minus;

	s = str_trim(s);
	*ret = NIL;
	if (!s.n)
		return true;
	minus = s.p[0] == '-';
	s.p += minus, s.n -= minus;
	if (!str_cut(&s, '.', &whole) || !whole.n || whole.p[0] == '-' || !str_int(whole, &v) || v > 180)
		return false;
	part = s;
	for (size_t i = 0; i < part.n; i++)
		if (part.p[i] < '0' || part.p[i] > '9')
			return false;
	for (size_t i = 0; i < 6; i++)
		f = f * 10 + (i < part.n ? part.p[i] - '0' : 0);
	v = v * 1000000 + f;
	if (v > max)
		return false;
	*ret = minus ? -v : v;
	return true;
}

str micro_show(struct arena *a, int64_t v)
{
	int64_t u;

	if (v == NIL)
		return (str){ 0 };
	u = v < 0 ? -v : v;
	return arena_fmt(a, "%s%lld.%06lld", v < 0 ? "-" : "", (long long)(u / 1000000), (long long)(u % 1000000));
}

/* ---- reading ---- */

static enum err with_parts(struct ctx *c, struct org *o)
{
	TRY(db_rows(c, &q_org_areas, BIND(P(org_id, o->id)), area_fields, sizeof *o->areas, PARTS_MAX, &o->areas, &o->n_areas));
	return db_rows(c, &q_org_brands, BIND(P(org_id, o->id)), brand_fields, sizeof *o->brands, PARTS_MAX, &o->brands, &o->n_brands);
}

static enum err one(struct ctx *c, const struct sql *q, const struct bind *b, bool parts, struct org *out)
{
	struct org o = { 0 };

	TRY(db_row(c, q, b, org_fields, &o));
	if (parts)
		TRY(with_parts(c, &o));
	*out = o;
	return ERR_OK;
}

enum err org_get(struct ctx *c, int64_t id, struct org *out) { return one(c, &q_org_by_id, BIND(P(id, id)), true, out); }
enum err org_head(struct ctx *c, int64_t id, struct org *out) { return one(c, &q_org_by_id, BIND(P(id, id)), false, out); }
enum err org_by_code(struct ctx *c, str code, struct org *out) { return one(c, &q_org_by_code, BIND(P(code, str_trim(code))), true, out); }
enum err org_root(struct ctx *c, struct org *out) { return one(c, &q_org_root, BIND(), false, out); }

enum err org_above(struct ctx *c, int64_t id, enum org_kind kind, struct org *out)
{
	return one(c, &q_org_above, BIND(P(kind, org_kind_names[kind]), P(id, id)), false, out);
}

enum err org_sight(struct ctx *c, struct in_sight *ret)
{
	TRY(sight_of(c, ret));
	if (ret->customer != NIL)
		return fail(c, ERR_NOT_FOUND, NULL);
	if (ret->own == NIL)
		return ERR_OK;
	/* No path begins with "!": who has no place sees no place. */
	ret->org_lo = c->who->org_path.n ? c->who->org_path : S("!");
	ret->org_hi = str_behind(c->a, ret->org_lo);
	return ERR_OK;
}

enum err org_list(struct ctx *c, int kind, str under, struct org **ret, size_t *ret_n)
{
	const char *name = kind >= 0 && kind < ORG_KIND_N ? org_kind_names[kind] : NULL;
	str end = under.n ? path_after(c->a, under) : S(":");          /* behind every digit */

	return db_rows(c, &q_org_list, BIND(P(path, under.p ? under : S("")), P(path_end, end), P(kind, name)), org_fields, sizeof(struct org),
		LIST_MAX, ret, ret_n);
}

/* ---- checks ---- */

static bool code_ok(str code)
{
	for (size_t i = 0; i < code.n; i++) {
		char ch = code.p[i];

		if (!((ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_' || ch == '.'))
			return false;
	}
	return code.n && code.n <= CODE_MAX;
}

static enum err check_parts(struct ctx *c, const struct org *o)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < o->n_brands; i++) {
		const struct org_brand *b = &o->brands[i];

		if (!str_trim(b->brand).n || b->level < 1 || b->level > LEVEL_MAX)
			e = fail_field(c, "brands", N_("A brand needs a name and a repair level from 1 to {1}."), (int)LEVEL_MAX);
		else if (b->from.d != NIL && b->until.d != NIL && b->from.d > b->until.d)
			e = fail_field(c, "brands", N_("The authorisation of {1} ends before it begins."), b->brand);
	}
	for (size_t i = 0; i < o->n_areas; i++) {
		struct division d;
		enum err none = division_get(c, o->areas[i].division, &d);

		if (none == ERR_NOT_FOUND)
			e = fail_field(c, "areas", N_("There is no division {1}."), o->areas[i].division);
		else
			TRY(none);
	}
	return e;
}

static enum err check_row(struct ctx *c, const struct org *o)
{
	enum err e = ERR_OK;
	size_t n = utf8_len(str_trim(o->name));

	if (!code_ok(str_trim(o->code)))
		e = fail_field(c, "code", N_("A code has up to {1} letters, digits or - _ ."), (int)CODE_MAX);
	if (!n || n > NAME_CP)
		e = fail_field(c, "name", N_("A name of at most {1} characters is needed."), (int)NAME_CP);
	if ((o->lat == NIL) != (o->lon == NIL))
		e = fail_field(c, o->lat == NIL ? "lat" : "lon", N_("Latitude and longitude belong together."));
	if (o->lat != NIL && (o->lat < -LAT_MAX || o->lat > LAT_MAX))
		e = fail_field(c, "lat", N_("A latitude lies between -90 and 90."));
	if (o->lon != NIL && (o->lon < -LON_MAX || o->lon > LON_MAX))
		e = fail_field(c, "lon", N_("A longitude lies between -180 and 180."));
	if (o->capacity != NIL && o->capacity < 0)
		e = fail_field(c, "capacity", N_("A capacity is not negative."));
	return e;
}

/* The tree: one headquarters on top; regions below it or a region; stations below either. *ret_path: of the parent. */
static enum err check_place(struct ctx *c, const struct org *o, str own_path, str *ret_path)
{
	struct org up;
	enum err e;

	*ret_path = S("");
	if (o->kind == ORG_HQ) {
		e = org_root(c, &up);
		if (o->parent_id != NIL)
			return fail_field(c, "parent_id", N_("Headquarters stand on top."));
		if (!e && up.id != o->id)
			return fail_field(c, "kind", N_("There are headquarters already."));
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	e = o->parent_id == NIL ? ERR_NOT_FOUND : org_get(c, o->parent_id, &up);
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e || up.kind == ORG_STATION)
		return fail_field(c, "parent_id", N_("Choose the region or headquarters it belongs to."));
	if (own_path.n && str_starts(up.path, own_path))
		return fail_field(c, "parent_id", N_("It cannot belong to a part of itself."));
	*ret_path = up.path;
	return ERR_OK;
}

/* ---- changing ---- */

static enum err put_parts(struct ctx *c, int64_t id, const struct org *o)
{
	TRY(db_exec(c, &q_org_area_clear, BIND(P(org_id, id)), -1));
	for (size_t i = 0; i < o->n_areas; i++)
		TRY(db_exec(c, &q_org_area_add, BIND(P(org_id, id), P(division, o->areas[i].division)), -1));
	TRY(db_exec(c, &q_org_brand_clear, BIND(P(org_id, id)), -1));
	for (size_t i = 0; i < o->n_brands; i++) {
		const struct org_brand *b = &o->brands[i];

		TRY(db_exec(c, &q_org_brand_add, BIND(P(org_id, id), P(brand, str_trim(b->brand)), P(brand_key, fold(c->a, b->brand)), P(level, b->level),
			P(from_on, b->from), P(until_on, b->until)), 1));
	}
	return ERR_OK;
}

static str path_of(struct ctx *c, str parent, int64_t id) { return arena_fmt(c->a, "%.*s%lld.", STR_ARG(parent), (long long)id); }

static enum err check_all(struct ctx *c, const struct org *o, str own_path, str *ret_parent)
{
	enum err row = check_row(c, o), parts, place;

	parts = check_parts(c, o);
	if (parts && parts != ERR_INVALID)
		return parts;
	place = check_place(c, o, own_path, ret_parent);
	return place && place != ERR_INVALID ? place : row || parts || place ? ERR_INVALID : ERR_OK;
}

enum err org_add(struct ctx *c, const struct org *o, int64_t *ret_id)
{
	str parent;
	int64_t id;
	enum err e;

	assert(db_writing(c->db));
	TRY(check_all(c, o, (str){ 0 }, &parent));
	e = db_insert(c, &q_org_add, BIND(P(parent_id, o->parent_id), P(kind, org_kind_names[o->kind]), P(code, str_trim(o->code)),
		P(name, str_trim(o->name)), P(name_en, o->name_en), P(address, o->address), P(phone, o->phone), P(lat, o->lat), P(lon, o->lon),
		P(calendar_id, o->calendar_id), P(capacity, o->capacity), P(active, o->active)), &id);
	if (e == ERR_NOT_FOUND)
		return fail_field(c, "code", N_("This code is taken."));
	TRY(e);
	TRY(db_exec(c, &q_org_set_path, BIND(P(path, path_of(c, parent, id)), P(id, id)), 1));
	TRY(put_parts(c, id, o));
	TRY(audit_add(c, "org", id, "added", BIND(P(code, o->code), P(name, o->name), P(kind, org_kind_names[o->kind]))));
	*ret_id = id;
	return ERR_OK;
}

static enum err move_branch(struct ctx *c, const struct org *was, str new_path)
{
	str old_path = was->path;

	TRY(db_exec(c, &q_org_move, BIND(P(new_path, new_path), P(cut, (int64_t)old_path.n + 1), P(old_path, old_path),
		P(old_end, path_after(c->a, old_path))), -1));
	TRY(account_org_moved(c, old_path, new_path));
	TRY(org_files_follow(c, was->id, was->parent_id));
	for (const struct org_moved *const *m = org_moved; *m; m++)
		TRY((*m)->on(c, old_path, new_path));
	return ERR_OK;
}

static enum err code_free(struct ctx *c, const struct org *o)
{
	struct org other;
	enum err e = one(c, &q_org_by_code, BIND(P(code, str_trim(o->code))), false, &other);

	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	return other.id == o->id ? ERR_OK : fail_field(c, "code", N_("This code is taken."));
}

enum err org_save(struct ctx *c, const struct org *o)
{
	struct org was;
	str parent, path;

	assert(db_writing(c->db));
	TRY(one(c, &q_org_by_id, BIND(P(id, o->id)), false, &was));
	if (o->kind != was.kind)
		return fail_field(c, "kind", N_("The kind of a place does not change."));
	TRY(check_all(c, o, was.path, &parent));
	TRY(code_free(c, o));
	TRY(db_exec(c, &q_org_save, BIND(P(parent_id, o->parent_id), P(code, str_trim(o->code)), P(name, str_trim(o->name)), P(name_en, o->name_en),
		P(address, o->address), P(phone, o->phone), P(lat, o->lat), P(lon, o->lon), P(calendar_id, o->calendar_id), P(capacity, o->capacity),
		P(active, o->active), P(id, o->id), P(ver, o->ver)), 1));
	path = path_of(c, parent, o->id);
	if (!str_eq(path, was.path))
		TRY(move_branch(c, &was, path));
	TRY(put_parts(c, o->id, o));
	return audit_add(c, "org", o->id, "changed", BIND(P(code, o->code), P(name, o->name), P(parent_id, o->parent_id), P(active, o->active)));
}
