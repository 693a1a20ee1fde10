/* stocktake.c — counting blind, and posting what somebody else approved. */
#include "base/i18n.h"
#include "base/money.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/device/device.h"
#include "slice/supply/supply_int.h"

#define FIRST(id, name, title, tone) name,
#define SECOND(id, name, title, tone) title,
#define THIRD(id, name, title, tone) tone,
const char *const take_states[] = { TAKE_STATES(FIRST) NULL };
const char *const take_state_titles[] = { TAKE_STATES(SECOND) NULL };
const char *const take_state_tones[] = { TAKE_STATES(THIRD) NULL };
#define K(m) FIELD(struct stocktake, m)
static const struct field take_fields[] = {
	K(id), K(ver), K(no), K(warehouse_id), K(warehouse), K(warehouse_name), K(org_path), FIELD_ENUM(struct stocktake, state, take_states), K(counter_id), K(counter), K(approver),
	K(reason), K(created_at), K(state_at), K(counted), K(off), { 0 }
};
#define L(m) FIELD(struct take_line, m)
static const struct field line_fields[] = { L(id), L(part_id), L(part_no), L(part), L(unit), L(serial_tracked), L(counted), L(book), L(diff), L(serials), L(counted_at), L(mark), { 0 } };
struct serial_row { str serial; };
static const struct field serial_row_fields[] = { FIELD(struct serial_row, serial), { 0 } };

/* Who counts does not see what the books say. */
enum err stocktake_get(struct ctx *c, str no, struct stocktake *ret)
{
	struct in_sight s;

	TRY(supply_sight(c, &s));
	TRY(db_row(c, &q_take_list, BIND(P(no, no), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(limit, 1)), take_fields, ret));
	ret->mark = 0;
	if (ret->state == TAKE_COUNTING)
		TRY(db_int(c, &q_take_mark, BIND(P(warehouse_id, ret->warehouse_id)), &ret->mark));
	return db_rows(c, &q_take_lines, BIND(P(stocktake_id, ret->id), P(blind, ret->state == TAKE_COUNTING)), line_fields, sizeof *ret->lines, 5000, &ret->lines, &ret->n_lines);
}

enum err stocktake_list(struct ctx *c, int64_t before, size_t max, struct stocktake **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(supply_sight(c, &s));
	return db_rows(c, &q_take_list, BIND(P(before, before), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(limit, (int64_t)max)), take_fields, sizeof **ret, max, ret, ret_n);
}

enum err stocktake_start(struct ctx *c, str warehouse, struct stocktake *ret)
{
	struct warehouse w;
	int64_t id;
	enum err e;
	str no;

	assert(db_writing(c->db));
	e = warehouse_by_code(c, warehouse, &w);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "warehouse", N_("There is no warehouse {1}."), warehouse);
	}
	TRY(e);
	TRY(series_next(c, "stocktake", &no));
	e = db_insert(c, &q_take_insert, BIND(P(no, no), P(warehouse_id, w.id), P(org_path, w.org_path), P(counter_id, c->who->id), P(now, c->now)), &id);
	if (e == ERR_CONFLICT) {
		c->diag = (struct diag){ 0 };
		return fail(c, ERR_CONFLICT, N_("{1} is being counted already."), w.name);
	}
	TRY(e);
	TRY(db_exec(c, &q_take_lines_open, BIND(P(stocktake_id, id), P(warehouse_id, w.id)), -1));
	TRY(audit_add(c, "stocktake", id, "started", BIND(P(no, no), P(warehouse, w.code))));
	return stocktake_get(c, no, ret);
}

/* ---- counting ---- */

static bool as_it_stands(const struct stocktake *t, int64_t part_id, int64_t qty, str serials)
{
	for (size_t i = 0; i < t->n_lines; i++)
		if (t->lines[i].part_id == part_id)
			return t->lines[i].counted == qty && str_eq(t->lines[i].serials, serials);
	return false;
}

/* Between looking at the shelf and entering what was seen, the shelf was still. */
static enum err still(struct ctx *c, const struct stocktake *t, const struct spare *p, int64_t since, const char *field)
{
	int64_t moved;

