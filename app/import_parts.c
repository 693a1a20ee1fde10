/* import_parts.c — the part catalogue and opening stock. */
#include "app/import.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/words.h"
#include "slice/parts/parts.h"

static bool yes(str v) { return str_eq(v, S("1")) || str_eq(v, S("是")) || str_eq(v, S("yes")) || str_eq(v, S("true")) || str_eq(v, S("Y")); }

static enum err sum_cell(struct ctx *c, const struct import_col *col, str v, money *ret)
{
	*ret = NO_MONEY;
	if (v.n && (!money_parse(v, "CNY", ret) || ret->minor < 0))
		return fail_field(c, col->name, N_("“{1}” is not an amount like 1234.50."), v);
	return ERR_OK;
}

/* ---- parts ---- */

enum { PA_NO, PA_NAME, PA_SPEC, PA_UNIT, PA_CLASS, PA_BRAND, PA_MAKER_NO, PA_BARCODE, PA_TRACKED, PA_OWES, PA_MONTHS, PA_PRICE, PA_COST, PA_N };
static const struct import_col part_cols[PA_N] = {
	[PA_NO] = { "no", "part_no 备件编号 编号 配件编号 物料编码 料号", true }, [PA_NAME] = { "name", "名称 备件名称 配件名称 物料名称", true },
	[PA_SPEC] = { "spec", "规格 规格型号 型号", false }, [PA_UNIT] = { "unit", "单位", false }, [PA_CLASS] = { "class", "类别 分类", false },
	[PA_BRAND] = { "brand", "品牌 厂商", false }, [PA_MAKER_NO] = { "maker_no", "厂商编号 原厂编号 fru", false }, [PA_BARCODE] = { "barcode", "条码 条形码 ean", false },
	[PA_TRACKED] = { "serial_tracked", "按序列号 序列号管理", false }, [PA_OWES] = { "owes_old", "返还旧件 旧件返还", false },
	[PA_MONTHS] = { "supplier_months", "质保月数 供应商质保", false }, [PA_PRICE] = { "price", "售价 价格 单价", false }, [PA_COST] = { "cost", "成本 成本价 进价", false },
};
static const struct { const char *word; int class; } class_words[] = {
	{ "main", PART_MAIN }, { "主要部件", PART_MAIN }, { "主件", PART_MAIN }, { "ordinary", PART_ORDINARY }, { "一般部件", PART_ORDINARY },
	{ "consumable", PART_CONSUMABLE }, { "耗材", PART_CONSUMABLE }, { "易耗件", PART_CONSUMABLE },
};

static enum err class_cell(struct ctx *c, str v, int *ret)
{
	*ret = PART_ORDINARY;
	for (size_t i = 0; i < LEN(class_words); i++)
		if (str_eq(fold(c->a, v), str_c(class_words[i].word))) {
			*ret = class_words[i].class;
			return ERR_OK;
		}
	return v.n ? fail_field(c, "class", N_("“{1}” is none of: {2}."), v, S("main ordinary consumable")) : ERR_OK;
}

static enum err part_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	struct spare p = { .no = v[PA_NO], .name = v[PA_NAME], .spec = v[PA_SPEC], .unit = v[PA_UNIT], .brand = v[PA_BRAND], .maker_no = v[PA_MAKER_NO], .barcode = v[PA_BARCODE],
		.serial_tracked = yes(v[PA_TRACKED]), .active = true, .supplier_months = NIL };
	bool added;
	int64_t id;

	(void)run;
	TRY(class_cell(c, v[PA_CLASS], &p.class));
	TRY(sum_cell(c, &part_cols[PA_PRICE], v[PA_PRICE], &p.price));
	TRY(sum_cell(c, &part_cols[PA_COST], v[PA_COST], &p.cost));
	if (v[PA_MONTHS].n && (!str_int(v[PA_MONTHS], &p.supplier_months) || p.supplier_months < 0 || p.supplier_months > 240))
		return fail_field(c, "supplier_months", N_("“{1}” is not a number of months."), v[PA_MONTHS]);
	p.owes_old = v[PA_OWES].n ? yes(v[PA_OWES]) : p.class != PART_CONSUMABLE;
	TRY(part_put(c, &p, &id, &added));
	*ret = added ? IMPORT_ADDED : IMPORT_KNOWN;
	return ERR_OK;
}
const struct import_kind import_parts = { .name = "parts", .about = "the part catalogue, by part number", .col = part_cols, .n = PA_N, .row = part_row };

