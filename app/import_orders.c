/* import_orders.c — orders in our own export's form, with the history they bring along. */
#include "slice/import/import.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/time.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/order/order_past.h"
#include "slice/org/org.h"

enum { OW_REF, OW_KIND, OW_MODE, OW_CHANNEL, OW_PRIORITY, OW_STATE, OW_CUSTOMER, OW_CONTACT, OW_PHONE, OW_EMAIL, OW_ADDRESS, OW_DIVISION, OW_BRAND, OW_SERIAL, OW_STATION,
	OW_ENGINEER, OW_FAULT, OW_SYMPTOM, OW_NOTE, OW_FAULT_CODE, OW_CAUSE, OW_VERDICT, OW_FINDING, OW_RESULT, OW_END, OW_FEE, OW_CURRENCY, OW_SATISFACTION, OW_OPENED, OW_CLOSED,
	OW_HISTORY, OW_N };
static const struct import_col cols[OW_N] = {
	[OW_REF] = { "ref", "no 工单号 编号", true }, [OW_KIND] = { "kind", "类型 业务类型", false }, [OW_MODE] = { "mode", "服务方式", false }, [OW_CHANNEL] = { "channel", "渠道", false },
	[OW_PRIORITY] = { "priority", "优先级", false }, [OW_STATE] = { "state", "状态", false }, [OW_CUSTOMER] = { "customer", "客户编号 customer_no", false },
	[OW_CONTACT] = { "contact", "报修人 联系人 客户", true }, [OW_PHONE] = { "phone", "电话 联系电话", false }, [OW_EMAIL] = { "email", "邮箱", false },
	[OW_ADDRESS] = { "address", "地址", false }, [OW_DIVISION] = { "division", "区划", false }, [OW_BRAND] = { "brand", "品牌", false }, [OW_SERIAL] = { "serial", "序列号 sn", false },
	[OW_STATION] = { "station", "网点编号 站点", false }, [OW_ENGINEER] = { "engineer", "工程师", false }, [OW_FAULT] = { "fault", "故障 故障描述 故障现象", true },
	[OW_SYMPTOM] = { "symptom", "现象代码", false }, [OW_NOTE] = { "note", "备注", false }, [OW_FAULT_CODE] = { "fault_code", "故障代码", false }, [OW_CAUSE] = { "cause", "原因", false },
	[OW_VERDICT] = { "verdict", "处理方式", false }, [OW_FINDING] = { "finding", "检测结果", false }, [OW_RESULT] = { "result", "处理结果", false },
	[OW_END] = { "end_reason", "结束原因", false }, [OW_FEE] = { "fee", "费用 金额", false }, [OW_CURRENCY] = { "fee.currency", "币种", false },
	[OW_SATISFACTION] = { "satisfaction", "满意度", false }, [OW_OPENED] = { "opened_at", "报修时间 登记时间", true }, [OW_CLOSED] = { "closed_at", "关闭时间 完成时间", false },
	[OW_HISTORY] = { "history", "经过", false },
};

/* ---- cells ---- */

static enum err enum_cell(struct ctx *c, const str *v, int col, const char *const *names, int usual, int *ret)
{
	*ret = usual;
	if (!v[col].n || (*ret = name_index(names, v[col])) >= 0)
		return ERR_OK;
	return fail_field(c, cols[col].name, N_("“{1}” is none of the words known here."), v[col]);
}

static enum err time_cell(struct ctx *c, const str *v, int col, instant *ret)
{
	*ret = NO_INSTANT;
	if (!v[col].n || instant_parse(v[col], c->who->zone, ret))
		return ERR_OK;
	return fail_field(c, cols[col].name, N_("“{1}” is not a time like 2025-03-08 14:30."), v[col]);
}

static enum err optional(struct ctx *c, enum err e, bool *ret_found)
{
	*ret_found = !e;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

/* ---- whom and what it concerns ---- */

static enum err customer_of(struct ctx *c, struct import_run *run, const str *v, int64_t *ret)
{
	str ref = v[OW_CUSTOMER].n ? v[OW_CUSTOMER] : arena_fmt(c->a, "%.*s|%.*s", STR_ARG(v[OW_CONTACT]), STR_ARG(v[OW_PHONE]));
	struct customer k;
	bool found;

	if (import_known(run, "customer", ref, ret))
		return ERR_OK;
	TRY(optional(c, customer_by_ref(c, ref, &k), &found));
	if (!found)
		TRY(optional(c, customer_by_no(c, ref, &k), &found));
	if (found)
		*ret = k.id;
	else
		TRY(customer_add(c, &(struct customer_new){ .name = v[OW_CONTACT], .phone = v[OW_PHONE], .email = v[OW_EMAIL], .address = v[OW_ADDRESS], .division = v[OW_DIVISION],
			.kind = CUSTOMER_PERSON, .external_ref = ref, .org_id = NIL, .lat = NIL, .lon = NIL }, ret));
	import_remember(run, "customer", ref, *ret);
	return ERR_OK;
}

static enum err device_of(struct ctx *c, const str *v, int64_t *ret)
{
	struct device d;
	bool found;

	*ret = NIL;
	if (!v[OW_SERIAL].n)
		return ERR_OK;
	TRY(optional(c, device_find(c, v[OW_SERIAL], v[OW_BRAND], &d), &found));
	if (!found)
		return fail_field(c, "serial", N_("There is no device {1}; import devices first."), v[OW_SERIAL]);
	*ret = d.id;
	return ERR_OK;
}

static enum err station_of(struct ctx *c, const str *v, struct order_past *p)
{
	struct org o = { .path = S("") };
	bool found;

