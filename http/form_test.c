#include "tests/unit.h"
#include "http/http_int.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/time.h"

static const char *const colours[] = { "red", "green", NULL };
struct thing { str name; int64_t qty; };
struct all {
	str text, lines, phone, email, serial, secret, token, js;
	int64_t n;
	bool yes;
	day on;
	instant at;
	money price;
	int colour;
	struct thing *thing;
	size_t n_thing;
	struct one { int64_t id; } *pick;
	size_t n_pick;
};
FORM(thing_form, struct thing, INPUT(struct thing, name, IN_TEXT, "Name", .required = true), INPUT(struct thing, qty, IN_INT, "Quantity", .min = 1, .max = 9));
FORM(one_form, struct one, INPUT(struct one, id, IN_INT, "Id"));
FORM(all_form, struct all,
	INPUT(struct all, text, IN_TEXT, "Text", .max = 5), INPUT(struct all, lines, IN_LINES, "Lines"), INPUT(struct all, phone, IN_PHONE, "Phone"),
	INPUT(struct all, email, IN_EMAIL, "Mail"), INPUT(struct all, serial, IN_SERIAL, "Serial"), INPUT(struct all, secret, IN_SECRET, "Secret", .min = 3),
	INPUT(struct all, token, IN_TOKEN, "Token"), INPUT(struct all, js, IN_JSON, "JSON"), INPUT(struct all, n, IN_INT, "Number", .min = 0, .max = 100),
	INPUT(struct all, yes, IN_BOOL, "Yes"), INPUT(struct all, on, IN_DAY, "On"), INPUT(struct all, at, IN_INSTANT, "At"), INPUT(struct all, price, IN_MONEY, "Price"),
	INPUT(struct all, colour, IN_ENUM, "Colour", .names = colours),
	INPUT(struct all, thing, IN_LIST, "Things", .sub = &thing_form, .off_n = offsetof(struct all, n_thing), .max = 3),
	INPUT(struct all, pick, IN_LIST, "Picks", .sub = &one_form, .off_n = offsetof(struct all, n_pick)));

struct fixture { struct arena a; struct actor who; struct ctx c; struct all f; };

static void open_fixture(struct fixture *t)
{
	*t = (struct fixture){ .who = { .id = NIL, .lang = "en" } };
	arena_init(&t->a, 8 << 20);
	t->who.zone = tz_get(S("Asia/Shanghai"));
	t->c = (struct ctx){ .a = &t->a, .who = &t->who };
}

/* What a row expects: OK with the text member compared, or the field and a word of the message. */
struct row { const char *body; enum err e; const char *field, *word; };

static void check(const struct row *row, size_t n, enum err (*read)(struct ctx *, const struct form *, str, void *))
{
	for (size_t i = 0; i < n; i++) {
		struct fixture t;
		enum err e;

		open_fixture(&t);
		e = read(&t.c, &all_form, str_c(row[i].body), &t.f);
		CHECK_ROW(i, e == row[i].e);
		if (row[i].field) {
			CHECK_ROW(i, t.c.diag.n == 1);
			CHECK_ROW(i, !strcmp(t.c.diag.f[0].field, row[i].field));
			CHECK_ROW(i, strstr(t.c.diag.f[0].text, row[i].word));
		}
		arena_free(&t.a);
	}
}

