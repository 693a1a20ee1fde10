/* demo_money.c — price lists, quotes, receipts and hand-ins of the demo, along the orders' histories. */
#include "app/demo.h"
#include "slice/attachment/attachment.h"
#include "slice/money/money.h"
#include "slice/ruling/ruling.h"

enum { MARGIN_BP = 2500, LABOURS = 4 };
static const int64_t labour_minor[LABOURS] = { 8000, 12000, 18000, 26000 };

static enum err put_prices(struct ctx *c, const struct price_list *l)
{
	static const struct { int kind; const char *code, *zh, *en; int64_t from, to, minor; } rows[] = {
		{ FEE_DIAGNOSIS, "ZD", "检测费", "Diagnosis", 0, PRICE_FAR, 5000 }, { FEE_VISIT, "SM", "上门费", "Visit", 0, 10000, 3000 },
		{ FEE_VISIT, "SM", "上门费", "Visit", 10000, 30000, 6000 }, { FEE_VISIT, "SM", "上门费", "Visit", 30000, PRICE_FAR, 12000 },
		{ FEE_LABOUR, "GS1", "维修工时(一级)", "Labour, level 1", 0, PRICE_FAR, 8000 }, { FEE_LABOUR, "GS2", "维修工时(二级)", "Labour, level 2", 0, PRICE_FAR, 12000 },
		{ FEE_LABOUR, "GS3", "维修工时(三级)", "Labour, level 3", 0, PRICE_FAR, 18000 }, { FEE_LABOUR, "GS4", "芯片级维修", "Labour, chip level", 0, PRICE_FAR, 26000 },
		{ FEE_LABOUR, "XT", "系统安装与调试", "System installation", 0, PRICE_FAR, 6000 }, { FEE_LABOUR, "SJ", "数据备份", "Data backup", 0, PRICE_FAR, 10000 },
		{ FEE_MATERIAL, "QJ", "清洁与导热硅脂", "Cleaning and thermal paste", 0, PRICE_FAR, 4000 },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		TRY(price_put(c, l, &(struct price_item){ .kind = rows[i].kind, .code = str_c(rows[i].code), .name_zh = str_c(rows[i].zh), .name_en = str_c(rows[i].en),
			.from_m = rows[i].from, .to_m = rows[i].to, .unit_price = { rows[i].minor, "CNY" }, .tax_bp = -1 }));
	return ERR_OK;
}

static enum err in_force(struct ctx *c, struct price_list *l)
{
	TRY(price_get(c, l->code, l->version, l));
	return price_publish(c, l);
}

enum err demo_prices(struct ctx *c, void *demo)
{
	struct demo *d = demo;
	day today = { d->now.ms / 86400000 };
	struct price_list l;

	TRY(price_draft(c, &(struct price_new){ .code = S("STD"), .name = S("全国标准收费"), .valid_from = { today.d - 400 }, .margin_bp = MARGIN_BP, .tax_bp = 600 }, &l));
	TRY(put_prices(c, &l));
	TRY(in_force(c, &l));
	TRY(price_draft(c, &(struct price_new){ .code = S("NW"), .name = S("西北大区收费"), .org = d->region[4].code, .valid_from = { today.d - 200 }, .margin_bp = 3000, .tax_bp = 600,
		.copy_of = S("STD") }, &l));
	TRY(in_force(c, &l));
	return price_draft(c, &(struct price_new){ .code = S("STD"), .name = S("全国标准收费(明年)"), .valid_from = { today.d + 40 }, .margin_bp = MARGIN_BP, .tax_bp = 600,
		.copy_of = S("STD") }, &l);
}

/* ---- one order's bill ---- */

/* As the verdict says; where it says nothing, as the fee wants. */
static enum err add(struct ctx *c, const struct order *o, struct fee_new *n, str name, bool free)
{
	struct fee_said said;
	int64_t id;