/* ---- opening stock ---- */

enum { ST_PART, ST_WAREHOUSE, ST_QTY, ST_SERIALS, ST_VALUE, ST_UNIT_COST, ST_LOW, ST_HIGH, ST_N };
static const struct import_col stock_cols[ST_N] = {
	[ST_PART] = { "part_no", "no 备件编号 编号 配件编号 物料编码 料号", true }, [ST_WAREHOUSE] = { "warehouse", "仓库 仓库编号 网点编号 库房", true },
	[ST_QTY] = { "qty", "quantity 数量 库存 库存数量", true }, [ST_SERIALS] = { "serials", "serial sn 序列号", false }, [ST_VALUE] = { "value", "金额 总价 库存金额", false },
	[ST_UNIT_COST] = { "unit_cost", "单价 成本 成本价", false }, [ST_LOW] = { "low", "minimum 下限 最低库存", false }, [ST_HIGH] = { "high", "maximum 上限 最高库存", false },
};

static enum err whole_cell(struct ctx *c, int col, str v, int64_t none, int64_t *ret)
{
	*ret = none;
	if (v.n && (!str_int(v, ret) || *ret < 0))
		return fail_field(c, stock_cols[col].name, N_("“{1}” is not a whole number."), v);
	return ERR_OK;
}

static enum err find_both(struct ctx *c, const str *v, struct spare *p, struct warehouse *w)
{
	enum err e = part_by_code(c, v[ST_PART], p);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "part_no", N_("There is no part {1}."), v[ST_PART]);
	}
	TRY(e);
	e = warehouse_by_code(c, v[ST_WAREHOUSE], w);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "warehouse", N_("There is no warehouse {1}."), v[ST_WAREHOUSE]);
	}
	return e;
}

/* One row a part and warehouse; tracked parts may have one a serial number. Reading the file again changes nothing. */
static enum err stock_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	int64_t qty, low, high, seen;
	money value, unit_cost;
	struct warehouse w;
	struct spare p;
	str *serials, key;
	size_t n;
	bool added;

	TRY(find_both(c, v, &p, &w));
	TRY(whole_cell(c, ST_QTY, v[ST_QTY], 0, &qty));
	TRY(whole_cell(c, ST_LOW, v[ST_LOW], NIL, &low));
	TRY(whole_cell(c, ST_HIGH, v[ST_HIGH], NIL, &high));
	TRY(sum_cell(c, &stock_cols[ST_VALUE], v[ST_VALUE], &value));
	TRY(sum_cell(c, &stock_cols[ST_UNIT_COST], v[ST_UNIT_COST], &unit_cost));
	TRY(serials_of_text(c, "serials", v[ST_SERIALS], &serials, &n));
	key = arena_fmt(c->a, "%lld|%lld|%.*s", (long long)p.id, (long long)w.id, STR_ARG(p.serial_tracked && n ? serials[0] : S("")));
	if (import_known(run, "stock", key, &seen) && seen != r->line)
		return fail_field(c, "part_no", N_("{1} stands here twice."), p.no);
	import_remember(run, "stock", key, r->line);
	if (low != NIL)
		TRY(stock_level_set(c, p.id, w.id, low, high == NIL ? low : high));
	*ret = IMPORT_KNOWN;
	if (!qty)
		return ERR_OK;
	if (value.minor == NIL && unit_cost.minor != NIL)
		value = CNY(unit_cost.minor * qty);
	TRY(stock_open(c, &p, &w, qty, value.minor, serials, n, &added));
	*ret = added ? IMPORT_ADDED : IMPORT_KNOWN;
	return ERR_OK;
}
const struct import_kind import_stock = { .name = "stock", .about = "opening stock and minimum, by part and warehouse", .col = stock_cols, .n = ST_N, .row = stock_row };
