/* loaner.c — the pool and the loans. */
#include "base/i18n.h"
#include "base/time.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/device/device.h"
#include "slice/entitlement/entitlement.h"
#include "slice/loaner/loaner.h"
#include "slice/order/order.h"
#include "slice/org/org.h"
#include "loaner.sql.h"

#define FIRST(id, name, title, tone) name,
#define SECOND(id, name, title, tone) title,
#define THIRD(id, name, title, tone) tone,
const char *const loaner_states[] = { LOANER_STATES(FIRST) NULL };
const char *const loaner_state_titles[] = { LOANER_STATES(SECOND) NULL };
const char *const loaner_state_tones[] = { LOANER_STATES(THIRD) NULL };
const char *const erase_methods[] = { "overwrite", "crypto", "reinstall", "replaced", "none_held", NULL };
const char *const erase_method_titles[] = { N_("Drive overwritten"), N_("Encryption key destroyed"), N_("System reinstalled from our image"), N_("Drive replaced"),
	N_("Holds no data"), NULL };

#define E(m) FIELD(struct loaner, m)
static const struct field loaner_fields[] = {
	E(id), E(ver), E(device_id), E(rank), FIELD_ENUM(struct loaner, state, loaner_states), E(code), E(serial), E(brand), E(model), E(org), E(org_name), E(org_path), E(note),
	E(loan_no), E(order_no), E(due_on), E(kept_order_id), E(kept_until), E(kept_for), { 0 }
};
#define N(m) FIELD(struct loan, m)
static const struct field loan_fields[] = {
	N(id), N(ver), N(loaner_id), N(order_id), N(no), N(code), N(serial), N(model), N(order_no), N(customer), N(phone), N(condition_out), N(accessories), N(signer), N(signature_id),
	N(condition_back), N(erase_note), N(lender), N(taker), N(eraser), N(org_path), N(reason), FIELD_ENUM(struct loan, state, loaner_states),
	FIELD_ENUM(struct loan, method, erase_methods), N(due_on), N(out_at), N(back_at), N(erased_at), N(engineer_id), N(order_open), { 0 }
};

/* ---- ranks ---- */

static str model_key(struct ctx *c, str brand, str model) { return arena_fmt(c->a, "%.*s\x1f%.*s", STR_ARG(fold(c->a, brand)), STR_ARG(fold(c->a, model))); }

enum err model_rank_set(struct ctx *c, str brand, str model, int64_t rank)
{
	assert(db_writing(c->db));
	if (rank < 0 || rank > RANK_MAX)
		return fail_field(c, "rank", N_("A rank is a number from 1 (lowest) to {1}."), RANK_MAX);
	if (!rank)
		return db_exec(c, &q_rank_drop, BIND(P(key, model_key(c, brand, model))), -1);
	return db_exec(c, &q_rank_put, BIND(P(key, model_key(c, brand, model)), P(rank, rank)), -1);
}

enum err model_rank_get(struct ctx *c, str brand, str model, int64_t *ret)
{
	enum err e = db_int(c, &q_rank, BIND(P(key, model_key(c, brand, model))), ret);

	if (e == ERR_NOT_FOUND)
		*ret = 0;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- the pool ---- */

enum err loaner_get(struct ctx *c, str code, struct loaner *ret)
{
	struct in_sight s;

	TRY(org_sight(c, &s));
	return db_row(c, &q_loaner_list, BIND(P(code, str_trim(code)), P(today, tz_day(c->who->zone, c->now)), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), loaner_fields, ret);
}

enum err loaner_list(struct ctx *c, int state, int64_t rank, struct loaner **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(org_sight(c, &s));
	return db_rows(c, &q_loaner_list, BIND({ "state", state < 0 ? (struct val){ 0 } : V(loaner_states[state]) }, { "rank", rank > 0 ? v_int(rank) : (struct val){ 0 } },
		P(today, tz_day(c->who->zone, c->now)), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), loaner_fields, sizeof **ret, 500, ret, ret_n);
}

/* The device itself: known by its serial, else registered now, owned by nobody. */
static enum err our_device(struct ctx *c, const struct loaner_new *n, int64_t *ret)
{
	struct device d = { 0 };
	enum err e = device_find(c, n->serial, n->brand, &d);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		d = (struct device){ .serial = n->serial, .brand = n->brand, .model = n->model, .kind = n->kind < 0 ? DEVICE_NOTEBOOK : n->kind, .proof = PROOF_NONE, .product_id = NIL,
			.customer_id = NIL, .replaced_by = NIL, .factory_on = NO_DAY, .invoiced_on = NO_DAY, .delivered_on = NO_DAY, .installed_on = NO_DAY, .accepted_on = NO_DAY,
			.loaner = true };
		return device_add(c, &d, ret);
	}
	TRY(e);
	*ret = d.id;
	if (d.customer_id != NIL)
		return fail_field(c, "serial", N_("Device {1} belongs to a customer."), n->serial);
	d.loaner = true;
	return device_save(c, &d);
}

