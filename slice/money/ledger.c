/* ledger.c — the double-entry cash ledger, and what the rest of the room shares: sight, days, moves. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/money/money_int.h"
#include "slice/org/org.h"

/* ---- shared ---- */

enum err money_scope(struct ctx *c, struct in_sight *ret)
{
	return c->who->sight == SIGHT_CUSTOMER ? fail(c, ERR_NOT_FOUND, NULL) : sight_of(c, ret);
}

day money_today(struct ctx *c) { return tz_day(tz_get(setting_str(c, "zone")), c->now); }

enum err money_place(struct ctx *c, const struct order *o, int64_t *ret_org, str *ret_path)
{
	struct org at;

	TRY(o->station_id != NIL ? org_get(c, o->station_id, &at) : org_root(c, &at));
	*ret_org = at.id;
	*ret_path = at.path;
	return ERR_OK;
}

enum err money_if_found(struct ctx *c, enum err e, bool *ret_found)
{
	*ret_found = !e;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

money money_setting(struct ctx *c, const char *name)
{
	money m = CNY(0);

	if (!money_parse(setting_str(c, name), "CNY", &m))
		return CNY(0);
	return m;
}

/* ---- rounding ---- */

money money_tax_inside(money gross, int64_t tax_bp) { return money_part(gross, tax_bp, 10000 + tax_bp); }
money money_with_margin(money cost, int64_t margin_bp) { return money_part(cost, 10000 + margin_bp, 10000); }

money money_cash_down(money m, int64_t unit)
{
	if (unit > 1)
		m.minor -= m.minor % unit;
	return m;
}

/* ---- moves ---- */

static bool mover_fits(const struct ctx *c, const struct money_move *m, int64_t by_id)
{
	bool own = by_id != NIL && by_id == c->who->id;

	if (c->who->sight == SIGHT_CUSTOMER)
		return m->who & MOVER_CUSTOMER;
	if (!(m->who & MOVER_STAFF) || !(c->who->perms & m->any))
		return false;
	return own ? !(m->who & MOVER_OTHER) : !(m->who & MOVER_OWNER);
}

const struct money_move *money_move_for(const struct ctx *c, const struct money_table *t, int state, int64_t by_id, int ev)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->move[i].ev == ev && (t->move[i].from & 1u << state) && mover_fits(c, &t->move[i], by_id))
			return &t->move[i];
	return NULL;
}

static bool legal_for_somebody(const struct money_table *t, int state, int ev)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->move[i].ev == ev && (t->move[i].from & 1u << state))
			return true;
	return false;
}

static enum err check_asked(struct ctx *c, const struct money_move *m, const struct money_act *a)
{
	if ((m->asks & ASK_REASON) && !str_trim(a->reason).n)
		(void)fail_field(c, "reason", N_("Please give the reason."));
	if ((m->asks & ASK_COUNTED) && (a->counted.minor == NIL || a->counted.minor < 0))
		(void)fail_field(c, "counted", N_("How much cash was counted?"));
	if ((m->asks & ASK_SIGNER) && !str_trim(a->signer).n)
		(void)fail_field(c, "signer", N_("Who agrees to the quote?"));
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

enum err money_move_check(struct ctx *c, const struct money_table *t, int state, int64_t ver, int64_t by_id, const struct money_act *a, const struct money_move **ret)
{
	const struct money_move *m = money_move_for(c, t, state, by_id, a->ev);

	assert(db_writing(c->db));
	if (a->ver != ver)
		return fail(c, ERR_CONFLICT, N_("This changed meanwhile: it is now “{1}”. Reload to see what happened."), tr(c, t->state_titles[state]));
	if (!m && legal_for_somebody(t, state, a->ev))
		return fail(c, ERR_FORBIDDEN, N_("“{1}” is not yours to do here."), tr(c, t->event_titles[a->ev]));
	if (!m)
		return fail(c, ERR_CONFLICT, N_("“{1}” does not fit what is “{2}”."), tr(c, t->event_titles[a->ev]), tr(c, t->state_titles[state]));
	TRY(check_asked(c, m, a));
	*ret = m;
	return ERR_OK;
}

/* ---- accounts ---- */

static const bool never_below[] = {
#define X(id, name, title, nonneg) [CASH_##id] = nonneg,
	CASH_ACCOUNTS(X)
#undef X
};

static enum err account_for(struct ctx *c, const struct cash_doc *d, const struct cash_line *l, int64_t *ret)
{
	const char *kind = cash_kinds[l->kind];
	str sub = l->sub.n ? l->sub : S("");
	enum err e = db_int(c, &q_cash_account_find, BIND(P(kind, kind), P(owner_id, l->owner), P(sub, sub), P(currency, d->currency)), ret);
	bool found;

