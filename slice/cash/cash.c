/* cash.c — the double-entry cash ledger, its books and its proof; and what every department of money shares: sight, days, currencies [F2, F6]. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/cash/cash_int.h"

/* ---- shared ---- */

enum err money_scope(struct ctx *c, struct in_sight *ret)
{
	return c->who->sight == SIGHT_CUSTOMER ? fail(c, ERR_NOT_FOUND, NULL) : sight_of(c, ret);
}

day money_today(struct ctx *c) { return tz_day(tz_get(setting_str(c, "zone")), c->now); }

instant money_day_end(struct ctx *c, day d)
{
	struct civil next = { 0 };

	day_split((day){ d.d + 1 }, &next.y, &next.mo, &next.d);
	return tz_instant(tz_get(setting_str(c, "zone")), next);
}

enum err money_if_found(struct ctx *c, enum err e, bool *ret_found)
{
	*ret_found = !e;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

/* ---- currencies ---- */

void money_cur(str text, char ret[4])
{
	memset(ret, 0, 4);
	memcpy(ret, text.n == 3 ? text.p : "CNY", 3);
}

void money_house_cur(struct ctx *c, char ret[4]) { money_cur(setting_str(c, "money.currency"), ret); }

enum err money_same(struct ctx *c, const char *field, money m, const char cur[4])
{
	return money_is(m, cur) ? ERR_OK : fail_field(c, field, N_("This is kept in {1}; an amount in {2} cannot be mixed in."), str_c(cur), S_CUR(m));
}

money money_setting(struct ctx *c, const char *name, const char cur[4])
{
	str text = setting_str(c, name), one;
	char house[4];
	money m;

	money_house_cur(c, house);
	while (str_cut(&text, ';', &one))
		if ((!memcmp(cur, house, 4) || str_starts(str_trim(one), str_c(cur))) && money_parse(one, cur, &m))
			return m;
	return money_zero(cur);
}

/* ---- accounts ---- */

#define X(id, name, title, nonneg) name,
const char *const cash_kinds[] = { CASH_ACCOUNTS(X) NULL };
#undef X
#define X(id, name, title, nonneg) title,
const char *const cash_kind_titles[] = { CASH_ACCOUNTS(X) NULL };
#undef X
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
	e = db_exec(c, &q_cash_move, BIND(P(id, account), P(amount, l->amount), P(today, on)), 1);
	if (e == ERR_CONFLICT)
		return fail(c, ERR_CONFLICT, N_("There is not so much cash here."));
	TRY(e);
	return db_exec(c, &q_cash_entry_insert, BIND(P(doc_id, doc_id), P(account_id, account), P(amount, l->amount), P(on_day, on)), 1);
}

/* What is closed stands. */
static enum err day_open(struct ctx *c, day on)
{
	day closed;

	TRY(cash_closed_until(c, &closed));
	if (closed.d != NIL && on.d <= closed.d)
		return fail_field(c, "on", N_("The books are closed up to {1}."), closed);
	return ERR_OK;
}

enum err cash_post(struct ctx *c, const struct cash_doc *d, const struct cash_line *l, size_t n)
{
	day on = d->on.d == NIL ? money_today(c) : d->on;
	int64_t sum = 0, doc_id, moved = 0;

	assert(db_writing(c->db));
	for (size_t i = 0; i < n; i++) {
		sum += l[i].amount;
		moved |= l[i].amount;
	}
	if (sum)
		BUG("cash document %s is off by %lld", d->kind, (long long)sum);
	if (on.d <= 0)
		BUG("cash document %s has no day: NO_DAY means today", d->kind);
	if (!moved)
		return ERR_OK;
	TRY(day_open(c, on));
	TRY(db_insert(c, &q_cash_doc_insert, BIND(P(kind, d->kind), P(order_id, d->order_id), P(ref, d->ref), P(now, c->now), P(on_day, on), P(by_id, c->who->id),
		P(by_name, c->who->name.p ? c->who->name : S(""))), &doc_id));
	for (size_t i = 0; i < n; i++)
		if (l[i].amount)
			TRY(move_one(c, d, &l[i], doc_id, on));
	return ERR_OK;
}

static const struct field money_fields[] = { { .name = "amount", .off = 0, .size = sizeof(money), .kind = K_MONEY }, { 0 } };

enum err cash_customer_due(struct ctx *c, int64_t order_id, day due_on)
{
	return db_exec(c, &q_cash_due, BIND(P(order_id, order_id), P(due_on, due_on)), -1);
}

enum err cash_balance(struct ctx *c, enum cash_kind kind, int64_t owner, const char cur[4], money *ret)
{
	money m = money_zero(cur);
	bool found;

