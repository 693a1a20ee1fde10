#include "tests/unit.h"
#include "app/house.h"
#include "base/time.h"
#include "http/http_int.h"
#include "slice/account/account.h"
#include <jansson.h>

static void routes_are_sound(void **state)
{
	char why[256] = "";
	struct router *r = router_new(house_slices, why, sizeof why);

	(void)state;
	if (!r)
		print_error("%s\n", why);
	CHECK(r);
	router_free(r);
}

static json_t *description(void)
{
	struct arena a;
	struct ctx c = { .a = &a, .who = &actor_system, .now = clock_now() };
	struct out o;
	json_t *doc;

	arena_init(&a, 16 << 20);
	buf_init(&o.b, 16 << 20);
	http_openapi(&o, &c, &house_app);
	CHECK(!o.b.overflow);
	doc = json_loadb(o.b.p, o.b.n, JSON_REJECT_DUPLICATES, NULL);
	buf_free(&o.b);
	arena_free(&a);
	return doc;
}

/* "#/components/schemas/X" leads somewhere. */
static bool resolves(json_t *doc, const char *ref)
{
	str rest = str_c(ref), piece;

	if (!str_cut(&rest, '/', &piece) || !str_eq(piece, S("#")))
		return false;
	while (doc && str_cut(&rest, '/', &piece))
		doc = json_object_getn(doc, piece.p, piece.n);
	return doc != NULL;
}

static void follow(json_t *doc, json_t *at)
{
	const char *key;
	json_t *v;
	size_t i;

	json_object_foreach(at, key, v) {
		CHECK(strcmp(key, "$ref") || resolves(doc, json_string_value(v)));
		follow(doc, v);
	}
	json_array_foreach(at, i, v)
		follow(doc, v);
}

static size_t path_parameters(json_t *operation)
{
	json_t *p;
	size_t i, n = 0;

	json_array_foreach(json_object_get(operation, "parameters"), i, p)
		n += json_object_get(p, "in") && !strcmp(json_string_value(json_object_get(p, "in")), "path");
	return n;
}

static void the_api_is_described(void **state)
{
	json_t *doc = description(), *ids = json_object(), *path, *operation;
	const char *name, *method;

	(void)state;
	CHECK(doc && !strcmp(json_string_value(json_object_get(doc, "openapi")), "3.1.0"));
	follow(doc, doc);
	json_object_foreach(json_object_get(doc, "paths"), name, path) {
		size_t holes = 0;

		for (const char *p = name; *p; p++)
			holes += *p == '{';
		json_object_foreach(path, method, operation) {
			const char *id = json_string_value(json_object_get(operation, "operationId"));

			CHECK(id && !json_object_get(ids, id));
			json_object_set(ids, id, operation);
			CHECK(path_parameters(operation) == holes);
			CHECK(json_object_size(json_object_get(operation, "responses")) >= 2);
			CHECK(json_string_length(json_object_get(operation, "summary")) > 3);
		}
	}
	CHECK(json_object_size(ids) > 0);
	json_decref(ids);
	json_decref(doc);
}

/* ---- a page can do it: the API can do it [A3] ---- */

/* What only a browser needs, and what a program does instead: rows of the API, or NULL. */
static const struct { const char *page, *why, *instead[2]; } only_pages[] = {
	{ "/login", "a program brings a token", { "/account/tokens" } },
	{ "/logout", "a token is revoked", { "/account/tokens/{id}/end" } },
	{ "/counter", "two steps in one screen", { "/orders", "/orders/{no}/events" } },
};

static bool api_has(const char *path)
{
	for (const struct slice *const *s = house_slices; *s; s++)
		for (size_t i = 0; i < (*s)->n_routes; i++)
			if (!((*s)->routes[i].flags & R_PAGE) && strcmp((*s)->routes[i].method, "GET") && !strcmp((*s)->routes[i].path, path))
				return true;
	return false;
}

/* A row of the API runs the same verb, or fills the same form. */
static bool has_twin(const struct route *page)
{
	for (const struct slice *const *s = house_slices; *s; s++)
		for (size_t i = 0; i < (*s)->n_routes; i++) {
			const struct route *r = &(*s)->routes[i];

			if (!(r->flags & R_PAGE) && strcmp(r->method, "GET") && (r->run == page->run || (r->form && r->form == page->form)))
				return true;
		}
	return false;
}

static int excused(const struct route *page)
{
	for (size_t i = 0; i < LEN(only_pages); i++)
		if (!strcmp(only_pages[i].page, page->path))
			return (int)i;
	return -1;
}

static void what_a_page_does_the_api_does(void **state)
{
	bool used[LEN(only_pages)] = { false };

	(void)state;
	for (const struct slice *const *s = house_slices; *s; s++)
		for (size_t i = 0; i < (*s)->n_routes; i++) {
			const struct route *r = &(*s)->routes[i];
			int excuse = excused(r);

			if (!(r->flags & R_PAGE) || !strcmp(r->method, "GET"))
				continue;
			if (!has_twin(r) && excuse < 0)
				print_error("%s %s: only a page can do this\n", r->method, r->path);
			CHECK(has_twin(r) != (excuse >= 0));
			if (excuse >= 0)
				used[excuse] = true;
		}
	for (size_t i = 0; i < LEN(only_pages); i++)
		CHECK_ROW(i, used[i] && *only_pages[i].why && api_has(only_pages[i].instead[0]) && (!only_pages[i].instead[1] || api_has(only_pages[i].instead[1])));
}

UNIT_GROUP(house, T(routes_are_sound), T(the_api_is_described), T(what_a_page_does_the_api_does))
