/* order_words_web.c — how states, waits, events and moves of an order read on a page. */
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/order/order_view.h"
#include "slice/org/org.h"

str order_state_title(const struct ctx *c, int state) { return state < 0 ? (str){ 0 } : tr(c, order_state_titles[state]); }

str order_wait_title(const struct ctx *c, str wait)
{
	int i = wait.n ? name_index(order_waits, wait) : -1;

	return i < 0 ? (str){ 0 } : tr(c, order_wait_titles[i]);
}

enum tone order_tone(int state) { return ui_tone_of(order_state_tones[state]); }

/* Events that are no moves, as people read them. */
static const struct { const char *kind, *title; enum tone tone; } event_titles[] = {
	{ "register", N_("Registered"), TONE_INFO }, { "message", N_("Message"), TONE_IDLE }, { "edit", N_("Facts corrected"), TONE_IDLE },
	{ "warn", N_("Deadline comes near"), TONE_WARN }, { "breach", N_("Deadline missed"), TONE_BAD }, { "escalate", N_("Escalated"), TONE_BAD },
	{ "read", N_("Shown to"), TONE_IDLE }, { "callback", N_("Called back"), TONE_OK }, { "callback_missed", N_("Nobody answered"), TONE_WARN },
	{ "attached", N_("File added"), TONE_IDLE }, { "detached", N_("File removed"), TONE_IDLE }, { "erased", N_("Personal data erased"), TONE_WARN },
	{ "fee", N_("Fee added"), TONE_IDLE }, { "fee_struck", N_("Fee struck"), TONE_IDLE }, { "fee_basis", N_("Free or paid decided anew"), TONE_IDLE },
	{ "quote", N_("Quote made"), TONE_INFO }, { "quote_approve", N_("Quote approved"), TONE_OK }, { "quote_refuse", N_("Quote refused"), TONE_BAD },
	{ "quote_withdraw", N_("Quote withdrawn"), TONE_IDLE }, { "payment", N_("Payment taken"), TONE_OK }, { "deposit", N_("Deposit taken"), TONE_OK },
	{ "refund", N_("Refund given"), TONE_WARN }, { "receipt_countersign", N_("Receipt countersigned"), TONE_OK }, { "receipt_dispute", N_("Receipt queried"), TONE_BAD },
	{ "receipt_correct", N_("Receipt corrected"), TONE_IDLE }, { "receipt_confirm", N_("Receipt confirmed"), TONE_OK }, { "receipt_void", N_("Receipt made void"), TONE_BAD },
	{ "waiver", N_("Write-off asked for"), TONE_WARN }, { "waiver_approve", N_("Write-off granted"), TONE_OK }, { "waiver_reject", N_("Write-off not granted"), TONE_BAD },
	{ "waiver_note", N_("Write-off noted by finance"), TONE_IDLE }, { "on_account", N_("Payment on account"), TONE_WARN }, { "invoice", N_("Invoice"), TONE_IDLE },
	{ "parts_requested", N_("Parts asked for"), TONE_IDLE }, { "part_used", N_("Part used"), TONE_ACCENT }, { "part_unused", N_("Use of a part taken back"), TONE_WARN },
	{ "loaner_kept", N_("Loaner kept"), TONE_IDLE }, { "loaner_out", N_("Loaner lent"), TONE_ACCENT }, { "loaner_back", N_("Loaner back"), TONE_ACCENT },
	{ "ruling_open", N_("Exclusion ruling opened"), TONE_WARN }, { "ruling_evidence", N_("Evidence added"), TONE_IDLE }, { "ruling_sealed", N_("Exclusion ruling sealed"), TONE_WARN },
	{ "ruling_withdrawn", N_("Exclusion ruling withdrawn"), TONE_IDLE }, { "exchange_recorded", N_("New unit recorded"), TONE_INFO }, { "exchange_dropped", N_("New unit no longer recorded"), TONE_IDLE }, { "exchanged", N_("Unit exchanged"), TONE_OK },
	{ "exchange_fate", N_("Where the old unit goes"), TONE_IDLE }, { "contract_changed", N_("Service contract changed"), TONE_INFO }, { "contract_ended", N_("Service contract ended"), TONE_WARN },
	{ "contract_bound", N_("Now under a service contract"), TONE_INFO }, { "exposure", N_("A legal limit comes near"), TONE_BAD },
};

