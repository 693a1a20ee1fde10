/* order.c — registering, finding and talking. Moves are in order_act.c. */
#include "slice/order/order_int.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/org/org.h"

const struct field order_row_fields_db[] = {
	FIELD(struct order_row, id), FIELD(struct order_row, ver), FIELD(struct order_row, no), FIELD(struct order_row, follow_token), FIELD(struct order_row, customer), FIELD(struct order_row, phone), FIELD(struct order_row, address),
	FIELD(struct order_row, serial), FIELD(struct order_row, model), FIELD(struct order_row, station), FIELD(struct order_row, engineer), FIELD(struct order_row, engineer_login),
	FIELD(struct order_row, fault), FIELD(struct order_row, wait), FIELD_ENUM(struct order_row, kind, order_kinds), FIELD_ENUM(struct order_row, mode, order_modes),
	FIELD_ENUM(struct order_row, state, order_states), FIELD_ENUM(struct order_row, priority, order_priorities), FIELD(struct order_row, opened_at),
	FIELD(struct order_row, state_at), FIELD(struct order_row, due_at), FIELD(struct order_row, window_from),
	FIELD(struct order_row, visit_from), FIELD(struct order_row, visit_to), FIELD(struct order_row, paused), { 0 }
};
#define O(m) FIELD(struct order, m)
const struct field order_fields_db[] = {
	O(id), O(ver), O(no), O(follow_token), O(external_ref),
	FIELD_ENUM(struct order, kind, order_kinds), FIELD_ENUM(struct order, mode, order_modes), FIELD_ENUM(struct order, channel, order_channels),
	FIELD_ENUM(struct order, state, order_states), FIELD_ENUM(struct order, priority, order_priorities), FIELD_ENUM(struct order, frequency, order_frequencies),
	FIELD_ENUM(struct order, data_choice, order_data_choices), FIELD_ENUM(struct order, wait, order_waits), FIELD_ENUM(struct order, wait_from, order_states),
	FIELD_ENUM(struct order, verdict, order_verdicts), O(satisfaction), O(reopened), O(customer_id), O(device_id), O(product_id), O(station_id), O(station_calendar_id), O(engineer_id), O(agent_id), O(parent_id), O(contract_id), O(contract),
	O(customer_no), O(customer), O(phone), O(email), O(address), O(division), O(serial), O(brand), O(model), O(invoice_no),
	FIELD_ENUM(struct order, device_kind, device_kinds), O(station), O(station_name), O(engineer), O(engineer_login), O(org_path), O(fault), O(symptom), O(self_test),
	O(condition), O(note), O(remote_advice), O(fault_code), O(cause), O(finding), O(result), O(end_reason), O(coverage), O(signer), O(has_unlock), O(unit_in),
	O(signature_id), O(fee), O(window_from), O(window_to), O(visit_from), O(visit_to), O(opened_at), O(state_at), O(due_at), O(wait_until), O(handed_over_at),
	O(closed_at), O(lat), O(lon), O(travel_m), O(paused), { 0 }
};
static const struct field item_fields[] = { FIELD(struct order_item, name), FIELD(struct order_item, qty), { 0 } };
static const struct field message_fields[] = {
	FIELD(struct order_message, id), FIELD(struct order_message, author_id), FIELD(struct order_message, at), FIELD(struct order_message, author),
	FIELD(struct order_message, text), FIELD(struct order_message, internal), FIELD(struct order_message, from_customer), { 0 }
};
static const struct field count_fields[] = {
	FIELD_ENUM(struct order_count, state, order_states), FIELD(struct order_count, n), FIELD(struct order_count, overdue), { 0 }
};

static void due_to_nil(instant *t)
{
	if (t->ms == DUE_NEVER)
		t->ms = NIL;
}

enum err order_load(struct ctx *c, const struct bind *b, struct order *ret)
{
	struct order o = { 0 };

	TRY(db_row(c, &q_order_one, b, order_fields_db, &o));
	TRY(db_rows(c, &q_order_accessories, BIND(P(order_id, o.id)), item_fields, sizeof *o.accessories, 100, &o.accessories, &o.n_accessories));
	due_to_nil(&o.due_at);
	*ret = o;
	return ERR_OK;
}

/* An engineer's need to know ends with the job [N5]. */
static bool job_is_over(const struct ctx *c, int state) { return c->who->sight == SIGHT_OWN && order_ended(state); }