	TRY(money_if_found(c, e, &found));
	if (found)
		return ERR_OK;
	return db_insert(c, &q_cash_account_make, BIND(P(kind, kind), P(owner_id, l->owner), P(sub, sub), P(currency, d->currency),
		P(org_path, l->org_path.p ? l->org_path : S("")), P(nonneg, never_below[l->kind])), ret);
}

static enum err move_one(struct ctx *c, const struct cash_doc *d, const struct cash_line *l, int64_t doc_id, day on)
{
	int64_t account;
	enum err e;

	TRY(account_for(c, d, l, &account));
	e = db_exec(c, &q_cash_move, BIND(P(id, account), P(amount, l->amount), P(now, c->now)), 1);
	if (e == ERR_CONFLICT)
		return fail(c, ERR_CONFLICT, N_("There is not so much cash here."));
	TRY(e);
	return db_exec(c, &q_cash_entry_insert, BIND(P(doc_id, doc_id), P(account_id, account), P(amount, l->amount), P(on_day, on)), 1);
}

enum err cash_post(struct ctx *c, const struct cash_doc *d, const struct cash_line *l, size_t n)
{
	day on = money_today(c);
	int64_t sum = 0, doc_id, moved = 0;

	assert(db_writing(c->db));
	for (size_t i = 0; i < n; i++) {
		sum += l[i].amount;
		moved |= l[i].amount;
	}
	if (sum)
		BUG("cash document %s is off by %lld", d->kind, (long long)sum);
	if (!moved)
		return ERR_OK;
	TRY(db_insert(c, &q_cash_doc_insert, BIND(P(kind, d->kind), P(order_id, d->order_id), P(ref, d->ref), P(now, c->now), P(on_day, on), P(by_id, c->who->id),
		P(by_name, c->who->name.p ? c->who->name : S(""))), &doc_id));
	for (size_t i = 0; i < n; i++)
		if (l[i].amount)
			TRY(move_one(c, d, &l[i], doc_id, on));
	return ERR_OK;
}

static const struct field money_fields[] = { { .name = "amount", .off = 0, .size = sizeof(money), .kind = K_MONEY }, { 0 } };

enum err cash_balance(struct ctx *c, enum cash_kind kind, int64_t owner, money *ret)
{
	money m = CNY(0);
	bool found;

	TRY(money_if_found(c, db_row(c, &q_cash_balance, BIND(P(kind, cash_kinds[kind]), P(owner_id, owner), P(currency, "CNY")), money_fields, &m), &found));
	*ret = found ? m : CNY(0);
	return ERR_OK;
}

enum err cash_held(struct ctx *c, int64_t user_id, money *ret) { return cash_balance(c, CASH_ENGINEER, user_id, ret); }
enum err cash_at_station(struct ctx *c, int64_t org_id, money *ret) { return cash_balance(c, CASH_STATION, org_id, ret); }

/* ---- books ---- */

const struct field cash_book_fields[] = {
	FIELD(struct cash_book, id), FIELD(struct cash_book, owner_id), FIELD_ENUM(struct cash_book, kind, cash_kinds), FIELD(struct cash_book, station),
	FIELD(struct cash_book, station_name), FIELD(struct cash_book, engineer), FIELD(struct cash_book, opening), FIELD(struct cash_book, taken),
	FIELD(struct cash_book, given), FIELD(struct cash_book, closing), { 0 }
};
static const struct field total_fields[] = {
	FIELD_ENUM(struct cash_total, kind, cash_kinds), FIELD(struct cash_total, sub), FIELD(struct cash_total, balance), { 0 }
};
const struct field receivable_fields[] = {
	FIELD(struct receivable, id), FIELD(struct receivable, order_no), FIELD(struct receivable, customer), FIELD(struct receivable, station),
	FIELD(struct receivable, amount), FIELD(struct receivable, since), FIELD(struct receivable, due_on), { 0 }
};
const struct field receivable_ages_fields[] = {
	FIELD(struct receivable_ages, d30), FIELD(struct receivable_ages, d60), FIELD(struct receivable_ages, d90), FIELD(struct receivable_ages, older), { 0 }
};

enum err cash_books(struct ctx *c, day on, int64_t after, size_t limit, struct cash_book **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return db_rows(c, &q_cash_books, BIND(P(on_day, on), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(after, after), P(limit, (int64_t)limit)),
		cash_book_fields, sizeof **ret, limit, ret, ret_n);
}

const struct field cash_station_fields[] = {
	FIELD(struct cash_station, station), FIELD(struct cash_station, station_name), FIELD(struct cash_station, engineers), FIELD(struct cash_station, till),
	FIELD(struct cash_station, transit), FIELD(struct cash_station, taken), FIELD(struct cash_station, given), { 0 }
};

enum err cash_stations(struct ctx *c, day on, str after, size_t limit, struct cash_station **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return db_rows(c, &q_cash_stations, BIND(P(on_day, on), P(after, after), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(limit, (int64_t)limit)), cash_station_fields,
		sizeof **ret, limit, ret, ret_n);
}

enum err cash_totals(struct ctx *c, struct cash_total **ret, size_t *ret_n)
{
	return db_rows(c, &q_cash_totals, BIND(), total_fields, sizeof **ret, 100, ret, ret_n);
}

enum { DAY_MS = 86400000 };

enum err receivables(struct ctx *c, int64_t after, size_t limit, struct receivable **ret, size_t *ret_n, struct receivable_ages *ret_ages)
{
	struct in_sight s;
	int64_t after_since = NIL;

