/* Full text: what is typed finds exactly the rows that hold it, on every engine. */
#include "tests/unit.h"
#include "base/words.h"
#include "db/db.h"
#include "db/db_test.sql.h"
#include "db/db_test.h"

static const char *const docs[] = {
	"华为 Mate60 屏幕碎裂，电池鼓包",
	"联想笔记本 屏幕闪烁 SN-PF3ABC12",
	"打印机卡纸 龙",
	"单雄信的电脑 蓝屏 Error 0x7B",
	"龙芯主板",
};
static const struct { const char *typed; unsigned docs; } typed[] = {
	{ "华为", 1 }, { "屏幕", 1 | 2 }, { "龙", 4 | 16 }, { "幕碎", 1 }, { "屏幕碎裂", 1 }, { "碎屏", 0 }, { "华为 电池", 1 }, { "华为 打印机", 0 },
	{ "mate", 1 }, { "MATE60", 1 }, { "Ｍａｔｅ", 1 }, { "ate60", 0 }, { "pf3abc", 2 }, { "裂", 1 }, { "脑", 8 }, { "屏", 1 | 2 | 8 },
	{ "0x7b", 8 }, { "屏幕mate", 1 }, { "卡纸龙", 0 }, { "\"' OR *", 0 }, { "!!", 31 }, { "", 31 }, { "error' & 'x", 0 }, { "单雄信 error", 8 },
};

static enum err put_docs(struct ctx *c, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < LEN(docs); i++) {
		struct thing_arg t = { .code = arena_fmt(c->a, "doc%zu", i).p, .n = (int64_t)i };

		TRY(thing_new(c, &t));
		TRY(db_exec(c, &q_fts_put, BIND(P(id, t.id), P(words, "stale")), 1));
		TRY(db_exec(c, &q_fts_put, BIND(P(id, t.id), P(words, index_words(c->a, str_c(docs[i])))), 1));
	}
	return ERR_OK;
}

static unsigned found(struct bed *w, const char *text)
{
	str words = fts_query(w->c.a, str_c(text), false, db_engine(w->db));
	struct thing *t = NULL;
	unsigned bits = 0;
	size_t n = 0;

	CHECK(!db_rows(&w->c, &q_fts_find, BIND(P(words, words)), thing_fields, sizeof *t, 100, &t, &n));
	for (size_t i = 0; i < n; i++)
		bits |= 1u << t[i].n;
	return bits;
}

static enum err drop_first(struct ctx *c, void *arg)
{
	struct thing t;

	(void)arg;
	TRY(db_row(c, &q_thing_by_code, BIND(P(code, "doc0")), thing_fields, &t));
	return db_exec(c, &q_fts_drop, BIND(P(id, t.id)), 1);
}

static void search_on(struct bed *w)
{
	CHECK(!db_write(w->db, &w->c, put_docs, NULL));
	for (size_t i = 0; i < LEN(typed); i++) {
		unsigned got = found(w, typed[i].typed);

		if (got != typed[i].docs)
			print_error("'%s' found %x, not %x\n", typed[i].typed, got, typed[i].docs);
		CHECK_ROW(i, got == typed[i].docs);
	}
	CHECK(str_eq(fts_and(&w->a, S("\"a\" AND \"b\"*"), S("zst4"), DB_SQLITE), S("(\"a\" AND \"b\"*) AND \"zst4\"")));
	CHECK(str_eq(fts_and(&w->a, S("'a' & 'b':*"), S("zst4"), DB_POSTGRES), S("('a' & 'b':*) & 'zst4'")));
	CHECK(!db_write(w->db, &w->c, drop_first, NULL));
	CHECK(found(w, "华为") == 0 && found(w, "屏幕") == 2 && found(w, "stale") == 0);
}
static void search(void **state) { (void)state; db_each_engine(search_on); }

static void queries(void **state)
{
	static const struct { const char *typed, *lite, *pg; bool whole; } rows[] = {
		{ "屏幕碎裂", "\"屏幕 幕碎 碎裂\"", "('屏幕' <-> '幕碎' <-> '碎裂')", false },
		{ "龙", "\"龙\"*", "'龙':*", false },
		{ "Mate60 电池", "\"mate60\"* AND \"电池\"", "'mate60':* & ('电池')", false },
		{ "龙 芯", "\"龙\"* AND \"芯\"*", "'龙':* & '芯':*", false },
		{ "No boot 龙 bx", "\"no\" AND \"boot\" AND \"龙\"* AND \"bx\"*", "'no' & 'boot' & '龙':* & 'bx':*", true },
		{ "Mate60 电池", "\"mate60\" AND \"电池\"", "'mate60' & ('电池')", true },
		{ "--", NULL, NULL, false },
	};
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < LEN(rows); i++) {
		CHECK_ROW(i, str_eq(fts_query(&a, str_c(rows[i].typed), rows[i].whole, DB_SQLITE), str_c(rows[i].lite)));
		CHECK_ROW(i, str_eq(fts_query(&a, str_c(rows[i].typed), rows[i].whole, DB_POSTGRES), str_c(rows[i].pg)));
	}
	arena_free(&a);
}

UNIT_GROUP(db_fts, T(search), T(queries))
