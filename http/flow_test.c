#include "tests/unit.h"
#include "http/http_int.h"
#include "base/i18n.h"

enum { PERM_READ = 1, PERM_WRITE = 2 };
struct thing { int64_t id, ver; str name, secret; };
static const struct field thing_fields[] = { FIELD(struct thing, id), FIELD(struct thing, ver), FIELD(struct thing, name), FIELD_IF(struct thing, secret, PERM_WRITE), { 0 } };
static void thing_page(struct out *o, const struct ctx *c, const void *model) { out_text(o, c, v_str(((const struct thing *)model)->name)); }
static const struct view thing_view = { "thing", "Thing", thing_page, thing_fields, sizeof(struct thing) };

struct thing_in { str name; int64_t ver; };
FORM(flow_thing_form, struct thing_in, INPUT(struct thing_in, name, IN_TEXT, "Name", .required = true), INPUT(struct thing_in, ver, IN_INT, "Version"));
struct find { str q, after; int64_t limit; };
FORM(flow_find_form, struct find, INPUT(struct find, q, IN_TEXT, "Search"), LIST_INPUTS(struct find));

static enum err thing_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct thing *t = NEW(c->a, struct thing);

	if (str_eq(r->arg[0], S("none")))
		return ERR_NOT_FOUND;
	*t = (struct thing){ .id = 7, .ver = 3, .name = r->arg[0], .secret = S("hidden") };
	out->view = &thing_view;
	out->model = t;
	out->ver = 3;
	return ERR_OK;
}

static enum err thing_add(struct ctx *c, struct req *r, struct reply *out)
{
	const struct thing_in *f = r->form;
	struct thing *t = NEW(c->a, struct thing);

	CHECK(db_writing(c->db));
	if (f->ver != NIL && f->ver != 3)
		return fail(c, ERR_CONFLICT, NULL);
	if (str_eq(f->name, S("eat")))
		for (;;)
			arena_alloc(c->a, 1 << 20);
	*t = (struct thing){ .id = 8, .ver = 1, .name = f->name };
	*out = (struct reply){ .view = &thing_view, .model = t, .location = S("/things/8"), .created = true, .flash = S("Saved \xE5\xA5\xBD"), .ver = 1 };
	live_touch(c, "things");
	return ERR_OK;
}

static enum err thing_again(struct ctx *c, struct req *r, struct reply *out)
{
	struct thing *t = NEW(c->a, struct thing);

	CHECK(r->failed);
	t->name = arena_join(c->a, (const str[]){ S("again "), req_typed(r, "name"), S(" "), req_error(c, r, "name") }, 4, S(""));
	*out = (struct reply){ .view = &thing_view, .model = t };
	return ERR_OK;
}

static enum err thing_list(struct ctx *c, struct req *r, struct reply *out)
{
	(void)c;
	out->view = &thing_view;
	out->model = NEW(c->a, struct thing);
	((struct thing *)out->model)->id = list_limit(((const struct find *)r->form)->limit);
	out->next = S("a b");
	return ERR_OK;
}

static bool piece(struct ctx *c, struct out *o, void *arg, enum err *ret_e)
{
	int *left = arg;

	(void)c, (void)ret_e;
	buf_str(&o->b, S("row\n"));
	return --*left > 0;
}

static enum err thing_export(struct ctx *c, struct req *r, struct reply *out)
{
	int *left = NEW(c->a, int);

	(void)r;
	*left = 3;
	*out = (struct reply){ .stream = piece, .stream_arg = left, .file_type = S("text/plain"), .file_name = S("\xE8\xA1\xA8.txt") };
	return ERR_OK;
}

static enum err hook(struct ctx *c, struct req *r, struct reply *out)
{
	(void)out;
	return str_eq(r->raw, S("ping")) ? ERR_OK : fail(c, ERR_INVALID, NULL);
}

