/* verify.c — the database's own integrity, the audit trail, the ledgers, what orders are against what their events say, files against rows. */
#include "app/backup.h"
#include "app/verify.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/money/money.h"
#include "slice/order/order.h"
#include "slice/parts/parts.h"
#include "slice/ruling/ruling.h"
#include "verify.sql.h"

enum { MANY = 1000, ORDERS_AT_ONCE = 2000 };

static const struct db_schema verify_schema = { "verify", verify_migrations, verify_statements };
const struct slice slice_verify = { .name = "verify", .schema = &verify_schema };

static void found(struct verify *v, str what)
{
	v->differences++;
	v->found(v->arg, what);
}

/* ---- statements whose rows are sentences ---- */

struct sentence { str text; };
static const struct field sentence_fields[] = { FIELD(struct sentence, text), { 0 } };

static enum err sentences(struct ctx *c, struct verify *v, const struct sql *q)
{
	struct sentence *row;
	size_t n;

	TRY(db_rows(c, q, BIND(P(limit, (int64_t)MANY)), sentence_fields, sizeof *row, MANY, &row, &n));
	for (size_t i = 0; i < n; i++)
		found(v, row[i].text);
	return ERR_OK;
}

static enum err check_pages(struct ctx *c, struct verify *v) { return sentences(c, v, &q_verify_pages); }
static enum err check_references(struct ctx *c, struct verify *v) { return sentences(c, v, &q_verify_foreign); }

/* ---- what the departments prove themselves ---- */

static void found_by(void *arg, str what) { found(arg, what); }

static void walked(void *arg, int64_t done, int64_t total)
{
	struct verify *v = arg;

	if (v->progress)
		v->progress(v->arg, done, total);
}

static enum err check_audit(struct ctx *c, struct verify *v)
{
	struct audit_walk w = { .found = found_by, .progress = walked, .arg = v };

	TRY(audit_verify(c, &w));
	v->events = w.events;
	v->tip = w.tip;
	return ERR_OK;
}

static enum err check_parts(struct ctx *c, struct verify *v)
{
	struct parts_check p = { .found = found_by, .arg = v };

	return parts_verify(c, &p);
}

static enum err check_money(struct ctx *c, struct verify *v) { return money_verify(c, found_by, v); }

static enum err check_rulings(struct ctx *c, struct verify *v) { return ruling_verify(c, found_by, v); }

/* ---- orders against their events [O5] ---- */

struct told { int64_t order_id, seq; str kind; json data; str no, state; bool open; };
#define F(m) FIELD(struct told, m)
static const struct field told_fields[] = { F(order_id), F(seq), F(kind), F(data), F(no), F(state), F(open), { 0 } };
#undef F
/* One order while its events pass by; states by name index, -1 not known (before the first event, or its data were erased). */
struct replay { struct verify *v; int64_t id; char no[64], state[32]; int at; bool open, gone; };

static bool move_exists(int ev, int from, int to)
{
	for (size_t i = 0; i < order_moves_n; i++) {
		const struct order_move *m = &order_moves[i];

		if ((int)m->ev == ev && (m->from & 1u << from) && (m->to == ORDER_STATE_N || (int)m->to == to))
			return true;
	}
	return false;
}

static bool ended(int state) { return state == ORDER_CLOSED || state == ORDER_CANCELLED || state == ORDER_REJECTED; }

static void leave(struct ctx *c, struct replay *r)
{
	int is = name_index(order_states, str_c(r->state));

	if (r->id == NIL || r->gone)
		return;
	r->v->orders++;
	if (r->at >= 0 && is != r->at)
		found(r->v, arena_fmt(c->a, "order %s is “%s”, but its events say “%s”", r->no, r->state, order_states[r->at]));
	if (is >= 0 && r->open == ended(is))
		found(r->v, arena_fmt(c->a, "order %s is “%s” and counted as %s", r->no, r->state, r->open ? "open" : "ended"));
}

static void enter(struct ctx *c, struct replay *r, const struct told *t)
{
	leave(c, r);
	r->id = t->order_id;
	r->at = -1;
	r->open = t->open;
	r->gone = !t->no.p;
	snprintf(r->no, sizeof r->no, "%.*s", STR_ARG(t->no));
	snprintf(r->state, sizeof r->state, "%.*s", STR_ARG(t->state));
	if (r->gone)
		found(r->v, arena_fmt(c->a, "there are events of order %lld, but no such order", (long long)t->order_id));
}

