/* notices.c — carries notices out: looks whether it may leave now, sends it, notes what became of it. A crash between the two sends it once more, with the same key. */
#include "app/notices.h"
#include "app/courier.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/notice/notice.h"

enum { SECONDS_MAX = 120, HEADS = 3 };

static long patience(struct ctx *c)
{
	int64_t s = setting_int(c, "notice.seconds");

	return s < 1 ? 1 : s > SECONDS_MAX ? SECONDS_MAX : (long)s;
}

static void by_mail(struct ctx *c, const struct notice *n, struct courier_answer *ret)
{
	str from = setting_str(c, "notice.mail_from");
	struct mail m = { from, setting_str(c, "name"), n->receiver, n->subject, n->body, n->key, n->at };
	struct courier_mail out = { .url = arena_cstr(c->a, setting_str(c, "notice.mail_url")), .user = arena_cstr(c->a, setting_str(c, "notice.mail_user")),
		.password = arena_cstr(c->a, setting_str(c, "notice.mail_password")), .from = arena_fmt(c->a, "<%.*s>", STR_ARG(from)).p,
		.to = arena_fmt(c->a, "<%.*s>", STR_ARG(n->receiver)).p, .text = notice_mime(c->a, &m), .tls = setting_bool(c, "notice.mail_tls"), .seconds = patience(c) };

	courier_mail(c, &out, ret);
}

static void post(struct ctx *c, const struct notice *n, const char *url, const char *method, str body, str bearer, str secret, struct courier_answer *ret)
{
	const char *head[HEADS];
	struct courier_post p = { .url = url, .method = method, .body = body, .head = head, .seconds = patience(c) };

	head[p.n_head++] = arena_fmt(c->a, "Idempotency-Key: %.*s", STR_ARG(n->key)).p;
	if (bearer.n)
		head[p.n_head++] = arena_fmt(c->a, "Authorization: Bearer %.*s", STR_ARG(bearer)).p;
	if (secret.n)
		head[p.n_head++] = arena_fmt(c->a, "X-Baoxiu-Signature: %.*s", STR_ARG(notice_signature(c->a, secret, c->now, body))).p;
	courier_post(c, &p, ret);
}

static void by_sms(struct ctx *c, const struct notice *n, struct courier_answer *ret)
{
	str method = setting_str(c, "notice.sms_method"), body = notice_gateway_body(c, setting_str(c, "notice.sms_template"), n);

	post(c, n, arena_cstr(c->a, setting_str(c, "notice.sms_url")), str_eq(method, S("PUT")) ? "PUT" : NULL, body, setting_str(c, "notice.sms_secret"), setting_str(c, "notice.sms_sign"), ret);
}

static void by_hook(struct ctx *c, const struct notice *n, struct courier_answer *ret)
{
	struct diag kept = c->diag;
	str secret;

	*ret = (struct courier_answer){ .status = 410, .why = _("This webhook was removed.") };
	if (!hook_secret(c, n->hook_id, &secret))
		post(c, n, arena_cstr(c->a, n->receiver), NULL, n->body, (str){ 0 }, secret, ret);
	c->diag = kept;
}

static const struct way { void (*send)(struct ctx *c, const struct notice *n, struct courier_answer *ret); long final[5]; } ways[] = {
	/* statuses that trying again does not change: no such mailbox, refused for good, not a valid request, gone */
	[NOTICE_MAIL] = { by_mail, { 550, 551, 553, 554, 0 } },
	[NOTICE_SMS] = { by_sms, { 400, 410, 422, 0 } },
	[NOTICE_HOOK] = { by_hook, { 400, 410, 422, 0 } },
};

static bool is_final(const struct way *w, long status)
{
	for (const long *f = w->final; *f; f++)
		if (*f == status)
			return true;
	return false;
}

struct outcome { const struct notice *n; enum notice_state state; int64_t tries; str why; instant until; };

static enum err note(struct ctx *c, void *arg)
{
	const struct outcome *o = arg;

	return o->until.ms == NIL ? notice_told(c, o->n, o->state, o->tries, o->why) : notice_defer(c, o->n, o->until);
}

static enum err noted(struct ctx *c, struct outcome *o) { return db_write(db_of(c->db), c, note, o); }

/* Why it does not leave now, if so: sending was switched off, or it is quiet where the customer is. */
static bool held(struct ctx *c, const struct notice *n, struct outcome *o)
{
	const struct tz *zone = n->zone.n ? tz_get(n->zone) : NULL;
	bool to_customer = false;

	if (!str_eq(n->event, S("test")) && !setting_bool(c, "notice.on")) {
		o->state = NOTICE_DROPPED;
		o->why = _("Sending was switched off.");
		return true;
	}
	for (size_t i = 0; i < notice_events_n; i++)
		to_customer |= str_eq(n->event, str_c(notice_events[i].name)) && notice_events[i].to == TELL_CUSTOMER && n->channel != NOTICE_HOOK;
	if (!to_customer || !zone || notice_awake(c, zone, c->now).ms == c->now.ms)
		return false;
	o->until = notice_awake(c, zone, c->now);
	return true;
}

enum err notice_send(struct ctx *c, const struct outbox_item *it, str *ret_why)
{
	struct courier_answer said;
	struct notice n;
	struct outcome o = { .n = &n, .tries = it->tries, .until = NO_INSTANT };
	enum err e = notice_by_outbox(c, it->id, &n);

	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	if (held(c, &n, &o))
		return noted(c, &o);
	ways[n.channel].send(c, &n, &said);
	o.why = said.ok ? (str){ 0 } : said.why;
	o.state = said.ok ? NOTICE_SENT : is_final(&ways[n.channel], said.status) || it->tries >= OUTBOX_TRIES ? NOTICE_GIVEN_UP : NOTICE_WAITING;
	TRY(noted(c, &o));
	if (o.state != NOTICE_WAITING)
		return ERR_OK;
	*ret_why = o.why;
	return fail(c, ERR_BUSY, NULL);
}
