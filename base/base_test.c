#include "tests/unit.h"

static void text(void **state)
{
	static const struct { const char *s; bool ok; } rows[] = {
		{ "plain", true }, { "维修", true }, { "\xC0\x80", false }, { "\xED\xA0\x80", false }, { "a\x01", false },
		{ "\xE2\x80\xAE", false }, { "tab\tnl\n", true }, { "\xF0\x9F\x98\x80", true }, { "\xE7\xBB", false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, utf8_valid(str_c(rows[i].s)) == rows[i].ok);
}

static void sight(void **state)
{
	static const struct { struct actor who; enum err e; const char *lo, *in, *out; int64_t own, customer; } rows[] = {
		{ { .sight = SIGHT_ALL, .id = 7, .customer_id = 8 }, ERR_OK, NULL, NULL, NULL, NIL, NIL },
		{ { .sight = SIGHT_ORG, .id = 7, .org_path = { "1.3.", 4 } }, ERR_OK, "1.3.", "1.3.12.", "1.4.", NIL, NIL },
		{ { .sight = SIGHT_ORG, .id = 7 }, ERR_OK, "!", "!", "1.", NIL, NIL },
		{ { .sight = SIGHT_OWN, .id = 7, .org_path = { "1.3.", 4 } }, ERR_OK, NULL, NULL, NULL, 7, NIL },
		{ { .sight = SIGHT_CUSTOMER, .id = 7, .customer_id = 8 }, ERR_OK, NULL, NULL, NULL, NIL, 8 },
		{ { .sight = SIGHT_NONE }, ERR_NOT_FOUND, NULL, NULL, NULL, NIL, NIL },
	};
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < LEN(rows); i++) {
		struct ctx c = { .a = &a, .who = &rows[i].who };
		struct in_sight s;

		CHECK_ROW(i, sight_of(&c, &s) == rows[i].e);
		if (rows[i].e)
			continue;
		CHECK_ROW(i, s.own == rows[i].own && s.customer == rows[i].customer && !s.org_lo.p == !rows[i].lo && !s.org_hi.p == !rows[i].lo);
		if (!rows[i].lo)
			continue;
		CHECK_ROW(i, str_eq(s.org_lo, str_c(rows[i].lo)) && str_cmp(str_c(rows[i].in), s.org_lo) >= 0 && str_cmp(str_c(rows[i].in), s.org_hi) < 0);
		CHECK_ROW(i, str_cmp(str_c(rows[i].out), s.org_hi) > 0);
	}
	arena_free(&a);
}

static void base64(void **state)
{
	static const struct { const char *bytes, *text; } rows[] = { { "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" }, { "\xfb\xff\xfe", "-__-" } };
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 16);
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, str_eq(str_base64(&a, rows[i].bytes, strlen(rows[i].bytes)), str_c(rows[i].text)));
	arena_free(&a);
}

UNIT_GROUP(base, T(text), T(sight), T(base64))
