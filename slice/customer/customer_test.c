/* Customers: what a place sees, and which login acts for whom.
 * Customers and devices are seen where an order or a registration of theirs lies, and above it; a branch that moves takes its files along. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/org/org.h"

extern const struct slice *const house_slices[];

enum { HQ, EAST, WEST, HZ1, HZ2, XA1, PLACES };
enum { CALL_CENTRE_S, EASTS, HZ1S, BOTHS, XA1S, FILES };
struct network { struct org at[PLACES]; int64_t customer[FILES], device[FILES]; };

static enum err place(struct ctx *c, const char *code, int kind, int64_t parent, struct org *ret)
{
	struct org o = { .kind = kind, .code = str_c(code), .name = str_c(code), .active = true, .parent_id = parent, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };
	int64_t id;

	TRY(org_add(c, &o, &id));
	return org_get(c, id, ret);
}

static enum err build(struct ctx *c, void *arg)
{
	static const char *const name[FILES] = { "总部客户", "大区客户", "一站客户", "两站客户", "西安客户" };
	static const int first[FILES] = { HQ, EAST, HZ1, HZ1, XA1 };
	struct network *n = arg;

	TRY(place(c, "HQ", ORG_HQ, NIL, &n->at[HQ]));
	TRY(place(c, "EAST", ORG_REGION, n->at[HQ].id, &n->at[EAST]));
	TRY(place(c, "WEST", ORG_REGION, n->at[HQ].id, &n->at[WEST]));
	TRY(place(c, "HZ1", ORG_STATION, n->at[EAST].id, &n->at[HZ1]));
	TRY(place(c, "HZ2", ORG_STATION, n->at[EAST].id, &n->at[HZ2]));
	TRY(place(c, "XA1", ORG_STATION, n->at[WEST].id, &n->at[XA1]));
	for (int i = 0; i < FILES; i++) {
		struct customer_new k = { .name = str_c(name[i]), .phone = arena_fmt(c->a, "1380000000%d", i), .org_id = NIL, .lat = NIL, .lon = NIL };
		struct device d = { .serial = arena_fmt(c->a, "SN-%d", i), .brand = S("Dell"), .model = S("XPS"), .product_id = NIL, .factory_on = NO_DAY, .invoiced_on = NO_DAY,
			.delivered_on = NO_DAY, .installed_on = NO_DAY, .accepted_on = NO_DAY };

		TRY(customer_add(c, &k, &n->customer[i]));
		d.customer_id = n->customer[i];
		TRY(device_add(c, &d, &n->device[i]));
		TRY(org_holds(c, ORG_CUSTOMER, n->customer[i], n->at[first[i]].path));
		TRY(org_holds(c, ORG_DEVICE, n->device[i], n->at[first[i]].path));
	}
	TRY(org_holds(c, ORG_CUSTOMER, n->customer[BOTHS], n->at[XA1].path));
	return org_holds(c, ORG_DEVICE, n->device[BOTHS], n->at[XA1].path);
}

static void stand_at(struct world *w, const struct org *at)
{
	w->who.sight = at ? SIGHT_ORG : SIGHT_ALL;
	w->who.org_id = at ? at->id : NIL;
	w->who.org_path = at ? at->path : (str){ 0 };
}

/* Every door of a file says the same: seen or not there. */
static void look(struct world *w, const struct network *n, int row, int file, bool seen)
{
	str phone = arena_fmt(&w->a, "1380000000%d", file), serial = arena_fmt(&w->a, "SN-%d", file);
	struct customer_hit *hit;
	struct device *found, d;
	struct customer k;
	size_t many;

	world_calm(w);
	CHECK_ROW(row, customer_get(&w->c, n->customer[file], &k) == (seen ? ERR_OK : ERR_NOT_FOUND));
	CHECK_ROW(row, !customer_like(&w->c, phone, (str){ 0 }, &hit, &many) && many == seen);
	CHECK_ROW(row, !customer_search(&w->c, phone, NIL, 10, &hit, &many) && many == seen);
	CHECK_ROW(row, device_get(&w->c, n->device[file], &d) == (seen ? ERR_OK : ERR_NOT_FOUND));
	CHECK_ROW(row, device_find(&w->c, serial, (str){ 0 }, &d) == (seen ? ERR_OK : ERR_NOT_FOUND));
	CHECK_ROW(row, !device_search(&w->c, serial, 10, &found, &many) && many == seen);
	CHECK_ROW(row, !device_of_customer(&w->c, n->customer[file], &found, &many) && many == seen);
	CHECK_ROW(row, !device_known(&w->c, serial, (str){ 0 }, &d));
}

struct view_row { int at; unsigned sees; };
#define B(f) (1u << (f))

