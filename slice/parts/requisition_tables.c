/* requisition_tables.c — the closed lists of the parts' way, and who may move what [S2]. */
#include "base/i18n.h"
#include "slice/account/perm.h"
#include "slice/parts/requisition_int.h"

#define NAMES(...) { __VA_ARGS__, NULL }
#define FIRST(id, name, ...) name,
#define SECOND(id, name, title, ...) title,
#define TONE(id, name, title, open, tone) tone,
const char *const requisition_kinds[] = NAMES("order", "van", "transfer");
const char *const requisition_kind_titles[] = NAMES(N_("For an order"), N_("For own stock"), N_("Transfer"));
const char *const requisition_states[] = { REQ_STATES(FIRST) NULL };
const char *const requisition_state_titles[] = { REQ_STATES(SECOND) NULL };
const char *const requisition_state_tones[] = { REQ_STATES(TONE) NULL };
const char *const requisition_events[] = { REQ_EVENTS(FIRST) NULL };
const char *const requisition_event_verbs[] = { REQ_EVENTS(SECOND) NULL };
const char *const old_states[] = { OLD_STATES(FIRST) NULL };
const char *const old_state_titles[] = { OLD_STATES(SECOND) NULL };
const char *const old_state_tones[] = { OLD_STATES(TONE) NULL };
const char *const old_events[] = { OLD_EVENTS(FIRST) NULL };
const char *const old_event_verbs[] = { OLD_EVENTS(SECOND) NULL };
const char *const old_verdicts[] = NAMES("bad", "no_fault", "our_damage");
const char *const old_verdict_titles[] = NAMES(N_("Bad"), N_("No fault found"), N_("Damaged by us"));
const char *const no_old_reasons[] = NAMES("installation", "kept", "lost", "destroyed");
const char *const no_old_titles[] = NAMES(N_("New installation, nothing came out"), N_("The customer kept it"), N_("Lost"), N_("Destroyed"));

#define BIT(s) (1u << REQ_##s)
#define TO_COUNT REQ_STATE_N
const struct req_move requisition_moves[] = {
	{ BIT(REQUESTED), REQ_EV_APPROVE, TO_COUNT, REQ_BY_STAFF, PERM_PARTS_APPROVE, REQ_LINES, .primary = true },
	{ BIT(REQUESTED), REQ_EV_REJECT, REQ_REJECTED, REQ_BY_STAFF, PERM_PARTS_APPROVE, REQ_NEED_REASON, .danger = true },
	{ BIT(REQUESTED), REQ_EV_CANCEL, REQ_CANCELLED, REQ_BY_REQUESTER, PERM_PARTS_REQUEST, REQ_NEED_REASON, .danger = true },
	{ BIT(APPROVED) | BIT(SHIPPED), REQ_EV_ISSUE, TO_COUNT, REQ_BY_STAFF | REQ_BY_SENDER, PERM_PARTS_ISSUE, REQ_LINES, .primary = true },
	{ BIT(APPROVED), REQ_EV_SHORT, TO_COUNT, REQ_BY_STAFF | REQ_BY_REQUESTER, PERM_PARTS_ISSUE, REQ_NEED_REASON, .danger = true },
	{ BIT(SHIPPED), REQ_EV_RECEIVE, TO_COUNT, REQ_BY_STAFF | REQ_BY_RECEIVER, PERM_PARTS_RECEIVE, REQ_LINES, .primary = true },
	{ BIT(RECEIVED), REQ_EV_RETURN, TO_COUNT, REQ_BY_STAFF, PERM_PARTS_RECEIVE, REQ_LINES, .primary = true },
};
const size_t requisition_moves_n = LEN(requisition_moves);

/* Staff act by permission; the persons whose stock or paper it is act because it is theirs. What goes to a person is received by them. */
static bool theirs(const struct ctx *c, const struct requisition *r, const struct req_move *m)
{
	bool personal = m->ev == REQ_EV_RECEIVE && r->to_user_id != NIL && c->who->sight != SIGHT_ALL;
	int64_t me = c->who->id;

	if ((m->who & REQ_BY_STAFF) && may(c, m->need) && !personal)
		return true;
	return me != NIL && (((m->who & REQ_BY_REQUESTER) && r->requester_id == me) || ((m->who & REQ_BY_SENDER) && r->from_user_id == me)
		|| ((m->who & REQ_BY_RECEIVER) && r->to_user_id == me));
}

bool requisition_left_to_ship(const struct requisition *r)
{
	for (size_t i = 0; i < r->n_lines; i++)
		if (r->lines[i].approved > r->lines[i].shipped)
			return true;
	return false;
}

const struct req_move *requisition_move_for(const struct ctx *c, const struct requisition *r, enum req_event ev)
{
	for (size_t i = 0; i < requisition_moves_n; i++) {
		const struct req_move *m = &requisition_moves[i];

		if (m->ev == ev && r->state >= 0 && (m->from & 1u << r->state) && theirs(c, r, m) && (ev != REQ_EV_ISSUE || requisition_left_to_ship(r)))
			return m;
	}
	return NULL;
}

#undef BIT
#define BIT(s) (1u << OLD_##s)
const struct old_move old_moves[] = {
	{ BIT(DUE), OLD_EV_TAKE_IN, OLD_BACK, PERM_PARTS_RECEIVE, .primary = true },
	{ BIT(DUE), OLD_EV_WAIVE, OLD_WAIVED, PERM_PARTS_WRITEOFF, .reason = true, .danger = true },
	{ BIT(BACK), OLD_EV_INSPECT, OLD_INSPECTED, PERM_PARTS_RECEIVE, .verdict = true, .primary = true },
	{ BIT(INSPECTED), OLD_EV_WRITE_OFF, OLD_WRITTEN_OFF, PERM_PARTS_WRITEOFF, .reason = true, .primary = true },
	{ BIT(INSPECTED), OLD_EV_CLAIM, OLD_CLAIMED, PERM_PARTS_WRITEOFF, .primary = false },
	{ BIT(INSPECTED), OLD_EV_RECOVER, OLD_RECOVERED, PERM_PARTS_WRITEOFF, .reason = true },
	{ BIT(CLAIMED), OLD_EV_CREDIT, OLD_CREDITED, PERM_PARTS_WRITEOFF, .primary = true },
	{ BIT(CLAIMED), OLD_EV_REFUSED, OLD_INSPECTED, PERM_PARTS_WRITEOFF, .reason = true },
};
const size_t old_moves_n = LEN(old_moves);

const struct old_move *old_move_for(const struct ctx *c, const struct old_part *o, enum old_event ev)
{
	for (size_t i = 0; i < old_moves_n; i++)
		if (old_moves[i].ev == ev && o->state >= 0 && (old_moves[i].from & 1u << o->state) && may(c, old_moves[i].need))
			return &old_moves[i];
	return NULL;
}