enum err loaner_add(struct ctx *c, const struct loaner_new *n, struct loaner *ret)
{
	int64_t id, device;
	struct org o;
	enum err e;

	assert(db_writing(c->db));
	if (!str_trim(n->code).n)
		return fail_field(c, "code", N_("A loaner needs the code on its label."));
	if (!str_trim(n->serial).n)
		return fail_field(c, "serial", N_("A loaner needs its serial number."));
	if (n->rank < 1 || n->rank > RANK_MAX)
		return fail_field(c, "rank", N_("A rank is a number from 1 (lowest) to {1}."), RANK_MAX);
	e = n->org.n ? org_by_code(c, n->org, &o) : c->who->org_id != NIL ? org_get(c, c->who->org_id, &o) : ERR_NOT_FOUND;
	if (e == ERR_NOT_FOUND || (!e && c->who->sight != SIGHT_ALL && !str_starts(o.path, c->who->org_path))) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "org", N_("At which place does it stand?"));
	}
	TRY(e);
	TRY(our_device(c, n, &device));
	e = db_insert(c, &q_loaner_insert, BIND(P(code, str_trim(n->code)), P(device_id, device), P(org_id, o.id), P(org_path, o.path), P(rank, n->rank), P(note, str_or_none(n->note))), &id);
	if (e == ERR_CONFLICT) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "code", N_("This code or this device is in the pool already."));
	}
	TRY(e);
	TRY(audit_add(c, "loaner", id, "added", BIND(P(code, n->code), P(serial, n->serial), P(rank, n->rank))));
	return loaner_get(c, n->code, ret);
}

static enum err move_loaner(struct ctx *c, const struct loaner *l, enum loaner_state to) { return db_exec(c, &q_loaner_state, BIND(P(id, l->id), P(ver, l->ver), P(state, loaner_states[to])), 1); }

enum err loaner_retire(struct ctx *c, str code, int64_t ver, str reason)
{
	struct loaner l;

	assert(db_writing(c->db));
	TRY(loaner_get(c, code, &l));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	if (l.state == LOANER_OUT || l.state == LOANER_TO_ERASE)
		return fail(c, ERR_CONFLICT, N_("Loaner {1} is “{2}”."), l.code, tr(c, loaner_state_titles[l.state]));
	l.ver = ver;
	TRY(move_loaner(c, &l, LOANER_RETIRED));
	return audit_add(c, "loaner", l.id, "retired", BIND(P(reason, reason)));
}

/* ---- kept for an order ---- */

static bool kept_for_another(const struct loaner *l, const struct order *o) { return l->kept_for.n && l->kept_order_id != o->id; }

enum err loaner_keep(struct ctx *c, const struct order *o, str code, day until)
{
	struct loaner l;
	enum err e;

	assert(db_writing(c->db));
	e = loaner_get(c, code, &l);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "code", N_("There is no loaner {1} here."), code);
	}
	TRY(e);
	if (l.state != LOANER_READY)
		return fail(c, ERR_CONFLICT, N_("Loaner {1} is “{2}”."), l.code, tr(c, loaner_state_titles[l.state]));
	if (kept_for_another(&l, o))
		return fail(c, ERR_CONFLICT, N_("Loaner {1} is kept for order {2} until {3}."), l.code, l.kept_for, l.kept_until);
	if (until.d == NIL || until.d < tz_day(c->who->zone, c->now).d)
		return fail_field(c, "until", N_("Until when shall it be kept? A day from today on."));
	if (o->state >= ORDER_CLOSED)
		return fail(c, ERR_CONFLICT, N_("Order {1} has ended."), o->no);
	TRY(loaner_release(c, o));
	TRY(loaner_get(c, code, &l));
	TRY(db_exec(c, &q_loaner_keep, BIND(P(id, l.id), P(ver, l.ver), P(order_id, o->id), P(until, until)), 1));
	TRY(audit_add(c, "loaner", l.id, "kept", BIND(P(order, o->no), P(until, until))));
	return audit_add(c, "order", o->id, "loaner_kept", BIND(P(note, l.code), P(until, until)));
}

enum err loaner_release(struct ctx *c, const struct order *o)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_loaner_free, BIND(P(order_id, o->id)), -1);
}

enum err loaner_promised(struct ctx *c, const struct order *o, bool *ret, str *ret_by)
{
	struct kept *k;
	size_t n;

	TRY(kept_list(c, NIL, o->id, NIL, 1, &k, &n));
	*ret = n && str_eq(k[0].loaner, str_c(pay_names[PAY_FREE]));
	*ret_by = *ret ? k[0].source : (str){ 0 };
	return ERR_OK;
}