	TRY(money_scope(c, &s));
	if (after != NIL)
		TRY(db_int(c, &q_receivable_since, BIND(P(id, after)), &after_since));
	TRY(db_rows(c, &q_receivables, BIND(P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(after, after), P(after_since, after_since), P(limit, (int64_t)limit)),
		receivable_fields, sizeof **ret, limit, ret, ret_n));
	return db_row(c, &q_receivable_ages, BIND(P(d30, c->now.ms - 30LL * DAY_MS), P(d60, c->now.ms - 60LL * DAY_MS), P(d90, c->now.ms - 90LL * DAY_MS), P(org_lo, s.org_lo),
		P(org_hi, s.org_hi)), receivable_ages_fields, ret_ages);
}

/* ---- verify ---- */

struct wrong { int64_t id, wrong, fee, lines; str no; };
static const struct field wrong_fields[] = { FIELD(struct wrong, id), FIELD(struct wrong, wrong), { 0 } };
static const struct field fee_wrong_fields[] = { FIELD(struct wrong, id), FIELD(struct wrong, no), FIELD(struct wrong, fee), FIELD(struct wrong, lines), { 0 } };
enum { WRONG_MAX = 100 };

static enum err tell(struct ctx *c, const struct sql *q, const char *what, void (*found)(void *arg, str what), void *arg)
{
	struct wrong *w;
	size_t n;

	TRY(db_rows(c, q, BIND(P(limit, (int64_t)WRONG_MAX)), wrong_fields, sizeof *w, WRONG_MAX, &w, &n));
	for (size_t i = 0; i < n; i++)
		found(arg, arena_fmt(c->a, "%s %lld is off by %lld", what, (long long)w[i].id, (long long)w[i].wrong));
	return ERR_OK;
}

enum err money_verify(struct ctx *c, void (*found)(void *arg, str what), void *arg)
{
	struct wrong *w;
	int64_t sum;
	size_t n;

	TRY(db_int(c, &q_cash_sum, BIND(), &sum));
	if (sum)
		found(arg, arena_fmt(c->a, "the cash ledger does not sum to zero but to %lld", (long long)sum));
	TRY(tell(c, &q_cash_docs_uneven, "cash document", found, arg));
	TRY(tell(c, &q_cash_accounts_wrong, "the balance of cash account", found, arg));
	TRY(tell(c, &q_cash_held_wrong, "the cash held by owner", found, arg));
	TRY(db_rows(c, &q_fee_orders_wrong, BIND(P(limit, (int64_t)WRONG_MAX)), fee_wrong_fields, sizeof *w, WRONG_MAX, &w, &n));
	for (size_t i = 0; i < n; i++)
		found(arg, arena_fmt(c->a, "order %.*s says a fee of %lld, its lines sum to %lld", STR_ARG(w[i].no), (long long)w[i].fee, (long long)w[i].lines));
	return ERR_OK;
}
