/* demo_parts.c — parts, stock, requisitions, old parts and loaners of the demo, along the orders' histories. */
#include "app/demo.h"
#include "base/i18n.h"
#include "base/money.h"
#include "slice/loaner/loaner.h"
#include "slice/order/order.h"
#include "slice/parts/requisition.h"

enum { BEFORE = DEMO_HISTORY_DAYS + 5, OLD_AT_ONCE = 8 };
#define DAY_MS 86400000LL

/* fault: the code of the diagnosis that wants it, NULL for none. */
static const struct { const char *fault, *no, *name, *spec; int class; bool tracked; int64_t cost; int at_station; } parts[] = {
	{ "F-MB-01", "MB-T14", "主板", "i7 板载 16G", PART_MAIN, true, 168000, 4 }, { "F-FAN-01", "FAN-14", "散热风扇组件", "14 寸通用", PART_ORDINARY, false, 6800, 18 },
	{ "F-BAT-01", "BAT-57", "电池", "57 Wh", PART_MAIN, true, 21000, 6 }, { "F-RAM-01", "RAM-16", "内存", "DDR4 16 GB", PART_MAIN, true, 19500, 6 },
	{ "F-LCD-01", "LCD-14F", "液晶屏", "14 寸 FHD IPS", PART_MAIN, false, 42000, 14 }, { "F-LCD-02", "LCD-15F", "液晶屏", "15.6 寸 FHD IPS", PART_MAIN, false, 46000, 10 },
	{ "F-SSD-01", "SSD-512", "固态硬盘", "NVMe 512 GB", PART_MAIN, true, 18800, 6 }, { "F-HDD-01", "HDD-1T", "机械硬盘", "2.5 寸 1 TB", PART_MAIN, true, 23000, 4 },
	{ "F-KBD-01", "KB-CN", "键盘", "中文背光", PART_ORDINARY, false, 9800, 16 }, { "F-TP-01", "TP-14", "触摸板", "14 寸", PART_ORDINARY, false, 7600, 8 },
	{ "F-WLAN-01", "WLAN-6", "无线网卡", "Wi-Fi 6", PART_ORDINARY, false, 8200, 8 }, { "F-LAN-01", "LAN-B", "网口小板", NULL, PART_ORDINARY, false, 3900, 10 },
	{ "F-PRT-01", "ROL-KIT", "搓纸轮组件", "含分离垫", PART_CONSUMABLE, false, 4500, 12 }, { "F-PRT-02", "TON-26", "硒鼓", "3000 页", PART_CONSUMABLE, false, 26000, 10 },
	{ "F-SRV-01", "SAS-1T2", "阵列硬盘", "SAS 1.2 TB", PART_MAIN, true, 98000, 2 }, { "F-SRV-02", "PSU-750", "冗余电源", "750 W", PART_MAIN, false, 62000, 2 },
	{ "F-SPK-01", "SPK-14", "扬声器组件", "14 寸", PART_ORDINARY, false, 4200, 10 }, { "F-USB-01", "USB-B", "接口小板", "USB 3.2", PART_ORDINARY, false, 5200, 10 },
	{ NULL, "ADP-65", "电源适配器", "65 W USB-C", PART_ORDINARY, false, 6500, 12 }, { NULL, "GREASE", "导热硅脂", "1 g", PART_CONSUMABLE, false, 900, 40 },
	{ NULL, "SCREW", "螺丝包", "M2/M2.5", PART_CONSUMABLE, false, 300, 60 }, { NULL, "CABLE-E", "屏排线", "eDP 30 pin", PART_ORDINARY, false, 3600, 14 },
};
static int64_t part_ids[LEN(parts)];

str demo_part_for(str fault)
{
	for (size_t i = 0; i < LEN(parts); i++)
		if (parts[i].fault && str_eq(fault, str_c(parts[i].fault)))
			return str_c(parts[i].no);
	return (str){ 0 };
}

/* ---- before the first order ---- */