/* A clock's notice is no move, though an escalation of the engineer's has the same name. */
static str title_of(const struct ctx *c, const struct event *e, bool notice, enum tone *ret_tone)
{
	int ev = notice ? -1 : name_index(order_events, e->kind);

	*ret_tone = TONE_ACCENT;
	if (ev >= 0)
		return tr(c, order_event_verbs[ev]);
	for (size_t i = 0; i < LEN(event_titles); i++)
		if (str_eq(e->kind, str_c(event_titles[i].kind))) {
			*ret_tone = event_titles[i].tone;
			return tr(c, event_titles[i].title);
		}
	*ret_tone = TONE_IDLE;
	return e->kind;
}

enum { SAID_CLOCK, SAID_TIER, SAID_PERCENT, SAID_RECEIVER, SAID_WORDS, SAID_STATION = SAID_WORDS, SAID_ENGINEER };

static str clock_words(const struct ctx *c, const str *said)
{
	int kind = name_index(sla_kinds, said[SAID_CLOCK]), tier = name_index(sla_tiers, said[SAID_TIER]);
	str percent = said[SAID_PERCENT];

	if (kind < 0 || tier < 0)
		return (str){ 0 };
	return arena_fmt(c->a, "%.*s · %.*s%s%.*s%s%s%.*s", STR_ARG(tr(c, sla_kind_titles[kind])), STR_ARG(tr(c, sla_tier_titles[tier])), percent.n ? " · " : "",
		STR_ARG(percent), percent.n ? " %" : "", said[SAID_RECEIVER].n ? " · " : "", STR_ARG(said[SAID_RECEIVER]));
}

/* Events keep the code of a place and the login of a person; read, they have names. What is unknown by now stays as it is. */
static str called(struct ctx *c, struct event_names *k, bool place, str code)
{
	str name = code;
	struct user u;
	struct org o;

	if (!code.n)
		return code;
	for (size_t i = 0; i < k->n; i++)
		if (k->known[i].place == place && str_eq(k->known[i].code, code))
			return k->known[i].name;
	if (place ? !org_by_code(c, code, &o) : !user_by_login(c, code, &u))
		name = place ? org_title(c, &o) : u.name;
	c->diag = (struct diag){ 0 };
	if (k->n < LEN(k->known))
		k->known[k->n++] = (struct event_name){ place, code, name };
	return name;
}

struct event_line order_event_line(struct ctx *c, struct event_names *k, const struct event *e)
{
	static const char *const told[] = { "clock", "tier", "percent", "receiver", "station", "engineer", "reason", "note", "advice", "finding", "result", "signer", "text",
		"fault", "name", "what", "requisition", "part", "returned", NULL };
	struct event_line l = { .who = e->user_id == NIL && str_eq(e->actor, S("system")) ? S("") : e->actor, .at = e->at };
	str said[LEN(told)], part[LEN(told)];
	size_t n = 0;

	event_texts(c, e, told, said);
	said[SAID_STATION] = called(c, k, true, said[SAID_STATION]);
	said[SAID_ENGINEER] = called(c, k, false, said[SAID_ENGINEER]);
	l.notice = said[SAID_CLOCK].n > 0;
	l.title = title_of(c, e, l.notice, &l.tone);
	part[0] = clock_words(c, said);
	n += part[0].n > 0;
	for (size_t i = SAID_WORDS; told[i]; i++)
		if (said[i].n)
			part[n++] = said[i];
	if (e->device_at.ms != NIL)
		part[n++] = trf(c, N_("recorded on the device at {1}"), e->device_at);
	l.words = arena_join(c->a, part, n, S(" · "));
	return l;
}

void order_moves_of(struct ctx *c, const struct order *o, struct move_view **ret, size_t *ret_n)
{
	struct move_view *v = NEW_N(c->a, struct move_view, ORDER_EVENT_N);
	size_t n = 0;

	for (int ev = 0; ev < ORDER_EVENT_N; ev++) {
		const struct order_move *m = order_move_for(c, o, (enum order_event)ev);
		int to;

		if (!m)
			continue;
		to = m->to == ORDER_STATE_N ? o->wait_from : (int)m->to;
		v[n++] = (struct move_view){ str_c(order_events[ev]), tr(c, order_event_verbs[ev]), to < 0 ? (str){ 0 } : str_c(order_states[to]), m->primary, m->danger, m->fields, m->passes };
	}
	*ret = v;
	*ret_n = n;
}

const struct move_view *order_primary(const struct move_view *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].primary)
			return &v[i];
	return NULL;
}
