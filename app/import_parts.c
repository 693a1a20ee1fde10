/* import_parts.c — the part catalogue and opening stock. */
#include "slice/account/perm.h"
#include "slice/import/import.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/words.h"
#include "slice/parts/parts.h"

static bool yes(str v) { return str_eq(v, S("1")) || str_eq(v, S("是")) || str_eq(v, S("yes")) || str_eq(v, S("true")) || str_eq(v, S("Y")); }

static enum err sum_cell(struct ctx *c, const struct import_col *col, str v, money *ret)
{
	str plain = v;

	*ret = NO_MONEY;
	if (str_starts(plain, S("¥")) || str_starts(plain, S("￥")))
		plain = (str){ plain.p + strcspn(plain.p, "0123456789-."), plain.n - strcspn(plain.p, "0123456789-.") };
	if (str_ends(plain, S("元")))
		plain.n -= strlen("元");
	if (v.n && (!money_parse(str_trim(plain), "CNY", ret) || ret->minor < 0))
		return fail_field(c, col->name, N_("“{1}” is not an amount like 1234.50."), v);
	return ERR_OK;
}

/* ---- parts ---- */

enum { PA_NO, PA_NAME, PA_SPEC, PA_UNIT, PA_CLASS, PA_BRAND, PA_MAKER_NO, PA_BARCODE, PA_TRACKED, PA_OWES, PA_MONTHS, PA_PRICE, PA_COST, PA_KIND, PA_N };
static const struct import_col part_cols[PA_N] = {
	[PA_NO] = { "no", "part_no part_number sku 备件编号 备件编码 编号 编码 配件编号 配件编码 物料编码 物料编号 物料号 料号 商品编码 产品编码 存货编码", true }, [PA_NAME] = { "name", "part_name description 名称 品名 备件名称 配件名称 物料名称 物料描述 商品名称 存货名称", true },
	[PA_SPEC] = { "spec", "specification 规格 规格型号 型号 型号规格", false }, [PA_UNIT] = { "unit", "uom 单位 计量单位", false }, [PA_CLASS] = { "class", "类别 分类", false },
	[PA_BRAND] = { "brand", "品牌 厂商", false }, [PA_MAKER_NO] = { "maker_no", "厂商编号 原厂编号 fru", false }, [PA_BARCODE] = { "barcode", "条码 条形码 ean", false },
	[PA_TRACKED] = { "serial_tracked", "按序列号 序列号管理", false }, [PA_OWES] = { "owes_old", "返还旧件 旧件返还", false },
	[PA_MONTHS] = { "supplier_months", "质保月数 供应商质保", false }, [PA_PRICE] = { "price", "售价 价格 单价", false }, [PA_COST] = { "cost", "成本 成本价 进价", false },
	[PA_KIND] = { "kind", "保修部件 部件", false },
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
	if (v[PA_KIND].n && (p.kind = name_index(part_names, v[PA_KIND])) < 0)
		return fail_field(c, "kind", N_("“{1}” is none of the words known here."), v[PA_KIND]);
	TRY(sum_cell(c, &part_cols[PA_PRICE], v[PA_PRICE], &p.price));
	TRY(sum_cell(c, &part_cols[PA_COST], v[PA_COST], &p.cost));
	if (v[PA_MONTHS].n && (!str_int(v[PA_MONTHS], &p.supplier_months) || p.supplier_months < 0 || p.supplier_months > 240))
		return fail_field(c, "supplier_months", N_("“{1}” is not a number of months."), v[PA_MONTHS]);
	p.owes_old = v[PA_OWES].n ? yes(v[PA_OWES]) : p.class != PART_CONSUMABLE;
	TRY(part_put(c, &p, &id, &added));
	*ret = added ? IMPORT_ADDED : IMPORT_KNOWN;
	return ERR_OK;
}
const struct import_kind import_parts = { .name = "parts", .about = N_("The part catalogue, by part number"), .col = part_cols, .n = PA_N, .row = part_row, .need = PERM_PARTS_ISSUE };

