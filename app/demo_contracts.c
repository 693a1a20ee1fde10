/* demo_contracts.c — service contracts of some firms: all they have, one brand, single machines, hours of its own, one that ran out. */
#include "app/demo.h"
#include "base/time.h"
#include "slice/contract/contract.h"
#include "slice/device/device.h"

enum { MACHINES = 3 };

static const struct plan { int firm; const char *title, *level, *calendar, *brand; int began, days; bool whole, machines; } plans[] = {
	{ 0, "三年快速响应服务", "rapid", NULL, NULL, 200, 1095, true, false },
	{ 1, "下一工作日上门服务", "next-business-day", NULL, NULL, 320, 365, true, false },
	{ 2, "联想设备快速服务", "rapid", NULL, "Lenovo", 150, 730, false, false },
	{ 3, "核心设备备用机服务", "spare-machine", "7x24", NULL, 90, 365, false, true },
	{ 4, "上一年度服务", "standard", NULL, NULL, 500, 365, true, false },
};

static enum err cover(struct ctx *c, const struct contract *of, int kind, str what)
{
	struct contract k;

	TRY(contract_get(c, of->no, &k));
	return contract_cover_add(c, &k, kind, what);
}

static enum err cover_machines(struct ctx *c, const struct contract *k)
{
	struct device *d;
	size_t n;

	TRY(device_of_customer(c, k->customer_id, &d, &n));
	for (size_t i = 0; i < n && i < MACHINES; i++)
		TRY(cover(c, k, COVER_DEVICE, d[i].serial));
	return ERR_OK;
}

enum err demo_contracts(struct ctx *c, void *demo)
{
	struct demo *d = demo;
	day today = tz_day(c->who->zone, d->now);

	for (size_t i = 0; i < LEN(plans); i++) {
		const struct plan *p = &plans[i];
		struct contract k = { .customer_id = d->customer[p->firm].id, .title = str_c(p->title), .level = str_c(p->level), .calendar = str_c(p->calendar),
			.from_on = { today.d - p->began }, .until_on = { today.d - p->began + p->days - 1 }, .whole = p->whole, .active = true }, *made;
		int64_t id, next;
		size_t n;

		TRY(contract_add(c, &k, &id));
		TRY(contract_list(c, &(struct contract_filter){ .customer_id = k.customer_id, .before = NIL, .limit = 1 }, &made, &n, &next));
		if (p->brand)
			TRY(cover(c, &made[0], COVER_BRAND, str_c(p->brand)));
		if (p->machines)
			TRY(cover_machines(c, &made[0]));
	}
	return ERR_OK;
}
