/* notice_words.c — which event tells whom, and in which words [K6]. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/notice/notice.h"

const char *const notice_channels[] = { "mail", "sms", "hook", NULL };
const char *const notice_channel_titles[] = { N_("E-mail"), N_("SMS/IM"), N_("Webhook"), NULL };
const char *const notice_states[] = { "waiting", "sent", "given_up", "dropped", "undone", NULL };
const char *const notice_state_titles[] = { N_("Waiting to be sent"), N_("Sent"), N_("Given up"), N_("Dropped"), N_("Undone"), NULL };

enum { ON_THE_WAY_MS = 3600 * 1000 };

static bool a_complaint(const struct ctx *c, const struct order *o, const struct order_act *a) { (void)c, (void)a; return o->kind == KIND_COMPLAINT; }
static bool no_complaint(const struct ctx *c, const struct order *o, const struct order_act *a) { (void)c, (void)a; return o->kind != KIND_COMPLAINT; }
static bool waits_quote(const struct ctx *c, const struct order *o, const struct order_act *a) { (void)c, (void)a; return o->wait == WAIT_QUOTE; }
static bool waits_customer(const struct ctx *c, const struct order *o, const struct order_act *a) { (void)c, (void)a; return o->wait == WAIT_CUSTOMER; }
static bool to_fetch(const struct ctx *c, const struct order *o, const struct order_act *a) { (void)c, (void)a; return o->mode == MODE_CARRY_IN || o->mode == MODE_DEPOT; }
static bool to_post(const struct ctx *c, const struct order *o, const struct order_act *a) { (void)c, (void)a; return o->mode == MODE_MAIL_IN; }
/* What an engineer without network tells late is no news any more. */
static bool just_now(const struct ctx *c, const struct order *o, const struct order_act *a) { (void)o; return c->now.ms - a->at.ms < ON_THE_WAY_MS; }

#define FOLLOW N_("Follow it here: {1}")
#define OPEN N_("Open it here: {1}")
#define E(n) .name = n, .setting = "notice.event." n
const struct notice_event notice_events[] = {
	{ E("registered"), TELL_CUSTOMER, NOTICE_BEGUN, no_complaint, N_("Request registered"), N_("Your request {1} is registered"), N_("We have registered your request {1} for {2}."), FOLLOW },
	{ E("complaint"), TELL_CUSTOMER, NOTICE_BEGUN, a_complaint, N_("Complaint acknowledged"), N_("Your complaint {1}"), N_("We have received your complaint {1} and are looking into it."), FOLLOW },
	{ E("appointed"), TELL_CUSTOMER, ORDER_EV_APPOINT, NULL, N_("Visit agreed"), N_("Visit for {1}"), N_("Our engineer comes to you for {2}: {3} (order {1})."), FOLLOW },
	{ E("under_way"), TELL_CUSTOMER, ORDER_EV_DEPART, just_now, N_("Engineer on the way"), N_("On the way for {1}"), N_("Our engineer is on the way to you for {2} (order {1})."), FOLLOW },
	{ E("quote"), TELL_CUSTOMER, ORDER_EV_WAIT, waits_quote, N_("Quote to be decided"), N_("A quote for {1}"), N_("A quote for {2} waits for your decision (order {1})."), N_("Please decide here: {1}") },
	{ E("question"), TELL_CUSTOMER, ORDER_EV_WAIT, waits_customer, N_("Waiting for the customer"), N_("We need your answer for {1}"), N_("To go on with {2} we need an answer from you (order {1})."), N_("Please answer here: {1}") },
	{ E("ready"), TELL_CUSTOMER, ORDER_EV_PASS, to_fetch, N_("Ready to be fetched"), N_("Your device is ready ({1})"), N_("{2} is repaired and tested. You can fetch it now: {3} (order {1})."), FOLLOW },
	{ E("posted"), TELL_CUSTOMER, ORDER_EV_PASS, to_post, N_("Repaired, goes back by post"), N_("Your device is repaired ({1})"), N_("{2} is repaired and tested. We send it back to you (order {1})."), FOLLOW },
	{ E("done"), TELL_CUSTOMER, ORDER_EV_HAND_OVER, NULL, N_("Handed over, rating asked for"), N_("Does it work again? ({1})"), N_("The work on {2} is done (order {1})."), N_("Please tell us whether it works, and rate us, here: {1}") },
	{ E("solved"), TELL_CUSTOMER, ORDER_EV_SOLVE, NULL, N_("Solved remotely, rating asked for"), N_("Is it solved? ({1})"), N_("Your request {1} for {2} is solved as far as we know."), N_("Please tell us whether it works, and rate us, here: {1}") },
	{ E("closed"), TELL_CUSTOMER, ORDER_EV_CLOSE, NULL, N_("Order closed"), N_("Your request {1} is closed"), N_("Your request {1} for {2} is closed. Thank you."), N_("You find everything about it here: {1}") },
	{ E("cancelled"), TELL_CUSTOMER, ORDER_EV_CANCEL, NULL, N_("Order cancelled"), N_("Your request {1} is cancelled"), N_("Your request {1} for {2} was cancelled: {3}"), FOLLOW },
	{ E("rejected"), TELL_CUSTOMER, ORDER_EV_REJECT, NULL, N_("Order rejected"), N_("Your request {1} cannot be accepted"), N_("We cannot accept your request {1} for {2}: {3}"), FOLLOW },
	{ E("job"), TELL_ENGINEER, ORDER_EV_ASSIGN, NULL, N_("Engineer: a new job"), N_("A new job: {1}"), N_("You are given {1}: {2}. {3}"), OPEN },
	{ E("station"), TELL_STATION, ORDER_EV_DISPATCH, NULL, N_("Station: a new order"), N_("A new order: {1}"), N_("Your station is given {1}: {2}. {3}"), OPEN },
	{ E("refused"), TELL_STATION, ORDER_EV_REFUSE, NULL, N_("Station: the customer refuses the result"), N_("{1} is not solved"), N_("The customer refuses the result of {1} ({2}): {3}"), OPEN },
};
const size_t notice_events_n = LEN(notice_events);

