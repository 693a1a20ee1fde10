/* sla_web_test.c — the doors of service levels. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account.h"
#include "slice/sla/sla_view.h"

extern const struct slice slice_audit, slice_account, slice_calendar, slice_sla;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_calendar, &slice_sla, NULL };
static struct actor visitor;

static enum err identify(struct ctx *c, str session, str bearer, const struct actor **ret, str *ret_csrf)
{
	(void)c, (void)session, (void)bearer;
	*ret = &visitor;
	*ret_csrf = S("token");
	return ERR_OK;
}

static void frame(struct out *o, const struct ctx *c, const struct req *r, const struct reply *rep, str csrf, void (*inside)(struct out *, const struct ctx *, const void *), const void *model)
{
	(void)r, (void)rep, (void)csrf;
	inside(o, c, model);
}

static void error_page(struct out *o, const struct ctx *c, const struct req *r, int status)
{
	(void)r;
	out_text(o, c, V(status));
}

static const struct http_app app = { .slices = slices, .identify = identify, .frame = frame, .error_page = error_page, .idem_find = idem_find, .idem_store = idem_store };

static struct out page;
static struct http_answer answer;

static void ask(struct world *w, const char *method, const char *path, bool api, const char *body)
{
	const char *type = body[0] == '{' ? "application/json" : "application/x-www-form-urlencoded";
	str headers = arena_fmt(&w->a, "Host: localhost\r\nAccept: %s\r\nContent-Type: %s\r\nX-CSRF-Token: token\r\nCookie: bx_session=x\r\n", api ? "application/json" : "text/html", type);

	if (!page.b.cap)
		buf_init(&page.b, 8 << 20);
	buf_clear(&page.b);
	answer = (struct http_answer){ 0 };
	CHECK(!http_script(w->db, &app, method, path, headers.p, str_c(body), &page, &answer));
}

static bool says(const char *text) { return str_find((str){ page.b.p, page.b.n }, str_c(text), NULL); }

static enum err seed(struct ctx *c, void *arg)
{
	struct user u = { .login = S("anna"), .name = S("Anna"), .lang = S("en"), .active = true, .customer_id = NIL };

	TRY(user_add(c, &u, (str){ 0 }, arg));
	TRY(calendar_seed(c));
	return sla_seed(c);
}

static void begin(struct world *w, const char *lang, uint64_t perms)
{
	int64_t id;

	CHECK(!world_write(w, seed, &id));
	visitor = w->who;
	visitor.id = id;
	visitor.lang = lang;
	visitor.perms = perms;
}

static void reading_on(struct world *w)
{
	begin(w, "en", PERM_ALL);
	ask(w, "GET", "/services", false, "");
	CHECK(answer.status == 200 && says("/services/standard") && says("Waiting for parts") && says("One person"));
	ask(w, "GET", "/services/standard", false, "");
	CHECK(answer.status == 200 && says("name=\"targets.0.kind\"") && says("value=\"7wd\"") && says("value=\"regional_manager\""));
	ask(w, "GET", "/services/new", false, "");
	CHECK(answer.status == 200 && says("name=\"code\""));
	ask(w, "GET", "/api/v1/services/standard", true, "");
	CHECK(answer.status == 200 && says("\"target\":\"3wd\"") && says("\"basis\":\"default\"") && says("{\"reason\":\"parts\",\"stops\":false}"));
	ask(w, "GET", "/api/v1/services", true, "");
	CHECK(answer.status == 200 && says("\"code\":\"rapid\"") && says("\"impact\":2"));
	ask(w, "GET", "/services/nothing", false, "");
	CHECK(answer.status == 404);
	visitor.lang = "zh";
	ask(w, "GET", "/services/standard", false, "");
	CHECK(answer.status == 200 && says("标准服务") && says("超时升级"));
	visitor.perms = PERM_STAFF;
	ask(w, "GET", "/services/standard", false, "");
	CHECK(answer.status == 200 && says("48h") && !says("name=\"targets.0.kind\""));
}

static void changing_on(struct world *w)
{
	begin(w, "en", PERM_ALL);
	ask(w, "POST", "/api/v1/services", true, "{\"code\":\"gold\",\"name\":\"金牌\",\"name_en\":\"Gold\",\"calendar\":\"7x24\",\"active\":true,"
		"\"targets\":[{\"kind\":\"fix\",\"target\":\"4h\"}],\"bindings\":[{\"basis\":\"contract\",\"basis_id\":9}]}");
	CHECK(answer.status == 201 && says("\"tier\":\"customer\"") && says("\"priority\":null"));
	/* The page sends blank rows along and every reason. */
	ask(w, "POST", "/services/gold", false, "ver=1&name=X&name_en=Gold&calendar=7x24&active=1&targets.0.kind=fix&targets.0.tier=customer&targets.0.target=5h"
		"&targets.1.kind=&targets.1.target=&pauses.0.reason=parts&pauses.0.stops=1&escalations.0.kind=&escalations.0.step=&bindings.0.basis=&bindings.0.basis_id=");
	CHECK(answer.status == 303 && str_eq(answer.location, S("/services/gold")));
	ask(w, "GET", "/api/v1/services/gold", true, "");
	CHECK(says("\"target\":\"5h\"") && says("{\"reason\":\"parts\",\"stops\":true}") && says("\"bindings\":[]") && says("\"ver\":2"));
	ask(w, "POST", "/services/gold", false, "ver=1&name=X&name_en=Gold&calendar=7x24");
	CHECK(answer.status == 409);
	ask(w, "POST", "/services/gold", false, "ver=2&name=X&name_en=Gold&calendar=7x24&targets.0.kind=fix&targets.0.target=soon");
	CHECK(answer.status == 422 && says("soon") && says("3wd or 2cd"));
	ask(w, "POST", "/api/v1/services/gold", true, "{\"ver\":2,\"name\":\"X\",\"name_en\":\"X\",\"calendar\":\"7x24\",\"bindings\":[{\"basis\":\"default\"}]}");
	CHECK(answer.status == 422 && says("bindings.0.basis_id"));
	ask(w, "POST", "/services/priorities", false, "impact=0&urgency=0&priority=urgent");
	CHECK(answer.status == 303);
	ask(w, "POST", "/services/reasons", false, "code=strike&title=%E7%BD%A2%E5%B7%A5&title_en=Strike&party=none&ends=date&stops_customer=1&active=1");
	CHECK(answer.status == 303);
	ask(w, "GET", "/services", false, "");
	CHECK(says("Strike"));
}

static void rights_on(struct world *w)
{
	static const char *const closed[] = { "/services", "/services/standard", "/services/reasons", "/services/priorities" };

	begin(w, "en", PERM_STAFF);
	for (size_t i = 0; i < LEN(closed); i++) {
		ask(w, "POST", closed[i], false, "ver=1&code=x&name=x&name_en=x&calendar=7x24&title=x&title_en=x&party=none&ends=date&impact=0&urgency=0&priority=low");
		CHECK_ROW(i, answer.status == 403);
	}
}

#define EACH(name) static void name(void **state) { (void)state; world_each(slices, name##_on); }
EACH(reading) EACH(changing) EACH(rights)
UNIT_GROUP(sla_web, T(reading), T(changing), T(rights))
