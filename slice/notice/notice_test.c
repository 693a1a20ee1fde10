/* Which move writes which message, when it may leave, what it looks like outside. */
#include "tests/unit.h"
#include "tests/world.h"
#include "app/wiring.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/notice/notice.h"
#include "slice/order/order_test_bed.h"
#include <sodium.h>

static const unsigned char key[32] = "a key that only the tests know.";
struct set { const char *name, *value; };
static enum err set_it(struct ctx *c, void *arg) { const struct set *s = arg; return setting_set(c, s->name, str_c(s->value)); }

static enum err set(struct world *w, const char *name, const char *value)
{
	enum err e;

	as_system(w);
	e = world_write(w, set_it, &(struct set){ name, value });
	return e;
}

static void sending(struct world *w)
{
	static const struct set all[] = {
		{ "notice.on", "1" }, { "notice.base", "https://fix.test" }, { "notice.mail_url", "smtp://127.0.0.1:1" }, { "notice.mail_from", "service@fix.test" },
		{ "notice.sms_url", "http://127.0.0.1:1/" },
	};

	secret_key_use(key);
	wiring_use();
	for (size_t i = 0; i < LEN(all); i++)
		CHECK(!set(w, all[i].name, all[i].value));
}

static struct notice *notices(struct world *w, size_t *n)
{
	struct notice *l;
	int64_t next;

	world_calm(w);
	as_system(w);
	CHECK(!notice_list(&w->c, &(struct notice_query){ .state = -1, .before = NIL, .limit = 200 }, &l, n, &next));
	return l;
}

/* ---- quiet hours ---- */

