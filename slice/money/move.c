/* move.c — what quotes, receipts, hand-ins and write-offs share: rounding, where an order's money belongs, the checks of a move; and the proof of fees. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/money/money_int.h"
#include "slice/org/org.h"

enum err money_place(struct ctx *c, const struct order *o, int64_t *ret_org, str *ret_path)
{
	struct org at;

	TRY(o->station_id != NIL ? org_get(c, o->station_id, &at) : org_root(c, &at));
	*ret_org = at.id;
	*ret_path = at.path;
	return ERR_OK;
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

/* ---- verify ---- */

struct wrong { int64_t id, fee, lines; str no; };
static const struct field wrong_fields[] = { FIELD(struct wrong, id), FIELD(struct wrong, no), FIELD(struct wrong, fee), FIELD(struct wrong, lines), { 0 } };
enum { WRONG_MAX = 100 };

enum err money_verify(struct ctx *c, void (*found)(void *arg, str what), void *arg)
{
	struct wrong *w;
	size_t n;

	TRY(db_rows(c, &q_fee_orders_wrong, BIND(P(limit, (int64_t)WRONG_MAX)), wrong_fields, sizeof *w, WRONG_MAX, &w, &n));
	for (size_t i = 0; i < n; i++)
		found(arg, arena_fmt(c->a, "order %.*s says a fee of %lld, its lines sum to %lld", STR_ARG(w[i].no), (long long)w[i].fee, (long long)w[i].lines));
	return cash_verify(c, found, arg);
}
