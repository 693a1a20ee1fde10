/* The doors of the department: signing in, one's own account, settings; pages and API answer alike. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account_view.h"
#include "slice/audit/audit.h"

extern const struct slice slice_audit, slice_account;
static const struct slice *const slices[] = { &slice_audit, &slice_account, NULL };

static void frame(struct out *o, const struct ctx *c, const struct req *r, const struct reply *rep, str csrf, void (*inside)(struct out *, const struct ctx *, const void *), const void *model)
{
	(void)r, (void)rep;
	out_lit(o, "<csrf>", 6);
	out_text(o, c, v_str(csrf));
	out_lit(o, "</csrf>", 7);
	inside(o, c, model);
}
static void error_page(struct out *o, const struct ctx *c, const struct req *r, int status)
{
	(void)r;
	out_text(o, c, V(status));
}
static const struct http_app app = { .slices = slices, .identify = account_identify, .frame = frame, .error_page = error_page, .login_path = "/login",
	.idem_find = idem_find, .idem_store = idem_store };

struct browser { struct world *w; char cookie[256], csrf[64]; struct out o; struct http_answer a; };

static void ask(struct browser *b, const char *method, const char *path, const char *accept, const char *body)
{
	str headers = arena_fmt(&b->w->a, "Host: localhost\r\nAccept: %s\r\n%s%s%s%s", accept, b->cookie, *body ? "Content-Type: application/x-www-form-urlencoded\r\n" : "",
		b->csrf[0] ? "X-CSRF-Token: " : "", b->csrf[0] ? arena_fmt(&b->w->a, "%s\r\n", b->csrf).p : "");

	buf_clear(&b->o.b);
	b->a = (struct http_answer){ 0 };
	CHECK(!http_script(b->w->db, &app, method, path, headers.p, str_c(body), &b->o, &b->a));
}
static bool says(const struct browser *b, const char *text) { return str_find((str){ b->o.b.p, b->o.b.n }, str_c(text), NULL); }

struct person { const char *login; str hash; enum role role; int64_t id; bool must_change; str token; };
static enum err hire(struct ctx *c, void *arg)
{
	struct person *p = arg;
	struct user u = { .login = str_c(p->login), .name = S("<b>Anna</b>"), .lang = S("en"), .active = true, .customer_id = NIL, .must_change = p->must_change };

	TRY(user_add(c, &u, p->hash, &p->id));
	TRY(user_grant(c, p->id, p->role, 1, S("1.")));
	return session_start(c, p->id, S("::1"), S("test"), &p->token);
}

static void start(struct browser *b, struct world *w, struct person *p)
{
	size_t at, end;
	str page;

	*b = (struct browser){ .w = w };
	buf_init(&b->o.b, 1 << 20);
	if (!p->id)
		CHECK(!world_write(w, hire, p));
	snprintf(b->cookie, sizeof b->cookie, "Cookie: bx_session=%.*s\r\n", STR_ARG(p->token));
	ask(b, "GET", "/account", "text/html", "");
	CHECK(b->a.status == 200);
	page = (str){ b->o.b.p, b->o.b.n };
	CHECK(str_find(page, S("<csrf>"), &at) && str_find(page, S("</csrf>"), &end));
	snprintf(b->csrf, sizeof b->csrf, "%.*s", (int)(end - at - 6), page.p + at + 6);
}

static void signing_in_on(struct world *w)
{
	struct browser b = { .w = w };
	struct person p = { .login = "anna", .role = ROLE_AGENT }, q = { .login = "new", .role = ROLE_AGENT, .must_change = true };

	buf_init(&b.o.b, 1 << 20);
	CHECK(!password_hash(&w->c, S("correct horse battery"), &p.hash));
	q.hash = p.hash;
	CHECK(!world_write(w, hire, &p));
	CHECK(!world_write(w, hire, &q));
	ask(&b, "GET", "/login?next=/orders%2F7", "text/html", "");
	CHECK(b.a.status == 200 && says(&b, "value=\"/orders/7\"") && says(&b, "name=\"password\""));
	ask(&b, "GET", "/login?next=//evil.example", "text/html", "");
	CHECK(b.a.status == 200 && !says(&b, "evil.example"));
	ask(&b, "POST", "/login", "text/html", "login=anna&password=wrong&next=/orders");
	CHECK(b.a.status == 401 && says(&b, "value=\"anna\"") && !says(&b, "wrong\"") && says(&b, "value=\"/orders\""));
	ask(&b, "POST", "/login", "text/html", "login=&password=");
	CHECK(b.a.status == 422);
	ask(&b, "POST", "/login", "text/html", "login=anna&password=correct+horse+battery&next=/orders");
	CHECK(b.a.status == 303 && str_eq(b.a.location, S("/orders")));
	ask(&b, "POST", "/login", "text/html", "login=anna&password=correct+horse+battery");
	CHECK(b.a.status == 303 && str_eq(b.a.location, S("/desk")));
	ask(&b, "POST", "/login", "text/html", "login=new&password=correct+horse+battery&next=/orders");
	CHECK(b.a.status == 303 && str_eq(b.a.location, S("/account#password")));
	ask(&b, "GET", "/account", "text/html", "");
	CHECK(b.a.status == 303 || b.a.status == 401);
	buf_free(&b.o.b);
}

static void own_account_on(struct world *w)
{
	struct person p = { .login = "anna", .role = ROLE_ENGINEER };
	struct browser b;

	start(&b, w, &p);
	CHECK(says(&b, "&lt;b&gt;Anna&lt;/b&gt;") && !says(&b, "<b>Anna") && says(&b, "this one"));
	ask(&b, "GET", "/api/v1/account", "application/json", "");
	CHECK(b.a.status == 200 && says(&b, "\"login\":\"anna\"") && says(&b, "\"role\":\"engineer\"") && says(&b, "\"current\":true"));
	ask(&b, "POST", "/account", "text/html", "ver=2&name=Anna&lang=zh&zone=Mars%2FBase");
	CHECK(b.a.status == 422);
	ask(&b, "POST", "/account", "text/html", "ver=2&name=Anna&lang=zh");
	CHECK(b.a.status == 303);
	ask(&b, "POST", "/account", "text/html", "ver=2&name=Anna&lang=zh");
	CHECK(b.a.status == 409);
	ask(&b, "POST", "/account/tokens", "text/html", "name=scanner&role=engineer&expires_on=2027-01-01");
	CHECK(b.a.status == 200 && says(&b, "bx_"));
	ask(&b, "POST", "/api/v1/account/tokens", "application/json", "name=x&role=wizard");
	CHECK(b.a.status == 422 && says(&b, "\"role\""));
	ask(&b, "POST", "/account/sessions/99/end", "text/html", "");
	CHECK(b.a.status == 404);
	b.csrf[0] = 0;
	ask(&b, "POST", "/account", "text/html", "ver=3&name=Eve&lang=zh");
	CHECK(b.a.status == 403);
	buf_free(&b.o.b);
}

static void administration_on(struct world *w)
{
	struct person engineer = { .login = "bob", .role = ROLE_ENGINEER }, admin = { .login = "root", .role = ROLE_ADMIN };
	static const char *const only[] = { "/admin/settings", "/admin/outbox" };
	struct browser b;

	start(&b, w, &engineer);
	for (size_t i = 0; i < LEN(only); i++) {
		ask(&b, "GET", only[i], "text/html", "");
		CHECK_ROW(i, b.a.status == 403);
	}
	ask(&b, "GET", "/admin/roles", "text/html", "");
	CHECK(b.a.status == 200 && says(&b, "parts.approve") && b.a.statements <= 4);
	buf_free(&b.o.b);
	start(&b, w, &admin);
	ask(&b, "GET", "/admin", "text/html", "");
	CHECK(b.a.status == 200 && says(&b, "/admin/audit"));
	ask(&b, "GET", "/admin/settings", "text/html", "");
	CHECK(b.a.status == 200 && says(&b, "series.order"));
	ask(&b, "POST", "/admin/settings/password.min", "text/html", "value=few");
	CHECK(b.a.status == 422);
	ask(&b, "POST", "/admin/settings/password.min", "text/html", "value=14");
	CHECK(b.a.status == 303 && setting_int(&w->c, "password.min") == 14);
	ask(&b, "POST", "/admin/settings/password.min", "text/html", "shipped=1");
	CHECK(b.a.status == 303 && setting_int(&w->c, "password.min") == 10);
	ask(&b, "POST", "/admin/settings/no.such", "text/html", "value=1");
	CHECK(b.a.status == 404);
	ask(&b, "GET", "/api/v1/settings", "application/json", "");
	CHECK(b.a.status == 200 && says(&b, "\"name\":\"password.min\""));
	ask(&b, "GET", "/api/v1/roles", "application/json", "");
	CHECK(b.a.status == 200 && says(&b, "\"sight\":\"own\""));
	ask(&b, "GET", "/admin/outbox", "text/html", "");
	CHECK(b.a.status == 200);
	ask(&b, "POST", "/logout", "text/html", "");
	CHECK(b.a.status == 303);
	ask(&b, "GET", "/api/v1/account", "application/json", "");
	CHECK(b.a.status == 401);
	buf_free(&b.o.b);
}

static void next_pages(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "/orders?q=1", "/orders?q=1" }, { "", "/" }, { "//evil", "/" }, { "/\\evil", "/" }, { "https://evil", "/" }, { "/a\nb", "/" }, { "javascript:x", "/" }, { "/", "/" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, str_eq(safe_next(str_c(rows[i].in)), str_c(rows[i].out)));
}

static void signing_in(void **state) { (void)state; world_each(slices, signing_in_on); }
static void own_account(void **state) { (void)state; world_each(slices, own_account_on); }
static void administration(void **state) { (void)state; world_each(slices, administration_on); }

UNIT_GROUP(account_web, T(next_pages), T(signing_in), T(own_account), T(administration))