static const struct route rows[] = {
	{ .method = "GET", .path = "/things/{id}", .need = PERM_READ, .run = thing_show, .view = &thing_view, .summary = "show" },
	{ .method = "GET", .path = "/things", .need = PERM_READ, .form = &flow_find_form, .run = thing_list, .view = &thing_view, .summary = "list" },
	{ .method = "GET", .path = "/export", .need = PERM_READ, .run = thing_export, .summary = "export" },
	{ .method = "POST", .path = "/things", .need = PERM_WRITE, .form = &flow_thing_form, .run = thing_add, .view = &thing_view, .again = thing_again, .summary = "add" },
	{ .method = "POST", .path = "/open", .flags = R_PUBLIC, .form = &flow_thing_form, .run = thing_add, .summary = "open" },
	{ .method = "POST", .path = "/hook", .flags = R_PUBLIC | R_NO_CSRF | R_API | R_READ, .run = hook, .summary = "hook" },
};
static const struct slice slice = { .name = "thing", SLICE_ROUTES(rows) };
static const struct slice *const slices[] = { &slice, NULL };

static enum err identify(struct ctx *c, str session, str bearer, const struct actor **ret, str *ret_csrf)
{
	static const struct actor reader = { .id = 1, .perms = PERM_READ, .lang = "en" }, writer = { .id = 2, .perms = PERM_READ | PERM_WRITE };

	if (str_eq(session, S("reader")) || str_eq(bearer, S("reader")))
		*ret = &reader;
	else if (str_eq(session, S("writer")) || str_eq(bearer, S("writer")))
		*ret = &writer;
	else if (session.n || bearer.n)
		return fail(c, ERR_UNAUTHORIZED, NULL);
	if (session.n)
		*ret_csrf = S("token");
	return ERR_OK;
}

static char idem_key[200], idem_sum[100], idem_body[500];
static int idem_status;

static enum err idem_find_one(struct ctx *c, str key, str sha256, bool *ret_hit, int *ret_status, str *ret_body, str *ret_location)
{
	if (!str_eq(key, str_c(idem_key)))
		return ERR_OK;
	if (!str_eq(sha256, str_c(idem_sum)))
		return fail(c, ERR_CONFLICT, NULL);
	*ret_hit = true;
	*ret_status = idem_status;
	*ret_body = str_c(idem_body);
	*ret_location = S("/things/8");
	return ERR_OK;
}

static enum err idem_store_one(struct ctx *c, str key, str sha256, int status, str body, str location)
{
	(void)c, (void)location;
	snprintf(idem_key, sizeof idem_key, "%.*s", STR_ARG(key));
	snprintf(idem_sum, sizeof idem_sum, "%.*s", STR_ARG(sha256));
	snprintf(idem_body, sizeof idem_body, "%.*s", STR_ARG(body));
	idem_status = status;
	return ERR_OK;
}

static const struct http_app app = { .slices = slices, .identify = identify, .login_path = "/login", .idem_find = idem_find_one, .idem_store = idem_store_one };

struct script { const char *method, *path, *headers, *body; int status; const char *location, *has, *hasnt; };

static void play(const struct script *row, size_t n)
{
	struct arena a;
	struct db *db;
	str why;

	arena_init(&a, 1 << 20);
	CHECK(!db_open(":memory:", &a, &db, &why));
	for (size_t i = 0; i < n; i++) {
		struct http_answer ans;
		struct out o;

		buf_init(&o.b, 1 << 20);
		CHECK_ROW(i, !http_script(db, &app, row[i].method, row[i].path, row[i].headers, str_c(row[i].body), &o, &ans));
		if (ans.status != row[i].status)
			print_error("row %zu: %d %.*s\n", i, ans.status, (int)o.b.n, o.b.p);
		CHECK_ROW(i, ans.status == row[i].status);
		CHECK_ROW(i, !row[i].location || str_eq(ans.location, str_c(row[i].location)));
		CHECK_ROW(i, !row[i].has || (o.b.n && strstr(o.b.p, row[i].has)));
		CHECK_ROW(i, !row[i].hasnt || !strstr(o.b.n ? o.b.p : "", row[i].hasnt));
		CHECK_ROW(i, ans.statements == 0 && ans.arena < (ans.status == 413 ? 64 << 20 : 64 << 10));
		buf_free(&o.b);
	}
	db_close(db);
	arena_free(&a);
}

#define READER "Cookie: bx_session=reader\n"
#define WRITER "Cookie: bx_session=writer\n"
#define BEARER "Authorization: Bearer writer\n"