/* ---- opening stock ---- */

enum { ST_PART, ST_WAREHOUSE, ST_QTY, ST_SERIALS, ST_VALUE, ST_UNIT_COST, ST_LOW, ST_HIGH, ST_NAME, ST_SPEC, ST_UNIT, ST_N };
static const struct import_col stock_cols[ST_N] = {
	[ST_PART] = { "part_no", "no part_number sku 备件编号 备件编码 编号 编码 配件编号 配件编码 物料编码 物料编号 物料号 料号 商品编码 产品编码 存货编码", true }, [ST_WAREHOUSE] = { "warehouse", "location store 仓库 仓库编号 仓库名称 网点 网点编号 网点名称 库房 库位 存放地点", false },
	[ST_QTY] = { "qty", "quantity stock on_hand 数量 库存 库存数量 结存 结存数量 现有库存 期初数量 期末数量 可用数量", true }, [ST_SERIALS] = { "serials", "serial sn s/n 序列号 序列号列表 条码序列号", false }, [ST_VALUE] = { "value", "amount 金额 总价 总金额 库存金额 结存金额", false },
	[ST_UNIT_COST] = { "unit_cost", "cost price 单价 成本 成本价 成本单价 采购价 进价 含税单价", false }, [ST_LOW] = { "low", "minimum min 下限 最低库存 安全库存", false }, [ST_HIGH] = { "high", "maximum max 上限 最高库存", false },
	[ST_NAME] = { "name", "part_name 名称 品名 备件名称 配件名称 物料名称 物料描述 商品名称 存货名称", false }, [ST_SPEC] = { "spec", "规格 规格型号 型号", false }, [ST_UNIT] = { "unit", "单位 计量单位", false },
};

static enum err whole_cell(struct ctx *c, int col, str v, int64_t none, int64_t *ret)
{
	*ret = none;
	if (v.n && (!str_int(v, ret) || *ret < 0))
		return fail_field(c, stock_cols[col].name, N_("“{1}” is not a whole number."), v);
	return ERR_OK;
}

/* A list that names its parts brings those the catalogue does not know; tracked when the row has serial numbers. */
static enum err find_part(struct ctx *c, const str *v, struct spare *p)
{
	enum err e = part_by_code(c, v[ST_PART], p);
	int64_t id;

	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	if (!v[ST_NAME].n)
		return fail_field(c, "part_no", N_("There is no part {1}."), v[ST_PART]);
	TRY(part_add(c, &(struct spare){ .no = v[ST_PART], .name = v[ST_NAME], .spec = v[ST_SPEC], .unit = v[ST_UNIT], .class = PART_ORDINARY, .serial_tracked = v[ST_SERIALS].n > 0,
		.owes_old = true, .active = true, .supplier_months = NIL, .price = NO_MONEY, .cost = NO_MONEY }, &id));
	return part_get(c, id, p);
}

/* By code or by name; a list that names none is of the place of who brings it. */
static enum err find_warehouse(struct ctx *c, str named, struct warehouse *ret)
{
	struct warehouse *w;
	size_t n;
	enum err e;

	if (!named.n && c->who->org_id == NIL)
		return fail_field(c, "warehouse", N_("Which warehouse? This row names none, and who imports it works at none."));
	if (!named.n)
		return warehouse_of_org(c, c->who->org_id, ret);
	e = warehouse_by_code(c, named, ret);
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	TRY(warehouse_list(c, &w, &n));
	for (size_t i = 0; i < n; i++)
		if (str_eq(w[i].name, named))
			return warehouse_by_code(c, w[i].code, ret);
	return fail_field(c, "warehouse", N_("There is no warehouse {1}."), named);
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

	TRY(find_part(c, v, &p));
	TRY(find_warehouse(c, v[ST_WAREHOUSE], &w));
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
const struct import_kind import_stock = { .name = "stock", .about = N_("Opening stock and minimum, by part and warehouse"), .col = stock_cols, .n = ST_N, .row = stock_row, .need = PERM_PARTS_STOCKTAKE };