	TRY(money_if_found(c, db_row(c, &q_cash_balance, BIND(P(kind, cash_kinds[kind]), P(owner_id, owner), P(currency, cur)), money_fields, &m), &found));
	*ret = found ? m : money_zero(cur);
	return ERR_OK;
}

static enum err held(struct ctx *c, enum cash_kind kind, int64_t owner, money **ret, size_t *ret_n)
{
	return db_rows(c, &q_cash_balances, BIND(P(kind, cash_kinds[kind]), P(owner_id, owner), P(limit, CURRENCIES_MAX)), money_fields, sizeof **ret, CURRENCIES_MAX, ret, ret_n);
}

enum err cash_held(struct ctx *c, int64_t user_id, money **ret, size_t *ret_n) { return held(c, CASH_ENGINEER, user_id, ret, ret_n); }
enum err cash_at_station(struct ctx *c, int64_t org_id, money **ret, size_t *ret_n) { return held(c, CASH_STATION, org_id, ret, ret_n); }

/* ---- books ---- */

const struct field cash_book_fields[] = {
	FIELD(struct cash_book, id), FIELD(struct cash_book, owner_id), FIELD_ENUM(struct cash_book, kind, cash_kinds), FIELD(struct cash_book, station),
	FIELD(struct cash_book, station_name), FIELD(struct cash_book, engineer), FIELD(struct cash_book, opening), FIELD(struct cash_book, taken),
	FIELD(struct cash_book, given), FIELD(struct cash_book, closing), { 0 }
};
static const struct field total_fields[] = {
	FIELD_ENUM(struct cash_total, kind, cash_kinds), FIELD(struct cash_total, sub), FIELD(struct cash_total, balance), { 0 }
};
enum err cash_books(struct ctx *c, day on, int64_t after, size_t limit, struct cash_book **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return db_rows(c, &q_cash_books, BIND(P(on_day, on), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(after, after), P(limit, (int64_t)limit)),
		cash_book_fields, sizeof **ret, limit, ret, ret_n);
}

const char *const cash_doc_kinds[] = { "payment", "deposit", "refund", "void", "handin", "arrived", "bill", "unbill", "discount", "compensation", "writeoff", NULL };
const char *const cash_doc_kind_titles[] = { N_("Payment"), N_("Deposit"), N_("Refund of money"), N_("Made void"), N_("Hand-in"), N_("Arrived at the bank"), N_("Billed"), N_("Bill taken back"),
	N_("Discount"), N_("Compensation"), N_("Write-off"), NULL };
const struct field cash_entry_fields[] = {
	FIELD(struct cash_entry, id), FIELD_ENUM(struct cash_entry, kind, cash_doc_kinds), FIELD(struct cash_entry, ref), FIELD(struct cash_entry, order_no),
	FIELD(struct cash_entry, by_name), FIELD(struct cash_entry, at), FIELD(struct cash_entry, amount), FIELD(struct cash_entry, balance), { 0 }
};

enum { JOURNAL_MAX = 500 };

enum err cash_journal(struct ctx *c, int64_t account_id, day on, struct cash_entry **ret, size_t *ret_n)
{
	struct cash_book b;
	struct in_sight s;

	TRY(money_scope(c, &s));
	TRY(db_row(c, &q_cash_books, BIND(P(on_day, on), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(id, account_id), P(limit, 1)), cash_book_fields, &b));
	TRY(db_rows(c, &q_cash_journal, BIND(P(id, account_id), P(on_day, on), P(limit, JOURNAL_MAX)), cash_entry_fields, sizeof **ret, JOURNAL_MAX, ret, ret_n));
	for (size_t i = 0; i < *ret_n; i++) {
		b.opening = money_add(b.opening, (*ret)[i].amount);
		(*ret)[i].balance = b.opening;
	}
	return ERR_OK;
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

/* ---- verify ---- */

struct wrong { int64_t id, wrong; };
static const struct field wrong_fields[] = { FIELD(struct wrong, id), FIELD(struct wrong, wrong), { 0 } };
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

enum err cash_verify(struct ctx *c, void (*found)(void *arg, str what), void *arg)
{
	int64_t sum;

	TRY(db_int(c, &q_cash_sum, BIND(), &sum));
	if (sum)
		found(arg, arena_fmt(c->a, "the cash ledger does not sum to zero but to %lld", (long long)sum));
	TRY(tell(c, &q_cash_docs_uneven, "cash document", found, arg));
	TRY(tell(c, &q_cash_accounts_wrong, "the balance of cash account", found, arg));
	TRY(tell(c, &q_cash_held_wrong, "the cash held by owner", found, arg));
	return cash_period_verify(c, found, arg);
}
