/* stock.c — the ledger: the one way stock changes [S1]. */
#include "base/i18n.h"
#include "base/money.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/device/device.h"
#include "slice/parts/parts_int.h"

#define NAMES(...) { __VA_ARGS__, NULL }
const char *const stock_bins[] = NAMES("good", "bad", "transit", "quarantine", "outside");
const char *const stock_bin_titles[] = NAMES(N_("Good"), N_("Bad"), N_("In transit"), N_("Quarantine"), N_("Outside"));
const char *const stock_kinds[] = {
#define X(id, name, title) name,
	STOCK_KINDS(X)
#undef X
	NULL
};
const char *const stock_kind_titles[] = {
#define X(id, name, title) title,
	STOCK_KINDS(X)
#undef X
	NULL
};
enum { QTY_MAX = 1000000 };                            /* pieces in one movement */

static const struct field level_fields[] = {
	FIELD(struct stock_level, qty), FIELD(struct stock_level, value), FIELD(struct stock_level, reserved), { 0 }
};
#define S_(m) FIELD(struct serial_at, m)
const struct field serial_fields[] = {
	S_(id), S_(part_id), S_(serial), S_(warehouse_id), FIELD_ENUM(struct serial_at, bin, stock_bins), S_(order_id), S_(warehouse),
	FIELD_ENUM(struct serial_at, kind, warehouse_kinds), { 0 }
};

#define PLACE_BINDS(e, at) P(part_id, (e)->part_id), P(warehouse_id, (at).warehouse_id), P(bin, stock_bins[(at).bin])

enum err stock_at(struct ctx *c, int64_t part_id, struct stock_place at, struct stock_level *ret)
{
	enum err e;

	*ret = (struct stock_level){ 0 };
	e = db_row(c, &q_balance, BIND(P(part_id, part_id), P(warehouse_id, at.warehouse_id), P(bin, stock_bins[at.bin])), level_fields, ret);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err too_few(struct ctx *c, int64_t part_id, struct stock_place at, int64_t free)
{
	struct warehouse w;
	struct spare p;

	TRY(part_get(c, part_id, &p));
	TRY(warehouse_get(c, at.warehouse_id, &w));
	return fail(c, ERR_CONFLICT, N_("Only {1} of {2} are free in {3} ({4})."), free, p.no, w.name, tr(c, stock_bin_titles[at.bin]));
}

enum err stock_reserve(struct ctx *c, int64_t part_id, int64_t warehouse_id, int64_t qty)
{
	struct stock_level now;
	enum err e;

	assert(db_writing(c->db));
	if (!qty)
		return ERR_OK;
	e = db_exec(c, &q_balance_reserve, BIND(P(part_id, part_id), P(warehouse_id, warehouse_id), P(qty, qty)), 1);
	if (e != ERR_CONFLICT)
		return e;
	TRY(stock_at(c, part_id, (struct stock_place){ warehouse_id, BIN_GOOD }, &now));
	return too_few(c, part_id, (struct stock_place){ warehouse_id, BIN_GOOD }, now.qty - now.reserved);
}

/* ---- serials ---- */

enum err serial_find(struct ctx *c, int64_t part_id, str serial, struct serial_at *ret)
{
	return db_row(c, &q_serial_one, BIND(P(part_id, part_id), P(key, serial_key(c->a, serial))), serial_fields, ret);
}

static enum err serial_elsewhere(struct ctx *c, str serial, const struct serial_at *s)
{
	return fail_field(c, "serials", N_("Serial number {1} is in {2} ({3})."), serial, s->warehouse, tr(c, stock_bin_titles[s->bin]));
}

/* Serials we never had may only come from outside; those we had must be where they are taken from. */
static enum err move_serial(struct ctx *c, const struct stock_doc *d, const struct stock_entry *e, str serial, int64_t move)
{
	bool from_outside = e->from.bin == BIN_OUTSIDE;
	struct serial_at s;
	enum err found = serial_find(c, e->part_id, serial, &s);

	if (!serial_key(c->a, serial).n)
		return fail_field(c, "serials", N_("A serial number is empty."));
	if (found && found != ERR_NOT_FOUND)
		return found;
	if (found && !from_outside)
		return fail_field(c, "serials", N_("Serial number {1} is not known for this part."), serial);
	if (found) {
		TRY(db_insert(c, &q_serial_insert, BIND(PLACE_BINDS(e, e->to), P(serial, str_trim(serial)), P(key, serial_key(c->a, serial)), P(order_id, d->order_id),
			P(line_id, d->line), P(now, c->now)), &s.id));
	} else {
		if (from_outside ? s.bin != BIN_OUTSIDE : s.warehouse_id != e->from.warehouse_id || s.bin != (int)e->from.bin)
			return serial_elsewhere(c, serial, &s);
		TRY(db_exec(c, &q_serial_move, BIND(P(id, s.id), P(warehouse_id, e->to.warehouse_id), P(bin, stock_bins[e->to.bin]), P(order_id, d->order_id),
			P(line_id, d->line), P(now, c->now), P(from_id, s.warehouse_id), P(from_bin, stock_bins[s.bin])), 1));
	}
	found = db_exec(c, &q_stock_serial_insert, BIND(P(move_id, move), P(serial_id, s.id)), 1);
	return found;
}

static enum err move_serials(struct ctx *c, const struct stock_doc *d, const struct stock_entry *e, const struct spare *p, int64_t move)
{
	if (!p->serial_tracked && e->n_serials)
		return fail_field(c, "serials", N_("{1} is counted, not tracked by serial number."), p->no);
	if (p->serial_tracked && (int64_t)e->n_serials != e->qty)
		return fail_field(c, "serials", N_("{1} needs {2} serial numbers, {3} were given."), p->no, e->qty, e->n_serials);
	for (size_t i = 0; i < e->n_serials; i++)
		TRY(move_serial(c, d, e, e->serials[i], move));
	return ERR_OK;
}

/* ---- posting ---- */

/* What is taken carries its share of the value; the last piece carries the rest. */
static enum err take(struct ctx *c, const struct stock_entry *e, int64_t *ret_value)
{
	struct stock_level now;

