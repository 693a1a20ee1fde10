/* stock_read.c — what lies where, and how it came there. */
#include "base/i18n.h"
#include "slice/audit/audit.h"
#include "slice/device/device.h"
#include "slice/org/org.h"
#include "slice/parts/requisition.h"
#include "base/time.h"
#include "slice/parts/parts_int.h"

#define R(m) FIELD(struct stock_row, m)
static const struct field row_fields[] = {
	R(part_id), R(warehouse_id), R(part_no), R(no_key), R(part), R(spec), R(unit), R(warehouse), R(warehouse_name), FIELD_ENUM(struct stock_row, kind, warehouse_kinds),
	R(qty), R(reserved), R(bad), R(quarantine), R(transit), R(value), R(low), R(high), { 0 }
};
#define M(m) FIELD(struct stock_move_row, m)
static const struct field move_fields[] = {
	M(id), M(qty), M(at), FIELD_ENUM(struct stock_move_row, kind, stock_kinds), FIELD_ENUM(struct stock_move_row, from_bin, stock_bins),
	FIELD_ENUM(struct stock_move_row, to_bin, stock_bins), M(part_no), M(part), M(doc_kind), M(doc_no), M(order_no), M(user), M(reason), M(from), M(to), M(value), { 0 }
};

enum err stock_list(struct ctx *c, const struct stock_filter *f, struct stock_row **ret, size_t *ret_n)
{
	str words = f->words.n ? fts_query(c->a, f->words, false, db_engine(db_of(c->db))) : (str){ 0 };
	struct in_sight s;

	TRY(org_sight(c, &s));
#define PAGE_BINDS P(warehouse_id, f->warehouse_id), P(after, f->after_no), P(after_id, f->after_warehouse), SIGHT_BINDS(s), P(limit, (int64_t)f->limit)
	if (f->low)
		return db_rows(c, &q_stock_low, BIND(PAGE_BINDS), row_fields, sizeof **ret, 1000, ret, ret_n);
	if (f->issuable)
		return db_rows(c, &q_stock_issuable, BIND(PAGE_BINDS, P(words, words)), row_fields, sizeof **ret, 1000, ret, ret_n);
	return db_rows(c, &q_stock_list, BIND(PAGE_BINDS, P(words, words), P(part_id, f->part_id)), row_fields, sizeof **ret, 1000, ret, ret_n);
#undef PAGE_BINDS
}

enum err stock_sums(struct ctx *c, struct stock_row **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(org_sight(c, &s));
	return db_rows(c, &q_stock_sums, BIND(SIGHT_BINDS(s)), row_fields, sizeof **ret, 1000, ret, ret_n);
}

enum err stock_moves(struct ctx *c, const struct move_filter *f, struct stock_move_row **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(paper_sight(c, &s));
	return db_rows(c, &q_stock_moves, BIND(P(part_id, f->part_id), P(warehouse_id, f->warehouse_id), P(order_id, f->order_id), P(before, f->before), SIGHT_BINDS(s),
		P(limit, (int64_t)f->limit)), move_fields, sizeof **ret, 500, ret, ret_n);
}

enum err serial_moves(struct ctx *c, int64_t serial_id, struct stock_move_row **ret, size_t *ret_n)
{
	return db_rows(c, &q_serial_moves, BIND(P(serial_id, serial_id)), move_fields, sizeof **ret, 200, ret, ret_n);
}

struct supplier_warranty supplier_warranty(const struct ctx *c, instant bought_at, int64_t months)
{
	struct supplier_warranty w = { NO_DAY, NO_DAY };

	if (bought_at.ms == NIL)
		return w;
	w.bought_on = tz_day(c->who->zone, bought_at);
	if (months != NIL)
		w.until = day_add_months(w.bought_on, (int)months);
	return w;
}

enum err serial_warranty(struct ctx *c, int64_t serial_id, struct supplier_warranty *ret)
{
	static const struct field bought_fields[] = { FIELD(struct old_part, bought_at), FIELD(struct old_part, supplier_months), { 0 } };
	struct old_part o = { .bought_at = NO_INSTANT, .supplier_months = NIL };
	enum err e = db_row(c, &q_serial_bought, BIND(P(id, serial_id)), bought_fields, &o);

	if (e && e != ERR_NOT_FOUND)
		return e;
	*ret = supplier_warranty(c, o.bought_at, o.supplier_months);
	return ERR_OK;
}

enum err serials_by_text(struct ctx *c, str serial, struct serial_at **ret, size_t *ret_n)
{
	return db_rows(c, &q_serials_by_key, BIND(P(key, serial_key(c->a, serial))), serial_fields, sizeof **ret, 20, ret, ret_n);
}

enum err serials_of_part(struct ctx *c, int64_t part_id, struct serial_at **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(org_sight(c, &s));
	return db_rows(c, &q_serials_of_part, BIND(P(part_id, part_id), SIGHT_BINDS(s)), serial_fields, sizeof **ret, 200, ret, ret_n);
}

enum { SERIALS_MAX = 500 };

enum err serials_of_text(struct ctx *c, const char *field, str text, str **ret, size_t *ret_n)
{
	str piece;
	size_t n = 0;
	str *all = NEW_N(c->a, str, SERIALS_MAX);
	char *flat = arena_cstr(c->a, text);

	for (char *p = flat; *p; p++)
		if (*p == '\n' || *p == '\r' || *p == '\t' || *p == ',' || *p == ';')
			*p = ' ';
	text = str_c(flat);
	while (str_cut(&text, ' ', &piece)) {
		if (!piece.n)
			continue;
		if (n == SERIALS_MAX)
			return fail_field(c, field, N_("At most {1} serial numbers at a time."), SERIALS_MAX);
		all[n++] = piece;
	}
	*ret = all;
	*ret_n = n;
	return ERR_OK;
}

enum err stock_level_set(struct ctx *c, int64_t part_id, int64_t warehouse_id, int64_t low, int64_t high)
{
	assert(db_writing(c->db));
	if (low < 0 || low > 1000000)
		return fail_field(c, "low", N_("A quantity is not negative."));
	if (high < low || high > 1000000)
		return fail_field(c, "high", N_("The stock to fill up to is not below the minimum."));
	TRY(db_exec(c, &q_level_put, BIND(P(part_id, part_id), P(warehouse_id, warehouse_id), P(low, low), P(high, high)), -1));
	return audit_add(c, "part", part_id, "level", BIND(P(warehouse_id, warehouse_id), P(low, low), P(high, high)));
}

enum err part_substitute_set(struct ctx *c, int64_t part_id, int64_t other_id, bool on)
{
	assert(db_writing(c->db));
	if (part_id == other_id)
		return fail_field(c, "part_no", N_("A part does not stand in for itself."));
	TRY(db_exec(c, on ? &q_substitute_put : &q_substitute_drop, BIND(P(part_id, part_id), P(other_id, other_id)), -1));
	return audit_add(c, "part", part_id, on ? "substitute" : "substitute_dropped", BIND(P(other_id, other_id)));
}

enum err part_substitutes(struct ctx *c, int64_t part_id, struct spare **ret, size_t *ret_n)
{
	return db_rows(c, &q_substitutes, BIND(P(part_id, part_id)), part_fields_db, sizeof **ret, 50, ret, ret_n);
}
