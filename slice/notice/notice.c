/* notice.c — see notice.h. */
#include "base/i18n.h"
#include "base/time.h"
#include "notice.sql.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/calendar/calendar.h"
#include "slice/notice/notice_int.h"
#include "slice/org/org.h"
#include <sodium.h>

enum { DAY_MS = 86400000, HEADS_MAX = 3, KEY_BYTES = 12, WHY_MAX = 300 };
#define N(m) FIELD(struct notice, m)
static const struct field notice_row[] = {
	N(id), N(order_id), N(hook_id), N(tries), N(outbox_id), FIELD_ENUM(struct notice, channel, notice_channels), FIELD_ENUM(struct notice, state, notice_states), N(event),
	N(order_no), N(receiver), N(lang), N(zone), N(subject), N(body), N(key), N(last_error), N(at), N(due_at), N(sent_at), N(undoable), { 0 }
};

/* ---- when ---- */

/* "21:30" as minutes of the day; -1: none. */
static int minutes_of(str s)
{
	int64_t h, m;

	if (s.n != 5 || s.p[2] != ':' || !str_int((str){ s.p, 2 }, &h) || !str_int((str){ s.p + 3, 2 }, &m) || h < 0 || h > 23 || m < 0 || m > 59)
		return -1;
	return (int)(h * 60 + m);
}

enum err notice_quiet_ok(struct ctx *c, const char *name, str value)
{
	return minutes_of(value) < 0 ? fail_field(c, name, N_("A time of the day is needed, such as 21:30.")) : ERR_OK;
}

instant notice_awake(struct ctx *c, const struct tz *zone, instant t)
{
	int from = minutes_of(setting_str(c, "notice.quiet_from")), until = minutes_of(setting_str(c, "notice.quiet_until"));
	struct civil now = tz_civil(zone, t);
	int at = now.h * 60 + now.mi;
	bool quiet = from < until ? at >= from && at < until : at >= from || at < until;

	if (from < 0 || until < 0 || from == until || !quiet)
		return t;
	if (at >= until)
		now.d++;
	day_split(day_of(now.y, now.mo, now.d), &now.y, &now.mo, &now.d);
	now.h = until / 60, now.mi = until % 60, now.s = 0, now.ms = 0;
	return tz_instant(zone, now);
}

/* The zone of the station's opening hours, else the house's. */
static enum err zone_of(struct ctx *c, const struct order *o, str *ret)
{
	struct calendar k;

	*ret = setting_str(c, "zone");
	if (o->station_calendar_id == NIL)
		return ERR_OK;
	TRY(calendar_by_id(c, o->station_calendar_id, &k));
	*ret = k.zone;
	return ERR_OK;
}

/* ---- writing ---- */

enum err notice_write(struct ctx *c, const struct notice *n, instant due, int64_t *ret_id)
{
	unsigned char noise[KEY_BYTES];
	int64_t box, id;

	assert(db_writing(c->db));
	randombytes_buf(noise, sizeof noise);
	TRY(outbox_put_at(c, "notice", audit_data(c, BIND(P(event, n->event))), due, &box));
	TRY(db_insert(c, &q_notice_add, BIND(P(event, n->event), P(channel, notice_channels[n->channel]), P(org_path, n->org_path), P(order_id, n->order_id), P(hook_id, n->hook_id),
		P(receiver, n->receiver), P(lang, n->lang), P(zone, n->zone), P(subject, n->subject), P(body, n->body),
		P(key, str_base64(c->a, noise, sizeof noise)), P(outbox_id, box), P(now, c->now)), &id));
	if (ret_id)
		*ret_id = id;
	return ERR_OK;
}

/* A newer word on the same takes the place of one that has not left yet. */
static enum err replace_older(struct ctx *c, const struct notice *n)
{
	struct notice *old;
	size_t count;

	TRY(db_rows(c, &q_notice_pending, BIND(P(order_id, n->order_id), P(event, n->event), P(receiver, n->receiver)), notice_row, sizeof *old, 5, &old, &count));
	for (size_t i = 0; i < count; i++) {
		enum err e = outbox_cancel(c, old[i].outbox_id);

		if (e == ERR_CONFLICT)
			continue;
		TRY(e);
		TRY(db_exec(c, &q_notice_end, BIND(P(state, notice_states[NOTICE_UNDONE]), P(id, old[i].id)), -1));
	}
	return ERR_OK;
}