	p->station_id = NIL;
	if (v[OW_STATION].n) {
		TRY(optional(c, org_by_code(c, v[OW_STATION], &o), &found));
		if (!found)
			return fail_field(c, "station", N_("There is no station {1}; import stations first."), v[OW_STATION]);
		p->station_id = o.id;
	} else {
		TRY(optional(c, org_root(c, &o), &found));
	}
	p->org_path = o.path;
	return ERR_OK;
}

/* ---- history: EVENT>STATE[:WAIT]@TIME;… ---- */

static bool read_step(struct ctx *c, str text, struct order_past_step *ret)
{
	str head, event, state = { 0 }, wait;

	if (!str_cut(&text, '@', &head) || !instant_parse(text, c->who->zone, &ret->at) || !str_cut(&head, '>', &event))
		return false;
	wait = head;
	str_cut(&wait, ':', &state);
	ret->event = event;
	ret->state = name_index(order_states, state);
	ret->wait = wait.n ? name_index(order_waits, wait) : -1;
	return ret->state >= 0;
}

static enum err steps_of(struct ctx *c, const str *v, struct order_past *p)
{
	str rest = v[OW_HISTORY], one;
	struct order_past_step *step;
	int state;
	size_t n = 1;
	instant closed;

	for (size_t i = 0; i < rest.n; i++)
		n += rest.p[i] == ';';
	step = NEW_N(c->a, struct order_past_step, n + 1);
	p->steps = step;
	while (str_cut(&rest, ';', &one))
		if (!read_step(c, str_trim(one), &step[p->n_steps++]))
			return fail_field(c, "history", N_("“{1}” is not a step like accept>accepted@2026-03-02T10:00:00+08:00."), one);
	if (p->n_steps || !v[OW_STATE].n)
		return ERR_OK;
	/* Without a history: by the shortest way. */
	TRY(enum_cell(c, v, OW_STATE, order_states, ORDER_REGISTERED, &state));
	TRY(time_cell(c, v, OW_CLOSED, &closed));
	step[p->n_steps++] = (struct order_past_step){ .state = state, .wait = -1, .at = closed.ms == NIL ? p->opened_at : closed };
	return ERR_OK;
}

static enum err plain_fields(struct ctx *c, const str *v, struct order_past *p)
{
	int64_t satisfaction = 0;

	TRY(enum_cell(c, v, OW_KIND, order_kinds, KIND_REPAIR, &p->kind));
	TRY(enum_cell(c, v, OW_MODE, order_modes, MODE_CARRY_IN, &p->mode));
	TRY(enum_cell(c, v, OW_PRIORITY, order_priorities, 1, &p->priority));
	TRY(enum_cell(c, v, OW_VERDICT, order_verdicts, -1, &p->verdict));
	if (v[OW_CHANNEL].n && name_index(order_channels, v[OW_CHANNEL]) < 0)
		return fail_field(c, "channel", N_("“{1}” is none of the words known here."), v[OW_CHANNEL]);
	if (v[OW_FEE].n && !money_parse(v[OW_FEE], v[OW_CURRENCY].n == 3 ? arena_cstr(c->a, v[OW_CURRENCY]) : "CNY", &p->fee))
		return fail_field(c, "fee", N_("“{1}” is not an amount like 1234.50."), v[OW_FEE]);
	if (v[OW_SATISFACTION].n && (!str_int(v[OW_SATISFACTION], &satisfaction) || satisfaction < 1 || satisfaction > 5))
		return fail_field(c, "satisfaction", N_("Satisfaction goes from 1 to 5."));
	p->satisfaction = (int)satisfaction;
	TRY(time_cell(c, v, OW_OPENED, &p->opened_at));
	return p->opened_at.ms == NIL ? fail_field(c, "opened_at", N_("When was it registered?")) : ERR_OK;
}

static enum err order_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	struct order_past p = { .external_ref = v[OW_REF], .contact_name = v[OW_CONTACT], .phone = v[OW_PHONE], .email = v[OW_EMAIL], .address = v[OW_ADDRESS], .division = v[OW_DIVISION],
		.engineer = v[OW_ENGINEER], .fault = v[OW_FAULT], .symptom = v[OW_SYMPTOM], .note = v[OW_NOTE], .fault_code = v[OW_FAULT_CODE], .cause = v[OW_CAUSE],
		.finding = v[OW_FINDING], .result = v[OW_RESULT], .end_reason = v[OW_END], .channel = v[OW_CHANNEL], .words = v[OW_SERIAL] };
	const struct order_past_step *odd;
	bool known;
	int64_t id;

	if (!v[OW_REF].n || !v[OW_FAULT].n || !v[OW_CONTACT].n)
		return fail_field(c, !v[OW_REF].n ? "ref" : !v[OW_FAULT].n ? "fault" : "contact", N_("This cell cannot be empty."));
	TRY(plain_fields(c, v, &p));
	TRY(steps_of(c, v, &p));
	TRY(customer_of(c, run, v, &p.customer_id));
	TRY(device_of(c, v, &p.device_id));
	TRY(station_of(c, v, &p));
	odd = order_past_check(&p);
	if (odd)
		import_remark(run, r, arena_fmt(c->a, "history: nothing leads to \"%s\"; the step is left out", order_states[odd->state]));
	TRY(order_import(c, &p, &id, &known));
	*ret = known ? IMPORT_KNOWN : IMPORT_ADDED;
	return ERR_OK;
}
const struct import_kind import_orders = { .name = "orders", .about = N_("Work orders as export writes them, with their history"), .col = cols, .n = OW_N, .row = order_row };
