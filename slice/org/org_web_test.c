/* The network's doors: the public finds a station, the office edits the tree and its people. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/org/org_view.h"

extern const struct slice slice_audit, slice_account, slice_calendar, slice_org;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_calendar, &slice_org, NULL };

static enum err network(struct ctx *c, void *arg)
{
	static const struct org_row rows[] = {
		{ .code = { "HQ", 2 }, .kind = { "hq", 2 }, .name = { "总部", 6 }, .name_en = { "Headquarters", 12 } },
		{ .code = { "E", 1 }, .kind = { "region", 6 }, .name = { "华东", 6 } },
		{ .code = { "HZ1", 3 }, .parent = { "E", 1 }, .name = { "杭州一站", 12 }, .name_en = { "Hangzhou <1>", 12 }, .lat = { "30.28", 5 }, .lon = { "120.16", 6 },
		  .areas = { "3301", 4 }, .brands = { "HP:2", 4 }, .phone = { "0571-1234567", 12 }, .capacity = { "12", 2 } },
	};
	struct division d = { .code = S("3301"), .level = 2, .name = S("杭州"), .full_name = S("杭州市"), .lat = 30270000, .lon = 120150000 };

	(void)arg;
	TRY(division_put(c, &d));
	for (size_t i = 0; i < LEN(rows); i++)
		TRY(org_import_row(c, &rows[i]));
	return ERR_OK;
}

static void public_on(struct world *w)
{
	static const struct { const char *path; int status; const char *says, *not; } rows[] = {
		{ "/stations", 200, "HZ1", "12" }, { "/stations?near=%E6%9D%AD%E5%B7%9E", 200, "Serves this area", NULL },
		{ "/stations?near=30.2,120.1", 200, "Hangzhou &lt;1&gt;", "<1>" }, { "/stations?near=hangzhou", 200, "HZ1", NULL },
		{ "/stations?near=Atlantis", 200, "do not know this place", NULL }, { "/stations?near=%E6%9D%AD%E5%B7%9E&brand=Lenovo", 200, "Report a fault", "HZ1" },
		{ "/stations/HZ1", 200, "0571-1234567", "Jobs a day" }, { "/stations/NO", 404, NULL, NULL }, { "/stations/all", 303, NULL, NULL },
		{ "/api/v1/stations?near=30.2,120.1", 200, "\"distance_m\":", NULL }, { "/api/v1/stations?division=3301", 200, "\"own_area\":true", NULL },
		{ "/api/v1/stations/HZ1", 200, "\"brand\":\"HP\"", "\"capacity\":12" }, { "/stations?near=%27%3B--", 200, "do not know", NULL },
	};
	struct door d;

	CHECK(!world_write(w, network, NULL));
	door_open(&d, w, slices, NULL, -1, NIL, (str){ 0 });
	for (size_t i = 0; i < LEN(rows); i++) {
		door_ask(&d, "GET", rows[i].path, "");
		CHECK_ROW(i, d.a.status == rows[i].status || (rows[i].status == 303 && d.a.status == 401));
		CHECK_ROW(i, !rows[i].says || door_says(&d, rows[i].says));
		CHECK_ROW(i, !rows[i].not || i == 0 || !door_says(&d, rows[i].not));
		CHECK_ROW(i, d.a.statements <= 16);
	}
	door_close(&d);
}

static void editing_on(struct world *w)
{
	struct door d;

	CHECK(!world_write(w, network, NULL));
	door_open(&d, w, slices, "root", ROLE_ADMIN, NIL, (str){ 0 });
	door_ask(&d, "GET", "/stations/all", "");
	CHECK(d.a.status == 200 && door_says(&d, "Headquarters") && door_says(&d, "/stations/new"));
	door_ask(&d, "GET", "/stations/HZ1/edit", "");
	CHECK(d.a.status == 200 && door_says(&d, "HP:2") && door_says(&d, "30.280000"));
	door_ask(&d, "POST", "/stations/HZ1", "ver=1&code=HZ1&parent=E&name=X&areas=3301&brands=HP:3:2026-01-01:2026-12-31%0AAcer&active=on&lat=30.1&lon=120");
	CHECK(d.a.status == 303);
	door_ask(&d, "GET", "/api/v1/stations/HZ1", "");
	CHECK(door_says(&d, "\"level\":3") && door_says(&d, "\"until\":\"2026-12-31\"") && door_says(&d, "\"brand\":\"Acer\"") && door_says(&d, "\"ver\":2"));
	door_ask(&d, "POST", "/stations/HZ1", "ver=1&code=HZ1&parent=E&name=X&active=on");
	CHECK(d.a.status == 409);
	door_ask(&d, "POST", "/stations/HZ1", "ver=2&code=HZ1&parent=E&name=X&areas=99&brands=:x&lat=95&active=on");
	CHECK(d.a.status == 422 && door_says(&d, "95"));
	door_ask(&d, "GET", "/stations/new", "");
	CHECK(d.a.status == 200);
	door_ask(&d, "POST", "/api/v1/stations", "code=HZ2&kind=station&parent=E&name=Y");
	CHECK(d.a.status == 201 && door_says(&d, "\"code\":\"HZ2\""));
	door_ask(&d, "POST", "/stations", "code=HZ2&kind=station&parent=E&name=Y");
	CHECK(d.a.status == 422 && door_says(&d, "HZ2"));
	door_close(&d);
}

static void people_on(struct world *w)
{
	struct door d;

	CHECK(!world_write(w, network, NULL));
	door_open(&d, w, slices, "root", ROLE_ADMIN, NIL, (str){ 0 });
	door_ask(&d, "GET", "/admin/users/new", "");
	CHECK(d.a.status == 200);
	door_ask(&d, "POST", "/admin/users", "login=wang.lei&name=%E7%8E%8B%E7%A3%8A&lang=zh&role=engineer");
	CHECK(d.a.status == 422);
	door_ask(&d, "POST", "/admin/users", "login=wang.lei&name=%E7%8E%8B%E7%A3%8A&lang=zh&role=engineer&org=HZ1");
	CHECK(d.a.status == 200 && door_says(&d, "cannot be shown again"));
	door_ask(&d, "GET", "/admin/users", "");
	CHECK(d.a.status == 200 && door_says(&d, "wang.lei") && door_says(&d, "Engineer · 杭州一站") == false && door_says(&d, "Engineer · Hangzhou &lt;1&gt;"));
	door_ask(&d, "GET", "/admin/users?q=wanglei&role=storekeeper", "");
	CHECK(d.a.status == 200 && !door_says(&d, "wang.lei"));
	door_ask(&d, "GET", "/api/v1/users?limit=1", "");
	CHECK(d.a.status == 200 && door_says(&d, "\"login\":\"root\"") && !door_says(&d, "\"login\":\"wang.lei\""));
	door_ask(&d, "GET", "/admin/users/wang.lei", "");
	CHECK(d.a.status == 200 && door_says(&d, "Hangzhou &lt;1&gt;"));
	door_ask(&d, "POST", "/admin/users/wang.lei/roles", "role=storekeeper&org=HZ1");
	CHECK(d.a.status == 303);
	door_ask(&d, "POST", "/admin/users/wang.lei/roles", "role=engineer&org=HZ1&remove=1");
	CHECK(d.a.status == 303);
	door_ask(&d, "GET", "/api/v1/users/wang.lei", "");
	CHECK(door_says(&d, "\"role\":\"storekeeper\"") && !door_says(&d, "\"role\":\"engineer\""));
	door_ask(&d, "POST", "/admin/users/root/roles", "role=admin&remove=1");
	CHECK(d.a.status == 409);
	door_ask(&d, "POST", "/admin/users/wang.lei/certificates", "skill=Notebook&level=2&until=2026-01-01");
	CHECK(d.a.status == 303);
	door_ask(&d, "GET", "/admin/users/wang.lei", "");
	CHECK(door_says(&d, "notebook") && door_says(&d, "expired"));
	door_ask(&d, "POST", "/admin/users/wang.lei/password", "");
	CHECK(d.a.status == 200 && door_says(&d, "cannot be shown again"));
	door_ask(&d, "GET", "/admin/users/nobody", "");
	CHECK(d.a.status == 404);
	door_close(&d);
}

static void roster_on_(struct world *w)
{
	struct door d, e;
	struct org hz;

	CHECK(!world_write(w, network, NULL));
	CHECK(!org_by_code(&w->c, S("HZ1"), &hz));
	door_open(&e, w, slices, "eng", ROLE_ENGINEER, hz.id, hz.path);
	door_open(&d, w, slices, "head", ROLE_STATION_HEAD, hz.id, hz.path);
	door_ask(&d, "POST", "/admin/roster", "login=eng&on=2026-11-16&until=2026-11-20&shift=day");
	CHECK(d.a.status == 303);
	door_ask(&d, "GET", "/admin/roster?first=2026-11-16", "");
	CHECK(d.a.status == 200 && door_says(&d, "Day shift"));
	door_ask(&d, "GET", "/api/v1/roster?first=2026-11-16", "");
	CHECK(d.a.status == 200 && door_says(&d, "\"on\":\"2026-11-20\",\"shift\":\"day\""));
	door_ask(&d, "POST", "/admin/roster", "login=eng&on=2026-11-16&until=2026-11-10&shift=day");
	CHECK(d.a.status == 422);
	door_ask(&d, "POST", "/admin/roster", "login=nobody&on=2026-11-16&shift=day");
	CHECK(d.a.status == 422);
	door_ask(&e, "GET", "/admin/roster", "");
	CHECK(e.a.status == 403);
	door_close(&d);
	door_close(&e);
}

static void finding(void **state) { (void)state; world_each(slices, public_on); }
static void editing(void **state) { (void)state; world_each(slices, editing_on); }
static void people(void **state) { (void)state; world_each(slices, people_on); }
static void roster(void **state) { (void)state; world_each(slices, roster_on_); }

UNIT_GROUP(org_web, T(finding), T(editing), T(people), T(roster))