	if (e->from.bin == BIN_OUTSIDE) {
		*ret_value = e->value == NIL ? 0 : e->value;
		return db_exec(c, &q_balance_add, BIND(PLACE_BINDS(e, e->from), P(qty, -e->qty), P(value, -*ret_value)), 1);
	}
	TRY(stock_at(c, e->part_id, e->from, &now));
	if (e->qty > now.qty - (now.reserved - e->unreserve))
		return too_few(c, e->part_id, e->from, now.qty - now.reserved);
	*ret_value = e->qty == now.qty ? now.value : money_part(CNY(now.value), e->qty, now.qty).minor;
	return db_exec(c, &q_balance_take, BIND(PLACE_BINDS(e, e->from), P(qty, e->qty), P(value, *ret_value), P(unreserve, e->unreserve)), 1);
}

static enum err check(struct ctx *c, const struct stock_entry *e)
{
	if (e->qty < 1 || e->qty > QTY_MAX)
		return fail_field(c, "qty", N_("A quantity is a whole number from 1 to {1}."), QTY_MAX);
	if (e->from.bin == BIN_OUTSIDE && e->value != NIL && (e->value < 0 || e->value > MONEY_MAX))
		return fail_field(c, "value", N_("A value is not negative."));
	if (e->from.warehouse_id == e->to.warehouse_id && e->from.bin == e->to.bin)
		BUG("stock moved onto itself");
	return ERR_OK;
}

static enum err post_one(struct ctx *c, const struct stock_doc *d, const struct stock_entry *e, int64_t *ret_move)
{
	struct spare p;
	int64_t value = 0;

	TRY(check(c, e));
	TRY(part_get(c, e->part_id, &p));
	TRY(take(c, e, &value));
	TRY(db_exec(c, &q_balance_add, BIND(PLACE_BINDS(e, e->to), P(qty, e->qty), P(value, value)), 1));
	TRY(db_insert(c, &q_move_insert, BIND(P(now, c->now), P(kind, stock_kinds[e->kind]), P(part_id, e->part_id), P(qty, e->qty), P(value, value), P(doc_kind, d->kind),
		P(doc_id, d->id), P(doc_line, d->line), P(doc_no, d->no), P(order_id, d->order_id), P(user_id, c->who->id), P(reason, d->reason)), ret_move));
	TRY(db_exec(c, &q_line_insert, BIND(P(move_id, *ret_move), PLACE_BINDS(e, e->from), P(qty, -e->qty), P(value, -value)), 1));
	TRY(db_exec(c, &q_line_insert, BIND(P(move_id, *ret_move), PLACE_BINDS(e, e->to), P(qty, e->qty), P(value, value)), 1));
	return move_serials(c, d, e, &p, *ret_move);
}

/* A period that finance has closed takes no more movements. */
static enum err books_open(struct ctx *c)
{
	str through = setting_str(c, "parts.closed_through");
	day last;

	if (through.n && day_parse(through, &last) && tz_day(c->who->zone, c->now).d <= last.d)
		return fail(c, ERR_CONFLICT, N_("The stock books are closed through {1}: nothing is posted until then."), last);
	return ERR_OK;
}

enum err stock_post(struct ctx *c, const struct stock_doc *d, const struct stock_entry *e, size_t n, int64_t *ret_move)
{
	int64_t move;

	assert(db_writing(c->db));
	TRY(books_open(c));
	for (size_t i = 0; i < n; i++)
		TRY(post_one(c, d, &e[i], ret_move ? &ret_move[i] : &move));
	return ERR_OK;
}

static enum err opened_before(struct ctx *c, const struct spare *p, const struct warehouse *w, const str *serials, size_t n, bool *ret)
{
	static const struct field kind_fields[] = { { .name = "kind", .kind = K_STR, .size = sizeof(str) }, { 0 } };
	struct serial_at at;
	str kind = { 0 };
	enum err e;

	*ret = false;
	if (!p->serial_tracked || !n) {
		e = db_row(c, &q_opened, BIND(P(part_id, p->id), P(warehouse_id, w->id)), kind_fields, &kind);
		*ret = str_eq(kind, S("opening"));
		if (kind.n && !*ret)
			return fail_field(c, "part_no", N_("{1} has moved in {2} already: count it instead."), p->no, w->name);
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	e = serial_find(c, p->id, serials[0], &at);
	*ret = !e;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err stock_open(struct ctx *c, const struct spare *p, const struct warehouse *w, int64_t qty, int64_t value, const str *serials, size_t n, bool *ret_added)
{
	struct stock_entry e = { .kind = STOCK_OPENING, .part_id = p->id, .qty = qty, .value = value, .from = OUTSIDE(OPENING), .to = { w->id, BIN_GOOD }, .serials = serials,
		.n_serials = n };
	bool before;

	TRY(opened_before(c, p, w, serials, n, &before));
	*ret_added = !before;
	return before ? ERR_OK : stock_post(c, &(struct stock_doc){ "opening", NIL, NIL, NIL, (str){ 0 }, (str){ 0 } }, &e, 1, NULL);
}