	TRY(fee_basis_said(c, o, n->kind, n->code, name, &said));
	n->basis = said.basis >= 0 ? -1 : free ? WHY_WARRANTY : WHY_PAID;
	if (said.basis < 0)
		n->reason = free ? S("保修期内，非人为损坏") : S("已过保修期，已告知客户");
	return fee_add(c, o, n, &id);
}

static enum err add_listed(struct ctx *c, const struct order *o, int kind, const char *code, bool free)
{
	return add(c, o, &(struct fee_new){ .code = str_c(code), .kind = kind, .unit_price = { .minor = NIL }, .qty = 1, .distance_m = NIL }, (str){ 0 }, free);
}

/* The rest of the sum is the part the diagnosis wants, at cost; a free one stands at its catalogue price. It goes in later and is not charged again. */
static enum err add_part(struct ctx *c, const struct order *o, int64_t minor, bool free)
{
	str no = demo_part_for(o->fault_code);
	struct fee_new n = { .code = no.n ? no : S("PJ"), .kind = FEE_PART, .name = S("更换配件"), .unit_price = { minor > 0 ? minor * 10000 / (10000 + MARGIN_BP) : 0, "CNY" }, .qty = 1,
		.distance_m = NIL };

	if (free)
		n.unit_price.minor = NIL;
	return minor > 0 || no.n ? add(c, o, &n, (str){ 0 }, free) : ERR_OK;
}

static enum err lines(struct ctx *c, const struct order *o, int64_t fee)
{
	static const char *const labour[LABOURS] = { "GS1", "GS2", "GS3", "GS4" };
	size_t level = 0;

	while (level + 1 < LABOURS && labour_minor[level + 1] * 2 <= fee)
		level++;
	if (o->mode == MODE_ONSITE)
		TRY(add_listed(c, o, FEE_VISIT, "SM", fee <= 0));
	TRY(add_listed(c, o, FEE_LABOUR, labour[level], fee <= 0));
	return add_part(c, o, fee - labour_minor[level], fee <= 0);
}

/* What excludes the fault is proved before the customer is asked to pay: photos by the engineer, a second opinion by the station head. */
static enum err prove(struct ctx *c, const struct order *o, const struct ruling *r, const struct actor *second, str photo)
{
	const struct actor *engineer = c->who;

	for (int kind = 0; kind < EVIDENCES; kind++) {
		struct evidence_new n = { kind, S("现场检测记录，照片见附件"), NIL };
		enum err e;

		if (!((uint64_t)r->needs >> kind & 1))
			continue;
		if (kind == EVIDENCE_VOLTAGE)
			n.words = S("插座实测 263 V");
		if (kind != EVIDENCE_SECOND && kind != EVIDENCE_VOLTAGE)
			TRY(attachment_bytes(c, "order", o->id, arena_fmt(c->a, "%s.png", evidence_names[kind]), S("image/png"), photo, true, &n.attachment_id));
		if (kind == EVIDENCE_SECOND) {
			n.words = S("复核:外力或液体痕迹明显，同意判定");
			c->who = second;
		}
		e = ruling_prove(c, r, &n);
		c->who = engineer;
		TRY(e);
	}
	return ERR_OK;
}

static bool excluded(const struct fee_line *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (l[i].basis == WHY_EXCLUDED)
			return true;
	}
	return false;
}

static enum err rule(struct ctx *c, const struct order *o, const struct actor *second, str photo)
{
	struct ruling r;
	struct fee_line *l;
	size_t n;

	TRY(fee_lines(c, o->id, true, &l, &n));
	if (!excluded(l, n) || o->device_id == NIL || o->kind != KIND_REPAIR)
		return ERR_OK;
	TRY(ruling_open(c, o, &(struct ruling_new){ -1, -1, o->finding }, &r));
	TRY(prove(c, o, &r, second, photo));
	return ruling_seal(c, o, &r, r.ver);
}

static enum err answer(struct ctx *c, const struct order *o, const struct quote *q, str signature)
{
	struct money_act a = { .ev = QUOTE_EV_APPROVE, .ver = q->ver, .signer = o->customer, .signature = signature, .how = -1, .counted = { .minor = NIL } };
	struct quote done;

