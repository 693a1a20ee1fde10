#include "slice/import/import_int.h"
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account.h"
#include "slice/org/org.h"
#include "slice/parts/parts.h"
#include "slice/attachment/attachment.h"
#include <unistd.h>

extern const struct slice slice_audit, slice_account, slice_calendar, slice_org, slice_customer, slice_product, slice_device, slice_entitlement, slice_sla, slice_contract, slice_attachment, slice_import,
	slice_order, slice_parts;
static const struct slice *const rooms[] = { &slice_audit, &slice_account, &slice_calendar, &slice_org, &slice_customer, &slice_product, &slice_device, &slice_entitlement, &slice_sla, &slice_contract,
	&slice_attachment, &slice_import, &slice_order, &slice_parts, NULL };

static void headings(void **state)
{
	static const struct { const char *head, *want; } rows[] = {
		{ "备件编号（必填）*", "备件编号" }, { " Part No. ", "part_no" }, { "unit-cost [CNY]", "unit_cost" }, { "数量(个)", "数量" }, { "S/N:", "s_n" }, { "（备注）", "(备注)" }, { "", "" },
	};
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, str_eq(import_heading(&a, str_c(rows[i].head)), str_c(rows[i].want)));
	arena_free(&a);
}

static void matching(void **state)
{
	static const struct import_col cols[] = { { "part_no", "编号 料号", true }, { "name", "名称", false }, { "qty", "数量", true } };
	static const struct import_kind kind = { .name = "x", .col = cols, .n = LEN(cols) };
	static const struct { const char *head[4], *map; int at[3]; } rows[] = {
		{ { "料号", "名称", "数量" }, "", { 0, 1, 2 } },
		{ { "数量", "QTY", "料号" }, "", { 2, -1, 0 } },                       /* the first that fits */
		{ { "a", "名称", "b" }, "{\"a\":\"part_no\",\"b\":\"qty\"}", { 0, 1, 2 } },
		{ { "料号", "名称", "数量" }, "{\"料号\":\"name\",\"名称\":\"part_no\"}", { 1, 0, 2 } },
		{ { "料号", "名称", "数量" }, "{\"名称\":\"\"}", { 0, -1, 2 } },        /* left out */
		{ { "料号", "名称", "数量" }, "not JSON", { 0, 1, 2 } },
	};
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < LEN(rows); i++) {
		str head[4];
		int at[3];
		size_t n = 0;

		for (; n < 4 && rows[i].head[n]; n++)
			head[n] = str_c(rows[i].head[n]);
		import_match(&a, &kind, head, n, (json){ str_c(rows[i].map) }, at);
		CHECK_ROW(i, !memcmp(at, rows[i].at, sizeof at));
	}
	arena_free(&a);
}

static const char sheet[] = "期初库存,,,,\n,,,,\n料号,名称,仓库,数量,单价\nFAN,风扇,总部,10,2.50\nBAD,坏,总部,1.5,1\nNONE,,总部,1,1\nFAN,风扇,HQ,3,2\nSSD,硬盘,HQ,2,100\n";
struct seen { size_t n; int64_t line[10]; };
static void note(void *arg, const struct import_note *n, const struct import_done *d)
{
	struct seen *s = arg;

	(void)d;
	CHECK(s->n < 10 && n->reason.n && n->record.n);
	s->line[s->n++] = n->line;
}

static enum err put_hq(struct ctx *c, void *arg)
{
	(void)arg;
	return org_add(c, &(struct org){ .parent_id = NIL, .kind = ORG_HQ, .code = S("HQ"), .name = S("总部"), .name_en = S("HQ"), .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL,
		.active = true }, &(int64_t){ 0 });
}

static void check_stock(struct world *w, int64_t fans)
{
	struct warehouse hq;
	struct stock_level l;
	struct spare p;
	enum err e = part_by_no(&w->c, S("FAN"), &p);

	CHECK(fans ? !e : e == ERR_NOT_FOUND);
	world_calm(w);
	if (!fans)
		return;
	CHECK(!warehouse_by_code(&w->c, S("HQ"), &hq));
	CHECK(!stock_at(&w->c, p.id, (struct stock_place){ hq.id, BIN_GOOD }, &l));
	CHECK(l.qty == fans && l.value == fans * 250);
}