static void who_may(void **state)
{
	static const struct script row[] = {
		{ "GET", "/things/x", "", "", 303, "/login?next=%2Fthings%2Fx", NULL, NULL },
		{ "GET", "/api/v1/things/x", "", "", 401, NULL, "\"unauthorized\"", NULL },
		{ "GET", "/things/x", "Authorization: Bearer wrong", "", 401, NULL, "\"unauthorized\"", NULL },
		{ "GET", "/things/x", "Cookie: bx_session=old", "", 303, "/login?next=%2Fthings%2Fx", NULL, NULL },
		{ "GET", "/things/x", READER, "", 200, NULL, "x", NULL },
		{ "GET", "/api/v1/things/x", READER, "", 200, NULL, "\"secret\":null", "hidden" },
		{ "GET", "/api/v1/things/x", WRITER, "", 200, NULL, "hidden", NULL },
		{ "POST", "/things", READER "X-CSRF-Token: token", "name=a", 403, NULL, NULL, NULL },
		{ "POST", "/things", WRITER, "name=a", 403, NULL, NULL, NULL },
		{ "POST", "/things", WRITER, "name=a&_csrf=wrong", 403, NULL, NULL, NULL },
		{ "POST", "/things", WRITER, "name=a&_csrf=token", 303, "/things/8", NULL, NULL },
		{ "POST", "/things", WRITER "X-CSRF-Token: token\nOrigin: http://localhost", "name=a", 303, "/things/8", NULL, NULL },
		{ "POST", "/things", WRITER "X-CSRF-Token: token\nOrigin: http://evil.example", "name=a", 403, NULL, NULL, NULL },
		{ "POST", "/things", WRITER "X-CSRF-Token: token\nSec-Fetch-Site: cross-site", "name=a", 403, NULL, NULL, NULL },
		{ "POST", "/open", "Sec-Fetch-Site: cross-site", "name=a", 403, NULL, NULL, NULL },
		{ "POST", "/open", "", "name=a", 303, NULL, NULL, NULL },
		{ "POST", "/api/v1/things", BEARER, "{\"name\":\"a\"}", 201, "/api/v1/things/8", "\"name\":\"a\"", NULL },
		{ "POST", "/api/v1/hook", "Origin: http://evil.example", "ping", 204, NULL, NULL, NULL },
	};

	(void)state;
	play(row, LEN(row));
}

static void answers(void **state)
{
	static const struct script row[] = {
		{ "GET", "/things/x", READER "Accept: application/json", "", 200, NULL, "{\"id\":7", NULL },
		{ "GET", "/things/x.json", READER, "", 200, NULL, "{\"id\":7", NULL },
		{ "GET", "/things/x?format=json", READER, "", 200, NULL, "{\"id\":7", NULL },
		{ "GET", "/api/v1/things/x", READER "Accept: text/html", "", 200, NULL, "{\"id\":7", NULL },
		{ "GET", "/api/v1/things/none", READER, "", 404, NULL, "\"status\":404", NULL },
		{ "GET", "/api/v1/nothing", READER, "", 404, NULL, "not_found", NULL },
		{ "DELETE", "/api/v1/things", READER, "", 405, NULL, "method", NULL },
		{ "GET", "/api/v1/things?limit=200", READER, "", 200, NULL, "\"id\":200", NULL },
		{ "GET", "/api/v1/things?q=x", READER, "", 200, NULL, "\"id\":50", NULL },
		{ "GET", "/api/v1/things?limit=201", READER, "", 422, NULL, "\"name\":\"limit\"", NULL },
		{ "GET", "/api/v1/things?unknown=1", READER, "", 422, NULL, "unknown", NULL },
		{ "GET", "/things?unknown=1", READER, "", 200, NULL, NULL, NULL },
		{ "GET", "/api/v1/things?q=%ff", READER, "", 400, NULL, "malformed", NULL },
		{ "GET", "/things/%00", READER, "", 400, NULL, NULL, NULL },
		{ "GET", "/things/a b", READER, "", 400, NULL, "request line", NULL },
		{ "GET", "/export", READER, "", 200, NULL, "row\nrow\nrow\n", NULL },
		{ "POST", "/things", WRITER, "name=&_csrf=token", 422, NULL, "again  ", NULL },
		{ "POST", "/things", READER "X-CSRF-Token: token", "name=bob", 403, NULL, "again", NULL },
		{ "POST", "/things", WRITER, "name=bob&ver=2&_csrf=token", 409, NULL, "again bob", NULL },
		{ "POST", "/api/v1/things", BEARER "If-Match: \"2\"", "{\"name\":\"a\"}", 409, NULL, "conflict", NULL },
		{ "POST", "/api/v1/things", BEARER "If-Match: \"3\"", "{\"name\":\"a\"}", 201, NULL, NULL, NULL },
		{ "POST", "/api/v1/things", BEARER "If-Match: \"2\"", "name=a", 409, NULL, "conflict", NULL },
		{ "POST", "/api/v1/things", BEARER "Accept-Language: en", "{\"name\":", 400, NULL, "line 1", NULL },
		{ "POST", "/api/v1/things", BEARER "Content-Type: text/xml", "<a/>", 415, NULL, "media_type", NULL },
		{ "POST", "/api/v1/things", BEARER "Accept-Language: en", "{\"name\":\"eat\"}", 413, NULL, "too_large", NULL },
		{ "POST", "/things", WRITER "HX-Request: true", "name=a&_csrf=token", 204, NULL, NULL, NULL },
		{ "POST", "/api/v1/things", BEARER "Transfer-Encoding: chunked\nContent-Length: 3", "{}", 400, NULL, NULL, NULL },
		{ "POST", "/api/v1/things", BEARER "Content-Length: 10000000000", "{}", 413, NULL, NULL, NULL },
		{ "POST", "/api/v1/things", BEARER "Content-Length : 2", "{}", 400, NULL, NULL, NULL },
	};

	(void)state;
	play(row, LEN(row));
}

