/* Every door of the house, tried by everybody: who may not gets 403 (or is asked to sign in), who may never gets a 5xx; a forged form is refused;
 * and no page asks the database more often when there is more to show. */
#include "tests/unit.h"
#include "tests/door.h"
#include "app/house.h"
#include "app/wiring.h"
#include "slice/account/perm.h"
#include "slice/attachment/attachment.h"
#include "slice/calendar/calendar.h"
#include "slice/customer/customer.h"
#include "slice/order/order.h"
#include "slice/org/org.h"
#include "slice/sla/sla.h"

struct net { int64_t hq, station; str hq_path, station_path; };
static struct net net;

static enum err build(struct ctx *c, void *arg)
{
	struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("HQ"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };
	struct org made;

	(void)arg;
	TRY(calendar_seed(c));
	TRY(sla_seed(c));
	TRY(org_add(c, &o, &net.hq));
	TRY(org_get(c, net.hq, &made));
	net.hq_path = made.path;
	o.kind = ORG_STATION, o.code = S("ST1"), o.name = S("ST1"), o.parent_id = net.hq;
	TRY(org_add(c, &o, &net.station));
	TRY(org_get(c, net.station, &made));
	net.station_path = made.path;
	return ERR_OK;
}

static void furnish(struct world *w)
{
	wiring_use();
	calendar_use(&sla_calendar_watch);
	attachment_dir("/tmp");
	CHECK(!world_write(w, build, NULL));
}

/* A person of the role, in the frame of the house. */
static void enter(struct door *d, struct world *w, const char *login, int role)
{
	bool at_station = role >= 0 && (role_info[role].sight == SIGHT_ORG || role_info[role].sight == SIGHT_OWN);

	door_open(d, w, house_slices, login, role, at_station ? net.station : net.hq, at_station ? net.station_path : net.hq_path);
	d->app.frame = house_app.frame;
	d->app.error_page = house_app.error_page;
}

/* ---- who may ---- */

/* "/orders/{no}/events" → "/orders/9000007/events". */
static const char *address(struct world *w, const char *prefix, const char *path)
{
	str rest = str_c(path), piece, out = str_c(prefix);

	while (str_cut(&rest, '{', &piece)) {
		out = arena_join(w->c.a, (const str[]){ out, piece }, 2, S(""));
		if (str_cut(&rest, '}', &piece))
			out = arena_join(w->c.a, (const str[]){ out, S("9000007") }, 2, S(""));
	}
	return arena_fmt(w->c.a, "%.*s", STR_ARG(out)).p;
}

static int expected(const struct route *r, int role, bool api)
{
	if (r->flags & R_PUBLIC)
		return 0;
	if (role < 0)
		return api ? 401 : 303;
	return (role_info[role].perms & r->need) == r->need ? 0 : 403;
}

static bool try_door(struct door *d, const struct route *r, int role, bool api)
{
	const char *path = address(d->w, api ? "/api/v1" : "", r->path);
	int want = expected(r, role, api);
	bool good;

	if ((r->flags & R_LIVE) || (api ? r->flags & R_PAGE : r->flags & R_API))
		return true;
	door_ask(d, r->method, path, "");
	good = want ? d->a.status == want : d->a.status < 500 && d->a.status != 401;
	/* A verb may refuse this one thing; that the door itself refuses would say the plain word for it. */
	if (!want && role >= 0 && d->a.status == 403)
		good = false;
	if (!good)
		print_error("%s %s as %s: %d, expected %d\n", r->method, path, role < 0 ? "nobody" : role_info[role].code, d->a.status, want);
	return good;
}

static bool try_all(struct door *d, int role)
{
	bool good = true;

	for (const struct slice *const *s = house_slices; *s; s++)
		for (size_t i = 0; i < (*s)->n_routes; i++) {
			/* Who signs out is somebody else for the doors behind. */
			if (!strcmp((*s)->routes[i].path, "/logout"))
				continue;
			good &= try_door(d, &(*s)->routes[i], role, false);
			good &= try_door(d, &(*s)->routes[i], role, true);
		}
	return good;
}

static void matrix(struct world *w)
{
	bool good = true;
	struct door d;

	furnish(w);
	for (int role = -1; role < ROLE_N; role++) {
		enter(&d, w, role < 0 ? "nobody" : role_info[role].code, role);
		good &= try_all(&d, role);
		door_close(&d);
	}
	CHECK(good);
}
static void every_door_for_every_role(void **state) { (void)state; world_each(house_slices, matrix); }

/* ---- forged forms ---- */

static void forgeries(struct world *w)
{
	struct door d;

	furnish(w);
	enter(&d, w, "root", ROLE_ADMIN);
	d.csrf[0] ^= 1;
	for (const struct slice *const *s = house_slices; *s; s++)
		for (size_t i = 0; i < (*s)->n_routes; i++) {
			const struct route *r = &(*s)->routes[i];

			if (!strcmp(r->method, "GET") || (r->flags & R_NO_CSRF) || (role_info[ROLE_ADMIN].perms & r->need) != r->need)
				continue;
			door_ask(&d, r->method, address(w, r->flags & R_API ? "/api/v1" : "", r->path), "");
			if (d.a.status != 403)
				print_error("%s %s forged: %d\n", r->method, r->path, d.a.status);
			CHECK(d.a.status == 403);
		}
	door_close(&d);
}
static void forged_forms_are_refused(void **state) { (void)state; world_each(house_slices, forgeries); }