static void refuses_urlencoded(void **state)
{
	static const struct row row[] = {
		{ "", ERR_OK, NULL, NULL },
		{ "_csrf=x&_key=1", ERR_OK, NULL, NULL },
		{ "text=123456", ERR_INVALID, "text", "At most" },
		{ "text=%E4%B8%80%E4%BA%8C%E4%B8%89%E5%9B%9B%E4%BA%94", ERR_OK, NULL, NULL },
		{ "text=%zz", ERR_MALFORMED, NULL, NULL },
		{ "text=%ff", ERR_MALFORMED, NULL, NULL },
		{ "text=%00", ERR_MALFORMED, NULL, NULL },
		{ "text=%E2%80%AE", ERR_MALFORMED, NULL, NULL },
		{ "text=%C0%80", ERR_MALFORMED, NULL, NULL },
		{ "text=a&text=b", ERR_INVALID, "text", "once" },
		{ "nothing=1", ERR_INVALID, "nothing", "not known" },
		{ "n=1.5", ERR_INVALID, "n", "whole" },
		{ "n=101", ERR_INVALID, "n", "from {1} to {2}" },
		{ "n=99999999999999999999", ERR_INVALID, "n", "whole" },
		{ "yes=maybe", ERR_INVALID, "yes", "yes or no" },
		{ "yes=0&yes=1", ERR_OK, NULL, NULL },
		{ "on=2026-02-30", ERR_INVALID, "on", "date" },
		{ "at=noon", ERR_INVALID, "at", "time" },
		{ "price=1.234", ERR_INVALID, "price", "amount" },
		{ "colour=blue", ERR_INVALID, "colour", "one of" },
		{ "phone=call+me", ERR_INVALID, "phone", "telephone" },
		{ "phone=1234", ERR_INVALID, "phone", "telephone" },
		{ "email=a@b", ERR_INVALID, "email", "e-mail" },
		{ "email=a@b@c.de", ERR_INVALID, "email", "e-mail" },
		{ "email=a%3Cb@c.de", ERR_INVALID, "email", "e-mail" },
		{ "serial=a%27b", ERR_INVALID, "serial", "letters" },
		{ "secret=ab", ERR_INVALID, "secret", "At least" },
		{ "token=a+b", ERR_INVALID, "token", "without blanks" },
		{ "thing.0.name=&thing.0.qty=", ERR_OK, NULL, NULL },
		{ "thing.0.name=&thing.0.qty=&thing.1.qty=1", ERR_INVALID, "thing.1.name", "fill this in" },
		{ "thing.0.qty=1", ERR_INVALID, "thing.0.name", "fill this in" },
		{ "thing.7.name=a&thing.7.qty=10", ERR_INVALID, "thing.7.qty", "from" },
		{ "thing.0.name=a&thing.0.colour=b", ERR_INVALID, "thing.0.colour", "not known" },
		{ "thing.0.name=a&thing.1.name=a&thing.2.name=a&thing.3.name=a", ERR_INVALID, "thing", "entries" },
		{ "thing.1000.name=a", ERR_INVALID, "thing.1000.name", "not known" },
		{ "thing.-1.name=a", ERR_INVALID, "thing.-1.name", "not known" },
	};

	(void)state;
	check(row, LEN(row), form_urlencoded);
}