	return quote_act(c, o, q->no, &a, &done);
}

enum err demo_quote(struct ctx *c, const struct order *o, int64_t fee, bool later, const struct actor *second, str signature)
{
	struct fee_state f;
	struct quote q;

	TRY(lines(c, o, fee));
	TRY(fee_state(c, o, &f));
	if (f.fee.minor <= 0)
		return ERR_OK;
	TRY(rule(c, o, second, signature));
	TRY(quote_make(c, o, &(struct quote_new){ .content = o->finding, .valid_until = NO_DAY, .deposit = { .minor = NIL } }, &q));
	return later ? ERR_OK : answer(c, o, &q, signature);
}

enum err demo_accept(struct ctx *c, const struct order *o, bool *ret_woken)
{
	struct quote q;
	enum err e = quote_of_order(c, o, &q);

	*ret_woken = !e && q.state == QUOTE_SENT;
	if (e == ERR_NOT_FOUND || (!e && q.state != QUOTE_SENT)) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	TRY(e);
	return answer(c, o, &q, (str){ 0 });
}

/* ---- the money ---- */

enum err demo_pay(struct ctx *c, const struct order *o, int salt)
{
	static const int methods[] = { METHOD_CASH, METHOD_WECHAT, METHOD_CASH, METHOD_ALIPAY, METHOD_CASH, METHOD_CARD };
	struct receipt_new n = { .kind = RECEIPT_PAYMENT, .method = methods[salt % (int)LEN(methods)], .payer = o->customer, .on = { NIL } };
	struct fee_state f;
	struct receipt r;

	TRY(fee_state(c, o, &f));
	if (f.due.minor <= 0)
		return ERR_OK;
	n.amount = f.due;
	n.receipt_no = arena_fmt(c->a, "%08lld", 31000000LL + (long long)o->id);
	if (n.method != METHOD_CASH)
		n.reference = arena_fmt(c->a, "42000%010lld", (long long)o->id * 7919);
	return receipt_take(c, o, &n, &r);
}

enum err demo_pay_later(struct ctx *c, const struct order *o)
{
	struct fee_state f;

	TRY(fee_state(c, o, &f));
	return f.due.minor > 0 ? fee_on_account(c, o, (day){ c->now.ms / 86400000 + 31 }, S("月结客户，按月对账")) : ERR_OK;
}

enum err demo_countersign(struct ctx *c, const struct order *o)
{
	struct receipt *r, done;
	size_t n;

	TRY(receipt_of_order(c, o->id, &r, &n));
	for (size_t i = 0; i < n; i++)
		if (r[i].state == RECEIPT_TAKEN)
			TRY(receipt_act(c, r[i].no, &(struct money_act){ .ev = RECEIPT_EV_COUNTERSIGN, .ver = r[i].ver, .how = -1, .counted = { .minor = NIL } }, &done));
	return ERR_OK;
}

static enum err none_is_fine(struct ctx *c, enum err e, bool *ret_none)
{
	*ret_none = e == ERR_INVALID || e == ERR_CONFLICT;
	if (!*ret_none)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

/* Once in a while ten yuan are missing. */
enum err demo_hand_in(struct ctx *c, const struct actor *holder, const struct actor *counter, int level, str station, int salt)
{
	const struct actor *who = c->who;
	struct money_act a = { .ev = HANDIN_EV_COUNT, .how = -1 };
	struct handin h;
	bool none;
	enum err e;

	c->who = holder;
	e = none_is_fine(c, handin_submit(c, &(struct handin_new){ .level = level, .station = station, .reference = salt % 2 ? S("现金封包") : (str){ 0 } }, &h), &none);
	if (!e && !none && salt % 11) {
		bool less = salt % 17 == 0 && h.declared.minor > 1000;

		c->who = counter;
		a.ver = h.ver;
		a.counted = h.declared;
		a.counted.minor -= less ? 1000 : 0;
		a.reason = less ? S("少 10 元，次日补交") : (str){ 0 };
		e = handin_act(c, h.no, &a, &h);
	}
	c->who = who;
	return e;
}