static void languages(void **state)
{
	static const struct script row[] = {
		{ "GET", "/api/v1/nothing", "", "", 404, NULL, "\"title\":\"\xE8", NULL },
		{ "GET", "/api/v1/nothing", "Accept-Language: en-US,en;q=0.9", "", 404, NULL, "There is nothing here", NULL },
		{ "GET", "/api/v1/nothing", READER "Accept-Language: zh", "", 404, NULL, "There is nothing here", NULL },
		{ "GET", "/api/v1/nothing", "Cookie: bx_lang=zh; bx_session=reader", "", 404, NULL, "\"title\":\"\xE8", NULL },
	};

	(void)state;
	play(row, LEN(row));
}

static void the_same_key_twice(void **state)
{
	static const struct script row[] = {
		{ "POST", "/api/v1/things", BEARER "Idempotency-Key: k1", "{\"name\":\"a\"}", 201, "/api/v1/things/8", "\"name\":\"a\"", NULL },
		{ "POST", "/api/v1/things", BEARER "Idempotency-Key: k1", "{\"name\":\"a\"}", 201, "/api/v1/things/8", "\"name\":\"a\"", NULL },
		{ "POST", "/api/v1/things", BEARER "Idempotency-Key: k1", "{\"name\":\"b\"}", 409, NULL, "conflict", NULL },
		{ "POST", "/things", WRITER, "name=a&_csrf=token&_key=k2", 303, "/things/8", NULL, NULL },
		{ "POST", "/things", WRITER, "name=a&_csrf=token&_key=k2&_verb=add", 303, "/things/8", NULL, NULL },
		{ "POST", "/things", WRITER, "name=b&_csrf=token&_key=k2", 409, NULL, NULL, NULL },
		{ "POST", "/api/v1/things", BEARER "Idempotency-Key: a b", "{\"name\":\"b\"}", 400, NULL, NULL, NULL },
	};

	(void)state;
	idem_key[0] = 0;
	play(row, LEN(row));
}

static void bucket_refills(void **state)
{
	struct limits *l = limits_new();
	int64_t wait;

	(void)state;
	for (int i = 0; i < 3; i++)
		CHECK(limits_take(l, S("a"), 3, 1000, 5000, &wait));
	CHECK(!limits_take(l, S("a"), 3, 1000, 5000, &wait) && wait == 1000);
	CHECK(limits_take(l, S("b"), 3, 1000, 5000, &wait));
	CHECK(!limits_take(l, S("a"), 3, 1000, 5999, &wait) && wait == 1);
	CHECK(limits_take(l, S("a"), 3, 1000, 6000, &wait));
	CHECK(!limits_take(l, S("a"), 3, 1000, 6000, &wait));
	limits_free(l);
}

UNIT_GROUP(flow, T(who_may), T(answers), T(languages), T(the_same_key_twice), T(bucket_refills))