	if (since == NIL)
		return ERR_OK;
	TRY(db_int(c, &q_take_moved, BIND(P(part_id, p->id), P(warehouse_id, t->warehouse_id), P(mark, since)), &moved));
	return moved ? fail_field(c, field, N_("{1} moved while it was counted: count all of it again and enter the total."), p->no) : ERR_OK;
}

static enum err count_one(struct ctx *c, const struct stocktake *t, const struct take_count *k, size_t at)
{
	const char *field = arena_fmt(c->a, "line.%zu.part_no", at).p, *qty_field = arena_fmt(c->a, "line.%zu.qty", at).p, *serials_field = arena_fmt(c->a, "line.%zu.serials", at).p;
	struct stock_level book;
	struct spare p;
	str *serials, joined = { 0 };
	int64_t qty = k->qty;
	size_t n;
	enum err e = part_by_code(c, k->part_no, &p);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, field, N_("There is no part {1}."), k->part_no);
	}
	TRY(e);
	TRY(serials_of_text(c, serials_field, k->serials, &serials, &n));
	if (p.serial_tracked && n)
		qty = (int64_t)n;
	if (qty == NIL)
		return ERR_OK;
	if (qty < 0 || qty > 1000000 || (p.serial_tracked && qty != (int64_t)n))
		return fail_field(c, qty_field, p.serial_tracked ? N_("Count {1} by scanning its serial numbers.") : N_("A quantity is not negative."), p.no);
	if (n)
		joined = arena_join(c->a, serials, n, S(" "));
	if (as_it_stands(t, p.id, qty, joined))
		return ERR_OK;
	TRY(still(c, t, &p, k->since, p.serial_tracked ? serials_field : qty_field));
	TRY(stock_at(c, p.id, (struct stock_place){ t->warehouse_id, BIN_GOOD }, &book));
	return db_exec(c, &q_take_count, BIND(P(stocktake_id, t->id), P(part_id, p.id), P(counted, qty), P(book, book.qty), P(serials, joined), P(now, c->now), P(mark, t->mark)), -1);
}

static enum err in_state(struct ctx *c, str no, enum take_state want, struct stocktake *t)
{
	assert(db_writing(c->db));
	TRY(stocktake_get(c, no, t));
	if (t->state != (int)want)
		return fail(c, ERR_CONFLICT, N_("This count is “{1}”."), tr(c, take_state_titles[t->state]));
	return ERR_OK;
}

enum err stocktake_count(struct ctx *c, str no, const struct take_count *t, size_t n, struct stocktake *ret)
{
	TRY(in_state(c, no, TAKE_COUNTING, ret));
	for (size_t i = 0; i < n; i++)
		TRY(count_one(c, ret, &t[i], i));
	TRY(db_exec(c, &q_take_touch, BIND(P(id, ret->id)), 1));
	return stocktake_get(c, no, ret);
}

static enum err store(struct ctx *c, struct stocktake *t, int64_t ver, enum take_state to, str reason, int64_t approver)
{
	TRY(db_exec(c, &q_take_set, BIND(P(id, t->id), P(ver, ver), P(state, take_states[to]), P(approver_id, approver), P(reason, reason.n ? reason : (str){ 0 }), P(now, c->now)), 1));
	TRY(audit_add(c, "stocktake", t->id, take_states[to], BIND(P(reason, reason), P(off, t->off))));
	return stocktake_get(c, t->no, t);
}

enum err stocktake_submit(struct ctx *c, str no, int64_t ver, struct stocktake *ret)
{
	TRY(in_state(c, no, TAKE_COUNTING, ret));
	for (size_t i = 0; i < ret->n_lines; i++)
		if (ret->lines[i].counted == NIL)
			return fail_field(c, "line", N_("{1} is not counted yet; count 0 when there is none."), ret->lines[i].part_no);
	return store(c, ret, ver, TAKE_SUBMITTED, (str){ 0 }, NIL);
}

enum err stocktake_cancel(struct ctx *c, str no, int64_t ver, str reason, struct stocktake *ret)
{
	TRY(stocktake_get(c, no, ret));
	if (ret->state > TAKE_SUBMITTED)
		return fail(c, ERR_CONFLICT, N_("This count is “{1}”."), tr(c, take_state_titles[ret->state]));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	return store(c, ret, ver, TAKE_CANCELLED, reason, c->who->id);
}

