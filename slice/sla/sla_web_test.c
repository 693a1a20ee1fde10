/* sla_web_test.c — the doors of service levels. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/sla/sla_view.h"

extern const struct slice slice_audit, slice_account, slice_calendar, slice_sla;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_calendar, &slice_sla, NULL };
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
	CHECK(door.a.status == 200 && door_says(&door, "48h") && !door_says(&door, "name=\"targets.0.kind\""));
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

static void rights_on(struct world *w)
{
	static const char *const closed[] = { "/services", "/services/standard", "/services/reasons", "/services/priorities" };

	begin(w, "en", PERM_STAFF);
	for (size_t i = 0; i < LEN(closed); i++) {
		door_ask(&door, "POST", closed[i], "ver=1&code=x&name=x&name_en=x&calendar=7x24&title=x&title_en=x&party=none&ends=date&impact=0&urgency=0&priority=low");
		CHECK_ROW(i, door.a.status == 403);
	}
}

#define EACH(name) static void name(void **state) { (void)state; world_each(slices, name##_on); door_close(&door); }
EACH(reading) EACH(changing) EACH(rights)
UNIT_GROUP(sla_web, T(reading), T(changing), T(rights))