static void quiet_on(struct world *w)
{
	static const struct { const char *from, *until, *zone, *at, *want; } rows[] = {
		{ "21:30", "08:00", "Asia/Shanghai", "2026-11-22T13:29:59Z", "2026-11-22T13:29:59Z" },
		{ "21:30", "08:00", "Asia/Shanghai", "2026-11-22T13:30:00Z", "2026-11-23T00:00:00Z" },
		{ "21:30", "08:00", "Asia/Shanghai", "2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z" },
		{ "21:30", "08:00", "Asia/Shanghai", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z" },
		{ "12:00", "14:00", "Asia/Shanghai", "2026-11-22T04:30:00Z", "2026-11-22T06:00:00Z" },
		{ "12:00", "14:00", "Asia/Shanghai", "2026-11-22T06:00:00Z", "2026-11-22T06:00:00Z" },
		{ "08:00", "08:00", "Asia/Shanghai", "2026-11-22T18:00:00Z", "2026-11-22T18:00:00Z" },
		{ "21:30", "08:00", "Asia/Urumqi", "2026-11-22T15:31:00Z", "2026-11-23T02:00:00Z" },
		{ "22:00", "02:30", "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T01:30:00Z" },
		{ "21:30", "08:00", "Asia/Shanghai", "2026-12-31T15:00:00Z", "2027-01-01T00:00:00Z" },
	};

	wiring_use();
	for (size_t i = 0; i < LEN(rows); i++) {
		instant at, want;

		CHECK(!set(w, "notice.quiet_from", rows[i].from) && !set(w, "notice.quiet_until", rows[i].until));
		CHECK(instant_parse(str_c(rows[i].at), NULL, &at) && instant_parse(str_c(rows[i].want), NULL, &want));
		CHECK_ROW(i, notice_awake(&w->c, tz_get(str_c(rows[i].zone)), at).ms == want.ms);
	}
}
ON(quiet)

/* ---- what it looks like outside ---- */

static str unwrapped(struct arena *a, str mime)
{
	unsigned char *plain = arena_alloc(a, mime.n);
	size_t at, n;

	CHECK(str_find(mime, S("\r\n\r\n"), &at));
	CHECK(!sodium_base642bin(plain, mime.n, mime.p + at + 4, mime.n - at - 4, "\r\n", &n, NULL, sodium_base64_VARIANT_ORIGINAL));
	return (str){ (char *)plain, n };
}

static void mime(void **state)
{
	struct arena a;
	struct mail m = { S("service@fix.test"), S("报修·保修"), S("anna@example.com"), S("Your request BX2611220001 is registered"), S("第一行\nhttps://fix.test/t/abc\n.\n"), S("k3y"), world_now };
	str t;

	(void)state;
	arena_init(&a, 1 << 20);
	t = notice_mime(&a, &m);
	CHECK(str_starts(t, S("From: =?UTF-8?B?5oql5L+uwrfkv53kv64=?= <service@fix.test>\r\nTo: <anna@example.com>\r\nSubject: Your request BX2611220001 is registered\r\n"
		"Date: Sun, 22 Nov 2026 02:30:00 +0000\r\nMessage-ID: <k3y@fix.test>\r\nAuto-Submitted: auto-generated\r\n")));
	CHECK(str_eq(unwrapped(&a, t), m.body));
	m.subject = S("您的报修单已经登记,请保留此编号以便查询:BX2611220001\r\nBcc: x@example.com");
	m.body = arena_fmt(&a, "%0500d", 1);
	t = notice_mime(&a, &m);
	CHECK(!str_find(t, S("Bcc"), NULL) && str_eq(unwrapped(&a, t), m.body));
	for (size_t i = 0, line = 0; i < t.n; i++, line++) {
		CHECK(line <= 78 && !(t.p[i] & 0x80));
		if (t.p[i] == '\n') {
			CHECK(t.p[i - 1] == '\r');
			line = 0;
		}
	}
	arena_free(&a);
}

static void addresses(void **state)
{
	static const struct { const char *text; bool ok; } rows[] = {
		{ "a@b", true }, { "first.last+tag@example.com", true }, { "", false }, { "a", false }, { "@b", false }, { "a@", false }, { "a@b@c", false }, { "a b@c", false },
		{ "a@b>\r\nRCPT TO:<x@y", false }, { "<a@b>", false }, { "a@b,c@d", false }, { "a\n@b", false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, notice_address_ok(str_c(rows[i].text)) == rows[i].ok);
}

static void gateway_on(struct world *w)
{
	static const struct { const char *template, *want; } rows[] = {
		{ "{\"to\":\"{to}\",\"text\":\"{text}\",\"id\":\"{id}\"}", "{\"to\":\"+8613800138000\",\"text\":\"he said \\\"{x}\\\"\\nok\",\"id\":\"k\"}" },
		{ "{\"msg\":{\"content\":[\"[{order}] {text}\",1,true,null]},\"u\":\"{to}{nobody}{\"}", "{\"msg\":{\"content\":[\"[B1] he said \\\"{x}\\\"\\nok\",1,true,null]},\"u\":\"+8613800138000{nobody}{\"}" },
		{ "not json", NULL }, { "[\"{to}\"]", NULL }, { "", NULL },
	};
	struct notice n = { .receiver = S("+8613800138000"), .body = S("he said \"{x}\"\nok"), .key = S("k"), .order_no = S("B1") };

	for (size_t i = 0; i < LEN(rows); i++) {
		str got = notice_gateway_body(&w->c, str_c(rows[i].template), &n);

		CHECK_ROW(i, rows[i].want ? str_eq(got, str_c(rows[i].want)) : !got.p);
	}
	/* From another program: printf '1795314600.{"a":1}' | openssl dgst -sha256 -hmac 'sixteen letters!' */
	CHECK(str_eq(notice_signature(w->c.a, S("sixteen letters!"), world_now, S("{\"a\":1}")), S("t=1795314600,sha256=f269989521172624222d6a38ec725e696a285fa0a8e19eb96fe30164bb5a53e4")));
}
ON(gateway)

/* ---- settings ---- */

static void settings_on(struct world *w)
{
	static const struct { const char *name, *bad, *good; } rows[] = {
		{ "notice.mail_url", "http://mail.test", "smtps://mail.test:465" }, { "notice.mail_url", "smtp://", "" }, { "notice.mail_url", "smtp://a b", "smtp://a" },
		{ "notice.sms_url", "ftp://x", "https://gate.test/send" }, { "notice.base", "fix.test", "https://fix.test" }, { "notice.quiet_from", "24:00", "00:00" },
		{ "notice.quiet_until", "8:00", "08:00" }, { "notice.mail_from", "Service <a@b>", "a@b" }, { "notice.sms_template", "{\"to\":\"{to}\"}", "{\"a\":\"{to}\",\"b\":\"{text}\"}" },
	};
	wiring_use();
	for (size_t i = 0; i < LEN(rows); i++) {
		CHECK_ROW(i, set(w, rows[i].name, rows[i].bad) == ERR_INVALID && world_field(w, rows[i].name));
		CHECK_ROW(i, !set(w, rows[i].name, rows[i].good));
	}
	secret_key_use(NULL);
	CHECK(set(w, "notice.mail_password", "hunter2 hunter2") == ERR_INVALID);
	secret_key_use(key);
	CHECK(!set(w, "notice.mail_password", "hunter2 hunter2"));
	CHECK(str_eq(setting_str(&w->c, "notice.mail_password"), S("hunter2 hunter2")));
}
ON(settings)

/* ---- which move writes what ---- */

static void off_on(struct world *w)
{
	size_t n;

	start(w);
	notices(w, &n);
	CHECK(n == 0);
}
ON(off)

static void moves_on(struct world *w)
{
	struct order_new r = a_request();
	struct order_act a;
	struct notice *l;
	size_t n;

	start(w);
	sending(w);
	r.serial = S("PF-3A 0002");
	r.email = S("anna@example.com");
	CHECK(!world_write(w, register_it, &r));
	l = notices(w, &n);
	CHECK(n == 1 && l[0].channel == NOTICE_MAIL && l[0].state == NOTICE_WAITING && str_eq(l[0].event, S("registered")) && str_eq(l[0].receiver, S("anna@example.com")));
	CHECK(str_eq(l[0].lang, S("zh")) && str_eq(l[0].zone, S("Asia/Shanghai")) && l[0].due_at.ms == world_now.ms + 60000 && l[0].undoable);
	CHECK(str_find(l[0].body, S("https://fix.test/t/"), NULL) && str_find(l[0].body, now_of(w).follow_token, NULL) && str_find(l[0].subject, now_of(w).no, NULL));
	CHECK(!fire_it(w, act(ORDER_EV_ACCEPT)));
	to_station(w);
	as_engineer(w);
	CHECK(!fire_it(w, act(ORDER_EV_TAKE)));
	a = act(ORDER_EV_APPOINT);
	a.from.ms = world_now.ms + 3600000;
	CHECK(!fire_it(w, a));
	a.from.ms += 3600000;
	as_engineer(w);
	CHECK(!fire_it(w, a));
	l = notices(w, &n);
	/* The second appointment replaced the first, which had not left. The engineer has no address. */
	CHECK(n == 3 && str_eq(l[0].event, S("appointed")) && l[0].state == NOTICE_WAITING && l[1].state == NOTICE_UNDONE && str_find(l[0].body, S("2026-11-22 12:30"), NULL));
}
ON(moves)

struct id { int64_t order, id; };
static enum err undo_it(struct ctx *c, void *arg) { const struct id *i = arg; return notice_undo(c, i->order, i->id); }
static enum err drop_it(struct ctx *c, void *arg) { const struct id *i = arg; return notice_drop(c, i->id); }
static enum err again_it(struct ctx *c, void *arg) { const struct id *i = arg; return notice_again(c, i->id); }
static enum err wish_it(struct ctx *c, void *arg) { return notice_wish_put(c, arg); }
static enum err forget_it(struct ctx *c, void *arg) { return notice_forget(c, *(int64_t *)arg); }

static void undo_on(struct world *w)
{
	struct order_new r = a_request();
	struct notice *l;
	struct id id;
	size_t n;

	start(w);
	sending(w);
	r.serial = S("PF-3A 0002");
	CHECK(!world_write(w, register_it, &r));
	l = notices(w, &n);
	CHECK(n == 1 && l[0].channel == NOTICE_SMS && str_eq(l[0].receiver, now_of(w).phone));
	id = (struct id){ order_id, l[0].id };
	CHECK(world_write(w, undo_it, &(struct id){ order_id + 1, l[0].id }) == ERR_NOT_FOUND);
	CHECK(!world_write(w, undo_it, &id) && world_write(w, undo_it, &id) == ERR_CONFLICT && world_write(w, again_it, &id) == ERR_CONFLICT && world_write(w, drop_it, &id) == ERR_CONFLICT);
	l = notices(w, &n);
	CHECK(l[0].state == NOTICE_UNDONE && l[0].due_at.ms == NIL);
}
ON(undo)

static void wishes_on(struct world *w)
{
	struct order_new r = a_request();
	struct notice_wish wish = { .lang = S("en") };
	struct notice *l;
	size_t n;

	start(w);
	sending(w);
	wish.customer_id = now_of(w).customer_id;
	CHECK(!world_write(w, wish_it, &wish));
	r.serial = S("PF-3A 0002");
	CHECK(!world_write(w, register_it, &r));
	l = notices(w, &n);
	CHECK(n == 1 && str_eq(l[0].lang, S("en")) && str_starts(l[0].body, S("We have registered your request")));
	CHECK(!world_write(w, drop_it, &(struct id){ 0, l[0].id }) && !world_write(w, again_it, &(struct id){ 0, l[0].id }));
	l = notices(w, &n);
	CHECK(l[0].state == NOTICE_WAITING && l[0].tries == 0 && l[0].due_at.ms == world_now.ms);
	wish.stop = true;
	CHECK(!world_write(w, wish_it, &wish));
	r.serial = S("PF-3A 0003");
	CHECK(!world_write(w, register_it, &r));
	notices(w, &n);
	CHECK(n == 1);
	CHECK(!world_write(w, forget_it, &wish.customer_id));
	l = notices(w, &n);
	CHECK(n == 1 && !l[0].receiver.n && !l[0].body.n && l[0].state == NOTICE_DROPPED && world_write(w, again_it, &(struct id){ 0, l[0].id }) == ERR_CONFLICT);
}
ON(wishes)

/* ---- webhooks ---- */

static enum err hook_it(struct ctx *c, void *arg) { int64_t id; return hook_save(c, arg, &id); }

static void hooks_on(struct world *w)
{
	static const struct { const char *url, *events, *secret, *field; } bad[] = {
		{ "mail.test", "*", "sixteen letters!", "url" }, { "", "*", "sixteen letters!", "url" }, { "https://x", "move", "sixteen letters!", "events" }, { "https://x", " ", "sixteen letters!", "events" },
		{ "https://x", "*", "short", "secret" }, { "https://x", "*", "", "secret" },
	};
	struct hook h = { .id = NIL, .url = S("https://x.test/in"), .events = S("register  cancel"), .secret = S("sixteen letters!"), .active = true }, *l;
	struct order_new r = a_request();
	struct notice *told;
	str secret;
	size_t n;

	start(w);
	sending(w);
	for (size_t i = 0; i < LEN(bad); i++)
		CHECK_ROW(i, world_write(w, hook_it, &(struct hook){ .id = NIL, .url = str_c(bad[i].url), .events = str_c(bad[i].events), .secret = str_c(bad[i].secret) }) == ERR_INVALID && world_field(w, bad[i].field));
	CHECK(!world_write(w, hook_it, &h) && !hook_list(&w->c, &l, &n) && n == 1 && l[0].has_secret && str_eq(l[0].events, S("register cancel")));
	CHECK(!hook_secret(&w->c, l[0].id, &secret) && str_eq(secret, h.secret));
	r.serial = S("PF-3A 0002");
	r.phone = (str){ 0 };
	r.email = (str){ 0 };
	CHECK(!world_write(w, register_it, &r));
	CHECK(!fire_it(w, act(ORDER_EV_ACCEPT)));
	told = notices(w, &n);
	CHECK(n == 1 && told[0].channel == NOTICE_HOOK && told[0].due_at.ms == world_now.ms && str_eq(told[0].receiver, h.url));
	CHECK(str_find(told[0].body, now_of(w).no, NULL) && str_find(told[0].body, S("\"event\":\"register\""), NULL) && !str_find(told[0].body, r.customer_name, NULL));
	h.id = l[0].id, h.ver = 1, h.secret = (str){ 0 }, h.active = false;
	CHECK(!world_write(w, hook_it, &h) && world_write(w, hook_it, &h) == ERR_CONFLICT);
	CHECK(!hook_secret(&w->c, h.id, &secret) && str_eq(secret, S("sixteen letters!")));
}
ON(hooks)

/* Every event has a switch, words in both languages, and a name of its own. */
static void table_on(struct world *w)
{
	struct order o = { .no = S("B1"), .follow_token = S("tok"), .kind = KIND_REPAIR };
	struct order_act a = act(0);

	a.at = a.from = w->c.now;
	for (size_t i = 0; i < notice_events_n; i++) {
		struct notice_words zh = notice_compose(&w->c, &notice_events[i], &o, &a, "zh", NULL), en = notice_compose(&w->c, &notice_events[i], &o, &a, "en", NULL);

		CHECK_ROW(i, setting_bool(&w->c, notice_events[i].setting) || !strcmp(notice_events[i].name, "station"));
		CHECK_ROW(i, !str_eq(zh.body, en.body) && str_find(zh.body, S("B1"), NULL) && str_find(en.body, S("B1"), NULL) && !str_find(zh.body, S("{"), NULL));
		for (size_t k = 0; k < i; k++)
			CHECK_ROW(i, strcmp(notice_events[i].name, notice_events[k].name) != 0);
	}
}
ON(table)

UNIT_GROUP(notice, T(quiet), T(mime), T(addresses), T(gateway), T(settings), T(off), T(moves), T(undo), T(wishes), T(hooks), T(table))