bool order_reaches(const struct ctx *c, const struct order *o) { return may(c, PERM_CUSTOMER_PII) && !job_is_over(c, o->state); }

static enum err load_in_sight(struct ctx *c, int64_t id, str no, struct order *ret)
{
	struct in_sight s;

	TRY(sight_of(c, &s));
	TRY(order_load(c, BIND(P(id, id), P(no, no), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(customer_id, s.customer)), ret));
	if (job_is_over(c, ret->state))
		ret->phone = ret->email = ret->address = (str){ 0 };
	return ERR_OK;
}

enum err order_get(struct ctx *c, str no, struct order *ret) { return load_in_sight(c, NIL, no, ret); }
enum err order_by_id(struct ctx *c, int64_t id, struct order *ret) { return load_in_sight(c, id, (str){ 0 }, ret); }

enum err order_fresh(struct ctx *c, int64_t id, struct order *ret) { return order_load(c, BIND(P(id, id)), ret); }

enum err order_by_token(struct ctx *c, str token, struct order *ret)
{
	if (token.n < 20)
		return fail(c, ERR_NOT_FOUND, NULL);
	return order_load(c, BIND(P(token, token)), ret);
}

/* ---- lists ---- */

static void show_rows(const struct ctx *c, struct order_row *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		due_to_nil(&row[i].due_at);
		if (job_is_over(c, row[i].state))
			row[i].phone = row[i].address = (str){ 0 };
	}
}

static str state_word(const struct order_filter *f) { return f->state < 0 ? (str){ 0 } : str_c(order_states[f->state]); }
static str kind_word(const struct order_filter *f) { return f->kind < 0 ? (str){ 0 } : str_c(order_kinds[f->kind]); }
static int64_t open_gate(const struct order_filter *f) { return f->open_only || f->overdue ? 1 : NIL; }

static enum err list_of(struct ctx *c, const struct order_filter *f, const struct in_sight *s, int64_t station, int64_t engineer,
	struct order_row **ret, size_t *ret_n)
{
	int64_t customer = s->customer != NIL ? s->customer : f->customer_id;

	return db_rows(c, &q_order_of, BIND(P(customer_id, customer), P(device_id, f->device_id), P(before, f->before), P(org_lo, s->org_lo), P(org_hi, s->org_hi),
		P(engineer_id, engineer), P(station_id, station), P(state, state_word(f)), P(kind, kind_word(f)), P(open, open_gate(f)), P(limit, (int64_t)f->limit + 1)),
		order_row_fields_db, sizeof **ret, 201, ret, ret_n);
}

/* Only what lies below this place of the network; NOT_FOUND when that is outside the reader's sight. */
static enum err narrow(struct ctx *c, str code, struct in_sight *s)
{
	struct org at;

	if (!code.n)
		return ERR_OK;
	TRY(org_by_code(c, code, &at));
	if (s->org_lo.n && !str_starts(at.path, s->org_lo))
		return fail(c, ERR_NOT_FOUND, NULL);
	s->org_lo = at.path;
	s->org_hi = arena_fmt(c->a, "%.*s\x7f", STR_ARG(at.path));
	return ERR_OK;
}

/* Who works at a station sees that station only; its id has an index in the order of lists, its path has not. */
static enum err own_station(struct ctx *c, int64_t *ret)
{
	struct org here;

	TRY(org_head(c, c->who->org_id, &here));
	if (here.kind == ORG_STATION && str_eq(here.path, c->who->org_path))
		*ret = here.id;
	return ERR_OK;
}

static enum err filter_ids(struct ctx *c, const struct order_filter *f, struct in_sight *s, int64_t *ret_station, int64_t *ret_engineer)
{
	struct org org;
	struct user who;

	*ret_station = NIL;
	*ret_engineer = s->own;
	if (f->station.n) {
		TRY(org_by_code(c, f->station, &org));
		*ret_station = org.id;
	}
	if (f->engineer.n) {
		TRY(user_by_login(c, f->engineer, &who));
		if (s->own != NIL && s->own != who.id)
			return fail(c, ERR_NOT_FOUND, NULL);
		*ret_engineer = who.id;
	}
	return *ret_station == NIL && c->who->sight == SIGHT_ORG ? own_station(c, ret_station) : ERR_OK;
}

static enum err list_by_due(struct ctx *c, const struct order_filter *f, const struct in_sight *s, int64_t station, int64_t engineer,
	struct order_row **ret, size_t *ret_n)
{
	int64_t after_due = NIL;