bool notice_channel_ready(struct ctx *c, enum notice_channel channel)
{
	if (channel == NOTICE_MAIL)
		return setting_str(c, "notice.mail_url").n && setting_str(c, "notice.mail_from").n;
	return setting_str(c, "notice.sms_url").n > 0;
}

/* One message: by the channel that is preferred, else by the other, whichever is set up and has an address. */
static bool reach(struct ctx *c, str email, str phone, struct notice *n)
{
	enum notice_channel first = setting_bool(c, "notice.mail_first") ? NOTICE_MAIL : NOTICE_SMS;

	for (int i = 0; i < 2; i++) {
		enum notice_channel channel = i ? NOTICE_MAIL + NOTICE_SMS - first : first;
		str to = channel == NOTICE_MAIL ? email : phone;

		if (!to.n || (channel == NOTICE_MAIL && !notice_address_ok(to)) || !notice_channel_ready(c, channel))
			continue;
		n->channel = (int)channel;
		n->receiver = to;
		return true;
	}
	return false;
}

struct told { const struct notice_event *e; const struct order *o; const struct order_act *a; str zone; };

static enum err send_words(struct ctx *c, const struct told *t, str email, str phone, const char *lang, instant due)
{
	struct notice n = { .event = str_c(t->e->name), .org_path = t->o->org_path, .order_id = t->o->id, .hook_id = NIL, .lang = str_c(lang), .zone = t->zone };
	struct notice_words w;

	if (!reach(c, email, phone, &n))
		return ERR_OK;
	w = notice_compose(c, t->e, t->o, t->a, lang, tz_get(t->zone));
	n.subject = w.subject;
	n.body = w.body;
	TRY(replace_older(c, &n));
	return notice_write(c, &n, due, NULL);
}

struct lang_row { str lang, login_lang; bool stop; };

static enum err tell_customer(struct ctx *c, const struct told *t)
{
	static const struct field f[] = { FIELD(struct lang_row, lang), FIELD(struct lang_row, login_lang), FIELD(struct lang_row, stop), { 0 } };
	instant due = { c->now.ms + setting_int(c, "notice.delay_seconds") * 1000 };
	struct lang_row l;
	str lang;

	TRY(db_row(c, &q_notice_lang, BIND(P(customer_id, t->o->customer_id)), f, &l));
	if (l.stop)
		return ERR_OK;
	lang = l.lang.n ? l.lang : l.login_lang.n ? l.login_lang : setting_str(c, "notice.lang");
	return send_words(c, t, t->o->email, t->o->phone, str_eq(lang, S("en")) ? "en" : "zh", notice_awake(c, tz_get(t->zone), due));
}

static enum err tell_user(struct ctx *c, const struct told *t, const struct user *u)
{
	return u->id == c->who->id ? ERR_OK : send_words(c, t, u->email, u->phone, str_eq(u->lang, S("en")) ? "en" : "zh", c->now);
}

static enum err tell_engineer(struct ctx *c, const struct told *t)
{
	struct user u;

	if (t->o->engineer_id == NIL)
		return ERR_OK;
	TRY(user_get(c, t->o->engineer_id, &u));
	return tell_user(c, t, &u);
}

static enum err tell_station(struct ctx *c, const struct told *t)
{
	struct user *u;
	size_t n;

	TRY(user_at(c, ROLE_STATION_HEAD, t->o->org_path, &u, &n));
	for (size_t i = 0; i < n && i < HEADS_MAX; i++)
		TRY(tell_user(c, t, &u[i]));
	return ERR_OK;
}

static enum err tell(struct ctx *c, const struct order *o, int on, const struct order_act *a)
{
	static enum err (*const to[])(struct ctx *c, const struct told *t) = { [TELL_CUSTOMER] = tell_customer, [TELL_ENGINEER] = tell_engineer, [TELL_STATION] = tell_station };
	struct told t = { .o = o, .a = a };

	if (!setting_bool(c, "notice.on"))
		return ERR_OK;
	for (size_t i = 0; i < notice_events_n; i++) {
		t.e = &notice_events[i];
		if (t.e->on != on || (t.e->fits && !t.e->fits(c, o, a)) || !setting_bool(c, t.e->setting))
			continue;
		if (!t.zone.n)
			TRY(zone_of(c, o, &t.zone));
		TRY(to[t.e->to](c, &t));
	}
	return hook_tell(c, o, on, a);
}

