/* The doors of the department: signing in, one's own account, settings; pages and API answer alike. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/account/account_view.h"
#include "slice/audit/audit.h"

extern const struct slice slice_audit, slice_account;
static const struct slice *const slices[] = { &slice_audit, &slice_account, NULL };

struct person { const char *login; str hash; bool must_change; };
static enum err hire(struct ctx *c, void *arg)
{
	const struct person *p = arg;
	struct user u = { .login = str_c(p->login), .name = S("Anna"), .lang = S("en"), .active = true, .customer_id = NIL, .must_change = p->must_change };
	int64_t id;

	TRY(user_add(c, &u, p->hash, &id));
	return user_grant(c, id, ROLE_AGENT, 1, S("1."));
}

static void signing_in_on(struct world *w)
{
	struct person p = { .login = "anna" }, q = { .login = "new", .must_change = true };
	struct door d;

	CHECK(!password_hash(&w->c, S("correct horse battery"), &p.hash));
	q.hash = p.hash;
	CHECK(!world_write(w, hire, &p));
	CHECK(!world_write(w, hire, &q));
	door_open(&d, w, slices, NULL, -1, NIL, (str){ 0 });
	door_ask(&d, "GET", "/login?next=/orders%2F7", "");
	CHECK(d.a.status == 200 && door_says(&d, "value=\"/orders/7\"") && door_says(&d, "name=\"password\""));
	door_ask(&d, "GET", "/login?next=//evil.example", "");
	CHECK(d.a.status == 200 && !door_says(&d, "evil.example"));
	door_ask(&d, "POST", "/login", "login=anna&password=wrong&next=/orders");
	CHECK(d.a.status == 401 && door_says(&d, "value=\"anna\"") && !door_says(&d, "wrong\"") && door_says(&d, "value=\"/orders\""));
	door_ask(&d, "POST", "/login", "login=&password=");
	CHECK(d.a.status == 422);
	door_ask(&d, "POST", "/login", "login=anna&password=correct+horse+battery&next=/orders");
	CHECK(d.a.status == 303 && str_eq(d.a.location, S("/orders")));
	door_ask(&d, "POST", "/login", "login=anna&password=correct+horse+battery");
	CHECK(d.a.status == 303 && str_eq(d.a.location, S("/desk")));
	door_ask(&d, "POST", "/login", "login=new&password=correct+horse+battery&next=/orders");
	CHECK(d.a.status == 303 && str_eq(d.a.location, S("/account#password")));
	door_ask(&d, "GET", "/account", "");
	CHECK(d.a.status == 303 || d.a.status == 401);
	door_close(&d);
}

static void own_account_on(struct world *w)
{
	struct door d;

	door_open(&d, w, slices, "anna", ROLE_ENGINEER, 1, S("1."));
	CHECK(door_says(&d, "&lt;b&gt;Anna&lt;/b&gt;") && !door_says(&d, "<b>Anna") && door_says(&d, "this one"));
	door_ask(&d, "GET", "/api/v1/account", "");
	CHECK(d.a.status == 200 && door_says(&d, "\"login\":\"anna\"") && door_says(&d, "\"role\":\"engineer\"") && door_says(&d, "\"current\":true"));
	door_ask(&d, "POST", "/account", "ver=2&name=Anna&lang=zh&zone=Mars%2FBase");
	CHECK(d.a.status == 422);
	door_ask(&d, "POST", "/account", "ver=2&name=Anna&lang=zh");
	CHECK(d.a.status == 303);
	door_ask(&d, "POST", "/account", "ver=2&name=Anna&lang=zh");
	CHECK(d.a.status == 409);
	door_ask(&d, "POST", "/account/tokens", "name=scanner&role=engineer&expires_on=2027-01-01");
	CHECK(d.a.status == 200 && door_says(&d, "bx_"));
	door_ask(&d, "POST", "/api/v1/account/tokens", "name=x&role=wizard");
	CHECK(d.a.status == 422 && door_says(&d, "\"role\""));
	door_ask(&d, "POST", "/account/sessions/99/end", "");
	CHECK(d.a.status == 404);
	d.csrf[0] = 0;
	door_ask(&d, "POST", "/account", "ver=3&name=Eve&lang=zh");
	CHECK(d.a.status == 403);
	door_close(&d);
}

static void engineer_on(struct world *w)
{
	static const char *const only[] = { "/admin/settings", "/admin/outbox", "/admin/audit" };
	struct door d;

	door_open(&d, w, slices, "bob", ROLE_ENGINEER, 1, S("1."));
	for (size_t i = 0; i < LEN(only); i++) {
		door_ask(&d, "GET", only[i], "");
		CHECK_ROW(i, d.a.status == 403);
	}
	door_ask(&d, "GET", "/admin/roles", "");
	CHECK(d.a.status == 200 && door_says(&d, "parts.approve") && d.a.statements <= 4);
	door_close(&d);
}

static void administration_on(struct world *w)
{
	struct door d;

	door_open(&d, w, slices, "root", ROLE_ADMIN, NIL, (str){ 0 });
	door_ask(&d, "GET", "/admin", "");
	CHECK(d.a.status == 200 && door_says(&d, "/admin/audit"));
	door_ask(&d, "GET", "/admin/settings", "");
	CHECK(d.a.status == 200 && door_says(&d, "series.order"));
	door_ask(&d, "POST", "/admin/settings/password.min", "value=few");
	CHECK(d.a.status == 422);
	door_ask(&d, "POST", "/admin/settings/password.min", "value=14");
	CHECK(d.a.status == 303 && setting_int(&w->c, "password.min") == 14);
	door_ask(&d, "POST", "/admin/settings/password.min", "shipped=1");
	CHECK(d.a.status == 303 && setting_int(&w->c, "password.min") == 10);
	door_ask(&d, "POST", "/admin/settings/no.such", "value=1");
	CHECK(d.a.status == 404);
	door_ask(&d, "GET", "/api/v1/settings", "");
	CHECK(d.a.status == 200 && door_says(&d, "\"name\":\"password.min\""));
	door_ask(&d, "GET", "/api/v1/roles", "");
	CHECK(d.a.status == 200 && door_says(&d, "\"sight\":\"own\""));
	door_ask(&d, "GET", "/admin/outbox", "");
	CHECK(d.a.status == 200);
	door_ask(&d, "GET", "/admin/audit?subject_kind=setting", "");
	CHECK(d.a.status == 200 && door_says(&d, "password.min") && !door_says(&d, "granted"));
	door_ask(&d, "GET", "/api/v1/events?limit=1", "");
	CHECK(d.a.status == 200 && door_says(&d, "\"kind\":\"changed\""));
	door_ask(&d, "POST", "/logout", "");
	CHECK(d.a.status == 303);
	door_ask(&d, "GET", "/api/v1/account", "");
	CHECK(d.a.status == 401);
	door_close(&d);
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

static void agents(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "Chrome · Linux" },
		{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0", "Edge · Windows" },
		{ "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1", "Safari · iPhone" },
		{ "curl/7.88.1", "curl" }, { "a scanner", "a scanner" }, { "", "" },
	};
	struct arena a;
	struct ctx c = { .a = &a };

	(void)state;
	arena_init(&a, 1 << 16);
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, str_eq(agent_words(&c, str_c(rows[i].in)), str_c(rows[i].out)));
	arena_free(&a);
}

static void signing_in(void **state) { (void)state; world_each(slices, signing_in_on); }
static void own_account(void **state) { (void)state; world_each(slices, own_account_on); }
static void administration(void **state) { (void)state; world_each(slices, engineer_on); world_each(slices, administration_on); }

UNIT_GROUP(account_web, T(next_pages), T(agents), T(signing_in), T(own_account), T(administration))
