/* division.c — provinces, cities, districts, townships; found by name, pinyin, code, or within an address. */
#include "slice/org/org_int.h"
#include "base/i18n.h"
#include "base/words.h"
#include "org.sql.h"

enum { CODE_LEN = 16, CHILDREN_MAX = 5000, DEEPEST = 6 };

const struct field division_fields[] = {
	FIELD(struct division, code), FIELD(struct division, parent), FIELD(struct division, level), FIELD(struct division, name),
	FIELD(struct division, full_name), FIELD(struct division, pinyin), FIELD(struct division, lat), FIELD(struct division, lon), { 0 }
};

enum err division_get(struct ctx *c, str code, struct division *out)
{
	return db_row(c, &q_division_get, BIND(P(code, str_trim(code))), division_fields, out);
}

/* A parent must be there already and stand higher: so no circle can come about. */
static enum err check(struct ctx *c, const struct division *d)
{
	struct division up;
	enum err e;

	if (!d->code.n || d->code.n > CODE_LEN)
		return fail_field(c, "code", N_("A division needs a code of at most {1} characters."), (int)CODE_LEN);
	if (!str_trim(d->name).n)
		return fail_field(c, "name", N_("A name is needed."));
	if (d->level < 1 || d->level > DEEPEST)
		return fail_field(c, "level", N_("A division has a level from 1 to {1}."), (int)DEEPEST);
	if (!d->parent.n)
		return ERR_OK;
	e = division_get(c, d->parent, &up);
	if (e && e != ERR_NOT_FOUND)
		return e;
	return e || up.level >= d->level ? fail_field(c, "parent", N_("There is no division {1} above it."), d->parent) : ERR_OK;
}

str division_short(str code)
{
	while (code.n > 6 && str_ends(code, S("000")))
		code.n -= 3;
	while (code.n > 2 && code.n <= 6 && str_ends(code, S("00")))
		code.n -= 2;
	return code;
}

enum err division_put(struct ctx *c, const struct division *d)
{
	str full = d->full_name.n ? d->full_name : d->name, py = d->pinyin.n ? d->pinyin : pinyin(c->a, d->name);

	assert(db_writing(c->db));
	TRY(check(c, d));
	return db_exec(c, &q_division_put, BIND(P(code, d->code), P(parent, d->parent.n ? d->parent : (str){ 0 }), P(level, d->level),
		P(name, str_trim(d->name)), P(full_name, str_trim(full)), P(pinyin, unspaced(c->a, fold(c->a, py))), P(lat, d->lat), P(lon, d->lon)), 1);
}

enum err division_find(struct ctx *c, str text, struct division **ret, size_t *ret_n)
{
	text = unspaced(c->a, fold(c->a, str_trim(text)));
	*ret_n = 0;
	*ret = NULL;
	if (!text.n)
		return ERR_OK;
	return db_rows(c, &q_division_find, BIND(P(text, text), P(text_end, text_after(c->a, text))), division_fields, sizeof(struct division), 20, ret, ret_n);
}

/* ---- within an address ---- */

/* How much of the address names it: the full name counts more than the short one; a short name of one character does not count. */
static size_t named(str address, const struct division *d)
{
	size_t at;

	if (str_find(address, d->full_name, &at))
		return d->full_name.n + 1;
	return utf8_len(d->name) > 1 && str_find(address, d->name, &at) ? d->name.n : 0;
}

static const struct division *best_named(str address, const struct division *d, size_t n)
{
	const struct division *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = named(address, &d[i]);

		if (k > most) {
			most = k;
			best = &d[i];
		}
	}
	return best;
}

static enum err children_of(struct ctx *c, str parent, struct division **ret, size_t *ret_n)
{
	return db_rows(c, &q_division_children, BIND(P(parent, parent)), division_fields, sizeof(struct division), CHILDREN_MAX, ret, ret_n);
}

/* One step down; where the middle level is left out of an address (浙江西湖区), the grandchildren are asked. */
static enum err deeper(struct ctx *c, str address, const struct division *at, const struct division **ret)
{
	struct division *d, *g;
	size_t n, m;

	*ret = NULL;
	TRY(children_of(c, at->code, &d, &n));
	*ret = best_named(address, d, n);
	for (size_t i = 0; !*ret && i < n && at->level < 3; i++) {
		TRY(children_of(c, d[i].code, &g, &m));
		*ret = best_named(address, g, m);
	}
	return ERR_OK;
}

enum err division_of_address(struct ctx *c, str address, struct division *out)
{
	const struct division *at = NULL, *below;
	struct division *d;
	size_t n;

	for (int64_t level = 1; !at && level <= 3; level++) {
		TRY(db_rows(c, &q_division_level, BIND(P(level, level)), division_fields, sizeof *d, CHILDREN_MAX, &d, &n));
		at = best_named(address, d, n);
	}
	if (!at)
		return ERR_NOT_FOUND;
	for (below = at; below; ) {
		at = below;
		TRY(deeper(c, address, at, &below));
	}
	*out = *at;
	return ERR_OK;
}