/* A customer who cancels or refuses knows it; staff hear of it. */
static enum err on_move(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	if (c->who->sight == SIGHT_CUSTOMER && m->ev == ORDER_EV_CANCEL)
		return setting_bool(c, "notice.on") ? hook_tell(c, o, (int)m->ev, a) : ERR_OK;
	return tell(c, o, (int)m->ev, a);
}

static enum err begun(struct ctx *c, const struct order *o)
{
	struct order_act none = { ORDER_ACT_EMPTY, .at = c->now };

	return o->channel == CHANNEL_IMPORT ? ERR_OK : tell(c, o, NOTICE_BEGUN, &none);
}
const struct order_hook notice_order_hook = { .name = "notice", .on = on_move, .begun = begun };

enum err notice_try(struct ctx *c, enum notice_channel channel, int64_t *ret_id)
{
	struct notice n = { .event = S("test"), .channel = (int)channel, .org_path = c->who->org_path.p ? c->who->org_path : S(""), .order_id = NIL, .hook_id = NIL, .lang = str_c(c->who->lang) };
	struct user u;

	TRY(user_get(c, c->who->id, &u));
	n.receiver = channel == NOTICE_MAIL ? u.email : u.phone;
	if (!notice_channel_ready(c, channel))
		return fail_field(c, "channel", N_("This way of sending is not set up yet: see the settings below."));
	if (!n.receiver.n || (channel == NOTICE_MAIL && !notice_address_ok(n.receiver)))
		return fail_field(c, "channel", N_("Your own account has no address for this. Enter it under “My account”."));
	n.subject = trf(c, N_("Test message of {1}"), setting_str(c, "name"));
	n.body = trf(c, N_("This is a test message of {1}. Whoever reads it knows that sending works."), setting_str(c, "name"));
	return notice_write(c, &n, c->now, ret_id);
}

/* ---- reading ---- */

enum err notice_of_order(struct ctx *c, int64_t order_id, struct notice **ret, size_t *ret_n)
{
	return db_rows(c, &q_notice_of_order, BIND(P(order_id, order_id)), notice_row, sizeof **ret, 20, ret, ret_n);
}

enum err notice_list(struct ctx *c, const struct notice_query *q, struct notice **ret, size_t *ret_n, int64_t *ret_next)
{
	struct in_sight s;

	TRY(org_sight(c, &s));
	TRY(db_rows(c, &q_notice_list, BIND({ "state", q->state < 0 ? (struct val){ 0 } : v_cstr(notice_states[q->state]) }, P(before, q->before), P(org_lo, s.org_lo), P(org_hi, s.org_hi),
		P(limit, q->limit + 1)), notice_row, sizeof **ret, 201, ret, ret_n));
	*ret_next = NIL;
	if (*ret_n > (size_t)q->limit)
		*ret_next = (*ret)[--*ret_n - 1].id;
	return ERR_OK;
}

enum err notice_counts(struct ctx *c, int64_t ret[NOTICE_STATE_N])
{
	static const struct field f[] = { FIELD_ENUM(struct notice_count, state, notice_states), FIELD(struct notice_count, n), { 0 } };
	struct notice_count *k;
	struct in_sight s;
	size_t n;

	TRY(org_sight(c, &s));
	TRY(db_rows(c, &q_notice_counts, BIND(P(org_lo, s.org_lo), P(org_hi, s.org_hi)), f, sizeof *k, NOTICE_STATE_N, &k, &n));
	memset(ret, 0, NOTICE_STATE_N * sizeof *ret);
	for (size_t i = 0; i < n; i++)
		ret[k[i].state] = k[i].n;
	return ERR_OK;
}

static enum err one(struct ctx *c, int64_t id, struct notice *ret)
{
	struct in_sight s;

	TRY(org_sight(c, &s));
	return db_row(c, &q_notice_one, BIND(P(id, id), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), notice_row, ret);
}

/* ---- holding, dropping, sending again ---- */

static enum err logged(struct ctx *c, const struct notice *n, const char *what)
{
	if (n->order_id == NIL)
		return audit_add(c, "notice", n->id, what, BIND(P(event, n->event)));
	return audit_add(c, "order", n->order_id, what, BIND(P(notice, n->id), P(event, n->event)));
}

static enum err end(struct ctx *c, const struct notice *n, enum notice_state state)
{
	enum err e = n->state == NOTICE_WAITING ? outbox_cancel(c, n->outbox_id) : ERR_OK;

	if (e == ERR_CONFLICT)
		return fail(c, ERR_CONFLICT, N_("This message is just leaving."));
	TRY(e);
	return db_exec(c, &q_notice_end, BIND(P(state, notice_states[state]), P(id, n->id)), 1);
}