static enum err put_parts(struct ctx *c)
{
	for (size_t i = 0; i < LEN(parts); i++) {
		struct spare p = { .no = str_c(parts[i].no), .name = str_c(parts[i].name), .spec = str_c(parts[i].spec), .unit = S("件"), .class = parts[i].class,
			.serial_tracked = parts[i].tracked, .owes_old = parts[i].class != PART_CONSUMABLE, .active = true, .supplier_months = 12, .cost = CNY(parts[i].cost),
			.price = CNY(parts[i].cost * 5 / 4), .barcode = arena_fmt(c->a, "69%011lld", 20261122000LL + (long long)i * 37) };

		TRY(part_add(c, &p, &part_ids[i]));
	}
	return part_substitute_set(c, part_ids[4], part_ids[5], true);
}

/* A shelf's opening stock: `times` what a station holds; serial numbers by place and number. */
static enum err put_shelf(struct ctx *c, const struct demo_place *at, int64_t times)
{
	struct warehouse w;

	TRY(warehouse_of_org(c, at->id, &w));
	for (size_t i = 0; i < LEN(parts); i++) {
		struct spare p = { .id = part_ids[i], .serial_tracked = parts[i].tracked };
		int64_t qty = parts[i].at_station * times;
		str *serial = NEW_N(c->a, str, qty);
		bool added;

		for (int64_t k = 0; k < qty && p.serial_tracked; k++)
			serial[k] = arena_fmt(c->a, "%s%.*s%03lld", parts[i].no, STR_ARG(at->code), (long long)k);
		TRY(stock_open(c, &p, &w, qty, parts[i].cost * qty, serial, p.serial_tracked ? (size_t)qty : 0, &added));
		TRY(stock_level_set(c, part_ids[i], w.id, parts[i].at_station * times / 2, parts[i].at_station * times));
	}
	return ERR_OK;
}

static enum err put_loaners(struct ctx *c, const struct demo_place *at)
{
	static const struct { const char *brand, *model; int64_t rank; } pool[] = { { "Lenovo", "ThinkPad L14", 5 }, { "Dell", "Latitude 5440", 6 } };

	for (size_t i = 0; i < LEN(pool); i++) {
		struct loaner l;

		TRY(loaner_add(c, &(struct loaner_new){ .code = arena_fmt(c->a, "BY-%.*s-%zu", STR_ARG(at->code), i + 1), .serial = arena_fmt(c->a, "LN%.*s%02zu", STR_ARG(at->code), i + 1),
			.brand = str_c(pool[i].brand), .model = str_c(pool[i].model), .org = at->code, .kind = -1, .rank = pool[i].rank }, &l));
	}
	return ERR_OK;
}

enum err demo_stock(struct ctx *c, void *demo)
{
	static struct req_wish screen[] = { { { "LCD-14F", 7 }, 1, { 0 } }, { { "CABLE-E", 7 }, 1, { 0 } }, { { "SCREW", 5 }, 1, { 0 } } };
	struct demo *d = demo;

	c->now.ms -= BEFORE * DAY_MS;
	TRY(put_parts(c));
	TRY(put_shelf(c, &d->hq, 6));
	for (int i = 0; i < DEMO_REGIONS; i++)
		TRY(put_shelf(c, &d->region[i], 2));
	for (size_t i = 0; i < d->n_stations; i++) {
		TRY(put_shelf(c, &d->station[i], 1));
		TRY(put_loaners(c, &d->station[i]));
	}
	return kit_put(c, &(struct kit){ .code = S("SCREEN"), .name = S("换屏套件"), .lines = screen, .n = LEN(screen) });
}

/* ---- along an order ---- */

struct turn { struct demo *d; const struct order *o; const struct actor *engineer, *keeper, *head; int salt; str signature; };

static int fault_part(const struct order *o)
{
	for (size_t i = 0; i < LEN(parts); i++)
		if (parts[i].fault && str_eq(o->fault_code, str_c(parts[i].fault)))
			return (int)i;
	return -1;
}

/* The last requisition of the order, as the keeper sees it; none: id NIL. */
static enum err last_paper(struct ctx *c, const struct turn *t, struct requisition *ret)
{
	struct req_row *row;
	int64_t next;
	size_t n;