	if (f->before != NIL)
		TRY(db_int(c, &q_order_due_of, BIND(P(id, f->before)), &after_due));
	return db_rows(c, &q_order_by_due, BIND(P(state, state_word(f)), P(kind, kind_word(f)), P(org_lo, s->org_lo), P(org_hi, s->org_hi), P(engineer_id, engineer), P(station_id, station),
		{ "overdue", f->overdue ? v_int(c->now.ms) : f->running ? v_int(INT64_MAX) : (struct val){ 0 } }, P(after, f->before), P(after_due, after_due), P(limit, (int64_t)f->limit + 1)),
		order_row_fields_db, sizeof **ret, 201, ret, ret_n);
}

static const bool open_state[ORDER_STATE_N] = {
#define X(id, name, title, open, tone) [ORDER_##id] = open,
	ORDER_STATES(X)
#undef X
};

static enum err list_newest(struct ctx *c, const struct order_filter *f, const struct in_sight *s, int64_t station, int64_t engineer,
	struct order_row **ret, size_t *ret_n)
{
	str state = state_word(f), none = { 0 };
	bool running = f->state >= 0 && open_state[f->state];

	return db_rows(c, &q_order_newest, BIND(P(before, f->before), P(org_lo, s->org_lo), P(org_hi, s->org_hi), P(engineer_id, engineer), P(station_id, station),
		P(ended, running ? none : state), P(running, running ? state : none), P(kind, kind_word(f)), P(limit, (int64_t)f->limit + 1)),
		order_row_fields_db, sizeof **ret, 201, ret, ret_n);
}

static int64_t day_start(const struct ctx *c, day d)
{
	int y, mo, dd;

	if (d.d == NIL)
		return NIL;
	day_split(d, &y, &mo, &dd);
	return tz_instant(c->who->zone, (struct civil){ .y = y, .mo = mo, .d = dd }).ms;
}

static day day_after(day d) { return (day){ d.d == NIL ? NIL : d.d + 1 }; }

static enum err list_between(struct ctx *c, const struct order_filter *f, const struct in_sight *s, int64_t station, int64_t engineer,
	struct order_row **ret, size_t *ret_n)
{
	return db_rows(c, &q_order_between, BIND(P(opened_from, day_start(c, f->opened_from)), P(opened_to, day_start(c, day_after(f->opened_until))),
		P(closed_from, day_start(c, f->closed_from)), P(closed_to, day_start(c, day_after(f->closed_until))), P(open, open_gate(f)),
		P(after, f->before), P(org_lo, s->org_lo), P(org_hi, s->org_hi), P(engineer_id, engineer), P(station_id, station), P(state, state_word(f)), P(kind, kind_word(f)),
		P(limit, (int64_t)f->limit + 1)),
		order_row_fields_db, sizeof **ret, 201, ret, ret_n);
}

static str station_word(struct arena *a, int64_t station_id) { return arena_fmt(a, "zst%lld", (long long)station_id); }

enum { RECENT = 5000 };

/* since: 0, or of orders from this one on only. */
static enum err list_matching(struct ctx *c, str words, int64_t since, const struct order_filter *f, const struct in_sight *s, int64_t station, int64_t engineer,
	struct order_row **ret, size_t *ret_n)
{
	return db_rows(c, since ? &q_order_words_since : &q_order_words, BIND(P(words, words), P(since, since), P(before, f->before), P(org_lo, s->org_lo), P(org_hi, s->org_hi), P(engineer_id, engineer),
		P(station_id, station), P(customer_id, s->customer != NIL ? s->customer : f->customer_id), P(state, state_word(f)), P(kind, kind_word(f)), P(open, open_gate(f)),
		{ "overdue", f->overdue ? v_int(c->now.ms) : (struct val){ 0 } }, P(limit, (int64_t)f->limit + 1)), order_row_fields_db, sizeof **ret, 201, ret, ret_n);
}

/* PostgreSQL's index gives all that match, in no order, and guesses too few of several words: what is common it is quicker to read from the
 * newest order backwards. */
static enum err list_common(struct ctx *c, str words, const struct order_filter *f, const struct in_sight *s, int64_t station, int64_t engineer,
	struct order_row **ret, size_t *ret_n)
{
	int64_t last = f->before;