static void look_all(struct world *w, const struct network *n, const struct view_row *rows, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; i++) {
		struct customer_hit *hit;
		struct device *d;
		size_t many;

		stand_at(w, rows[i].at < 0 ? NULL : &n->at[rows[i].at]);
		for (int f = 0; f < FILES; f++)
			look(w, n, (int)i * 10 + f, f, rows[i].sees & B(f));
		CHECK_ROW((int)i, !customer_search(&w->c, S(""), NIL, 50, &hit, &many) && many == (size_t)__builtin_popcount(rows[i].sees));
		CHECK_ROW((int)i, !device_list(&w->c, NIL, 50, &d, &many) && many == (size_t)__builtin_popcount(rows[i].sees));
	}
	stand_at(w, NULL);
}

static enum err hang_station(struct ctx *c, void *arg)
{
	struct network *n = arg;

	TRY(org_get(c, n->at[HZ1].id, &n->at[HZ1]));
	n->at[HZ1].parent_id = n->at[WEST].id;
	TRY(org_save(c, &n->at[HZ1]));
	return org_get(c, n->at[HZ1].id, &n->at[HZ1]);
}

static void territory_on(struct world *w)
{
	static const struct view_row before[] = {
		{ -1, B(FILES) - 1 }, { HQ, B(FILES) - 1 }, { EAST, B(EASTS) | B(HZ1S) | B(BOTHS) }, { WEST, B(BOTHS) | B(XA1S) }, { HZ1, B(HZ1S) | B(BOTHS) }, { HZ2, 0 },
		{ XA1, B(BOTHS) | B(XA1S) },
	}, after[] = {
		{ -1, B(FILES) - 1 }, { EAST, B(EASTS) }, { WEST, B(HZ1S) | B(BOTHS) | B(XA1S) }, { HZ1, B(HZ1S) | B(BOTHS) }, { HZ2, 0 }, { XA1, B(BOTHS) | B(XA1S) },
	};
	struct network n = { 0 };

	CHECK(!world_write(w, build, &n));
	look_all(w, &n, before, LEN(before));
	CHECK(!world_write(w, hang_station, &n));
	look_all(w, &n, after, LEN(after));
}

static void pages_on(struct world *w)
{
	struct customer_hit *a, *b;
	struct network n = { 0 };
	size_t n_a, n_b;

	CHECK(!world_write(w, build, &n));
	stand_at(w, &n.at[EAST]);
	CHECK(!customer_search(&w->c, S(""), NIL, 2, &a, &n_a) && n_a == 2 && a[0].id == n.customer[BOTHS] && a[1].id == n.customer[HZ1S]);
	CHECK(!customer_search(&w->c, S(""), a[1].id, 2, &b, &n_b) && n_b == 1 && b[0].id == n.customer[EASTS]);
}

/* Who has no place is shown nothing, not everything. */
static void nowhere_on(struct world *w)
{
	struct network n = { 0 };

	CHECK(!world_write(w, build, &n));
	stand_at(w, &(struct org){ .id = NIL });
	for (int f = 0; f < FILES; f++)
		look(w, &n, f, f, false);
}

static enum err merge(struct ctx *c, void *arg)
{
	const struct network *n = arg;
	struct customer k;

	TRY(customer_get(c, n->customer[XA1S], &k));
	return customer_merge(c, n->customer[HZ1S], k.id, k.ver);
}

static void merged_on(struct world *w)
{
	struct network n = { 0 };
	struct customer k;

	CHECK(!world_write(w, build, &n));
	CHECK(!world_write(w, merge, &n));
	stand_at(w, &n.at[XA1]);
	CHECK(!customer_get(&w->c, n.customer[HZ1S], &k) && k.id == n.customer[HZ1S]);
	CHECK(!customer_get(&w->c, n.customer[XA1S], &k) && k.id == n.customer[HZ1S]);
}

/* ---- portal logins ---- */

struct linking { int64_t customer; const char *login, *employee, *hash; };

static enum err link_login(struct ctx *c, void *arg)
{
	const struct linking *l = arg;
	struct customer k;

	TRY(customer_get(c, l->customer, &k));
	return customer_link(c, &k, str_c(l->login), str_c(l->employee ? l->employee : ""), l->hash ? str_c(l->hash) : (str){ 0 });
}

static enum err unlink_login(struct ctx *c, void *arg)
{
	const struct linking *l = arg;
	struct customer k;

	TRY(customer_get(c, l->customer, &k));
	return customer_unlink(c, &k, str_c(l->login));
}