	ret->id = NIL;
	c->who = t->keeper;
	TRY(requisition_list(c, &(struct requisition_filter){ .state = -1, .order_id = t->o->id, .before = NIL, .limit = 1 }, &row, &n, &next));
	return n ? requisition_get(c, row[0].no, ret) : ERR_OK;
}

static enum err act(struct ctx *c, const struct actor *who, struct requisition *r, int ev, struct req_piece *piece, bool at_counter)
{
	c->who = who;
	return requisition_act(c, r->no, &(struct requisition_act){ .ev = ev, .ver = r->ver, .piece = piece, .n = piece != NULL, .at_counter = at_counter, .reason = S("") }, r);
}

static enum err ask(struct ctx *c, const struct turn *t, int part, struct requisition *r)
{
	struct req_wish wish = { str_c(parts[part].no), 1, { 0 } };

	c->who = t->engineer;
	TRY(requisition_request(c, &(struct requisition_new){ .order_no = t->o->no, .wish = &wish, .n = 1, .reason = t->o->finding, .needed_on = NO_DAY }, r));
	/* The last ones still wait for the station head. */
	if (r->state != REQ_REQUESTED || t->salt % 11 == 0)
		return ERR_OK;
	return act(c, t->head, r, REQ_EV_APPROVE, NULL, false);
}

static enum err issue(struct ctx *c, const struct turn *t, struct requisition *r, bool at_counter)
{
	struct req_piece piece = { .part_no = r->lines[0].part_no, .qty = 1 };
	struct serial_at *s;
	size_t n;

	c->who = t->keeper;
	if (r->lines[0].serial_tracked)
		TRY(serials_of_part(c, r->lines[0].part_id, &s, &n));
	for (size_t i = 0; r->lines[0].serial_tracked && i < n; i++)
		if (s[i].warehouse_id == r->from_id && s[i].bin == BIN_GOOD)
			piece.serials = s[i].serial;
	return act(c, t->keeper, r, REQ_EV_ISSUE, &piece, at_counter);
}

static enum err use(struct ctx *c, const struct turn *t, const struct requisition *r)
{
	const struct req_line *l = &r->lines[0];
	struct part_use_new n = { .part_no = l->part_no, .qty = 1, .no_old = t->salt % 23 ? -1 : 1 };

	if (l->serial_tracked && l->n_serials) {
		n.serial_in = l->serials[0];
		n.serial_out = arena_fmt(c->a, "%.*sX%lld", STR_ARG(l->part_no), (long long)t->o->id);
	}
	c->who = t->engineer;
	return part_use(c, t->o, &n);
}

static enum err repaired(struct ctx *c, const struct turn *t, int part)
{
	struct requisition r;
	struct part_use *u;
	size_t n;

	/* A repair done again after a failed test needs no second part. */
	TRY(part_uses(c, t->o->id, &u, &n));
	if (n)
		return ERR_OK;
	TRY(last_paper(c, t, &r));
	if (r.id == NIL && part >= 0 && t->salt % 4)
		TRY(ask(c, t, part, &r));
	if (r.id != NIL && r.state == REQ_APPROVED)
		TRY(issue(c, t, &r, true));
	return r.id != NIL && r.state == REQ_RECEIVED ? use(c, t, &r) : ERR_OK;
}

/* Most old parts come back with the next drive to the station; some are then decided. */
static enum err old_back(struct ctx *c, const struct turn *t)
{
	struct old_part *o;
	str no[OLD_AT_ONCE], slip;
	size_t n, k = 0;

	TRY(old_part_of_order(c, t->o->id, &o, &n));
	for (size_t i = 0; i < n && k < LEN(no); i++)
		if (o[i].state == OLD_DUE)
			no[k++] = o[i].no;
	if (!k || t->salt % 5 == 0)
		return ERR_OK;
	c->who = t->keeper;
	TRY(old_part_act(c, &(struct old_act){ .ev = OLD_EV_TAKE_IN, .no = no, .n = k, .verdict = -1, .credit = NO_MONEY }, &slip));
	if (t->salt % 5 == 1)
		return ERR_OK;
	TRY(old_part_act(c, &(struct old_act){ .ev = OLD_EV_INSPECT, .no = no, .n = k, .verdict = t->salt % 9 == 0, .credit = NO_MONEY }, &slip));
	if (t->salt % 5 == 2 || t->salt % 9 == 0)
		return ERR_OK;
	return old_part_act(c, &(struct old_act){ .ev = t->salt % 5 == 3 ? OLD_EV_CLAIM : OLD_EV_WRITE_OFF, .no = no, .n = k, .verdict = -1, .reason = S("更换下的坏件"),
		.credit = NO_MONEY }, &slip);
}