/* ---- budgets ---- */

struct batch { int from, n; };

static enum err register_some(struct ctx *c, void *arg)
{
	const struct batch *b = arg;

	for (int i = b->from; i < b->from + b->n; i++) {
		struct order_new n = { .kind = -1, .mode = -1, .channel = -1, .priority = -1, .frequency = -1, .data_choice = -1, .customer_id = NIL, .device_id = NIL,
			.customer_name = arena_fmt(c->a, "Customer %d", i), .phone = arena_fmt(c->a, "1380000%04d", i), .address = S("Hangzhou"),
			.serial = arena_fmt(c->a, "SN%06d", i), .brand = S("Dell"), .model = S("XPS"), .device_kind = -1, .proof = -1, .invoiced_on = NO_DAY,
			.fault = S("no picture"), .window_from = NO_INSTANT, .window_to = NO_INSTANT, .station = S("ST1"), .lat = NIL, .lon = NIL };
		int64_t id;

		TRY(order_register(c, &n, &id));
	}
	return ERR_OK;
}

/* ---- who hears what ---- */

static void hearing(struct world *w)
{
	static const struct { int role; const char *topic; int status; } row[] = {
		{ ROLE_AGENT, "orders", 200 }, { ROLE_ENGINEER, "orders", 200 }, { ROLE_STOREKEEPER, "parts", 200 }, { ROLE_FINANCE, "till", 200 }, { ROLE_AGENT, "moon", 404 },
		{ ROLE_QUALITY, "till", 403 }, { ROLE_CUSTOMER, "orders", 403 }, { ROLE_CUSTOMER, "moon", 403 }, { -1, "orders", 401 },
	};

	furnish(w);
	for (size_t i = 0; i < LEN(row); i++) {
		struct door d;

		enter(&d, w, arena_fmt(&w->a, "ear%zu", i).p, row[i].role);
		door_ask(&d, "GET", arena_fmt(&w->a, "/api/v1/live/%s", row[i].topic).p, "");
		CHECK_ROW(i, d.a.status == row[i].status);
		door_close(&d);
	}
}
static void hears(void **state) { (void)state; world_each(house_slices, hearing); }

static const struct { const char *path; int64_t most; } budgets[] = {
	{ "/orders", 6 }, { "/orders?open=1&by_due=1", 6 }, { "/orders?q=Dell", 6 }, { "/board", 7 }, { "/customers", 6 }, { "/devices", 6 }, { "/callbacks", 6 },
	{ "/desk", 12 }, { "/search?q=Dell", 12 }, { "/stations/all", 6 }, { "/admin/users", 8 }, { "/admin/audit", 8 }, { "/calendars", 8 }, { "/services", 8 },
	{ "/orders/BX2611220001", 38 }, { "/customers/KH2611220001", 20 }, { "/devices/1", 20 }, { "/api/v1/orders", 6 }, { "/api/v1/customers", 6 }, { "/api/v1/devices", 6 },
	{ "/api/v1/orders/BX2611220001", 20 },
};

/* Every other page of lists: as many questions for forty rows as for four. */
static void count_all(struct door *d, int64_t *counts)
{
	size_t k = 0;

	for (const struct slice *const *s = house_slices; *s; s++)
		for (size_t i = 0; i < (*s)->n_routes; i++) {
			const struct route *r = &(*s)->routes[i];

			if (strcmp(r->method, "GET") || strchr(r->path, '{') || (r->flags & R_LIVE))
				continue;
			door_ask(d, "GET", address(d->w, r->flags & R_API ? "/api/v1" : "", r->path), "");
			counts[k++] = d->a.status == 200 ? d->a.statements : 0;
		}
}

static void within_budget(struct door *d)
{
	bool good = true;

	for (size_t i = 0; i < LEN(budgets); i++) {
		door_ask(d, "GET", budgets[i].path, "");
		if (d->a.status != 200 || d->a.statements > budgets[i].most)
			print_error("%s: status %d, %lld statements, at most %lld\n", budgets[i].path, d->a.status, (long long)d->a.statements, (long long)budgets[i].most);
		good &= d->a.status == 200 && d->a.statements <= budgets[i].most;
	}
	CHECK(good);
}

static void spending(struct world *w)
{
	bool good = true;
	int64_t few[512] = { 0 }, many[512] = { 0 };
	struct door d;

	furnish(w);
	CHECK(!world_write(w, register_some, &(struct batch){ 1, 4 }));
	enter(&d, w, "root", ROLE_ADMIN);
	count_all(&d, few);
	CHECK(!world_write(w, register_some, &(struct batch){ 5, 36 }));
	count_all(&d, many);
	for (size_t i = 0; i < LEN(few); i++) {
		if (many[i] > few[i])
			print_error("listed page %zu: %lld statements for 4 rows, %lld for 40\n", i, (long long)few[i], (long long)many[i]);
		good &= many[i] <= few[i];
	}
	CHECK(good);
	within_budget(&d);
	door_close(&d);
}
static void pages_do_not_ask_by_row(void **state) { (void)state; world_each(house_slices, spending); }

UNIT_GROUP(doors, T(every_door_for_every_role), T(forged_forms_are_refused), T(hears), T(pages_do_not_ask_by_row))
