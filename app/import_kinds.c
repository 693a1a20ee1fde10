/* import_kinds.c — customers, devices, products, stations, codes: one record each. */
#include "app/import_kinds.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/words.h"
#include "slice/account/perm.h"
#include "slice/calendar/calendar.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/entitlement/entitlement.h"
#include "slice/org/org.h"
#include "slice/product/product.h"

bool import_micro(str v, int64_t *ret)
{
	bool minus = v.n && v.p[0] == '-';
	int64_t whole = 0, part = 0, scale = 1000000;
	str left, rest = { v.p + minus, v.n - minus };

	if (!str_cut(&rest, '.', &left) || !str_int(left, &whole) || whole > 180 || rest.n > 15)
		return false;
	for (size_t i = 0; i < rest.n; i++) {
		if (rest.p[i] < '0' || rest.p[i] > '9')
			return false;
		if (scale > 1)
			part = part * 10 + (rest.p[i] - '0'), scale /= 10;
	}
	*ret = (whole * 1000000 + part * scale) * (minus ? -1 : 1);
	return true;
}

static enum err not_found_is_fine(struct ctx *c, enum err e, bool *ret_found)
{
	*ret_found = !e;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

/* ---- customers ---- */

enum { CU_REF, CU_NAME, CU_KIND, CU_PHONE, CU_EMAIL, CU_TITLE, CU_ADDRESS, CU_DIVISION, CU_KEY, CU_ORG, CU_NOTE, CU_N };
static const struct import_col customer_cols[CU_N] = {
	[CU_REF] = { "ref", "id 编号 客户编号 no", false }, [CU_NAME] = { "name", "姓名 客户 客户名称 名称 customer", true },
	[CU_KIND] = { "kind", "类型 客户类型", false }, [CU_PHONE] = { "phone", "电话 手机 联系电话 mobile tel", false },
	[CU_EMAIL] = { "email", "邮箱 电子邮箱 e-mail", false }, [CU_ADDRESS] = { "address", "地址 联系地址", false },
	[CU_DIVISION] = { "division", "区划 行政区划", false }, [CU_KEY] = { "key_customer", "重点客户 vip", false },
	[CU_TITLE] = { "title", "职务 称呼", false }, [CU_ORG] = { "organisation", "所属单位 单位编号", false }, [CU_NOTE] = { "note", "备注 remark", false },
};

static enum err check_phone(struct ctx *c, str phone)
{
	size_t n = phone_key(c->a, phone).n;

	if (phone.n && (n < 5 || n > 20))
		return fail_field(c, "phone", N_("“{1}” is not a phone number."), phone);
	return ERR_OK;
}

enum err import_owner(struct ctx *c, struct import_run *run, const char *col, str no, int64_t *ret)
{
	struct customer k;
	bool found;

	*ret = NIL;
	if (!no.n || import_known(run, "customer", no, ret))
		return ERR_OK;
	TRY(not_found_is_fine(c, customer_by_no(c, no, &k), &found));
	if (!found)
		TRY(not_found_is_fine(c, customer_by_ref(c, no, &k), &found));
	if (!found)
		return fail_field(c, col, N_("There is no customer {1}."), no);
	import_remember(run, "customer", no, k.id);
	*ret = k.id;
	return ERR_OK;
}

static enum err customer_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	struct customer_new n = { .name = v[CU_NAME], .phone = v[CU_PHONE], .email = v[CU_EMAIL], .address = v[CU_ADDRESS], .division = v[CU_DIVISION], .note = v[CU_NOTE], .title = v[CU_TITLE],
		.kind = CUSTOMER_PERSON, .key_customer = str_eq(v[CU_KEY], S("1")) || str_eq(v[CU_KEY], S("是")), .org_id = NIL, .lat = NIL, .lon = NIL };
	struct customer old;
	bool found;
	int64_t id;

	TRY(check_phone(c, n.phone));
	TRY(import_owner(c, run, "organisation", v[CU_ORG], &n.org_id));
	if (v[CU_KIND].n && (n.kind = name_index(customer_kinds, v[CU_KIND])) < 0 && !str_eq(v[CU_KIND], S("单位")))
		return fail_field(c, "kind", N_("“{1}” is none of: {2}."), v[CU_KIND], S("person organisation"));
	if (n.kind < 0)
		n.kind = CUSTOMER_ORGANISATION;
	/* Without a number of their own, the same name and phone is the same person. */
	n.external_ref = v[CU_REF].n ? v[CU_REF] : arena_fmt(c->a, "%.*s|%.*s", STR_ARG(fold(c->a, n.name)), STR_ARG(phone_key(c->a, n.phone)));
	TRY(not_found_is_fine(c, customer_by_ref(c, n.external_ref, &old), &found));
	*ret = found ? IMPORT_KNOWN : IMPORT_ADDED;
	return found ? ERR_OK : customer_add(c, &n, &id);
}
static const struct import_kind import_customers = { "customers", N_("Persons and organisations"), customer_cols, CU_N, .row = customer_row };