	if (db_engine(db_of(c->db)) == DB_POSTGRES && memchr(words.p, ' ', words.n)) {
		if (last == NIL)
			TRY(db_int(c, &q_order_last, NULL, &last));
		TRY(list_matching(c, words, last > RECENT ? last - RECENT : 1, f, s, station, engineer, ret, ret_n));
		if (*ret_n > f->limit)
			return ERR_OK;
	}
	return list_matching(c, words, 0, f, s, station, engineer, ret, ret_n);
}

/* Words of the order itself; the number alone goes straight to its order. Words with others behind them are whole words, or where that
 * finds nothing, beginnings as well. */
static enum err list_words(struct ctx *c, const struct order_filter *f, const struct in_sight *s, int64_t station, int64_t engineer,
	struct order_row **ret, size_t *ret_n)
{
	enum db_engine engine = db_engine(db_of(c->db));
	str query[] = { fts_query(c->a, f->q, true, engine), fts_query(c->a, f->q, false, engine) };

	*ret_n = 0;
	for (size_t i = 0; i < LEN(query) && query[i].n && !*ret_n && !(i && str_eq(query[0], query[1])); i++) {
		str words = station == NIL ? query[i] : fts_and(c->a, query[i], station_word(c->a, station), engine);

		TRY(list_common(c, words, f, s, station, engineer, ret, ret_n));
	}
	return ERR_OK;
}

enum err order_index_texts(struct ctx *c, int64_t id, int64_t station_id, const str *text, size_t n)
{
	str words = index_words(c->a, arena_join(c->a, text, n, S(" ")));

	if (station_id != NIL)
		words = arena_fmt(c->a, "%.*s %.*s", STR_ARG(words), STR_ARG(station_word(c->a, station_id)));
	return db_exec(c, &q_order_fts_put, BIND(P(id, id), P(words, words)), -1);
}

enum err order_index(struct ctx *c, const struct order *o)
{
	const str texts[] = { o->no, o->customer, o->serial, o->brand, o->model, o->fault, o->finding, o->result, o->fault_code, o->address, o->phone };

	return order_index_texts(c, o->id, o->station_id, texts, LEN(texts));
}

enum err order_fee_set(struct ctx *c, int64_t order_id, money fee)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_order_fee, BIND(P(id, order_id), P(fee, fee), P(currency, (const char *)fee.cur)), 1);
}

enum err order_unjudged(struct ctx *c, struct order_unjudged *ret)
{
#define U(m) FIELD(struct order_unjudged, m)
	static const struct field f[] = { U(orders), U(no_device), U(imported), U(other), { 0 } };
#undef U

	return db_row(c, &q_order_unjudged, BIND(), f, ret);
}

enum err order_customer_merged(struct ctx *c, int64_t keep, int64_t drop)
{
	return db_exec(c, &q_order_customer_move, BIND(P(keep, keep), P(drop, drop)), -1);
}

enum err order_org_moved(struct ctx *c, str old_path, str new_path)
{
	return db_exec(c, &q_order_org_moved, BIND(P(new_path, new_path), P(cut, (int64_t)old_path.n + 1), P(old_path, old_path), P(old_end, str_behind(c->a, old_path))), -1);
}

enum err order_list(struct ctx *c, const struct order_filter *f, struct order_row **ret, size_t *ret_n, int64_t *ret_next)
{
	struct in_sight s;
	struct order_row *rows;
	int64_t station, engineer;
	size_t n;

	TRY(sight_of(c, &s));
	TRY(narrow(c, f->org, &s));
	TRY(filter_ids(c, f, &s, &station, &engineer));
	if (f->q.n)
		TRY(list_words(c, f, &s, station, engineer, &rows, &n));
	else if (f->opened_from.d != NIL || f->closed_from.d != NIL)
		TRY(list_between(c, f, &s, station, engineer, &rows, &n));
	else if (f->customer_id != NIL || f->device_id != NIL || s.customer != NIL)
		TRY(list_of(c, f, &s, station, engineer, &rows, &n));
	else if (f->by_due || f->open_only || f->overdue)
		TRY(list_by_due(c, f, &s, station, engineer, &rows, &n));
	else
		TRY(list_newest(c, f, &s, station, engineer, &rows, &n));
	*ret_next = NIL;
	if (n > f->limit) {
		n = f->limit;
		*ret_next = rows[n - 1].id;
	}
	show_rows(c, rows, n);
	*ret = rows;
	*ret_n = n;
	return ERR_OK;
}

