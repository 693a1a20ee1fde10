/* sla_web_test.c — the doors of service levels. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/account/perm.h"
#include "slice/product/product.h"
#include "slice/sla/sla_view.h"

extern const struct slice *const house_slices[];
static const struct slice *const *const slices = house_slices;
static struct actor visitor;
static struct door door;

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
	door_as(&door, w, slices, &visitor);
}

static void reading_on(struct world *w)
{
	begin(w, "en", PERM_ALL);
	door_ask(&door, "GET", "/services", "");
	CHECK(door.a.status == 200 && door_says(&door, "/services/standard") && door_says(&door, "Waiting for parts") && door_says(&door, "One person"));
	door_ask(&door, "GET", "/services/standard", "");
	CHECK(door.a.status == 200 && door_says(&door, "name=\"targets.0.kind\"") && door_says(&door, "value=\"7wd\"") && door_says(&door, "value=\"regional_manager\""));
	door_ask(&door, "GET", "/services/new", "");
	CHECK(door.a.status == 200 && door_says(&door, "name=\"code\""));
	door_ask(&door, "GET", "/api/v1/services/standard", "");
	CHECK(door.a.status == 200 && door_says(&door, "\"target\":\"3wd\"") && door_says(&door, "\"basis\":\"default\"") && door_says(&door, "{\"reason\":\"parts\",\"stops\":false}"));
	door_ask(&door, "GET", "/api/v1/services", "");
	CHECK(door.a.status == 200 && door_says(&door, "\"code\":\"rapid\"") && door_says(&door, "\"impact\":2"));
	door_ask(&door, "GET", "/services/nothing", "");
	CHECK(door.a.status == 404);
	visitor.lang = "zh";
	door_ask(&door, "GET", "/services/standard", "");
	CHECK(door.a.status == 200 && door_says(&door, "标准服务") && door_says(&door, "超时升级"));
	visitor.perms = PERM_STAFF;
	door_ask(&door, "GET", "/services/standard", "");
	CHECK(door.a.status == 200 && door_says(&door, "48 小时") && !door_says(&door, "name=\"targets.0.kind\""));
}

static void changing_on(struct world *w)
{
	begin(w, "en", PERM_ALL);
	door_ask(&door, "POST", "/api/v1/services", "{\"code\":\"gold\",\"name\":\"金牌\",\"name_en\":\"Gold\",\"calendar\":\"7x24\",\"active\":true,"
		"\"targets\":[{\"kind\":\"fix\",\"target\":\"4h\"}],\"bindings\":[{\"basis\":\"customer\",\"basis_id\":9}]}");
	CHECK(door.a.status == 201 && door_says(&door, "\"tier\":\"customer\"") && door_says(&door, "\"priority\":null"));
	/* The page sends blank rows along and every reason. */
	door_ask(&door, "POST", "/services/gold", "ver=1&name=X&name_en=Gold&calendar=7x24&active=1&targets.0.kind=fix&targets.0.tier=customer&targets.0.target=5h"
		"&targets.1.kind=&targets.1.target=&pauses.0.reason=parts&pauses.0.stops=1&escalations.0.kind=&escalations.0.step=&bindings.0.basis=&bindings.0.basis_id=");
	CHECK(door.a.status == 303 && str_eq(door.a.location, S("/services/gold")));
	door_ask(&door, "GET", "/api/v1/services/gold", "");
	CHECK(door_says(&door, "\"target\":\"5h\"") && door_says(&door, "{\"reason\":\"parts\",\"stops\":true}") && door_says(&door, "\"bindings\":[]") && door_says(&door, "\"ver\":2"));
	door_ask(&door, "POST", "/services/gold", "ver=1&name=X&name_en=Gold&calendar=7x24");
	CHECK(door.a.status == 409);
	door_ask(&door, "POST", "/services/gold", "ver=2&name=X&name_en=Gold&calendar=7x24&targets.0.kind=fix&targets.0.target=soon");
	CHECK(door.a.status == 422 && door_says(&door, "soon") && door_says(&door, "3wd or 2cd"));
	door_ask(&door, "POST", "/api/v1/services/gold", "{\"ver\":2,\"name\":\"X\",\"name_en\":\"X\",\"calendar\":\"7x24\",\"bindings\":[{\"basis\":\"default\"}]}");
	CHECK(door.a.status == 422 && door_says(&door, "bindings.0.basis_id"));
	door_ask(&door, "POST", "/services/priorities", "impact=0&urgency=0&priority=urgent");
	CHECK(door.a.status == 303);
	door_ask(&door, "POST", "/services/reasons", "code=strike&title=%E7%BD%A2%E5%B7%A5&title_en=Strike&party=none&ends=date&stops_customer=1&active=1");
	CHECK(door.a.status == 303);
	door_ask(&door, "GET", "/services", "");
	CHECK(door_says(&door, "Strike"));
}

/* ---- whom it applies to, by name ---- */

static enum err a_model(struct ctx *c, void *arg)
{
	const struct product p = { .brand = S("Lenovo"), .model = S("ThinkPad X1"), .kind = S("notebook"), .active = true };

	return product_add(c, &p, arg);
}

