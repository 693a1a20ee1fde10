/* The page memory, in the whole house: what is given again is what would be made anew. */
#include "tests/unit.h"
#include "tests/world.h"
#include "app/house.h"
#include "app/wiring.h"
#include "http/http_int.h"
#include "slice/account/account.h"
#include "slice/org/org.h"
#include <zlib.h>

enum { MINUTE = 60000 };
struct answered { int status; bool kept; str body, id; };
struct person { const char *login; int64_t org_id; str token; char cookie[256], csrf[64]; };
struct site { struct world *w; struct shared sh; struct conn *read; int64_t now; struct person anna, bert; };

/* ---- a server without sockets: its page memory outlives the request ---- */

static enum err furnish(struct ctx *c, void *arg)
{
	struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("HQ"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };

	return org_add(c, &o, arg);
}

static enum err hire(struct ctx *c, void *arg)
{
	struct person *p = arg;
	struct user u = { .login = str_c(p->login), .name = str_c(p->login), .lang = S("en"), .active = true, .customer_id = NIL };
	int64_t id;

	TRY(user_add(c, &u, (str){ 0 }, &id));
	TRY(user_grant(c, id, ROLE_AGENT, p->org_id, S("1.")));
	return session_start(c, id, S("::1"), S("test"), &p->token);
}

static struct person arrive(struct world *w, const char *login, int64_t org_id)
{
	struct person p = { .login = login, .org_id = org_id };
	const struct actor *who;
	str csrf;

	CHECK(!world_write(w, hire, &p));
	CHECK(!account_identify(&w->c, p.token, (str){ 0 }, &who, &csrf));
	snprintf(p.cookie, sizeof p.cookie, "Cookie: bx_session=%.*s\n", STR_ARG(p.token));
	snprintf(p.csrf, sizeof p.csrf, "%.*s", STR_ARG(csrf));
	return p;
}

static void site_open(struct site *s, struct world *w)
{
	int64_t hq;
	char why[256];

	*s = (struct site){ .w = w };
	wiring_use();
	setting_use(house_slices, true);
	CHECK(!world_write(w, furnish, &hq));
	s->anna = arrive(w, "anna", hq);
	s->bert = arrive(w, "bert", hq);
	s->sh = (struct shared){ .app = &house_app, .db = w->db, .dir = "/tmp", .body_max = 1 << 20, .file_max = 1 << 20, .router = router_new(house_slices, why, sizeof why), .pages = pages_new() };
	CHECK(s->sh.router && !db_conn_open(w->db, &s->read));
	s->now = world_now.ms / MINUTE * MINUTE + 1000;
}

static void site_close(struct site *s)
{
	db_conn_close(s->read);
	router_free(s->sh.router);
	pages_free(s->sh.pages);
	setting_use(house_slices, false);
}

static void heads(struct exchange *x, str text)
{
	str line, name;

	x->head[x->n_head++] = (struct head){ S("Host"), S("localhost") };
	while (str_cut(&text, '\n', &line))
		if (str_cut(&line, ':', &name))
			x->head[x->n_head++] = (struct head){ name, str_trim(line) };
}

static struct answered ask(struct site *s, const struct person *d, const char *method, const char *uri, const char *more, const char *body)
{
	struct answered r = { 0 };
	int64_t before;
	struct exchange x;

	exchange_init(&x, &s->sh);
	x.method_name = str_c(method);
	x.uri = str_c(uri);
	heads(&x, arena_fmt(&s->w->a, "%s%sX-CSRF-Token: %s\n%s", d ? d->cookie : "", *body == '{' ? "Content-Type: application/json\n" : "", d ? d->csrf : "", more));
	CHECK(exchange_open(&x) && exchange_feed(&x, body, strlen(body)));
	x.c.now.ms = s->now;
	before = db_stats(s->w->db).statements;
	if (exchange_begin(&x, s->read) == STEP_WRITE)
		exchange_finish(&x, s->read, db_write(s->w->db, &x.c, exchange_write, &x));
	r.kept = db_stats(s->w->db).statements == before;
	r.status = x.ans.status;
	r.body = arena_str(&s->w->a, (str){ x.ans.o.b.n ? x.ans.o.b.p : "", x.ans.o.b.n });
	r.id = arena_str(&s->w->a, x.c.trace);
	exchange_free(&x);
	return r;
}

