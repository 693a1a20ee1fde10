/* calendar_web_test.c — the doors of calendars: pages and API, both languages, who may change what. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account.h"
#include "slice/calendar/calendar_view.h"

extern const struct slice slice_audit, slice_account, slice_calendar;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_calendar, NULL };
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
	return calendar_seed(c);
}

static void begin(struct world *w, const char *lang, uint64_t perms)
{
	int64_t id;

	calendar_use(NULL);                            /* nobody watches: this world has no clocks */
	CHECK(!world_write(w, seed, &id));
	visitor = w->who;
	visitor.id = id;
	visitor.lang = lang;
	visitor.perms = perms;
}

static void reading_on(struct world *w)
{
	static const struct { const char *path, *text; } row[] = {
		{ "/calendars", "/calendars/statutory" }, { "/calendars/statutory?year=2026", "2026: 248 working days" },
		{ "/calendars/statutory?year=2027", "holidays of 2027 are not published" }, { "/calendars/7x24", "365 working days" },
		{ "/calendars/holidays", "2022" }, { "/calendars/new", "name=\"days\"" }, { "/calendars/statutory?year=x", "working days" },
	};

	begin(w, "en", PERM_ALL);
	for (size_t i = 0; i < LEN(row); i++) {
		ask(w, "GET", row[i].path, false, "");
		CHECK_ROW(i, answer.status == 200 && says(row[i].text));
	}
	ask(w, "GET", "/calendars/nowhere", false, "");
	CHECK(answer.status == 404);
	visitor.lang = "zh";
	ask(w, "GET", "/calendars/statutory?year=2026", false, "");
	CHECK(answer.status == 200 && says("2026 年：248 个工作日") && says("休") && says("班"));
	ask(w, "GET", "/api/v1/calendars/statutory", true, "");
	CHECK(answer.status == 200 && says("\"code\":\"statutory\"") && says("\"definition\":{\"zone\"") && says("\"since\":null"));
	ask(w, "GET", "/api/v1/calendars/statutory/days?year=2026", true, "");
	CHECK(answer.status == 200 && says("\"workdays\":248") && says("{\"on\":\"2026-02-14\",\"rule\":\"makeup\",\"hours\":\"09:00–12:00 13:00–18:00\",\"workday\":true}"));
	CHECK(answer.statements < 12);
}

#define LINES "zone=Asia/Shanghai&national=CN&mon=9:00-18:00&tue=09:00%E2%80%9312:00,+13:00-18:00&wed=&thu=&fri=22:00-06:00&sat=&sun=&days=2026-12-24+closed%0A2026-12-25/2026-12-26+10:00-12:00"

static void changing_on(struct world *w)
{
	begin(w, "en", PERM_ALL);
	ask(w, "POST", "/calendars", false, "code=shop&name=%E5%BA%97&name_en=Shop&" LINES);
	CHECK(answer.status == 303 && str_eq(answer.location, S("/calendars/shop")));
	ask(w, "GET", "/calendars/shop", false, "");
	CHECK(says("value=\"09:00-12:00 13:00-18:00\"") && says("value=\"22:00-06:00\"") && says("2026-12-24 closed") && says("2026-12-25/2026-12-26 10:00-12:00"));
	/* A line that cannot be read comes back with what was typed. */
	ask(w, "POST", "/calendars/shop/preview", false, "ver=1&since=2026-12-01&zone=Asia/Shanghai&mon=nine-five&days=");
	CHECK(answer.status == 422 && says("nine-five") && says("is no window"));
	ask(w, "POST", "/calendars/shop/preview", false, "ver=1&since=2026-12-01&" LINES "%0A2026-12-28+closed");
	CHECK(answer.status == 200 && says("2026-12-28") && says("closed") && says("name=\"definition\"") && !says("2026-12-21"));
	ask(w, "POST", "/api/v1/calendars/shop/versions", true, "{\"ver\":1,\"since\":\"2026-12-01\",\"note\":\"winter\",\"definition\":{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon\":[\"10:00-11:00\"]}}}");
	CHECK(answer.status == 200 && says("\"ver\":2") && says("\"note\":\"winter\"") && says("\"since\":\"2026-12-01\""));
	ask(w, "POST", "/api/v1/calendars/shop/versions", true, "{\"ver\":1,\"since\":\"2026-12-02\",\"definition\":{\"zone\":\"Asia/Shanghai\",\"week\":{}}}");
	CHECK(answer.status == 409);
	ask(w, "POST", "/api/v1/calendars/shop/versions", true, "{\"ver\":2,\"since\":\"2026-12-02\",\"definition\":{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon\":[\"10:00-11:00\",\"10:30-12:00\"]}}}");
	CHECK(answer.status == 422 && says("definition.week.mon"));
	ask(w, "POST", "/calendars/shop/withdraw", false, "ver=2&since=2026-12-01");
	CHECK(answer.status == 303);
	ask(w, "POST", "/calendars/shop", false, "ver=3&name=X&name_en=Y");
	CHECK(answer.status == 303);
	ask(w, "POST", "/calendars/holidays", false, "text={\"country\":\"CN\",\"year\":2027,\"off\":[\"2027-01-01\"],\"work\":[]}");
	CHECK(answer.status == 303);
	ask(w, "POST", "/calendars/holidays", false, "text={\"country\":\"CN\",\"year\":2027,\"off\":[\"2027-13-01\"],\"work\":[]}");
	CHECK(answer.status == 422 && says("2027-13-01"));
	ask(w, "GET", "/calendars/statutory?year=2027", false, "");
	CHECK(!says("not published"));
}

static void rights_on(struct world *w)
{
	static const char *const closed[] = { "/calendars", "/calendars/holidays", "/calendars/statutory", "/calendars/statutory/preview", "/calendars/statutory/versions", "/calendars/statutory/withdraw" };

	begin(w, "en", PERM_STAFF);
	for (size_t i = 0; i < LEN(closed); i++) {
		ask(w, "POST", closed[i], false, "ver=1&since=2026-12-01&code=x&name=x&name_en=x&text={}&zone=UTC");
		CHECK_ROW(i, answer.status == 403);
	}
	ask(w, "GET", "/calendars/statutory", false, "");
	CHECK(answer.status == 200 && !says("Change the hours"));
	visitor.perms = PERM_PORTAL;
	ask(w, "GET", "/calendars", false, "");
	CHECK(answer.status == 403);
}

#define EACH(name) static void name(void **state) { (void)state; world_each(slices, name##_on); }
EACH(reading) EACH(changing) EACH(rights)
UNIT_GROUP(calendar_web, T(reading), T(changing), T(rights))
