/* frame_test.c — who sees which entries, what is current, what a nobody gets. */
#include "tests/unit.h"
#include "app/frame.h"
#include "app/house.h"
#include "base/time.h"
#include "slice/account/perm.h"

static void page_inside(struct out *o, const struct ctx *c, const void *model)
{
	(void)c; (void)model;
	out_lit(o, "<p>inside</p>", 13);
}

struct bench { struct arena a; struct actor who; struct ctx c; struct req r; struct reply rep; struct out o; };

static void draw(struct bench *b, uint64_t perms, const char *path, const char *lang)
{
	memset(b, 0, sizeof *b);
	arena_init(&b->a, 1 << 20);
	buf_init(&b->o.b, 1 << 20);
	b->who = (struct actor){ .id = perms ? 7 : NIL, .perms = perms, .name = S("林晓"), .login = S("lin"), .lang = lang, .zone = tz_get(S("Asia/Shanghai")) };
	b->c = (struct ctx){ .a = &b->a, .who = &b->who, .now = { 1795336200000 }, .trace = S("t") };
	b->r = (struct req){ .path = str_c(path), .query = S("") };
	b->rep.title = S("<Title>");
	b->rep.flash = S("saved & done");
	frame_page(&b->o, &b->c, &b->r, &b->rep, S("tok"), page_inside, NULL);
}

static void drop(struct bench *b)
{
	buf_free(&b->o.b);
	arena_free(&b->a);
}

static bool holds(const struct bench *b, const char *text)
{
	size_t at;

	return str_find((str){ b->o.b.p, b->o.b.n }, str_c(text), &at);
}

static void test_navigation(void **state)
{
	static const struct { uint64_t perms; const char *path, *want, *not; } row[] = {
		{ PERM_STAFF | PERM_ORDER_WORK, "/day", "<a href=\"/day\" aria-current=\"page\"", "href=\"/admin\"" },
		{ PERM_STAFF | PERM_ORDER_READ, "/orders/BX1", "<a href=\"/orders\" aria-current=\"page\"", "href=\"/day\"" },
		{ PERM_STAFF | PERM_ORDER_READ, "/orders-x", "href=\"/orders\"", "aria-current" },
		{ PERM_STAFF | PERM_MONEY_COUNTERSIGN, "/till", "href=\"/till\"", "href=\"/stock\"" },
		{ PERM_STAFF | PERM_ORDER_REGISTER, "/desk", "data-new", "href=\"/board\"" },
	};
	struct bench b;

	(void)state;
	for (size_t i = 0; i < LEN(row); i++) {
		draw(&b, row[i].perms, row[i].path, "en");
		CHECK_ROW(i, holds(&b, row[i].want));
		CHECK_ROW(i, !holds(&b, row[i].not));
		drop(&b);
	}
}

static void test_parts(void **state)
{
	struct bench b;

	(void)state;
	draw(&b, PERM_ALL, "/desk", "zh");
	CHECK(holds(&b, "<html lang=\"zh\">") && holds(&b, "工作台"));
	CHECK(holds(&b, "&lt;Title&gt;") && !holds(&b, "<Title>"));
	CHECK(holds(&b, "saved &amp; done") && holds(&b, "<p>inside</p>"));
	CHECK(holds(&b, "data-csrf=\"tok\"") && holds(&b, "<span class=\"avatar\" aria-hidden=\"true\">林</span>"));
	drop(&b);
}

static void test_nobody(void **state)
{
	struct bench b;

	(void)state;
	draw(&b, 0, "/report", "en");
	CHECK(holds(&b, "href=\"/login\"") && holds(&b, "<p>inside</p>"));
	CHECK(!holds(&b, "class=\"side\"") && !holds(&b, "href=\"/desk\"") && !holds(&b, "/logout"));
	drop(&b);
}

static void test_error(void **state)
{
	struct bench b;

	(void)state;
	draw(&b, 0, "/x", "en");
	buf_clear(&b.o.b);
	CHECK(fail(&b.c, ERR_NOT_FOUND, NULL) == ERR_NOT_FOUND);
	frame_error(&b.o, &b.c, &b.r, 404);
	CHECK(holds(&b, "There is nothing here under this address.") && holds(&b, "Not found"));
	CHECK(!holds(&b, "<!doctype"));
	drop(&b);
}

static bool served(const char *path)
{
	for (size_t i = 0; house_slices[i]; i++)
		for (size_t k = 0; k < house_slices[i]->n_routes; k++)
			if (!strcmp(house_slices[i]->routes[k].method, "GET") && !strcmp(house_slices[i]->routes[k].path, path))
				return true;
	return false;
}

static void test_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < frame_nav_n; i++) {
		CHECK_ROW(i, served(frame_nav[i].path));
		for (size_t k = 0; frame_nav[i].key && k < i; k++)
			CHECK_ROW(i, !frame_nav[k].key || strcmp(frame_nav[i].key, frame_nav[k].key));
	}
}

UNIT_GROUP(frame, T(test_entries), T(test_navigation), T(test_parts), T(test_nobody), T(test_error))
