/* calendar_web_test.c — the doors of calendars: pages and API, both languages, who may change what. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/calendar/calendar_view.h"

extern const struct slice slice_audit, slice_account, slice_calendar;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_calendar, NULL };
static struct actor visitor;
static struct door door;

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
	door_as(&door, w, slices, &visitor);
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
		door_ask(&door, "GET", row[i].path, "");
		CHECK_ROW(i, door.a.status == 200 && door_says(&door, row[i].text));
	}
	door_ask(&door, "GET", "/calendars/nowhere", "");
	CHECK(door.a.status == 404);
	visitor.lang = "zh";
	door_ask(&door, "GET", "/calendars/statutory?year=2026", "");
	CHECK(door.a.status == 200 && door_says(&door, "2026 年：248 个工作日") && door_says(&door, "休") && door_says(&door, "班"));
	door_ask(&door, "GET", "/api/v1/calendars/statutory", "");
	CHECK(door.a.status == 200 && door_says(&door, "\"code\":\"statutory\"") && door_says(&door, "\"definition\":{\"zone\"") && door_says(&door, "\"since\":null"));
	door_ask(&door, "GET", "/api/v1/calendars/statutory/days?year=2026", "");
	CHECK(door.a.status == 200 && door_says(&door, "\"workdays\":248") && door_says(&door, "{\"on\":\"2026-02-14\",\"rule\":\"makeup\",\"hours\":\"09:00–12:00 13:00–18:00\",\"workday\":true}"));
	CHECK(door.a.statements < 12);
}

#define LINES "zone=Asia/Shanghai&national=CN&mon=9:00-18:00&tue=09:00%E2%80%9312:00,+13:00-18:00&wed=&thu=&fri=22:00-06:00&sat=&sun=&days=2026-12-24+closed%0A2026-12-25/2026-12-26+10:00-12:00"

static void changing_on(struct world *w)
{
	begin(w, "en", PERM_ALL);
	door_ask(&door, "POST", "/calendars", "code=shop&name=%E5%BA%97&name_en=Shop&" LINES);
	CHECK(door.a.status == 303 && str_eq(door.a.location, S("/calendars/shop")));
	door_ask(&door, "GET", "/calendars/shop", "");
	CHECK(door_says(&door, "value=\"09:00-12:00 13:00-18:00\"") && door_says(&door, "value=\"22:00-06:00\"") && door_says(&door, "2026-12-24 closed") && door_says(&door, "2026-12-25/2026-12-26 10:00-12:00"));
	/* A line that cannot be read comes back with what was typed. */
	door_ask(&door, "POST", "/calendars/shop/preview", "ver=1&since=2026-12-01&zone=Asia/Shanghai&mon=nine-five&days=");
	CHECK(door.a.status == 422 && door_says(&door, "nine-five") && door_says(&door, "is no window"));
	door_ask(&door, "POST", "/calendars/shop/preview", "ver=1&since=2026-12-01&" LINES "%0A2026-12-28+closed");
	CHECK(door.a.status == 200 && door_says(&door, "2026-12-28") && door_says(&door, "closed") && door_says(&door, "name=\"definition\"") && !door_says(&door, "2026-12-21"));
	door_ask(&door, "POST", "/api/v1/calendars/shop/versions", "{\"ver\":1,\"since\":\"2026-12-01\",\"note\":\"winter\",\"definition\":{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon\":[\"10:00-11:00\"]}}}");
	CHECK(door.a.status == 200 && door_says(&door, "\"ver\":2") && door_says(&door, "\"note\":\"winter\"") && door_says(&door, "\"since\":\"2026-12-01\""));
	door_ask(&door, "POST", "/api/v1/calendars/shop/versions", "{\"ver\":1,\"since\":\"2026-12-02\",\"definition\":{\"zone\":\"Asia/Shanghai\",\"week\":{}}}");
	CHECK(door.a.status == 409);
	door_ask(&door, "POST", "/api/v1/calendars/shop/versions", "{\"ver\":2,\"since\":\"2026-12-02\",\"definition\":{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon\":[\"10:00-11:00\",\"10:30-12:00\"]}}}");
	CHECK(door.a.status == 422 && door_says(&door, "definition.week.mon"));
	door_ask(&door, "POST", "/calendars/shop/withdraw", "ver=2&since=2026-12-01");
	CHECK(door.a.status == 303);
	door_ask(&door, "POST", "/calendars/shop", "ver=3&name=X&name_en=Y");
	CHECK(door.a.status == 303);
	door_ask(&door, "POST", "/calendars/holidays", "text={\"country\":\"CN\",\"year\":2027,\"off\":[\"2027-01-01\"],\"work\":[]}");
	CHECK(door.a.status == 303);
	door_ask(&door, "POST", "/calendars/holidays", "text={\"country\":\"CN\",\"year\":2027,\"off\":[\"2027-13-01\"],\"work\":[]}");
	CHECK(door.a.status == 422 && door_says(&door, "2027-13-01"));
	door_ask(&door, "GET", "/calendars/statutory?year=2027", "");
	CHECK(!door_says(&door, "not published"));
}

static void rights_on(struct world *w)
{
	static const char *const closed[] = { "/calendars", "/calendars/holidays", "/calendars/statutory", "/calendars/statutory/preview", "/calendars/statutory/versions", "/calendars/statutory/withdraw" };

	begin(w, "en", PERM_STAFF);
	for (size_t i = 0; i < LEN(closed); i++) {
		door_ask(&door, "POST", closed[i], "ver=1&since=2026-12-01&code=x&name=x&name_en=x&text={}&zone=UTC");
		CHECK_ROW(i, door.a.status == 403);
	}
	door_ask(&door, "GET", "/calendars/statutory", "");
	CHECK(door.a.status == 200 && !door_says(&door, "Change the hours"));
	visitor.perms = PERM_PORTAL;
	door_ask(&door, "GET", "/calendars", "");
	CHECK(door.a.status == 403);
}

#define EACH(name) static void name(void **state) { (void)state; world_each(slices, name##_on); door_close(&door); }
EACH(reading) EACH(changing) EACH(rights)
UNIT_GROUP(calendar_web, T(reading), T(changing), T(rights))