static int more_urgent(const void *a, const void *b)
{
	const struct order_row *x = a, *y = b;

	if (x->state != y->state)
		return x->state < y->state ? -1 : 1;
	if (x->due_at.ms != y->due_at.ms)
		return x->due_at.ms < y->due_at.ms ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

enum err order_firsts(struct ctx *c, const struct order_filter *f, const struct order_count *count, size_t n_count, struct order_row **ret, size_t *ret_n)
{
	int64_t station, engineer;
	struct in_sight s;
	str states = S("");

	*ret_n = 0;
	if (!n_count)
		return ERR_OK;
	for (size_t i = 0; i < n_count; i++)
		states = arena_fmt(c->a, "%.*s%c\"%s\"", STR_ARG(states), i ? ',' : '[', order_states[count[i].state]);
	TRY(sight_of(c, &s));
	TRY(narrow(c, f->org, &s));
	TRY(filter_ids(c, f, &s, &station, &engineer));
	TRY(db_rows(c, &q_order_firsts, BIND(P(states, arena_fmt(c->a, "%.*s]", STR_ARG(states))), P(org_lo, s.org_lo), P(org_hi, s.org_hi),
		P(engineer_id, engineer), P(station_id, station), P(kind, kind_word(f)), P(limit, (int64_t)f->limit)),
		order_row_fields_db, sizeof **ret, n_count * f->limit, ret, ret_n));
	qsort(*ret, *ret_n, sizeof **ret, more_urgent);
	show_rows(c, *ret, *ret_n);
	return ERR_OK;
}

enum err order_counts(struct ctx *c, const struct order_filter *f, struct order_count **ret, size_t *ret_n)
{
	static const struct order_filter any = { .kind = -1 };
	struct in_sight s;

	f = f ? f : &any;
	TRY(sight_of(c, &s));
	TRY(narrow(c, f->org, &s));
	return db_rows(c, &q_order_counts, BIND(P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(kind, kind_word(f)), P(now, c->now.ms)),
		count_fields, sizeof **ret, 100, ret, ret_n);
}

enum err order_children(struct ctx *c, int64_t id, struct order_row **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(sight_of(c, &s));
	TRY(db_rows(c, &q_order_children, BIND(P(parent_id, id), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(customer_id, s.customer), P(limit, (int64_t)20)),
		order_row_fields_db, sizeof **ret, 20, ret, ret_n));
	show_rows(c, *ret, *ret_n);
	return ERR_OK;
}

/* ---- talk ---- */

enum err order_say(struct ctx *c, const struct order *o, str text, bool internal, str author)
{
	bool customer = c->who->sight == SIGHT_CUSTOMER;

	if (internal && customer)
		return fail(c, ERR_FORBIDDEN, NULL);
	if (!str_trim(text).n)
		return fail_field(c, "text", N_("Please write something."));
	TRY(db_exec(c, &q_order_message_insert, BIND(P(order_id, o->id), P(now, c->now.ms), P(author_id, c->who->id), P(author, author), P(text, text),
		P(internal, internal), P(from_customer, customer)), 1));
	return audit_add(c, "order", o->id, "message", BIND(P(text, text), P(internal, internal)));
}

static struct val public_only(bool internal) { return internal ? (struct val){ 0 } : v_int(0); }

enum err order_talk(struct ctx *c, int64_t order_id, bool internal, int64_t after, size_t max, struct order_message **ret, size_t *ret_n)
{
	return db_rows(c, &q_order_messages, BIND(P(order_id, order_id), { "public_only", public_only(internal) }, P(after, after), P(limit, (int64_t)max)), message_fields,
		sizeof **ret, 201, ret, ret_n);
}

enum err order_talk_last(struct ctx *c, int64_t order_id, bool internal, size_t max, struct order_message **ret, size_t *ret_n, bool *ret_more)
{
	struct order_message *m, t;
	size_t n;

	TRY(db_rows(c, &q_order_messages_last, BIND(P(order_id, order_id), { "public_only", public_only(internal) }, P(limit, (int64_t)max + 1)), message_fields, sizeof *m, 201, &m, &n));
	*ret_more = n > max;
	n = *ret_more ? max : n;
	for (size_t i = 0; i < n / 2; i++)
		t = m[i], m[i] = m[n - 1 - i], m[n - 1 - i] = t;
	*ret = m;
	*ret_n = n;
	return ERR_OK;
}