/* ---- devices ---- */

enum { DE_SERIAL, DE_BRAND, DE_MODEL, DE_SERIES, DE_KIND, DE_CUSTOMER, DE_INVOICE, DE_INVOICED, DE_DELIVERED, DE_INSTALLED, DE_FACTORY, DE_ASSET, DE_DEPARTMENT, DE_USER,
	DE_LOCATION, DE_NOTE, DE_ACCEPTED, DE_PROOF, DE_DIVISION, DE_N };
static const struct import_col device_cols[DE_N] = {
	[DE_SERIAL] = { "serial", "sn 序列号 serial_number hwid 机器编号", true }, [DE_BRAND] = { "brand", "vendor 品牌 厂商 厂家", false },
	[DE_MODEL] = { "model", "型号 机型", false }, [DE_SERIES] = { "series", "系列", false }, [DE_KIND] = { "kind", "type 类型 设备类型", false },
	[DE_CUSTOMER] = { "customer", "客户编号 customer_no", false }, [DE_INVOICE] = { "invoice_no", "发票号 发票号码", false },
	[DE_INVOICED] = { "invoiced_on", "购买日期 开票日期 purchase_date", false }, [DE_DELIVERED] = { "delivered_on", "交货日期", false },
	[DE_INSTALLED] = { "installed_on", "安装日期", false }, [DE_FACTORY] = { "factory_on", "出厂日期", false }, [DE_ASSET] = { "asset_no", "资产编号 asset", false },
	[DE_DEPARTMENT] = { "department", "部门", false }, [DE_USER] = { "user_name", "使用人 user", false }, [DE_LOCATION] = { "location", "地点 位置", false },
	[DE_NOTE] = { "note", "备注", false }, [DE_ACCEPTED] = { "accepted_on", "验收日期", false }, [DE_PROOF] = { "proof", "凭证", false },
	[DE_DIVISION] = { "division", "区划 行政区划", false },
};

/* What makers and inventories call the kinds. */
static const struct { const char *word; int kind; } kind_words[] = {
	{ "notebook", DEVICE_NOTEBOOK }, { "laptop", DEVICE_NOTEBOOK }, { "笔记本", DEVICE_NOTEBOOK }, { "笔记本电脑", DEVICE_NOTEBOOK }, { "convertible", DEVICE_NOTEBOOK },
	{ "desktop", DEVICE_DESKTOP }, { "desktop computer", DEVICE_DESKTOP }, { "mini pc", DEVICE_DESKTOP }, { "台式机", DEVICE_DESKTOP }, { "stick pc", DEVICE_DESKTOP },
	{ "all in one", DEVICE_ALL_IN_ONE }, { "all-in-one", DEVICE_ALL_IN_ONE }, { "一体机", DEVICE_ALL_IN_ONE }, { "workstation", DEVICE_WORKSTATION },
	{ "工作站", DEVICE_WORKSTATION }, { "server", DEVICE_SERVER }, { "服务器", DEVICE_SERVER }, { "tablet", DEVICE_TABLET }, { "平板", DEVICE_TABLET },
	{ "printer", DEVICE_PRINTER }, { "printer/scanner", DEVICE_PRINTER }, { "打印机", DEVICE_PRINTER }, { "monitor", DEVICE_MONITOR }, { "显示器", DEVICE_MONITOR },
	{ "pos", DEVICE_POS }, { "network", DEVICE_NETWORK },
};

int import_device_kind(struct arena *a, str word)
{
	str w = fold(a, word);

	for (size_t i = 0; i < LEN(kind_words); i++)
		if (str_eq(w, str_c(kind_words[i].word)))
			return kind_words[i].kind;
	return DEVICE_OTHER;
}

static enum err date_cell(struct ctx *c, const struct import_row *r, int col, day *ret)
{
	str v = r->cell[col];

	*ret = NO_DAY;
	if (!v.n || day_parse(v, ret))
		return ERR_OK;
	return fail_field(c, device_cols[col].name, N_("“{1}” is not a date like 2025-03-08."), v);
}