static void refuses_json(void **state)
{
	static const struct row row[] = {
		{ "{}", ERR_OK, NULL, NULL },
		{ "{\"_csrf\":1}", ERR_OK, NULL, NULL },
		{ "", ERR_MALFORMED, NULL, NULL },
		{ "{\"n\":1}x", ERR_MALFORMED, NULL, NULL },
		{ "{\"n\":1,\"n\":2}", ERR_MALFORMED, NULL, NULL },
		{ "{\"text\":\"\\u0000\"}", ERR_MALFORMED, NULL, NULL },
		{ "{\"text\":\"\xff\"}", ERR_MALFORMED, NULL, NULL },
		{ "{\"text\":\"\\u202e\"}", ERR_INVALID, "text", "characters" },
		{ "{\"text\":\"\\u0007\"}", ERR_INVALID, "text", "characters" },
		{ "[]", ERR_INVALID, "", "object" },
		{ "{\"text\":1}", ERR_INVALID, "text", "quotation" },
		{ "{\"n\":\"1\"}", ERR_INVALID, "n", "whole" },
		{ "{\"n\":1.0}", ERR_INVALID, "n", "whole" },
		{ "{\"n\":-1}", ERR_INVALID, "n", "from" },
		{ "{\"yes\":1}", ERR_INVALID, "yes", "yes or no" },
		{ "{\"price\":{\"amount\":1.5,\"currency\":\"CNY\"}}", ERR_INVALID, "price", "amount" },
		{ "{\"price\":{\"amount\":1,\"currency\":\"cny\"}}", ERR_INVALID, "price", "amount" },
		{ "{\"price\":{\"amount\":1,\"currency\":\"CNY\",\"x\":1}}", ERR_INVALID, "price", "amount" },
		{ "{\"thing\":{}}", ERR_INVALID, "thing", "list" },
		{ "{\"thing\":[{}]}", ERR_INVALID, "thing.0.name", "fill" },
		{ "{\"thing\":[1]}", ERR_INVALID, "thing.0", "object" },
		{ "{\"thing\":[{\"name\":\"a\",\"z\":1}]}", ERR_INVALID, "thing.0.z", "not known" },
		{ "{\"nothing\":null}", ERR_INVALID, "nothing", "not known" },
		{ "{\"text\":null,\"n\":null,\"thing\":null}", ERR_OK, NULL, NULL },
	};

	(void)state;
	check(row, LEN(row), form_json);
}

static void both_read_the_same(void **state)
{
	static const char *const body[] = {
		"text=+\xEF\xBC\xA1" "b+&lines=a%0D%0Ab&phone=%EF%BC%91%EF%BC%93%EF%BC%980-0138+000&email=Me@Example.COM&serial=sn-%EF%BC%91+2&secret=+a+b&token=x1&js=[1]"
		"&n=%EF%BC%97&yes=on&on=2026%2F11%2F22&at=2026-11-22+14:30&price=%C2%A5+1,234.5&colour=green&thing.3.name=x&thing.9.name=y&thing.9.qty=2&pick=4&pick=5",
		"{\"text\":\" \xEF\xBC\xA1" "b \",\"lines\":\"a\\r\\nb\",\"phone\":\"\xEF\xBC\x91\xEF\xBC\x93\xEF\xBC\x98" "0-0138 000\",\"email\":\"Me@Example.COM\",\"serial\":\"sn-\xEF\xBC\x91 2\","
		"\"secret\":\" a b\",\"token\":\"x1\",\"js\":[1],\"n\":7,\"yes\":true,\"on\":\"2026-11-22\",\"at\":\"2026-11-22T06:30:00Z\",\"price\":{\"amount\":123450,\"currency\":\"CNY\"},"
		"\"colour\":\"green\",\"thing\":[{\"name\":\"x\"},{\"name\":\"y\",\"qty\":2}],\"pick\":[4,5]}",
	};

	(void)state;
	for (size_t i = 0; i < LEN(body); i++) {
		struct fixture t;
		enum err e;

		open_fixture(&t);
		e = (i ? form_json : form_urlencoded)(&t.c, &all_form, str_c(body[i]), &t.f);
		CHECK_ROW(i, !e);
		CHECK_ROW(i, str_eq(t.f.text, S("\xEF\xBC\xA1" "b")) && str_eq(t.f.lines, S("a\nb")));
		CHECK_ROW(i, str_eq(t.f.phone, S("13800138000")));
		CHECK_ROW(i, str_eq(t.f.email, S("Me@example.com")) && str_eq(t.f.serial, S("SN-12")) && str_eq(t.f.secret, S(" a b")));
		CHECK_ROW(i, str_eq(t.f.token, S("x1")) && str_eq(t.f.js, S("[1]")) && t.f.n == 7 && t.f.yes && t.f.colour == 1);
		CHECK_ROW(i, t.f.on.d == day_of(2026, 11, 22).d && t.f.price.minor == 123450 && !strcmp(t.f.price.cur, "CNY"));
		CHECK_ROW(i, t.f.at.ms == day_of(2026, 11, 22).d * 86400000 + (6 * 60 + 30) * 60000);
		CHECK_ROW(i, t.f.n_thing == 2 && str_eq(t.f.thing[1].name, S("y")) && t.f.thing[0].qty == NIL && t.f.thing[1].qty == 2);
		CHECK_ROW(i, t.f.n_pick == 2 && t.f.pick[1].id == 5);
		arena_free(&t.a);
	}
}