static void head_rows(void **state)
{
	static const struct { const char *cell[4][4]; size_t want; } rows[] = {
		{ { { "某供应商库存", "", "" }, { "", "", "" }, { "料", "件名", "多少" }, { "A-1", "12", "3", "x" } }, 2 },
		{ { { "料", "件名", "多少" }, { "料号", "数量", "" }, { "A-1", "12", "3", "x" }, { "A-2", "12", "3" } }, 1 },   /* what is known goes before what is full */
		{ { { "", "" }, { "", "" }, { "", "" }, { "", "" } }, 0 },
	};
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < LEN(rows); i++) {
		struct import_raw raw[4];
		str cell[4][4];

		for (size_t j = 0; j < 4; j++) {
			raw[j] = (struct import_raw){ .cell = cell[j] };
			for (; raw[j].n < 4 && rows[i].cell[j][raw[j].n]; raw[j].n++)
				cell[j][raw[j].n] = str_c(rows[i].cell[j][raw[j].n]);
		}
		CHECK_ROW(i, import_head_row(&a, import_kind_of(S("stock")), raw, 4, (json){ S("") }) == rows[i].want);
	}
	arena_free(&a);
}

/* A title above the headings, parts the catalogue does not know, refusals among good rows: what is good comes in, once. */
static void take(struct world *w)
{
	char path[] = "/tmp/baoxiu-import-XXXXXX";
	int fd = mkstemp(path);
	struct import_job j = { .kind = import_kind_of(S("stock")), .path = path, .note = note };
	struct seen seen = { 0 };
	struct import_done d;

	CHECK(fd >= 0 && write(fd, sheet, sizeof sheet - 1) == (ssize_t)sizeof sheet - 1);
	close(fd);
	CHECK(!world_write(w, put_hq, NULL));
	j.arg = &seen;
	for (int round = 0; round < 3; round++) {
		seen.n = 0;
		j.dry = round == 0;
		CHECK(!import_run(&w->c, w->db, &j, &d));
		CHECK(d.added == (round < 2 ? 2 : 0) && d.known == (round < 2 ? 0 : 2) && d.refused == 3);
		CHECK(seen.n == 3 && seen.line[0] == 5 && seen.line[1] == 6 && seen.line[2] == 7);
		check_stock(w, round ? 10 : 0);
	}
	j.map.s = S("{\"料号\":\"\"}");
	CHECK(import_run(&w->c, w->db, &j, &d) == ERR_INVALID && world_field(w, "file"));
	unlink(path);
}
static void taking(void **state) { (void)state; world_each(rooms, take); }

static enum err keep_map(struct ctx *c, void *arg) { return import_map_put(c, import_kind_of(S("stock")), str_c(arg), S("{\"a\":\"qty\"}")); }

static void keep(struct world *w)
{
	struct import_map *m;
	size_t n;
	json j;

	CHECK(!world_write(w, keep_map, (void *)(uintptr_t)"甲"));
	CHECK(!world_write(w, keep_map, (void *)(uintptr_t)" 甲 "));
	CHECK(world_write(w, keep_map, (void *)(uintptr_t)" ") == ERR_INVALID && world_field(w, "name"));
	world_calm(w);
	CHECK(!import_map_list(&w->c, import_kind_of(S("stock")), &m, &n) && n == 1);
	CHECK(!import_map_get(&w->c, import_kind_of(S("stock")), S("甲"), &j) && str_eq(j.s, S("{\"a\":\"qty\"}")));
	CHECK(import_map_get(&w->c, import_kind_of(S("parts")), S("甲"), &j) == ERR_NOT_FOUND);
}
static void keeping(void **state) { (void)state; world_each(rooms, keep); }

UNIT_GROUP(import, T(headings), T(matching), T(head_rows), T(taking), T(keeping))