static enum err lend(struct ctx *c, const struct turn *t)
{
	struct loaner *l;
	struct loan n;
	size_t count;

	c->who = t->engineer;
	TRY(loaner_list(c, LOANER_READY, 0, &l, &count));
	if (!count)
		return ERR_OK;
	return loan_out(c, t->o, &(struct loan_new){ .code = l[0].code, .condition = S("外观完好，功能正常"), .accessories = S("电源适配器"), .signer = t->o->customer,
		.signature = t->signature, .due_on = { c->now.ms / DAY_MS + 14 } }, &n);
}

static enum err loan_ends(struct ctx *c, const struct turn *t)
{
	struct loan *n, done;
	size_t count;

	TRY(loan_of_order(c, t->o->id, &n, &count));
	if (!count || n[0].state != LOANER_OUT)
		return ERR_OK;
	c->who = t->engineer;
	TRY(loan_back(c, n[0].no, n[0].ver, S("完好，附件齐全"), &done));
	return t->salt % 7 ? loan_erase(c, done.no, done.ver, 2, S(""), &done) : ERR_OK;
}

static enum err step(struct ctx *c, const struct turn *t, enum order_event ev, bool parts_wait)
{
	int part = fault_part(t->o);
	struct requisition r;

	switch (ev) {
	case ORDER_EV_WAIT:
		if (parts_wait && part >= 0)
			TRY(ask(c, t, part, &r));
		/* Some are sent at once and travel while the order waits. */
		if (parts_wait && part >= 0 && t->salt % 3 == 1 && r.state == REQ_APPROVED)
			TRY(issue(c, t, &r, false));
		return parts_wait && t->o->mode == MODE_CARRY_IN && t->salt % 3 == 0 ? lend(c, t) : ERR_OK;
	case ORDER_EV_RESUME:
		TRY(last_paper(c, t, &r));
		if (parts_wait && r.id != NIL && r.state == REQ_APPROVED)
			TRY(issue(c, t, &r, false));
		return parts_wait && r.id != NIL && r.state == REQ_SHIPPED ? act(c, t->engineer, &r, REQ_EV_RECEIVE, NULL, false) : ERR_OK;
	case ORDER_EV_REPAIR: return repaired(c, t, t->o->verdict == 1 || t->o->verdict == 5 ? part : -1);
	case ORDER_EV_HAND_OVER:
		TRY(loan_ends(c, t));
		return old_back(c, t);
	default: return ERR_OK;
	}
}

struct story_step { const struct turn *t; enum order_event ev; bool parts_wait; };
static enum err tell_step(struct ctx *c, void *arg)
{
	const struct story_step *s = arg;

	return step(c, s->t, s->ev, s->parts_wait);
}

/* What the shelves refuse is no reason to end the story: the repair went on without. */
enum err demo_parts(struct demo *d, struct ctx *c, const struct order *o, enum order_event ev, bool parts_wait, int salt, str signature)
{
	struct turn t = { .d = d, .o = o, .engineer = c->who, .salt = salt, .signature = signature };
	const struct actor *who = c->who;
	int station = -1;
	enum err e;

	for (size_t i = 0; i < d->n_stations; i++)
		if (d->station[i].id == o->station_id)
			station = (int)i;
	if (station < 0)
		return ERR_OK;
	t.keeper = demo_one(d, ROLE_STOREKEEPER, station)->actor;
	t.head = demo_one(d, ROLE_STATION_HEAD, station)->actor;
	e = db_write(d->h.db, c, tell_step, &(struct story_step){ &t, ev, parts_wait });
	c->who = who;
	if (!e || e == ERR_DB || e == ERR_FULL)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}