/* ---- loans ---- */

/* An engineer reaches the customers of their own open jobs and no others [N5]. */
static void hide_strangers(const struct ctx *c, struct loan *l, size_t n)
{
	for (size_t i = 0; i < n && c->who->sight == SIGHT_OWN; i++)
		if (l[i].engineer_id != c->who->id || !l[i].order_open)
			l[i].phone = (str){ 0 };
}

enum err loan_get(struct ctx *c, str no, struct loan *ret)
{
	struct in_sight s;

	TRY(org_sight(c, &s));
	TRY(db_row(c, &q_loan_list, BIND(P(no, no), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(limit, 1)), loan_fields, ret));
	hide_strangers(c, ret, 1);
	return ERR_OK;
}

enum err loan_list(struct ctx *c, int state, size_t max, struct loan **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(org_sight(c, &s));
	TRY(db_rows(c, &q_loan_list, BIND({ "state", state < 0 ? (struct val){ 0 } : V(loaner_states[state]) }, P(open, 1), P(org_lo, s.org_lo), P(org_hi, s.org_hi),
		P(limit, (int64_t)max)), loan_fields, sizeof **ret, max, ret, ret_n));
	hide_strangers(c, *ret, *ret_n);
	return ERR_OK;
}

enum err loan_of_order(struct ctx *c, int64_t order_id, struct loan **ret, size_t *ret_n)
{
	return db_rows(c, &q_loan_list, BIND(P(order_id, order_id), P(limit, 20)), loan_fields, sizeof **ret, 20, ret, ret_n);
}

static enum err check_rank(struct ctx *c, const struct order *o, const struct loaner *l, str reason)
{
	int64_t own;

	TRY(model_rank_get(c, o->brand, o->model, &own));
	if (own > l->rank && !str_trim(reason).n)
		return fail_field(c, "reason", N_("The customer's {1} ranks {2}, this loaner only {3}: say why it is lent nevertheless."), o->model, own, l->rank);
	return ERR_OK;
}

static enum err check_out(struct ctx *c, const struct order *o, const struct loan_new *n, struct loaner *l)
{
	enum err e = loaner_get(c, n->code, l);
	int64_t out;

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "code", N_("There is no loaner {1} here."), n->code);
	}
	TRY(e);
	if (l->state != LOANER_READY)
		return fail_field(c, "code", N_("Loaner {1} is “{2}”."), l->code, tr(c, loaner_state_titles[l->state]));
	if (kept_for_another(l, o))
		return fail_field(c, "code", N_("Loaner {1} is kept for order {2} until {3}."), l->code, l->kept_for, l->kept_until);
	if (!str_trim(n->condition).n)
		return fail_field(c, "condition", N_("In what condition does it go out?"));
	if (!str_trim(n->signer).n || !n->signature.n)
		return fail_field(c, n->signer.n ? "signature" : "signer", N_("Please let the customer sign."));
	if (n->due_on.d == NIL || n->due_on.d < tz_day(c->who->zone, c->now).d)
		return fail_field(c, "due_on", N_("When shall it come back? A day from today on."));
	if (o->state >= ORDER_CLOSED)
		return fail(c, ERR_CONFLICT, N_("Order {1} has ended."), o->no);
	TRY(db_int(c, &q_loans_out, BIND(P(order_id, o->id)), &out));
	if (out)
		return fail(c, ERR_CONFLICT, N_("Order {1} has a loaner out already."), o->no);
	return check_rank(c, o, l, n->reason);
}

enum err loan_out(struct ctx *c, const struct order *o, const struct loan_new *n, struct loan *ret)
{
	int64_t id, signature;
	struct loaner l;
	str no;

	assert(db_writing(c->db));
	TRY(check_out(c, o, n, &l));
	TRY(series_next(c, "loan", &no));
	TRY(attachment_bytes(c, "order", o->id, S("loaner-signature.png"), S("image/png"), n->signature, true, &signature));
	TRY(db_insert(c, &q_loan_insert, BIND(P(no, no), P(loaner_id, l.id), P(order_id, o->id), P(org_path, l.org_path), P(due_on, n->due_on), P(condition_out, n->condition),
		P(accessories, str_or_none(n->accessories)), P(signer, n->signer), P(signature_id, signature), P(reason, str_or_none(n->reason)), P(now, c->now), P(lender_id, c->who->id)), &id));
	TRY(move_loaner(c, &l, LOANER_OUT));
	TRY(loaner_release(c, o));
	TRY(audit_add(c, "loaner", l.id, "out", BIND(P(loan, no), P(order, o->no), P(due_on, n->due_on), P(reason, n->reason))));
	TRY(audit_add(c, "order", o->id, "loaner_out", BIND(P(loan, no), P(note, l.code), P(due_on, n->due_on))));
	return loan_get(c, no, ret);
}

