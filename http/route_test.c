#include "tests/unit.h"
#include "http/http_int.h"

static enum err run(struct ctx *c, struct req *r, struct reply *out) { (void)c, (void)r, (void)out; return ERR_OK; }

static const struct route good[] = {
	{ .method = "GET", .path = "/", .flags = R_PUBLIC, .run = run, .summary = "home" },
	{ .method = "GET", .path = "/orders", .run = run, .summary = "list" },
	{ .method = "POST", .path = "/orders", .run = run, .summary = "add" },
	{ .method = "GET", .path = "/orders/new", .flags = R_PAGE, .run = run, .summary = "new" },
	{ .method = "GET", .path = "/orders/{no}", .run = run, .summary = "one" },
	{ .method = "PUT", .path = "/orders/{no}", .flags = R_API, .run = run, .summary = "put" },
	{ .method = "GET", .path = "/orders/{no}/parts/{id}", .run = run, .summary = "part" },
	{ .method = "GET", .path = "/orders/new/{step}", .flags = R_PAGE, .run = run, .summary = "step" },
};
static const struct slice good_slice = { .name = "good", SLICE_ROUTES(good) };
static const struct slice *const good_slices[] = { &good_slice, NULL };

static void finds_rows(void **state)
{
	static const struct { const char *method, *path; enum door door; enum err e; const char *summary, *arg0, *arg1; } row[] = {
		{ "GET", "/", DOOR_PAGE, ERR_OK, "home", NULL, NULL },
		{ "HEAD", "/orders", DOOR_PAGE, ERR_OK, "list", NULL, NULL },
		{ "POST", "/orders", DOOR_API, ERR_OK, "add", NULL, NULL },
		{ "GET", "/orders/new", DOOR_PAGE, ERR_OK, "new", NULL, NULL },
		{ "GET", "/orders/new", DOOR_API, ERR_OK, "one", "new", NULL },
		{ "GET", "/orders/BX1", DOOR_PAGE, ERR_OK, "one", "BX1", NULL },
		{ "GET", "/orders/BX1/parts/7", DOOR_API, ERR_OK, "part", "BX1", "7" },
		{ "GET", "/orders/new/parts/7", DOOR_PAGE, ERR_OK, "part", "new", "7" },
		{ "GET", "/orders/new/2", DOOR_PAGE, ERR_OK, "step", "2", NULL },
		{ "DELETE", "/orders", DOOR_API, ERR_METHOD, NULL, NULL, NULL },
		{ "PUT", "/orders/BX1", DOOR_PAGE, ERR_METHOD, NULL, NULL, NULL },
		{ "BREW", "/orders", DOOR_API, ERR_METHOD, NULL, NULL, NULL },
		{ "GET", "/nothing", DOOR_PAGE, ERR_NOT_FOUND, NULL, NULL, NULL },
		{ "GET", "/orders/", DOOR_PAGE, ERR_NOT_FOUND, NULL, NULL, NULL },
		{ "GET", "/orders//parts/7", DOOR_PAGE, ERR_NOT_FOUND, NULL, NULL, NULL },
		{ "GET", "//orders", DOOR_PAGE, ERR_NOT_FOUND, NULL, NULL, NULL },
		{ "GET", "orders", DOOR_PAGE, ERR_NOT_FOUND, NULL, NULL, NULL },
		{ "GET", "", DOOR_PAGE, ERR_NOT_FOUND, NULL, NULL, NULL },
	};
	char why[200];
	struct router *r = router_new(good_slices, why, sizeof why);

	(void)state;
	CHECK(r);
	for (size_t i = 0; i < LEN(row); i++) {
		const struct route *hit = NULL;
		unsigned allow;
		str arg[3] = { { 0 } };

		CHECK_ROW(i, router_match(r, method_of(str_c(row[i].method)), row[i].door, str_c(row[i].path), &hit, arg, &allow) == row[i].e);
		CHECK_ROW(i, !row[i].summary || !strcmp(hit->summary, row[i].summary));
		CHECK_ROW(i, str_eq(arg[0], str_c(row[i].arg0)) && str_eq(arg[1], str_c(row[i].arg1)));
	}
	router_free(r);
}

static void refuses_unsound_tables(void **state)
{
	static const struct { const char *word; struct route row[2]; } bad[] = {
		{ "same request", { { .method = "GET", .path = "/a/{x}", .run = run, .summary = "s" }, { .method = "GET", .path = "/a/{y}", .run = run, .summary = "s" } } },
		{ "same request", { { .method = "GET", .path = "/a", .flags = R_API, .run = run, .summary = "s" }, { .method = "GET", .path = "/a", .run = run, .summary = "s" } } },
		{ "method", { { .method = "HEAD", .path = "/a", .run = run, .summary = "s" } } },
		{ "path", { { .method = "GET", .path = "a", .run = run, .summary = "s" } } },
		{ "path", { { .method = "GET", .path = "/a/", .run = run, .summary = "s" } } },
		{ "reserved", { { .method = "GET", .path = "/api/v1/a", .run = run, .summary = "s" } } },
		{ "holes", { { .method = "GET", .path = "/{a}/{b}/{c}/{d}", .run = run, .summary = "s" } } },
		{ "missing", { { .method = "GET", .path = "/a", .summary = "s" } } },
		{ "R_LIVE", { { .method = "GET", .path = "/a", .flags = R_LIVE, .run = run, .summary = "s" } } },
		{ "exclude", { { .method = "GET", .path = "/a", .flags = R_PAGE | R_API, .run = run, .summary = "s" } } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(bad); i++) {
		const struct slice s = { .name = "bad", .routes = bad[i].row, .n_routes = bad[i].row[1].run ? 2 : 1 };
		const struct slice *const list[] = { &s, NULL };
		char why[200] = "";

		CHECK_ROW(i, !router_new(list, why, sizeof why) && strstr(why, bad[i].word));
	}
}

UNIT_GROUP(route, T(finds_rows), T(refuses_unsound_tables))
