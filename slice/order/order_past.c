/* order_past.c — orders that happened elsewhere: their history is replayed through the move table, so that what stands here could have happened here.
 * Guards and hooks are left out: they ask of the present. */
#include "base/time.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/order/order_int.h"
#include "slice/order/order_past.h"
#include "slice/org/org.h"

/* Moves that lead to a state nothing else needs to be known for; a replay takes no other. */
static bool replayable(const struct order_move *m) { return m->ev != ORDER_EV_CANCEL && m->ev != ORDER_EV_REJECT && !m->passes; }

static int target_of(const struct order_move *m, int wait_from) { return m->to == ORDER_STATE_N ? wait_from : (int)m->to; }

/* Breadth first over states; where a wait began is part of the way. */
bool order_way(int mode, int from, int wait_from, int to, struct order_hop *ret, size_t *ret_n)
{
	struct node { int state, wait_from, parent; enum order_event ev; } q[ORDER_STATE_N * ORDER_STATE_N + 1];
	bool seen[ORDER_STATE_N][ORDER_STATE_N + 1] = { 0 };
	size_t head = 0, tail = 0, n = 0;

	q[tail++] = (struct node){ from, wait_from, -1, 0 };
	seen[from][wait_from < 0 ? ORDER_STATE_N : wait_from] = true;
	for (; head < tail; head++) {
		if (q[head].state == to && (head || from == to))
			break;
		for (size_t i = 0; i < order_moves_n; i++) {
			const struct order_move *m = &order_moves[i];
			int next = target_of(m, q[head].wait_from), back = next == ORDER_WAITING ? q[head].state : -1;

			if (!(m->from & 1u << q[head].state) || (m->modes && !(m->modes & 1u << mode)) || !replayable(m) || next < 0)
				continue;
			if (seen[next][back < 0 ? ORDER_STATE_N : back])
				continue;
			seen[next][back < 0 ? ORDER_STATE_N : back] = true;
			q[tail++] = (struct node){ next, back, (int)head, m->ev };
		}
	}
	if (head == tail)
		return false;
	for (int i = (int)head; q[i].parent >= 0; i = q[i].parent)
		n++;
	*ret_n = n;
	for (int i = (int)head; q[i].parent >= 0; i = q[i].parent)
		ret[--n] = (struct order_hop){ q[i].ev, q[q[i].parent].state, q[i].state, q[i].wait_from };
	return true;
}

/* The move named by the record itself; the ends that need a reason are only reached so. */
static bool named_way(int mode, int from, int wait_from, const struct order_past_step *s, struct order_hop *ret)
{
	int ev = name_index(order_events, s->event);

	for (size_t i = 0; i < order_moves_n && ev >= 0; i++) {
		const struct order_move *m = &order_moves[i];

		if ((int)m->ev != ev || !(m->from & 1u << from) || (m->modes && !(m->modes & 1u << mode)) || target_of(m, wait_from) != s->state)
			continue;
		*ret = (struct order_hop){ m->ev, from, s->state, s->state == ORDER_WAITING ? from : -1 };
		return true;
	}
	return false;
}

static bool step_way(int mode, int from, int wait_from, const struct order_past_step *s, struct order_hop *ret, size_t *ret_n)
{
	*ret_n = 1;
	return named_way(mode, from, wait_from, s, ret) || order_way(mode, from, wait_from, s->state, ret, ret_n);
}

static enum err put_event(struct ctx *c, int64_t id, const struct order_past *p, const char *kind, const struct bind *data, instant at)
{
	return audit_put(c, &(struct audit_entry){ "order", id, kind, audit_data(c, data), at, NO_INSTANT, p->actor });
}

static enum err replay(struct ctx *c, int64_t id, const struct order_past *p, struct order *o)
{
	struct order_hop hop[ORDER_STATE_N];

	for (size_t i = 0; i < p->n_steps; i++) {
		const struct order_past_step *s = &p->steps[i];
		size_t n;

		if (!step_way(o->mode, o->state, o->wait_from, s, hop, &n))
			continue;                      /* told by the caller beforehand: order_past_check */
		for (size_t k = 0; k < n; k++) {
			TRY(put_event(c, id, p, order_events[hop[k].ev], BIND(P(from, order_states[hop[k].from]), P(to, order_states[hop[k].to]), P(note, s->note)), s->at));
			o->state = hop[k].to;
			o->wait_from = hop[k].wait_from;
		}
		o->wait = o->state == ORDER_WAITING ? s->wait : -1;
		o->state_at = s->at;
	}
	return ERR_OK;
}

