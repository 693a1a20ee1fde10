/* import_prices.c — a price list as a table: what is new or different goes into a draft, which a person brings into force. */
#include "slice/account/perm.h"
#include "slice/import/import.h"
#include "base/i18n.h"
#include "slice/money/money.h"

enum { PC_LIST, PC_KIND, PC_CODE, PC_NAME, PC_EN, PC_MODEL, PC_FROM, PC_TO, PC_PRICE, PC_TAX, PC_CURRENCY, PC_SUPPORT, PC_N };
static const struct import_col cols[PC_N] = {
	[PC_LIST] = { "list", "价目表 价目表代码", false }, [PC_KIND] = { "kind", "类别 费用类别 收费类别", true }, [PC_CODE] = { "code", "代码 编号 作业代码 收费代码", true },
	[PC_NAME] = { "name", "name_zh 名称 项目 收费项目 收费内容", true }, [PC_EN] = { "name_en", "英文名称", false }, [PC_MODEL] = { "model", "机型 型号 适用机型", false },
	[PC_FROM] = { "from_km", "起公里 距离起 起", false }, [PC_TO] = { "to_km", "止公里 距离止 止 至", false }, [PC_PRICE] = { "price", "价格 单价 金额 收费标准 unit_price", true },
	[PC_TAX] = { "tax", "税率 税率% tax_percent", false }, [PC_CURRENCY] = { "currency", "币种 货币 币别", false },
	[PC_SUPPORT] = { "support", "软件支持 软件支持抵扣", false },
};
static const struct { const char *word; int kind; } kind_words[] = {
	{ "检测", FEE_DIAGNOSIS }, { "检测费", FEE_DIAGNOSIS }, { "上门", FEE_VISIT }, { "上门费", FEE_VISIT }, { "工时", FEE_LABOUR }, { "工时费", FEE_LABOUR }, { "维修费", FEE_LABOUR },
	{ "配件", FEE_PART }, { "配件费", FEE_PART }, { "材料", FEE_MATERIAL }, { "材料费", FEE_MATERIAL }, { "其他", FEE_OTHER }, { "其它", FEE_OTHER },
};

static int kind_of(str word)
{
	for (size_t i = 0; i < LEN(kind_words); i++)
		if (str_eq(word, str_c(kind_words[i].word)))
			return kind_words[i].kind;
	return name_index(fee_kinds, word);
}

static enum err km(struct ctx *c, str v, const char *col, int64_t none, int64_t *ret_m)
{
	int64_t n;

	*ret_m = none;
	if (!v.n)
		return ERR_OK;
	if (!str_int(v, &n) || n < 0 || n > PRICE_FAR / 1000)
		return fail_field(c, col, N_("“{1}” is not a distance in whole kilometres."), v);
	*ret_m = n * 1000;
	return ERR_OK;
}

static enum err price_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	struct price_item i = { .kind = kind_of(v[PC_KIND]), .code = v[PC_CODE], .name_zh = v[PC_NAME], .name_en = v[PC_EN], .model = v[PC_MODEL], .tax_bp = -1 };
	char cur[4] = "CNY";
	money tax;
	bool added;

	(void)run;
	if (v[PC_CURRENCY].n && v[PC_CURRENCY].n != 3)
		return fail_field(c, "currency", N_("A currency is three capital letters, for example CNY."));
	if (i.kind < 0)
		return fail_field(c, "kind", N_("“{1}” is none of: {2}."), v[PC_KIND], S("diagnosis visit labour part material other 检测 上门 工时 配件 材料 其他"));
	if (v[PC_CURRENCY].n)
		memcpy(cur, v[PC_CURRENCY].p, 3);
	i.support = v[PC_SUPPORT].n && !str_eq(v[PC_SUPPORT], S("0")) && !str_eq(v[PC_SUPPORT], S("否")) && !str_eq(v[PC_SUPPORT], S("no"));
	if (!money_parse(v[PC_PRICE], cur, &i.unit_price))
		return fail_field(c, "price", N_("“{1}” is not an amount like 1234.50."), v[PC_PRICE]);
	if (v[PC_TAX].n && !money_parse(v[PC_TAX].p[v[PC_TAX].n - 1] == '%' ? (str){ v[PC_TAX].p, v[PC_TAX].n - 1 } : v[PC_TAX], "CNY", &tax))
		return fail_field(c, "tax", N_("“{1}” is not a percentage like 6."), v[PC_TAX]);
	if (v[PC_TAX].n)
		i.tax_bp = tax.minor;
	TRY(km(c, v[PC_FROM], "from_km", 0, &i.from_m));
	TRY(km(c, v[PC_TO], "to_km", PRICE_FAR, &i.to_m));
	TRY(price_merge(c, v[PC_LIST].n ? v[PC_LIST] : S("STD"), &i, &added));
	*ret = added ? IMPORT_ADDED : IMPORT_KNOWN;
	return ERR_OK;
}
extern const struct import_kind import_prices;
const struct import_kind import_prices = { "prices", N_("A price list: kind, code, name, price, model, distance; becomes a draft"), cols, PC_N, .row = price_row, .need = PERM_MONEY_FINANCE };
