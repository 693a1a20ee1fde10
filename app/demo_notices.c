/* demo_notices.c — the messages of the last days: written by the moves themselves, and then, without a word to anybody, said to have arrived or not. Sending is off afterwards. */
#include "app/demo.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/notice/notice.h"

static const struct { const char *name, *value; } told_by[] = {
	{ "notice.on", "1" }, { "notice.base", "https://service.example.org" }, { "notice.mail_url", "smtp://mail.example.org:587" }, { "notice.mail_from", "service@example.org" },
	{ "notice.sms_url", "https://gateway.example.org/send" }, { "notice.quiet_from", "00:00" }, { "notice.quiet_until", "00:00" },
};

enum err demo_notices_on(struct ctx *c, void *demo)
{
	(void)demo;
	for (size_t i = 0; i < LEN(told_by); i++)
		TRY(setting_set(c, told_by[i].name, str_c(told_by[i].value)));
	return ERR_OK;
}

static enum err became(struct ctx *c, const struct notice *n, instant now)
{
	static const struct { int every; enum notice_state state; int tries; const char *why; } fate[] = {
		{ 29, NOTICE_GIVEN_UP, 1, "550 5.1.1 no such mailbox" }, { 23, NOTICE_GIVEN_UP, OUTBOX_TRIES, "HTTP 503" }, { 19, NOTICE_SENT, 3, NULL }, { 1, NOTICE_SENT, 1, NULL },
	};
	size_t i = 0;

	if (n->channel == NOTICE_SMS && n->id % fate[0].every == 0)
		i = 1;
	while (n->id % fate[i].every || (i == 0 && n->channel != NOTICE_MAIL))
		i++;
	TRY(outbox_cancel(c, n->outbox_id));
	c->now = n->due_at.ms < now.ms ? n->due_at : now;
	return notice_told(c, n, fate[i].state, fate[i].tries, str_c(fate[i].why));
}

enum err demo_notices_told(struct ctx *c, void *demo)
{
	struct notice_query q = { .state = NOTICE_WAITING, .before = NIL, .limit = 200 };
	instant now = c->now;
	struct notice *n;
	size_t count;

	(void)demo;
	do {
		TRY(notice_list(c, &q, &n, &count, &q.before));
		for (size_t i = 0; i < count; i++)
			TRY(became(c, &n[i], now));
	} while (q.before != NIL);
	c->now = now;
	for (size_t i = 0; i < LEN(told_by); i++)
		TRY(setting_set(c, told_by[i].name, (str){ 0 }));
	return ERR_OK;
}