static void absent_members(void **state)
{
	struct fixture t;

	(void)state;
	open_fixture(&t);
	CHECK(!form_urlencoded(&t.c, &all_form, S("text=&n=+&colour="), &t.f));
	CHECK(!t.f.text.p && t.f.n == NIL && t.f.on.d == NIL && t.f.at.ms == NIL && t.f.price.minor == NIL && t.f.colour == -1 && !t.f.n_thing);
	arena_free(&t.a);
}

static void phones(void **state)
{
	static const struct { const char *typed, *kept; } row[] = {
		{ "138 0013 8000", "13800138000" }, { "138-0013-8000", "13800138000" }, { "(0571) 8888-6666", "05718888-6666" }, { "+86 13800138000", "+8613800138000" },
		{ "0571-88886666", "0571-88886666" }, { "\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93\xEF\xBC\x94\xEF\xBC\x95", "12345" },
	};
	static const struct input in = { .name = "phone", .kind = IN_PHONE, .min = NIL, .off = offsetof(struct all, phone) };

	(void)state;
	for (size_t i = 0; i < LEN(row); i++) {
		struct fixture t;

		open_fixture(&t);
		input_text(&t.c, &in, "phone", str_c(row[i].typed), &t.f);
		CHECK_ROW(i, str_eq(t.f.phone, str_c(row[i].kept)));
		arena_free(&t.a);
	}
}

static void small_grammars(void **state)
{
	static const struct { const char *header, *what; int q; } accept[] = {
		{ "text/html,application/json;q=0.5", "application/json", 500 }, { "a/b ; q=1", "a/b", 1000 }, { "zh-CN,zh;q=0.9", "zh", 900 },
		{ "text/html", "text/csv", -1 }, { "a/b;q=x", "a/b", 0 }, { "", "a/b", -1 }, { "a/b;q=2", "a/b", 0 },
	};
	static const struct { const char *header, *name, *value; } par[] = {
		{ "multipart/form-data; boundary=abc", "boundary", "abc" }, { "x; boundary=\"a;\\\"b\"; c=d", "boundary", "a;\"b" }, { "x; boundary=\"a;\\\"b\"; c=d", "c", "d" },
		{ "x; boundary=\"open", "boundary", NULL }, { "x", "boundary", NULL }, { "x;BOUNDARY = q ", "boundary", "q" },
	};
	struct fixture t;

	(void)state;
	open_fixture(&t);
	for (size_t i = 0; i < LEN(accept); i++)
		CHECK_ROW(i, accept_q(str_c(accept[i].header), str_c(accept[i].what)) == accept[i].q);
	for (size_t i = 0; i < LEN(par); i++)
		CHECK_ROW(i, str_eq(param_get(&t.a, str_c(par[i].header), str_c(par[i].name)), str_c(par[i].value)));
	CHECK(str_eq(cookie_get(S("a=1; bx_lang=en;b=2"), S("bx_lang")), S("en")));
	CHECK(!cookie_get(S("xbx_lang=en"), S("bx_lang")).p);
	CHECK(form_input(&all_form, S("thing.3.qty"))->kind == IN_INT && !form_input(&all_form, S("thing.3.x")) && form_input(&all_form, S("thing"))->kind == IN_LIST);
	arena_free(&t.a);
}

UNIT_GROUP(form, T(refuses_urlencoded), T(refuses_json), T(both_read_the_same), T(absent_members), T(phones), T(small_grammars))