static struct answered get(struct site *s, const struct person *d, const char *uri, const char *more) { return ask(s, d, "GET", uri, more, ""); }
static bool says(struct answered r, const char *text) { return str_find(r.body, str_c(text), NULL); }

/* ---- given again ---- */

static void again_in(struct world *w)
{
	static const char *const uris[] = { "/customers", "/customers?q=x", "/orders", "/api/v1/customers", "/board", "/orders/new", "/account" };
	struct site s;

	site_open(&s, w);
	for (size_t i = 0; i < LEN(uris); i++) {
		struct answered first = get(&s, &s.anna, uris[i], ""), second = get(&s, &s.anna, uris[i], "");

		CHECK_ROW(i, first.status == 200 && !first.kept && second.status == 200 && second.kept && second.body.n == first.body.n);
		/* The first one's forms are its own. */
		CHECK_ROW(i, !str_find(second.body, first.id, NULL));
		CHECK_ROW(i, str_find(first.body, first.id, NULL) == str_find(second.body, second.id, NULL));
	}
	CHECK(says(get(&s, &s.anna, "/orders/new", ""), "_key"));
	site_close(&s);
}
static void again(void **state) { (void)state; world_each_file(house_slices, again_in); }

static str inflated(struct world *w, str packed)
{
	char *to = arena_alloc(&w->a, 1 << 20);
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)packed.p, .avail_in = (unsigned)packed.n, .next_out = (unsigned char *)to, .avail_out = 1 << 20 };

	CHECK(inflateInit2(&z, 15 + 16) == Z_OK && inflate(&z, Z_FINISH) == Z_STREAM_END && !z.avail_in && inflateEnd(&z) == Z_OK);
	return (str){ to, z.total_out };
}

/* Packed pages too carry the id of their own request, under a right checksum. */
static void packed_in(struct world *w)
{
	static const char *const uris[] = { "/orders/new", "/account", "/orders" };
	static const char far[] = "Accept-Encoding: gzip\nX-Forwarded-For: 203.0.113.9\n";
	struct site s;

	site_open(&s, w);
	for (size_t i = 0; i < LEN(uris); i++) {
		struct answered first = get(&s, &s.anna, uris[i], far), second = get(&s, &s.anna, uris[i], far);
		str a = inflated(w, first.body), b = inflated(w, second.body);
		size_t at;

		CHECK_ROW(i, !first.kept && second.kept && a.n == b.n && first.body.n < a.n / 2);
		CHECK_ROW(i, !str_find(b, first.id, NULL) && str_find(a, first.id, NULL) == str_find(b, second.id, NULL));
		for (char *p = (char *)(uintptr_t)b.p; str_find((str){ p, b.n - (size_t)(p - b.p) }, second.id, &at); p += at)
			memcpy(p + at, first.id.p, first.id.n);
		CHECK_ROW(i, str_eq(a, b));
		CHECK_ROW(i, !get(&s, &s.anna, uris[i], "").kept);
	}
	site_close(&s);
}
static void packed(void **state) { (void)state; world_each_file(house_slices, packed_in); }

/* ---- made anew ---- */

static void apart_in(struct world *w)
{
	static const struct { const char *uri, *more; } row[] = {
		{ "/customers?q=a", "" }, { "/customers", "Accept-Language: zh-CN\n" }, { "/customers", "HX-Request: true\n" },
		{ "/customers", "HX-Request: true\nHX-Target: list\n" }, { "/customers", "Accept: application/json\n" }, { "/api/v1/customers", "" },
		{ "/customers", "X-Forwarded-Proto: https\n" }, { "/customers.json", "" },
	};
	struct site s;
	struct answered a, b;

	site_open(&s, w);
	a = get(&s, &s.anna, "/customers", "");
	for (size_t i = 0; i < LEN(row); i++)
		CHECK_ROW(i, !get(&s, &s.anna, row[i].uri, row[i].more).kept);
	b = get(&s, &s.bert, "/customers", "");
	CHECK(!b.kept && says(a, s.anna.csrf) && says(b, s.bert.csrf) && !says(b, s.anna.csrf));
	CHECK(get(&s, NULL, "/customers", "").status == 303);
	CHECK(get(&s, NULL, "/customers", "Cookie: bx_session=x\n").status == 303);
	CHECK(get(&s, &s.anna, "/customers", "").kept);
	site_close(&s);
}
static void apart(void **state) { (void)state; world_each_file(house_slices, apart_in); }