enum err notice_undo(struct ctx *c, int64_t order_id, int64_t id)
{
	struct notice n;

	TRY(db_row(c, &q_notice_one, BIND(P(id, id), P(order_id, order_id)), notice_row, &n));
	if (n.state != NOTICE_WAITING)
		return fail(c, ERR_CONFLICT, N_("This message has left already or will not leave."));
	TRY(end(c, &n, NOTICE_UNDONE));
	return logged(c, &n, "notice_undone");
}

enum err notice_drop(struct ctx *c, int64_t id)
{
	struct notice n;

	TRY(one(c, id, &n));
	if (n.state != NOTICE_WAITING && n.state != NOTICE_GIVEN_UP)
		return fail(c, ERR_CONFLICT, N_("This message has left already or will not leave."));
	TRY(end(c, &n, NOTICE_DROPPED));
	return logged(c, &n, "notice_dropped");
}

static enum err carry(struct ctx *c, const struct notice *n, instant due, int64_t tries)
{
	int64_t box;

	TRY(outbox_put_at(c, "notice", audit_data(c, BIND(P(event, n->event))), due, &box));
	return db_exec(c, &q_notice_carried, BIND(P(outbox_id, box), P(tries, tries), P(id, n->id)), 1);
}

enum err notice_again(struct ctx *c, int64_t id)
{
	struct notice n;

	TRY(one(c, id, &n));
	if (n.state != NOTICE_GIVEN_UP && n.state != NOTICE_DROPPED)
		return fail(c, ERR_CONFLICT, N_("Only a message that was given up or dropped can be sent again."));
	if (!n.receiver.n)
		return fail(c, ERR_CONFLICT, N_("This person's data were erased."));
	TRY(carry(c, &n, c->now, 0));
	return logged(c, &n, "notice_again");
}

/* ---- the sender's side ---- */

enum err notice_by_outbox(struct ctx *c, int64_t outbox_id, struct notice *ret)
{
	return db_row(c, &q_notice_by_outbox, BIND(P(outbox_id, outbox_id)), notice_row, ret);
}

enum err notice_told(struct ctx *c, const struct notice *n, enum notice_state state, int64_t tries, str why)
{
	size_t cut = why.n < WHY_MAX ? why.n : WHY_MAX;

	while (cut && cut < why.n && ((unsigned char)why.p[cut] & 0xC0) == 0x80)
		cut--;
	return db_exec(c, &q_notice_state, BIND(P(state, notice_states[state]), P(tries, tries), P(why, cut ? ((str){ why.p, cut }) : (str){ 0 }),
		P(sent_at, state == NOTICE_SENT ? c->now : NO_INSTANT), P(id, n->id)), -1);
}

enum err notice_defer(struct ctx *c, const struct notice *n, instant until) { return carry(c, n, until, n->tries); }

/* ---- wishes, forgetting, keeping ---- */

enum err notice_wish_get(struct ctx *c, int64_t customer_id, struct notice_wish *ret)
{
	static const struct field f[] = { FIELD(struct notice_wish, customer_id), FIELD(struct notice_wish, lang), FIELD(struct notice_wish, stop), { 0 } };
	enum err e = db_row(c, &q_wish_get, BIND(P(customer_id, customer_id)), f, ret);

	if (e != ERR_NOT_FOUND)
		return e;
	*ret = (struct notice_wish){ .customer_id = customer_id };
	return ERR_OK;
}

enum err notice_wish_put(struct ctx *c, const struct notice_wish *w)
{
	assert(db_writing(c->db));
	TRY(db_exec(c, &q_wish_put, BIND(P(customer_id, w->customer_id), P(lang, w->lang.n ? w->lang : (str){ 0 }), P(stop, w->stop)), 1));
	return audit_add(c, "customer", w->customer_id, "notice_wish", BIND(P(lang, w->lang), P(stop, w->stop)));
}

enum err notice_forget(struct ctx *c, int64_t customer_id)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_notice_forget, BIND(P(customer_id, customer_id)), -1);
}

static enum err sweep_write(struct ctx *c, void *arg)
{
	(void)arg;
	return db_exec(c, &q_notice_sweep, BIND(P(before, c->now.ms - setting_int(c, "notice.keep_days") * DAY_MS)), -1);
}

enum err notice_sweep(struct ctx *c) { return db_write(db_of(c->db), c, sweep_write, NULL); }