static enum err company(struct ctx *c, void *arg)
{
	struct customer_new k = { .name = S("德瑞公司"), .kind = CUSTOMER_ORGANISATION, .org_id = NIL, .lat = NIL, .lon = NIL };
	struct device d = { .serial = S("ASSET-1"), .brand = S("Dell"), .model = S("XPS"), .user_name = S("邱小雨"), .product_id = NIL, .factory_on = NO_DAY, .invoiced_on = NO_DAY,
		.delivered_on = NO_DAY, .installed_on = NO_DAY, .accepted_on = NO_DAY };
	int64_t *id = arg, device;

	TRY(customer_add(c, &k, id));
	d.customer_id = *id;
	TRY(device_add(c, &d, &device));
	d.serial = S("ASSET-2"), d.user_name = S("何大海");
	return device_add(c, &d, &device);
}

static enum err staff(struct ctx *c, void *arg)
{
	struct user u = { .login = S("colleague"), .name = S("colleague"), .lang = S("zh"), .active = true, .customer_id = NIL };
	const struct network *n = arg;

	TRY(user_add(c, &u, (str){ 0 }, &u.id));
	return user_grant(c, u.id, ROLE_AGENT, n->at[HQ].id, n->at[HQ].path);
}

static void logins_on(struct world *w)
{
	struct network n = { 0 };
	struct customer_login *l;
	struct customer_hit *hit;
	struct device *d, one;
	struct user u;
	int64_t org;
	size_t many;

	CHECK(!world_write(w, build, &n) && !world_write(w, company, &org) && !world_write(w, staff, &n));
	CHECK(!world_write(w, link_login, &(struct linking){ org, "rain", "邱小雨", "hash" }));
	CHECK(!world_write(w, link_login, &(struct linking){ org, "boss", NULL, "hash" }));
	CHECK(!world_write(w, link_login, &(struct linking){ n.customer[HZ1S], "mister", NULL, "hash" }));
	CHECK(world_write(w, link_login, &(struct linking){ org, "rain", NULL, NULL }) == ERR_INVALID && world_field(w, "login"));
	CHECK(world_write(w, link_login, &(struct linking){ org, "colleague", NULL, NULL }) == ERR_INVALID && world_field(w, "login"));
	CHECK(world_write(w, link_login, &(struct linking){ org, "nobody", NULL, NULL }) == ERR_INVALID && world_field(w, "login"));
	CHECK(world_write(w, link_login, &(struct linking){ n.customer[HZ1S], "other", "员工", "hash" }) == ERR_INVALID && world_field(w, "employee"));
	CHECK(!customer_logins(&w->c, &(struct customer){ .id = org }, &l, &many) && many == 2 && str_eq(l[0].login, S("boss")) && str_eq(l[1].login, S("rain")));
	CHECK(!customer_employees(&w->c, org, NIL, 10, &hit, &many) && many == 1 && str_eq(hit[0].name, S("邱小雨")));
	CHECK(!user_by_login(&w->c, S("rain"), &u) && u.customer_id == hit[0].id);
	/* The employee sees the machine they use, and may report any of the company's; the company's own login sees all. */
	w->who = (struct actor){ .id = u.id, .sight = SIGHT_CUSTOMER, .perms = PERM_PORTAL, .customer_id = u.customer_id, .org_id = NIL, .lang = "en", .zone = w->who.zone };
	CHECK(!device_of_customer(&w->c, u.customer_id, &d, &many) && many == 1 && str_eq(d[0].serial, S("ASSET-1")));
	CHECK(!device_find(&w->c, S("ASSET-2"), (str){ 0 }, &one) && device_find(&w->c, S("SN-2"), (str){ 0 }, &one) == ERR_NOT_FOUND);
	w->who.customer_id = org;
	CHECK(!device_of_customer(&w->c, org, &d, &many) && many == 2);
	w->who.sight = SIGHT_ALL;
	CHECK(world_write(w, unlink_login, &(struct linking){ n.customer[HZ1S], "rain", NULL, NULL }) == ERR_NOT_FOUND);
	CHECK(!world_write(w, unlink_login, &(struct linking){ org, "rain", NULL, NULL }));
	CHECK(!user_by_login(&w->c, S("rain"), &u) && u.customer_id == NIL);
	CHECK(!world_write(w, link_login, &(struct linking){ n.customer[HZ1S], "rain", NULL, NULL }));
}

static void logins(void **state) { (void)state; world_each(house_slices, logins_on); }
static void territory(void **state) { (void)state; world_each(house_slices, territory_on); }
static void pages(void **state) { (void)state; world_each(house_slices, pages_on); }
static void nowhere(void **state) { (void)state; world_each(house_slices, nowhere_on); }
static void merged(void **state) { (void)state; world_each(house_slices, merged_on); }

UNIT_GROUP(customer, T(territory), T(pages), T(nowhere), T(merged), T(logins))