str notice_event_title(const struct ctx *c, str name)
{
	for (size_t i = 0; i < notice_events_n; i++)
		if (str_eq(name, str_c(notice_events[i].name)))
			return tr(c, notice_events[i].title);
	return str_eq(name, S("test")) ? _("Test message") : name;
}

static str device_words(struct ctx *c, const struct order *o)
{
	str name = str_trim(arena_fmt(c->a, "%.*s %.*s", STR_ARG(o->brand), STR_ARG(o->model)));

	return name.n ? name : _("your device");
}

static str station_words(struct ctx *c, const struct order *o)
{
	return o->station_name.n ? o->station_name : _("at our station");
}

/* What {3} stands for. */
static str detail(struct ctx *c, const struct notice_event *e, const struct order *o, const struct order_act *a)
{
	if (e->on == ORDER_EV_APPOINT)
		return a->until.ms == NIL ? show(c, V(a->from)) : trf(c, N_("{1} to {2}"), a->from, a->until);
	if (e->on == ORDER_EV_PASS)
		return station_words(c, o);
	return e->to == TELL_CUSTOMER || e->on == ORDER_EV_REFUSE ? a->reason : o->fault;
}

static str link_of(struct ctx *c, const struct notice_event *e, const struct order *o)
{
	str base = setting_str(c, "notice.base");

	if (!base.n)
		return base;
	if (e->to == TELL_CUSTOMER)
		return arena_fmt(c->a, "%.*s/t/%.*s", STR_ARG(base), STR_ARG(o->follow_token));
	return arena_fmt(c->a, "%.*s/orders/%.*s", STR_ARG(base), STR_ARG(o->no));
}

struct notice_words notice_compose(struct ctx *c, const struct notice_event *e, const struct order *o, const struct order_act *a, const char *lang, const struct tz *zone)
{
	struct actor reader = *c->who;
	struct ctx theirs = *c;
	struct notice_words w;
	str link;

	reader.lang = lang;
	reader.zone = zone ? zone : tz_get(setting_str(c, "zone"));
	theirs.who = &reader;
	w.subject = trf(&theirs, e->subject, o->no, device_words(&theirs, o), detail(&theirs, e, o, a));
	w.body = trf(&theirs, e->text, o->no, device_words(&theirs, o), detail(&theirs, e, o, a));
	link = link_of(&theirs, e, o);
	if (link.n)
		w.body = arena_join(c->a, (const str[]){ w.body, trf(&theirs, e->ask, link) }, 2, S("\n"));
	return w;
}