/* Where the replay ends, without writing; NULL when every step has a way, else the step that has none. */
const struct order_past_step *order_past_check(const struct order_past *p)
{
	struct order_hop hop[ORDER_STATE_N];
	int state = ORDER_REGISTERED, wait_from = -1;

	for (size_t i = 0; i < p->n_steps; i++) {
		size_t n;

		if (!step_way(p->mode, state, wait_from, &p->steps[i], hop, &n))
			return &p->steps[i];
		if (n) {
			state = hop[n - 1].to;
			wait_from = hop[n - 1].wait_from;
		}
	}
	return NULL;
}

/* An engineer who works here too keeps the job; a stranger's name stays in the events. */
static enum err engineer_of(struct ctx *c, str login, int64_t *ret)
{
	struct user u = { .id = NIL };
	enum err e = login.n ? user_by_login(c, login, &u) : ERR_NOT_FOUND;

	if (e == ERR_NOT_FOUND)
		c->diag = (struct diag){ 0 };
	*ret = u.id;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err order_import(struct ctx *c, const struct order_past *p, int64_t *ret_id, bool *ret_known)
{
	struct order o = { .kind = p->kind, .mode = p->mode, .state = ORDER_REGISTERED, .wait = -1, .wait_from = -1, .state_at = p->opened_at };
	int64_t id, engineer;
	bool open;
	str no;

	assert(db_writing(c->db));
	*ret_known = !db_int(c, &q_order_by_ref, BIND(P(ref, p->external_ref)), ret_id);
	if (*ret_known)
		return ERR_OK;
	c->diag = (struct diag){ 0 };
	TRY(engineer_of(c, p->engineer, &engineer));
	TRY(series_next(c, "order", &no));
	TRY(db_insert(c, &q_order_past_insert, BIND(P(channel, p->channel.n ? p->channel : S("import")), P(phone, p->phone), P(email, p->email), P(address, p->address),
		P(division, p->division), P(engineer_id, engineer), P(fault_code, p->fault_code), P(cause, p->cause),
		{ "satisfaction", p->satisfaction < 1 ? (struct val){ 0 } : v_int(p->satisfaction) }, { "fee", p->fee.cur[0] ? v_money(p->fee) : (struct val){ 0 } },
		P(currency, p->fee.cur[0] ? p->fee.cur : "CNY"), P(no, no), P(follow_token, order_token(c)), P(kind, order_kinds[p->kind]), P(mode, order_modes[p->mode]),
		P(priority, order_priorities[p->priority]), P(customer_id, p->customer_id), P(device_id, p->device_id), P(contact_name, p->contact_name),
		P(station_id, p->station_id), P(org_path, p->org_path), P(fault, p->fault), P(symptom, p->symptom), P(note, p->note), P(finding, p->finding), P(result, p->result),
		P(end_reason, p->end_reason), { "verdict", p->verdict < 0 ? (struct val){ 0 } : v_cstr(order_verdicts[p->verdict]) }, P(due_at, (int64_t)DUE_NEVER),
		P(opened_at, p->opened_at), P(source, p->source.s), P(external_ref, p->external_ref)), &id));
	TRY(order_held(c, p->customer_id, p->device_id, p->org_path));
	TRY(put_event(c, id, p, "register", BIND(P(no, no), P(to, "registered"), P(channel, "import"), P(external_ref, p->external_ref), P(fault, p->fault)), p->opened_at));
	TRY(replay(c, id, p, &o));
	open = !order_ended(o.state);
	TRY(db_exec(c, &q_order_past_set, BIND(P(id, id), P(state, order_states[o.state]), P(open, open), P(state_at, o.state_at),
		{ "wait", o.wait < 0 ? (struct val){ 0 } : v_cstr(order_waits[o.wait]) }, { "wait_from", o.wait_from < 0 ? (struct val){ 0 } : v_cstr(order_states[o.wait_from]) },
		P(paused, o.state == ORDER_WAITING), { "closed_at", open ? (struct val){ 0 } : v_instant(o.state_at) }), 1));
	TRY(order_index_texts(c, id, p->station_id, (const str[]){ no, p->contact_name, p->fault, p->finding, p->result, p->external_ref, p->words }, 7));
	*ret_id = id;
	return ERR_OK;
}