/* The loan and its loaner as they stand, in the state that is wanted. */
static enum err loan_in(struct ctx *c, str no, int64_t ver, enum loaner_state state, struct loan *n, struct loaner *l)
{
	TRY(loan_get(c, no, n));
	if (n->state != (int)state)
		return fail(c, ERR_CONFLICT, N_("Loaner {1} is “{2}”."), n->code, tr(c, loaner_state_titles[n->state]));
	n->ver = ver;
	return loaner_get(c, n->code, l);
}

enum err loan_back(struct ctx *c, str no, int64_t ver, str condition, struct loan *ret)
{
	struct loaner l;
	struct loan n;

	assert(db_writing(c->db));
	TRY(loan_in(c, no, ver, LOANER_OUT, &n, &l));
	if (!str_trim(condition).n)
		return fail_field(c, "condition", N_("In what condition did it come back?"));
	TRY(db_exec(c, &q_loan_back, BIND(P(id, n.id), P(ver, n.ver), P(condition, condition), P(user_id, c->who->id), P(now, c->now)), 1));
	TRY(move_loaner(c, &l, LOANER_TO_ERASE));
	TRY(audit_add(c, "loaner", l.id, "back", BIND(P(loan, no), P(condition, condition))));
	TRY(audit_add(c, "order", n.order_id, "loaner_back", BIND(P(loan, no), P(note, condition))));
	return loan_get(c, no, ret);
}

enum err loan_extend(struct ctx *c, str no, int64_t ver, day due_on, str reason, struct loan *ret)
{
	struct loaner l;
	struct loan n;

	assert(db_writing(c->db));
	TRY(loan_in(c, no, ver, LOANER_OUT, &n, &l));
	if (due_on.d == NIL || due_on.d < tz_day(c->who->zone, c->now).d)
		return fail_field(c, "due_on", N_("When shall it come back? A day from today on."));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(db_exec(c, &q_loan_extend, BIND(P(id, n.id), P(ver, n.ver), P(due_on, due_on)), 1));
	TRY(audit_add(c, "loaner", l.id, "extended", BIND(P(loan, no), P(due_on, due_on), P(reason, reason))));
	return loan_get(c, no, ret);
}

enum err loan_erase(struct ctx *c, str no, int64_t ver, int method, str note, struct loan *ret)
{
	struct loaner l;
	struct loan n;

	assert(db_writing(c->db));
	TRY(loan_in(c, no, ver, LOANER_TO_ERASE, &n, &l));
	if (method < 0)
		return fail_field(c, "method", N_("How were the data erased?"));
	TRY(db_exec(c, &q_loan_erase, BIND(P(id, n.id), P(ver, n.ver), P(method, erase_methods[method]), P(note, str_or_none(note)), P(user_id, c->who->id), P(now, c->now)), 1));
	TRY(move_loaner(c, &l, LOANER_READY));
	TRY(audit_add(c, "loaner", l.id, "erased", BIND(P(loan, no), P(method, erase_methods[method]), P(note, note))));
	return loan_get(c, no, ret);
}

/* ---- reminder ---- */

struct due { int64_t id, order_id; str no, code; day due_on; };

static enum err remind_all(struct ctx *c, void *arg)
{
	static const struct field due_fields[] = { FIELD(struct due, id), FIELD(struct due, order_id), FIELD(struct due, no), FIELD(struct due, code), FIELD(struct due, due_on), { 0 } };
	struct due *d;
	size_t n;

	(void)arg;
	TRY(db_rows(c, &q_loan_due, BIND(P(day, (day){ tz_day(c->who->zone, c->now).d + 1 })), due_fields, sizeof *d, 200, &d, &n));
	for (size_t i = 0; i < n; i++) {
		struct order o;

		TRY(order_by_id(c, d[i].order_id, &o));
		TRY(order_say(c, &o, trf(c, N_("Loaner {1} ({2}) is due back on {3}. Please ask the customer."), d[i].code, d[i].no, d[i].due_on), true, c->who->name));
		TRY(db_exec(c, &q_loan_reminded, BIND(P(id, d[i].id)), 1));
	}
	return ERR_OK;
}

enum err loan_remind(struct ctx *c) { return db_write(db_of(c->db), c, remind_all, NULL); }

/* ---- what loaners say to the moves of an order ---- */

static enum err on_move(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	int64_t out;

	(void)m;
	(void)a;
	if (o->state != ORDER_CLOSED && o->state != ORDER_CANCELLED && o->state != ORDER_REJECTED)
		return ERR_OK;
	TRY(db_int(c, &q_loans_out, BIND(P(order_id, o->id)), &out));
	return out ? fail(c, ERR_CONFLICT, N_("The loaner of order {1} is still with the customer."), o->no) : loaner_release(c, o);
}
const struct order_hook loaner_order_hook = { .name = "loaner", .on = on_move };