static void writes_in(struct world *w)
{
	struct site s;

	site_open(&s, w);
	CHECK(!says(get(&s, &s.anna, "/customers?q=Zhaoyun", ""), "13812345678") && get(&s, &s.anna, "/customers?q=Zhaoyun", "").kept);
	CHECK(ask(&s, &s.bert, "POST", "/api/v1/customers", "", "{\"name\":\"Zhaoyun\",\"kind\":\"person\"}").status == 201);
	CHECK(says(get(&s, &s.anna, "/api/v1/customers?q=Zhaoyun", ""), "\"Zhaoyun\""));
	CHECK(says(get(&s, &s.anna, "/customers?q=Zhaoyun", ""), "/customers/"));
	CHECK(get(&s, &s.anna, "/customers?q=Zhaoyun", "").kept);
	site_close(&s);
}
static void writes(void **state) { (void)state; world_each_file(house_slices, writes_in); }

static void minutes_in(struct world *w)
{
	struct site s;

	site_open(&s, w);
	get(&s, &s.anna, "/orders", "");
	s.now += MINUTE - 1001;
	CHECK(get(&s, &s.anna, "/orders", "").kept);
	s.now++;
	CHECK(!get(&s, &s.anna, "/orders", "").kept && get(&s, &s.anna, "/orders", "").kept);
	/* A clock set back. */
	s.now -= MINUTE;
	CHECK(!get(&s, &s.anna, "/orders", "").kept);
	site_close(&s);
}
static void minutes(void **state) { (void)state; world_each_file(house_slices, minutes_in); }

static enum err leave_role(struct ctx *c, void *arg)
{
	struct user u;

	TRY(user_by_login(c, str_c(arg), &u));
	return user_revoke(c, u.id, ROLE_AGENT, 1);
}

static enum err rename_house(struct ctx *c, void *arg) { return setting_set(c, "name", str_c(arg)); }

static void rights_in(struct world *w)
{
	struct site s;

	site_open(&s, w);
	get(&s, &s.anna, "/orders", "");
	get(&s, &s.bert, "/orders", "");
	CHECK(get(&s, &s.anna, "/orders", "").kept && get(&s, &s.bert, "/orders", "").kept);
	CHECK(ask(&s, &s.anna, "POST", "/logout", "", "").status == 303);
	CHECK(get(&s, &s.anna, "/orders", "").status == 303);
	CHECK(get(&s, &s.bert, "/orders", "").status == 200);
	CHECK(!says(get(&s, NULL, "/login", ""), "Kunlun") && get(&s, NULL, "/login", "").kept);
	CHECK(!world_write(w, rename_house, "Kunlun"));
	CHECK(says(get(&s, NULL, "/login", ""), "Kunlun"));
	CHECK(!world_write(w, leave_role, "bert"));
	CHECK(get(&s, &s.bert, "/orders", "").status == 403);
	site_close(&s);
}
static void rights(void **state) { (void)state; world_each_file(house_slices, rights_in); }

struct lent { instant until; str text; };

static enum err lend(struct ctx *c, void *arg)
{
	struct lent *l = arg;
	struct user u;

	TRY(user_by_login(c, S("anna"), &u));
	return token_add(c, u.id, S("t"), UINT64_MAX, l->until, &l->text);
}

/* A token that ends within the minute ends to the millisecond. */
static void ends_in(struct world *w)
{
	struct lent l;
	struct site s;
	const char *head;

	site_open(&s, w);
	l.until.ms = s.now + 5000;
	CHECK(!world_write(w, lend, &l));
	head = arena_fmt(&w->a, "Authorization: Bearer %.*s\n", STR_ARG(l.text)).p;
	CHECK(get(&s, NULL, "/api/v1/orders", head).status == 200);
	s.now += 4999;
	CHECK(get(&s, NULL, "/api/v1/orders", head).status == 200);
	s.now++;
	CHECK(get(&s, NULL, "/api/v1/orders", head).status == 401);
	site_close(&s);
}
static void ends(void **state) { (void)state; world_each_file(house_slices, ends_in); }

UNIT_GROUP(pages, T(again), T(packed), T(apart), T(writes), T(minutes), T(rights), T(ends))