static enum err device_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	struct device d = { .serial = v[DE_SERIAL], .brand = v[DE_BRAND], .model = v[DE_MODEL], .config = v[DE_SERIES], .invoice_no = v[DE_INVOICE], .asset_no = v[DE_ASSET],
		.department = v[DE_DEPARTMENT], .user_name = v[DE_USER], .location = v[DE_LOCATION], .note = v[DE_NOTE], .product_id = NIL, .replaced_by = NIL };
	bool added;

	if (!d.serial.n)
		return fail_field(c, "serial", N_("A device needs a serial number here."));
	d.kind = import_device_kind(c->a, v[DE_KIND]);
	d.division = v[DE_DIVISION];
	d.proof = v[DE_PROOF].n ? name_index(device_proofs, v[DE_PROOF]) : d.invoice_no.n ? PROOF_INVOICE : PROOF_NONE;
	if (d.proof < 0)
		return fail_field(c, "proof", N_("“{1}” is none of: {2}."), v[DE_PROOF], S("none invoice card contract"));
	TRY(import_owner(c, run, "customer", v[DE_CUSTOMER], &d.customer_id));
	TRY(date_cell(c, r, DE_INVOICED, &d.invoiced_on));
	TRY(date_cell(c, r, DE_DELIVERED, &d.delivered_on));
	TRY(date_cell(c, r, DE_INSTALLED, &d.installed_on));
	TRY(date_cell(c, r, DE_FACTORY, &d.factory_on));
	TRY(date_cell(c, r, DE_ACCEPTED, &d.accepted_on));
	TRY(device_import(c, &d, &added));
	*ret = added ? IMPORT_ADDED : IMPORT_KNOWN;
	return ERR_OK;
}
static const struct import_kind import_devices = { "devices", N_("The installed base, by serial number"), device_cols, DE_N, .row = device_row };

/* ---- products, codes, stations ---- */

enum { PR_BRAND, PR_MODEL, PR_SERIES, PR_KIND, PR_CONFIG, PR_NOTE, PR_N };
static const struct import_col product_cols[PR_N] = {
	[PR_BRAND] = { "brand", "vendor 品牌 厂商", true }, [PR_MODEL] = { "model", "型号 机型", true }, [PR_SERIES] = { "series", "系列", false },
	[PR_KIND] = { "kind", "type 类型", false }, [PR_CONFIG] = { "config", "配置", false }, [PR_NOTE] = { "note", "备注", false },
};

static enum err product_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	struct product p = { .brand = v[PR_BRAND].p ? v[PR_BRAND] : S(""), .model = v[PR_MODEL], .series = v[PR_SERIES], .config = v[PR_CONFIG], .note = v[PR_NOTE],
		.kind = str_c(device_kinds[import_device_kind(c->a, v[PR_KIND])]) };
	str key = arena_fmt(c->a, "%.*s\x1f%.*s", STR_ARG(fold(c->a, p.brand)), STR_ARG(fold(c->a, p.model)));
	int64_t id;

	*ret = IMPORT_KNOWN;
	if (import_known(run, "product", key, &id))
		return ERR_OK;
	*ret = IMPORT_ADDED;
	return product_add(c, &p, &id);
}
static const struct import_kind import_products = { "products", N_("Brands and models"), product_cols, PR_N, .row = product_row, .need = PERM_PRODUCT_EDIT };

enum { CO_CODE, CO_GROUP, CO_ZH, CO_EN, CO_KIND, CO_SOURCE, CO_N };
static const struct import_col code_cols[CO_N] = {
	[CO_CODE] = { "code", "代码", true }, [CO_GROUP] = { "group", "分组 category", false }, [CO_ZH] = { "name_zh", "名称 中文 中文名称", false },
	[CO_EN] = { "name_en", "name symptom description english", false }, [CO_KIND] = { "kind", "类别", false }, [CO_SOURCE] = { "source", "来源 note", false },
};

static enum err code_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	str name = v[CO_EN].n ? v[CO_EN] : v[CO_ZH];
	struct code k = { .code = v[CO_CODE], .grp = v[CO_GROUP].n ? v[CO_GROUP] : S("-"), .name_en = name, .name_zh = v[CO_ZH].n ? v[CO_ZH] : name,
		.source = v[CO_SOURCE].n ? v[CO_SOURCE] : S("import") };
	bool fault = str_eq(v[CO_KIND], S("fault")) || str_eq(v[CO_KIND], S("故障"));

	(void)run;
	if (!name.n)
		return fail_field(c, "name_en", N_("A code needs a name in Chinese or English."));
	*ret = IMPORT_ADDED;
	return code_put(c, fault, &k);
}
static const struct import_kind import_codes = { "codes", N_("Symptom and fault codes (kind: symptom or fault)"), code_cols, CO_N, .row = code_row, .need = PERM_PRODUCT_EDIT };

