#include "base/words.h"
#include "tests/unit.h"
#include <pthread.h>

static struct arena arena;
static struct arena *fresh(void)
{
	arena_free(&arena);
	arena_init(&arena, 1 << 24);
	return &arena;
}

struct row { const char *in, *out; };

static void check_rows(const struct row *row, size_t n, str (*fn)(struct arena *, str))
{
	struct arena *a = fresh();

	for (size_t i = 0; i < n; i++) {
		str got = fn(a, str_c(row[i].in));

		if (!str_eq(got, str_c(row[i].out)))
			print_error("%s: got \"%.*s\"\n", row[i].in, STR_ARG(got));
		CHECK_ROW(i, str_eq(got, str_c(row[i].out)));
	}
	CHECK(fn(a, (str){ 0 }).n == 0);
	arena_free(a);
}

static void folding(void **state)
{
	static const struct row rows[] = {
		{ "ThinkPad  X1", "thinkpad x1" }, { "ＡＢＣ１２３", "abc123" }, { "　华为　ＭａｔｅＢｏｏｋ ", "华为 matebook" }, { "Straße", "strasse" },
		{ "ﬁx", "fix" },                   { "Ä", "ä" },                 { "", "" },                                      { " \t\n", "" },
		{ "A\xC2\xA0" "B", "a b" },        { "①", "1" },
	};

	(void)state;
	check_rows(rows, LEN(rows), fold);
}

static void indexing(void **state)
{
	static const struct row rows[] = {
		{ "屏幕碎裂", "屏幕 幕碎 碎裂 裂" },      { "龙", "龙" },                           { "华为Mate60屏", "华为 为 mate60 屏" }, { "not, booting!", "not booting" },
		{ "屏幕，碎", "屏幕 幕 碎" },            { "，。！", "" },                          { "5CG1234XYZ", "5cg1234xyz" },         { "A-1_b", "a 1 b" },
		{ "カメラ", "カメ メラ ラ" },            { "👍 好", "好" },                         { "𠮷野家", "𠮷野 野家 家" },             { "Ünïté", "ünïté" },
	};

	(void)state;
	check_rows(rows, LEN(rows), index_words);
}

static str letters(struct arena *a, str name) { return initials(a, pinyin(a, name)); }

static void syllables(void **state)
{
	static const struct row rows[] = {
		{ "单雄信", "shan xiong xin" }, { "重庆", "chong qing" }, { "吕布", "lv bu" },      { "女", "nv" },  { "曾国藩", "zeng guo fan" }, { "简单", "jian dan" },
		{ "华为Mate 60手机", "hua wei mate 60 shou ji" },          { "张三，李四", "zhang san li si" },     { "Müller", "muller" },       { "，", "" },
		{ "Dell 中国", "dell zhong guo" },
	};
	static const struct row firsts[] = {
		{ "单雄信", "sxx" }, { "重庆长安", "cqca" }, { "Dell 张", "dz" }, { "2号店", "2hd" }, { "…", "" },
	};

	(void)state;
	check_rows(rows, LEN(rows), pinyin);
	check_rows(firsts, LEN(firsts), letters);
}

static void sorting(void **state)
{
	static const char *const order[] = { "123", "阿里", "李四", "王二", "王五", "张三", "赵六", "apple", "Banana" };
	struct arena *a = fresh();
	char longest[1200];

	(void)state;
	for (size_t i = 1; i < LEN(order); i++)
		CHECK_ROW(i, str_cmp(sort_key(a, str_c(order[i - 1])), sort_key(a, str_c(order[i]))) < 0);
	for (size_t i = 0; i < sizeof longest; i++)
		longest[i] = "赵"[i % 3];
	CHECK(sort_key(a, (str){ longest, sizeof longest }).n == SORT_KEY_MAX);
	arena_free(a);
}

static void phones(void **state)
{
	static const struct row rows[] = {
		{ "13800000000", "13800000000" },          { "+86 138-0000-0000", "13800000000" }, { "0086 138 0000 0000", "13800000000" }, { "８６１３８００００００００", "13800000000" },
		{ "010-12345678", "01012345678" },         { "+86 10 1234 5678", "01012345678" },  { "(010) 1234 5678 转 123", "01012345678" }, { "+86 400 123 4567", "4001234567" },
		{ "+86 (0)21 6123 4567", "02161234567" },  { "电话：138 0000 0000", "13800000000" }, { "+1 415 555 0100", "14155550100" },   { "12345", "12345" },
		{ "86123456", "86123456" },                { "+86 110", "110" },                   { "none", "" },                          { "", "" },
		{ "138–0000—0000", "13800000000" },        { "0086", "" },
	};

	(void)state;
	check_rows(rows, LEN(rows), phone_key);
}

static void *many(void *arg)
{
	struct arena a;
	bool *ok = arg;

	arena_init(&a, 1 << 22);
	for (int i = 0; i < 300 && *ok; i++) {
		arena_clear(&a);
		*ok = str_eq(pinyin(&a, S("单雄信")), S("shan xiong xin")) && str_eq(letters(&a, S("重庆长安")), S("cqca")) &&
		      str_eq(index_words(&a, S("屏幕")), S("屏幕 幕"));
	}
	arena_free(&a);
	return NULL;
}

static void threads(void **state)
{
	pthread_t t[4];
	bool ok[4] = { true, true, true, true };

	(void)state;
	for (size_t i = 0; i < LEN(t); i++)
		CHECK(!pthread_create(&t[i], NULL, many, &ok[i]));
	for (size_t i = 0; i < LEN(t); i++) {
		CHECK(!pthread_join(t[i], NULL));
		CHECK_ROW(i, ok[i]);
	}
}

UNIT_GROUP(words, T(folding), T(indexing), T(syllables), T(sorting), T(phones), T(threads))