static void binding_on(struct world *w)
{
	int64_t id;

	begin(w, "en", PERM_ALL);
	CHECK(!world_write(w, a_model, &id));
	door_ask(&door, "GET", "/services/rapid?who=leno", "");
	CHECK(door.a.status == 200 && door_says(&door, "name=\"brand\" value=\"Lenovo\"") && door_says(&door, "Apply to this"));
	door_ask(&door, "POST", "/services/rapid/bindings", "ver=1&basis=brand&basis_id=0&brand=Lenovo");
	CHECK(door.a.status == 303);
	door_ask(&door, "GET", "/services/rapid", "");
	CHECK(door.a.status == 200 && door_says(&door, "name=\"bindings.0.brand\" value=\"Lenovo\"") && door_says(&door, "No longer"));
	door_ask(&door, "POST", "/services/carry-in/bindings", "ver=1&basis=brand&basis_id=0&brand=LENOVO");
	CHECK(door.a.status == 422 && door_says(&door, "there can be one only"));
	door_ask(&door, "POST", "/services/carry-in/bindings", "ver=1&basis=product&basis_id=9999");
	CHECK(door.a.status == 422);
	door_ask(&door, "POST", "/services/rapid/bindings/drop", "ver=1&basis=brand&basis_id=0&brand=Lenovo");
	CHECK(door.a.status == 409);
	door_ask(&door, "POST", "/services/rapid/bindings/drop", "ver=2&basis=brand&basis_id=0&brand=Lenovo");
	CHECK(door.a.status == 303);
	door_ask(&door, "GET", "/api/v1/services/rapid", "");
	CHECK(door_says(&door, "\"bindings\":[]"));
}

/* ---- running clocks after a change of the level ---- */

static enum err start_clock(struct ctx *c, void *arg)
{
	const struct sla_facts f = { .contract_id = NIL, .customer_id = NIL, .product_id = NIL, .station_id = NIL, .tier_calendar_id = NIL, .order_kind = S("repair"),
		.org_path = S("1."), .priority = SLA_NORMAL, .area = AREA_CITY };

	(void)arg;
	return sla_start(c, 77, &f, SLA_BIT(SLA_FIX), SLA_CUSTOMER, c->now);
}

static void lagging_on(struct world *w)
{
	begin(w, "en", PERM_ALL);
	door_ask(&door, "POST", "/api/v1/services/rapid", "{\"ver\":1,\"name\":\"X\",\"name_en\":\"X\",\"calendar\":\"7x24\",\"active\":true,\"targets\":[{\"kind\":\"fix\",\"target\":\"8h\"}]}");
	CHECK(door.a.status == 200);
	door_ask(&door, "POST", "/api/v1/services/standard", "{\"ver\":1,\"name\":\"X\",\"name_en\":\"X\",\"calendar\":\"7x24\",\"active\":true,\"targets\":[{\"kind\":\"fix\",\"target\":\"8h\"}],\"bindings\":[{\"basis\":\"default\"}]}");
	CHECK(door.a.status == 200 && !world_write(w, start_clock, NULL));
	door_ask(&door, "GET", "/services/standard", "");
	CHECK(door.a.status == 200 && !door_says(&door, "/services/standard/clocks"));
	door_ask(&door, "POST", "/api/v1/services/standard", "{\"ver\":2,\"name\":\"X\",\"name_en\":\"X\",\"calendar\":\"7x24\",\"active\":true,\"targets\":[{\"kind\":\"fix\",\"target\":\"6h\"}],\"bindings\":[{\"basis\":\"default\"}]}");
	door_ask(&door, "GET", "/services/standard", "");
	CHECK(door.a.status == 200 && door_says(&door, "/services/standard/clocks"));
	door_ask(&door, "GET", "/services/standard/clocks", "");
	CHECK(door.a.status == 200 && door_says(&door, "8 h → 6 h"));
	door_ask(&door, "GET", "/api/v1/services/standard/clocks", "");
	CHECK(door.a.status == 200 && door_says(&door, "\"older\":1") && door_says(&door, "\"after\":\"6h\""));
	door_ask(&door, "POST", "/services/standard/clocks", "ver=2");
	CHECK(door.a.status == 409);
	door_ask(&door, "POST", "/services/standard/clocks", "ver=3");
	CHECK(door.a.status == 303);
	door_ask(&door, "GET", "/services/standard/clocks", "");
	CHECK(!door_says(&door, "8 h → 6 h"));
}

static void rights_on(struct world *w)
{
	static const char *const closed[] = { "/services", "/services/standard", "/services/reasons", "/services/priorities", "/services/standard/bindings", "/services/standard/bindings/drop", "/services/standard/clocks" };

	begin(w, "en", PERM_STAFF);
	for (size_t i = 0; i < LEN(closed); i++) {
		door_ask(&door, "POST", closed[i], "ver=1&code=x&name=x&name_en=x&calendar=7x24&title=x&title_en=x&party=none&ends=date&impact=0&urgency=0&priority=low");
		CHECK_ROW(i, door.a.status == 403);
	}
}

#define EACH(name) static void name(void **state) { (void)state; world_each(slices, name##_on); door_close(&door); }
EACH(reading) EACH(changing) EACH(binding) EACH(lagging) EACH(rights)
UNIT_GROUP(sla_web, T(reading), T(changing), T(binding), T(lagging), T(rights))