static const struct import_col station_cols[] = {
	{ "code", "代码 网点编号 编号", true }, { "parent", "上级", false }, { "kind", "类型 级别", false }, { "name", "名称 网点 网点名称", true }, { "name_en", "英文名称", false },
	{ "address", "地址", false }, { "phone", "电话 服务电话", false }, { "lat", "纬度 latitude", false }, { "lon", "经度 longitude", false },
	{ "areas", "服务区域 区域", false }, { "brands", "授权品牌 品牌", false }, { "capacity", "日产能 产能", false },
};

static enum err station_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;

	(void)run;
	*ret = IMPORT_ADDED;
	return org_import_row(c, &(struct org_row){ v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11] });
}
static const struct import_kind import_stations = { "stations", N_("Regions and stations with place, areas and brands"), station_cols, LEN(station_cols), .row = station_row, .again = true, .need = PERM_ORG_EDIT };

static const struct import_col division_cols[] = {
	{ "code", "代码 adcode ext_id", true }, { "name", "名称 ext_name", true }, { "parent", "上级 pid areacode citycode provincecode", false },
	{ "pinyin", "拼音", false }, { "lat", "latitude 纬度", false }, { "lon", "longitude 经度", false },
};

/* Degrees as text to micro-degrees. */
static enum err degrees(struct ctx *c, str v, const char *col, int64_t *ret)
{
	money m;

	*ret = NIL;
	if (!v.n)
		return ERR_OK;
	if (!import_micro(v, &m.minor))
		return fail_field(c, col, N_("“{1}” is not a coordinate like 120.155."), v);
	*ret = m.minor;
	return ERR_OK;
}

static enum err division_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	str above = str_eq(v[2], S("0")) ? (str){ 0 } : division_short(v[2]);
	struct division d = { .code = division_short(v[0]), .name = v[1], .full_name = v[1], .parent = above, .pinyin = v[3].n ? v[3] : pinyin(c->a, v[1]) };

	(void)run;
	d.level = d.code.n <= 2 ? 1 : d.code.n <= 4 ? 2 : d.code.n <= 6 ? 3 : 4;
	if (!d.parent.n && d.level > 1)
		d.parent = (str){ d.code.p, d.level == 4 ? 6u : (size_t)(d.level - 1) * 2 };
	TRY(degrees(c, v[4], "lat", &d.lat));
	TRY(degrees(c, v[5], "lon", &d.lon));
	/* Cities without districts are listed once more as their own. */
	*ret = str_eq(d.code, d.parent) ? IMPORT_KNOWN : IMPORT_ADDED;
	return *ret == IMPORT_KNOWN ? ERR_OK : division_put(c, &d);
}
static const struct import_kind import_divisions = { "divisions", N_("Administrative divisions with coordinates"), division_cols, LEN(division_cols), .row = division_row, .again = true, .need = PERM_ORG_EDIT };

/* ---- policies: JSON, one or a list ---- */

static enum err policy_file(struct ctx *c, struct import_run *run, str bytes)
{
	size_t added;

	return policy_import(c, import_path(run), bytes, &added);
}
static const struct import_kind import_policies = { .name = "policies", .about = N_("Warranty policies as JSON, whole or not at all"), .file = policy_file, .need = PERM_POLICY };

/* ---- national holidays: one published year as JSON ---- */

static enum err holidays_file(struct ctx *c, struct import_run *run, str bytes)
{
	struct national_import done;

	(void)run;
	return national_import(c, bytes, &done);
}
static const struct import_kind import_holidays = { .name = "holidays", .about = N_("A published year of national holidays and make-up workdays (JSON)"), .file = holidays_file, .need = PERM_CALENDAR };

extern const struct import_kind import_orders, import_ords, import_incidents, import_parts, import_stock, import_prices, import_people, import_contracts;
const struct import_kind *const import_kinds[] = {
	&import_customers, &import_devices, &import_products, &import_codes, &import_stations, &import_divisions, &import_holidays, &import_policies, &import_people, &import_contracts, &import_parts, &import_stock, &import_prices, &import_orders, &import_ords, &import_incidents, NULL,
};