/* ---- posting ---- */

/* n > 0 pieces were found, n < 0 are missing; found ones are worth the average of those that are there. */
static enum err post(struct ctx *c, const struct stocktake *t, const struct take_line *l, int64_t n, const str *serials, size_t n_serials, str reason)
{
	struct stock_place here = { t->warehouse_id, BIN_GOOD }, off = OUTSIDE(DIFFERENCE);
	struct stock_entry e = { .kind = STOCK_COUNT, .part_id = l->part_id, .qty = n < 0 ? -n : n, .from = n < 0 ? here : off, .to = n < 0 ? off : here, .serials = serials,
		.n_serials = n_serials };
	struct stock_level now;

	if (!n)
		return ERR_OK;
	TRY(stock_at(c, l->part_id, here, &now));
	e.value = n > 0 && now.qty ? money_part(CNY(now.value), n, now.qty).minor : 0;
	return stock_post(c, &(struct stock_doc){ "stocktake", t->id, l->id, NIL, t->no, reason }, &e, 1, NULL);
}

static bool among(struct ctx *c, str serial, const str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(serial_key(c->a, serial), serial_key(c->a, list[i])))
			return true;
	return false;
}

/* Seen, and in no stock of ours by now: what left after it was counted is no find. */
static enum err is_find(struct ctx *c, int64_t part_id, str serial, bool *ret)
{
	struct serial_at s;
	enum err e = serial_find(c, part_id, serial, &s);

	*ret = e == ERR_NOT_FOUND || (!e && s.bin == BIN_OUTSIDE && s.warehouse_id == OUTSIDE_DIFFERENCE);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Tracked parts: those in the books when they were counted that nobody saw go, those that were seen and are in no books come. */
static enum err post_serials(struct ctx *c, const struct stocktake *t, const struct take_line *l, str reason)
{
	struct serial_row *book;
	str *seen, *gone, *found, *in_book;
	size_t n_book, n_seen, n_gone = 0, n_found = 0;

	TRY(serials_of_text(c, "serials", l->serials, &seen, &n_seen));
	TRY(db_rows(c, &q_serials_here, BIND(P(part_id, l->part_id), P(warehouse_id, t->warehouse_id), P(at, l->counted_at)), serial_row_fields, sizeof *book, 5000, &book, &n_book));
	gone = NEW_N(c->a, str, n_book + 1), in_book = NEW_N(c->a, str, n_book + 1), found = NEW_N(c->a, str, n_seen + 1);
	for (size_t i = 0; i < n_book; i++) {
		in_book[i] = book[i].serial;
		if (!among(c, book[i].serial, seen, n_seen))
			gone[n_gone++] = book[i].serial;
	}
	for (size_t i = 0; i < n_seen; i++) {
		bool find = false;

		if (!among(c, seen[i], in_book, n_book))
			TRY(is_find(c, l->part_id, seen[i], &find));
		if (find)
			found[n_found++] = seen[i];
	}
	TRY(post(c, t, l, (int64_t)n_found, found, n_found, reason));
	return post(c, t, l, -(int64_t)n_gone, gone, n_gone, reason);
}

enum err stocktake_approve(struct ctx *c, str no, int64_t ver, str reason, struct stocktake *ret)
{
	TRY(in_state(c, no, TAKE_SUBMITTED, ret));
	if (ret->counter_id != NIL && ret->counter_id == c->who->id)
		return fail(c, ERR_FORBIDDEN, N_("Somebody else must approve what you counted."));
	if (ret->off && !str_trim(reason).n)
		return fail_field(c, "reason", N_("Why do count and books differ?"));
	for (size_t i = 0; i < ret->n_lines; i++) {
		const struct take_line *l = &ret->lines[i];

		if (l->serial_tracked)
			TRY(post_serials(c, ret, l, reason));
		else
			TRY(post(c, ret, l, l->diff, NULL, 0, reason));
	}
	return store(c, ret, ver, TAKE_POSTED, reason, c->who->id);
}
