/* entitlement_web_test.c — the doors: who may ask, keep, add and change; pages and API answer alike, within a budget of statements. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/entitlement/entitlement.h"

extern const struct slice *const house_slices[];

static enum err seed(struct ctx *c, void *arg)
{
	const struct customer_new k = { .name = S("Li Hua"), .kind = CUSTOMER_PERSON, .org_id = NIL, .lat = NIL, .lon = NIL };
	struct device d = { .serial = S("SN-1"), .brand = S("Great Wall"), .model = S("N1"), .kind = DEVICE_NOTEBOOK, .proof = PROOF_INVOICE, .product_id = NIL,
		.replaced_by = NIL, .factory_on = day_of(2026, 8, 1), .invoiced_on = day_of(2026, 9, 1), .delivered_on = day_of(2026, 9, 2), .installed_on = NO_DAY,
		.accepted_on = NO_DAY, .division = S("330106") };
	int64_t id;

	(void)arg;
	TRY(entitlement_seed(c));
	TRY(customer_add(c, &k, &d.customer_id));
	return device_add(c, &d, &id);
}

static void asking_on(struct world *w)
{
	struct door d;

	CHECK(!world_write(w, seed, NULL));
	door_open(&d, w, house_slices, "anna", ROLE_AGENT, 1, S("1."));
	door_ask(&d, "GET", "/api/v1/devices/1/entitlement?part=mainboard&cause=quality&on=2026-10-20", "");
	CHECK(d.a.status == 200 && door_says(&d, "\"source\":\"cn-sanbao-pc\"") && door_says(&d, "\"clock\":\"whole\",\"until\":\"2027-09-02\""));
	CHECK(d.a.statements <= 12);
	door_ask(&d, "GET", "/devices/1/entitlement?cause=drop", "");
	CHECK(d.a.status == 200 && door_says(&d, "Art. 28 (2)") && d.a.statements <= 13);
	door_ask(&d, "GET", "/api/v1/devices/1/entitlement?cause=gremlins", "");
	CHECK(d.a.status == 422 && door_says(&d, "\"cause\""));
	door_ask(&d, "GET", "/api/v1/devices/999/entitlement", "");
	CHECK(d.a.status == 404);
	door_ask(&d, "POST", "/devices/1/verdicts", "part=mainboard&cause=quality");
	CHECK(d.a.status == 303);
	door_ask(&d, "GET", "/devices/1/entitlement", "");
	CHECK(d.a.status == 200 && door_says(&d, "Verdicts kept") && !door_says(&d, "Goodwill</button>"));
	door_ask(&d, "POST", "/verdicts/1/goodwill", "labour=free&amount=10&reason=x");
	CHECK(d.a.status == 403);
	door_ask(&d, "POST", "/policies", "body=%7B%7D");
	CHECK(d.a.status == 403);
	door_ask(&d, "GET", "/exposure", "");
	CHECK(d.a.status == 403);
	door_close(&d);
}

static void governing_on(struct world *w)
{
	struct door d;

	CHECK(!world_write(w, seed, NULL));
	door_open(&d, w, house_slices, "ruth", ROLE_QUALITY, 1, S("1."));
	door_ask(&d, "GET", "/policies", "");
	CHECK(d.a.status == 200 && door_says(&d, "pack-five-guarantees") && d.a.statements <= 6);
	door_ask(&d, "GET", "/api/v1/policies/cn-sanbao-pc/1", "");
	CHECK(d.a.status == 200 && door_says(&d, "\"to_on\":\"2024-06-30\"") && door_says(&d, "\"version\":2"));
	door_ask(&d, "GET", "/api/v1/policies/nobody", "");
	CHECK(d.a.status == 404);
	door_ask(&d, "GET", "/policies/cn-sanbao-pc/compare?a=1&b=2", "");
	CHECK(d.a.status == 200);
	door_ask(&d, "POST", "/policies", "body=%7B%0A%22id%22%3A1%7D");
	CHECK(d.a.status == 422 && door_says(&d, "line 2: "));
	door_ask(&d, "POST", "/policies/cn-sanbao-pc/1/end", "to=2024-07-01");
	CHECK(d.a.status == 422 && door_says(&d, "The next version begins on 2024-07-01."));
	door_ask(&d, "POST", "/policies/pack-36m/1/end", "to=2027-12-31");
	CHECK(d.a.status == 303);
	door_ask(&d, "POST", "/devices/1/verdicts", "part=mainboard&cause=drop");
	CHECK(d.a.status == 303);
	door_ask(&d, "POST", "/verdicts/1/goodwill", "labour=free&amount=10&reason=");
	CHECK(d.a.status == 422);
	door_ask(&d, "POST", "/verdicts/1/goodwill", "labour=free&amount=10&reason=first+fault");
	CHECK(d.a.status == 303);
	door_ask(&d, "GET", "/api/v1/policies/replay", "");
	CHECK(d.a.status == 200 && door_says(&d, "\"changed\":false") && !door_says(&d, "\"reason\":\"older\""));
	door_ask(&d, "POST", "/devices/1/verdicts", "part=mainboard&cause=quality");
	door_ask(&d, "GET", "/api/v1/policies/replay?limit=1", "");
	CHECK(d.a.status == 200 && door_says(&d, "{\"reason\":\"older\",\"text\":\"older verdicts, which this page does not reach\",\"n\":1}"));
	door_ask(&d, "GET", "/policies/replay?limit=1", "");
	CHECK(d.a.status == 200 && door_says(&d, "Left out"));
	door_ask(&d, "GET", "/exposure", "");
	CHECK(d.a.status == 200);
	door_close(&d);
}

/* What is known of a unit is told to who has its proof; others hear the law on the day they give. */
static void anybody_on(struct world *w)
{
	struct door d;

	CHECK(!world_write(w, seed, NULL));
	door_open(&d, w, house_slices, "", -1, NIL, (str){ 0 });
	door_ask(&d, "GET", "/covered", "");
	CHECK(d.a.status == 200 && door_says(&d, "Is my computer still covered?"));
	door_ask(&d, "POST", "/api/v1/covered", "{\"serial\":\"SN-1\"}");
	CHECK(d.a.status == 422 && door_says(&d, "\"invoice_no\""));
	door_ask(&d, "POST", "/api/v1/covered", "{\"serial\":\"SN-1\",\"invoice_no\":\"1\"}");
	CHECK(d.a.status == 422 && !door_says(&d, "Great Wall"));
	door_ask(&d, "POST", "/api/v1/covered", "{\"serial\":\"SN-1\",\"bought_on\":\"2026-08-15\"}");
	CHECK(d.a.status == 200 && door_says(&d, "\"known\":false") && !door_says(&d, "Great Wall") && door_says(&d, "\"source\":\"cn-sanbao-pc\""));
	door_ask(&d, "POST", "/api/v1/covered", "{\"serial\":\"SN-1\",\"bought_on\":\"2026-09-01\"}");
	CHECK(d.a.status == 200 && door_says(&d, "\"known\":true") && door_says(&d, "Great Wall") && door_says(&d, "\"part\":\"mainboard\""));
	CHECK(door_says(&d, "\"until\":\"2028-09-04\"") && !door_says(&d, "Li Hua"));
	door_close(&d);
}

static void asking(void **state) { (void)state; world_each(house_slices, asking_on); }
static void anybody(void **state) { (void)state; world_each(house_slices, anybody_on); }
static void governing(void **state) { (void)state; world_each(house_slices, governing_on); }
UNIT_GROUP(entitlement_web, T(asking), T(anybody), T(governing))