static void tell(struct ctx *c, struct replay *r, const struct told *t)
{
	static const char *const keys[] = { "from", "to", "clock", NULL };
	int ev = name_index(order_events, t->kind), from, to;
	bool first = str_eq(t->kind, S("register"));
	str said[3];

	if (ev < 0 && !first)
		return;
	if (!t->data.s.p) {
		r->at = -1;
		return;
	}
	event_texts(c, &(struct event){ .data = t->data }, keys, said);
	/* A clock that escalates bears the name of a move, but moves nothing. */
	if (said[2].n && !said[0].n && !said[1].n)
		return;
	from = name_index(order_states, said[0]);
	to = name_index(order_states, said[1]);
	if (to < 0)
		found(r->v, arena_fmt(c->a, "order %s: event %lld (%.*s) leads to no state", r->no, (long long)t->seq, STR_ARG(t->kind)));
	else if (!first && r->at >= 0 && from != r->at)
		found(r->v, arena_fmt(c->a, "order %s: event %lld (%.*s) begins at “%.*s” instead of “%s”", r->no, (long long)t->seq, STR_ARG(t->kind), STR_ARG(said[0]), order_states[r->at]));
	else if (!first && from >= 0 && !move_exists(ev, from, to))
		found(r->v, arena_fmt(c->a, "order %s: event %lld: nothing leads from “%.*s” to “%.*s” by “%.*s”", r->no, (long long)t->seq, STR_ARG(said[0]), STR_ARG(said[1]), STR_ARG(t->kind)));
	r->at = to;
}

static enum err each_event(struct ctx *c, void *row, void *arg)
{
	struct arena_mark m = arena_mark(c->a);
	const struct told *t = row;
	struct replay *r = arg;

	if (t->order_id != r->id)
		enter(c, r, t);
	if (!r->gone)
		tell(c, r, t);
	arena_reset(c->a, m);
	return ERR_OK;
}

static enum err check_orders(struct ctx *c, struct verify *v)
{
	int64_t top = 0;

	TRY(db_int(c, &q_verify_order_top, BIND(), &top));
	for (int64_t at = 0; at < top; at += ORDERS_AT_ONCE) {
		struct arena_mark m = arena_mark(c->a);
		struct replay r = { .v = v, .id = NIL };

		TRY(db_each(c, &q_verify_order_events, BIND(P(after, at), P(upto, at + ORDERS_AT_ONCE)), told_fields, sizeof(struct told), each_event, &r));
		leave(c, &r);
		walked(v, at, top);
		arena_reset(c->a, m);
	}
	return sentences(c, v, &q_verify_silent_orders);
}

/* ---- files against rows ---- */

struct file_row { int64_t id; str sha256; int64_t size; };
static const struct field file_fields[] = { FIELD(struct file_row, id), FIELD(struct file_row, sha256), FIELD(struct file_row, size), { 0 } };

static void check_file(struct ctx *c, struct verify *v, const struct file_row *f)
{
	char sum[SUM_HEX];
	int64_t size;

	v->files++;
	if (f->sha256.n != SUM_HEX - 1)
		found(v, arena_fmt(c->a, "attachment %lld: “%.*s” names no file", (long long)f->id, STR_ARG(f->sha256)));
	else if (!file_sum(attachment_path(c->a, f->sha256).p, sum, &size))
		found(v, arena_fmt(c->a, "attachment %lld: its file %.*s is not there", (long long)f->id, STR_ARG(f->sha256)));
	else if (size != f->size || !str_eq(str_c(sum), f->sha256))
		found(v, arena_fmt(c->a, "attachment %lld: its file %.*s has other bytes", (long long)f->id, STR_ARG(f->sha256)));
}

static enum err check_files(struct ctx *c, struct verify *v)
{
	struct file_row *row;
	int64_t after = 0;
	size_t n;

	do {
		struct arena_mark m = arena_mark(c->a);

		TRY(db_rows(c, &q_verify_files, BIND(P(after, after), P(limit, (int64_t)MANY)), file_fields, sizeof *row, MANY, &row, &n));
		for (size_t i = 0; i < n; i++)
			check_file(c, v, &row[i]);
		after = n ? row[n - 1].id : after;
		walked(v, v->files, v->files + (n == MANY));
		arena_reset(c->a, m);
	} while (n == MANY);
	return ERR_OK;
}

/* ---- all ---- */

enum err house_verify(struct house *h, struct verify *v)
{
	static const struct { const char *what; enum err (*run)(struct ctx *c, struct verify *v); } part[] = {
		{ "pages and indexes", check_pages }, { "references", check_references }, { "audit trail", check_audit }, { "orders and their events", check_orders },
		{ "parts ledger", check_parts }, { "cash ledger", check_money }, { "exclusion rulings", check_rulings }, { "files", check_files },
	};
	enum err e = ERR_OK;

	db_patient(h->db);
	db_conn_close(h->conn);
	TRY(db_conn_open(h->db, &h->conn));
	TRY(db_read_begin(h->conn));
	for (size_t i = 0; i < LEN(part) && !e; i++) {
		house_renew(h);
		if (v->begins)
			v->begins(v->arg, part[i].what);
		e = part[i].run(&h->c, v);
		if (v->tip.p)
			v->tip = arena_str(&h->keep, v->tip);
	}
	db_read_end(h->conn);
	return e;
}
