/* import_contracts.c — service contracts: one record a contract, or one for each of its machines. */
#include "app/import_kinds.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/words.h"
#include "slice/account/perm.h"
#include "slice/contract/contract.h"
#include "slice/device/device.h"

enum { KO_REF, KO_CUSTOMER, KO_TITLE, KO_LEVEL, KO_CALENDAR, KO_FROM, KO_UNTIL, KO_DEVICES, KO_MODELS, KO_BRANDS, KO_WHOLE, KO_ACTIVE, KO_NOTE, KO_N };
static const struct import_col cols[KO_N] = {
	[KO_REF] = { "ref", "no 合同号 合同编号 编号 contract contract_no", false }, [KO_CUSTOMER] = { "customer", "客户编号 客户 customer_no", true },
	[KO_TITLE] = { "title", "合同名称 名称 服务内容 约定", true }, [KO_LEVEL] = { "level", "服务级别 级别 sla service_level", true },
	[KO_CALENDAR] = { "calendar", "服务时间 日历", false }, [KO_FROM] = { "from_on", "开始日期 起始日期 生效日期 from start", true },
	[KO_UNTIL] = { "until_on", "结束日期 截止日期 到期日期 until end", true }, [KO_DEVICES] = { "devices", "序列号 设备 serial serials sn", false },
	[KO_MODELS] = { "models", "型号 机型 model", false }, [KO_BRANDS] = { "brands", "品牌 brand", false },
	[KO_WHOLE] = { "whole", "全部设备 覆盖全部 all", false }, [KO_ACTIVE] = { "active", "在用 有效", false }, [KO_NOTE] = { "note", "备注 remark", false },
};

static bool yes(str v) { return str_eq(v, S("1")) || str_eq(v, S("是")) || str_eq(v, S("yes")) || str_eq(v, S("true")); }

static enum err day_of_cell(struct ctx *c, const struct import_row *r, int col, day *ret)
{
	if (day_parse(r->cell[col], ret))
		return ERR_OK;
	return fail_field(c, cols[col].name, N_("“{1}” is not a date like 2025-03-08."), r->cell[col]);
}

static enum err terms_of(struct ctx *c, struct import_run *run, const struct import_row *r, struct contract *k)
{
	const str *v = r->cell;

	*k = (struct contract){ .title = v[KO_TITLE], .level = v[KO_LEVEL], .calendar = v[KO_CALENDAR], .note = v[KO_NOTE], .whole = yes(v[KO_WHOLE]), .active = !v[KO_ACTIVE].n || yes(v[KO_ACTIVE]) };
	TRY(import_owner(c, run, "customer", v[KO_CUSTOMER], &k->customer_id));
	TRY(day_of_cell(c, r, KO_FROM, &k->from_on));
	TRY(day_of_cell(c, r, KO_UNTIL, &k->until_on));
	if (!v[KO_WHOLE].n && !v[KO_DEVICES].n && !v[KO_MODELS].n && !v[KO_BRANDS].n)
		return fail_field(c, "devices", N_("What does it cover: machines, models, brands, or all of the customer's?"));
	/* Without a number of its own, the same customer, name and first day is the same contract. */
	k->ref = v[KO_REF].n ? v[KO_REF] : arena_fmt(c->a, "%.*s|%.*s|%.*s", STR_ARG(v[KO_CUSTOMER]), STR_ARG(fold(c->a, k->title)), STR_ARG(day_iso(c->a, k->from_on)));
	return ERR_OK;
}

static bool covered(struct ctx *c, const struct contract *k, int kind, str what)
{
	for (size_t i = 0; i < k->n_cover; i++) {
		const struct contract_cover *v = &k->cover[i];

		if (v->kind != kind)
			continue;
		if (kind == COVER_DEVICE ? str_eq(serial_key(c->a, v->serial), serial_key(c->a, what)) : str_eq(fold(c->a, v->name), fold(c->a, what)))
			return true;
	}
	return false;
}

/* "PF-1;PF-2": what is not covered yet. */
static enum err cover_all(struct ctx *c, struct contract *k, int kind, int col, str list, bool *ret_added)
{
	str one;

	while (str_cut(&list, ';', &one)) {
		str what = str_trim(one);
		enum err e;

		if (!what.n || covered(c, k, kind, what))
			continue;
		e = contract_cover_add(c, k, kind, what);
		if (e == ERR_INVALID && c->diag.n)
			c->diag.f[0].field = cols[col].name;
		TRY(e);
		TRY(contract_by_ref(c, k->no, k));
		*ret_added = true;
	}
	return ERR_OK;
}

static bool same_terms(const struct contract *a, const struct contract *b)
{
	return str_eq(str_trim(a->title), str_trim(b->title)) && str_eq(a->level, b->level) && str_eq(a->calendar, b->calendar) && a->from_on.d == b->from_on.d && a->until_on.d == b->until_on.d
		&& a->whole == b->whole && a->active == b->active;
}

static enum err contract_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	struct contract k, old;
	bool added = false;
	int64_t id;
	enum err e;

	TRY(terms_of(c, run, r, &k));
	e = contract_by_ref(c, k.ref, &old);
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e) {
		c->diag = (struct diag){ 0 };
		TRY(contract_add(c, &k, &id));
		TRY(contract_by_ref(c, k.ref, &old));
		added = true;
	} else if (old.customer_id != k.customer_id) {
		return fail_field(c, "customer", N_("The contract {1} is another customer's."), k.ref);
	} else if (!same_terms(&old, &k)) {
		import_remark(run, r, _("This contract is known with other terms; they stay as they are."));
	}
	TRY(cover_all(c, &old, COVER_DEVICE, KO_DEVICES, r->cell[KO_DEVICES], &added));
	TRY(cover_all(c, &old, COVER_PRODUCT, KO_MODELS, r->cell[KO_MODELS], &added));
	TRY(cover_all(c, &old, COVER_BRAND, KO_BRANDS, r->cell[KO_BRANDS], &added));
	*ret = added ? IMPORT_ADDED : IMPORT_KNOWN;
	return ERR_OK;
}
extern const struct import_kind import_contracts;
const struct import_kind import_contracts = { "contracts", N_("Service contracts with what they cover (serials, models, brands; ; between them)"), cols, KO_N, .row = contract_row, .need = PERM_POLICY };
