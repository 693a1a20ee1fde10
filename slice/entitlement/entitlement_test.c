/* entitlement_test.c — the shipped vectors, the loader's refusals, and what must hold for any facts. */
#include "tests/unit.h"
#include "slice/entitlement/entitlement.h"
#include "slice/entitlement/vector.h"

static struct arena arena;
static struct policy_set shipped;

static void fresh(void)
{
	struct flaw f = { 0 };

	arena_free(&arena);
	arena_init(&arena, 256 << 20);
	if (!policy_shipped(&arena, &shipped, &f)) {
		str line = flaw_line(&arena, &f);

		BUG("%.*s", STR_ARG(line));
	}
}

static str file_text(const char *path)
{
	char up[256];
	FILE *f = fopen(path, "rb");
	char *text = arena_alloc(&arena, 8 << 20);

	snprintf(up, sizeof up, "../%s", path);
	if (!f)
		f = fopen(up, "rb");
	if (!f)
		BUG("no %s", path);
	size_t n = fread(text, 1, 8 << 20, f);
	fclose(f);
	return (str){ text, n };
}

static void vectors_pass(void **state)
{
	struct vector_file file;
	struct flaw f = { 0 };
	size_t wrong = 0;

	(void)state;
	fresh();
	CHECK(vectors_read(&arena, S("tests/vectors/verdict.json"), file_text("tests/vectors/verdict.json"), &file, &f));
	for (size_t i = 0; i < file.n_bad; i++)
		print_error("%.*s\n", STR_ARG(flaw_line(&arena, &file.bad[i])));
	CHECK(file.n_bad == 0);
	CHECK(file.n >= 200);
	for (size_t i = 0; i < file.n; i++) {
		struct verdict v;
		size_t n;
		str *line;

		verdict_of(&shipped, &file.v[i].facts, &workdays_cn, &v);
		vector_compare(&arena, &file.v[i], &v, &line, &n);
		for (size_t k = 0; k < n; k++)
			print_error("%.*s: %.*s\n", STR_ARG(file.v[i].id), STR_ARG(line[k]));
		wrong += n > 0;
	}
	CHECK(wrong == 0);
}

/* ---- the loader refuses whole files, with line and reason ---- */

#define HEAD "{ \"id\": \"x\", \"version\": 1, \"kind\": \"pack\", \"from\": \"2020-01-01\",\n" \
	"\"title\": { \"en\": \"T\", \"zh\": \"题\" }, \"source\": { \"en\": \"S\", \"zh\": \"源\" }, \"confidence\": \"confirmed\",\n"
#define CLAUSE "\"clause\": { \"en\": \"C\", \"zh\": \"条\" }"
#define CLOCK "\"clocks\": { \"whole\": { \"start\": { \"first\": [\"invoiced\"] }, \"length\": \"1y\", " CLAUSE " } },\n"
#define COVER "\"coverage\": [ { \"when\": { \"in\": \"whole\" }, \"parts\": [\"part\"], \"causes\": [\"quality\"], \"percent\": { \"parts\": 100 }, " \
	"\"payer\": \"seller\", " CLAUSE ", \"text\": { \"en\": \"X\", \"zh\": \"文\" } } ]"

static const struct { const char *text, *why; } refused[] = {
	{ "", "f:1: the file ends too early" },
	{ "[]", "f:1: a map {…} is expected here" },
	{ HEAD CLOCK COVER " } x", "f:4: something stands behind the end" },
	{ HEAD CLOCK COVER ", }", "f:4: a comma with nothing behind it" },
	{ HEAD CLOCK COVER ",\n\"id\": \"y\" }", "f:5: \"id\" is given twice (first in line 1)" },
	{ HEAD CLOCK COVER ",\n\"colour\": 1 }", "f:5: unknown key \"colour\"" },
	{ HEAD CLOCK COVER ",\n\"to\": \"2021-02-29\" }", "f:5: \"to\" is no date that exists (YYYY-MM-DD)" },
	{ HEAD CLOCK COVER ",\n\"to\": \"2019-12-31\" }", "f:5: it ends on 2019-12-31, before it begins" },
	{ HEAD CLOCK COVER ",\n\"notes\": [\n{ \"en\": \"only English\" } ] }", "f:6: \"text\" is missing in language \"zh\"" },
	{ HEAD CLOCK COVER ",\n\"notes\": [\n{ \"zh\": \"仅中文\" } ] }", "f:6: \"text\" is missing in language \"en\"" },
	{ HEAD CLOCK COVER ",\n\"notes\": [ { \"en\": \"a\", \"zh\": \" \" } ] }", "f:5: the text of \"text\" is empty" },
	{ HEAD CLOCK COVER ",\n\"extends\": \"nobody\" }", "f:1: there is no policy \"nobody\" to build on" },
	{ HEAD CLOCK COVER ",\n\"overlays\": \"nobody\" }", "f:1: there is no policy \"nobody\" to build on" },
	{ HEAD CLOCK "\"presumption\": { " CLAUSE " },\n" COVER " }", "f:4: \"presumption\" needs either \"length\" or \"in\"" },
	{ HEAD CLOCK COVER ", \"remedies\": [\n{ \"when\": { \"in\": \"main\" }, \"options\": [\"repair\"], " CLAUSE ", \"text\": { \"en\": \"X\", \"zh\": \"文\" } } ] }",
		"f:5: there is no clock \"main\" in \"x\"" },
	{ HEAD "\"clocks\": { \"whole\": { \"start\": { \"first\": [\"birthday\"] }, \"length\": \"1y\", " CLAUSE " } },\n" COVER " }", "f:3: \"first\" does not know \"birthday\"" },
	{ HEAD "\"clocks\": { \"whole\": { \"start\": { \"first\": [], \"latest\": [] }, \"length\": \"1y\", " CLAUSE " } },\n" COVER " }", "f:3: \"start\" needs one list, \"latest\" or \"first\"" },
	{ HEAD "\"clocks\": { \"whole\": { \"start\": { \"first\": [\"invoiced\"] }, \"length\": \"a year\", " CLAUSE " } },\n" COVER " }",
		"f:3: \"length\" must be a length such as 7d, 18m or 2y" },
	{ HEAD "\"clocks\": { \"weekend\": {} },\n" COVER " }", "f:3: \"clocks\" does not know \"weekend\"" },
	{ HEAD CLOCK COVER ", \"exclusions\": [\n{ \"code\": \"e\", \"causes\": [\"wear\"], \"evidence\": [], \"proof\": \"operator\", \"lifted_by_accident_cover\": true, " CLAUSE
		", \"text\": { \"en\": \"X\", \"zh\": \"文\" } } ] }", "f:5: accident cover answers for none of these causes" },
	{ HEAD CLOCK COVER ",\n\"place\": [\"China\"] }", "f:5: \"China\" must be a place such as CN-ZJ or DE (ISO 3166)" },
	{ HEAD CLOCK "\"coverage\": [] }", "f:1: \"x\" covers nothing" },
	{ HEAD CLOCK "\"coverage\": [ { \"when\": {} } ] }", "f:4: \"parts\" is missing" },
	{ HEAD CLOCK "\"to\": 1.5 }", "f:4: only whole numbers are accepted" },
	{ HEAD CLOCK COVER ", \"for\": { \"buyer\": \"\\ud800\" } }", "f:4: bad escape or control character in a text" },
	{ HEAD CLOCK COVER ", \"for\": { \"buyer\": \"\xff\" } }", "f:4: a text is not clean UTF-8" },
};

static bool load(const char *text, struct policy_set *set, struct flaw *f)
{
	*set = (struct policy_set){ .p = NEW(&arena, struct policy), .n = 1 };
	return policy_read(&arena, S("f"), str_c(text), set->p, f) && policy_link(&arena, set, f);
}

static void loader_refuses(void **state)
{
	struct policy_set set;
	struct flaw ok = { 0 };

	(void)state;
	fresh();
	CHECK(load(HEAD CLOCK COVER " }", &set, &ok));
	for (size_t i = 0; i < LEN(refused); i++) {
		struct flaw f = { 0 };
		str line;

		CHECK_ROW(i, !load(refused[i].text, &set, &f));
		line = flaw_line(&arena, &f);
		if (!str_eq(line, str_c(refused[i].why)))
			print_error("got %.*s\n", STR_ARG(line));
		CHECK_ROW(i, str_eq(line, str_c(refused[i].why)));
	}
}

static void sets_are_checked(void **state)
{
	static const struct { const char *extra[2], *why; int version; } row[] = {
		{ { "\"extends\": \"b\"", "\"extends\": \"a\"" }, "a:1: \"a\" comes round to itself through \"extends\"", 0 },
		{ { "\"overlays\": \"b\"", "\"overlays\": \"a\"" }, "a:1: \"a\" comes round to itself through \"overlays\"", 0 },
		{ { "\"to\": \"2024-06-30\"", "\"from\": \"2024-06-30\"" }, "b:1: \"a\" version 2 overlaps the version before it", 2 },
		{ { "\"to\": null", "\"from\": \"2024-07-01\"" }, "b:1: \"a\" version 2 overlaps the version before it", 2 },
		{ { "\"to\": \"2024-06-30\"", "\"from\": \"2024-07-01\"" }, NULL, 2 },
		{ { "\"to\": \"2024-06-30\"", "\"from\": \"2024-07-01\"" }, "b:1: \"a\" version 1 is there twice", 1 },
	};

	(void)state;
	fresh();
	for (size_t i = 0; i < LEN(row); i++) {
		struct policy_set set = { .p = NEW_N(&arena, struct policy, 2), .n = 2 };
		struct flaw f = { 0 };
		bool ok = true;

		for (int k = 0; k < 2; k++) {
			bool dated = strstr(row[i].extra[k], "from") != NULL;
			str t = arena_fmt(&arena, "{ \"id\": \"%s\", \"version\": %d, \"kind\": \"pack\", %s, %s, \"title\": { \"en\": \"T\", \"zh\": \"题\" }, "
				"\"source\": { \"en\": \"S\", \"zh\": \"源\" }, \"confidence\": \"confirmed\", " CLOCK COVER " }", k && !row[i].version ? "b" : "a",
				k && row[i].version ? row[i].version : 1, dated ? "\"place\": []" : "\"from\": \"2020-01-01\"", row[i].extra[k]);

			ok = ok && policy_read(&arena, k ? S("b") : S("a"), t, &set.p[k], &f);
		}
		ok = ok && policy_link(&arena, &set, &f);
		CHECK_ROW(i, ok == !row[i].why);
		CHECK_ROW(i, ok || str_eq(flaw_line(&arena, &f), str_c(row[i].why)));
	}
}

/* ---- what must hold for any facts ---- */

static uint64_t seed = 88172645463325252u;
static int64_t below(int64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int64_t)(seed % (uint64_t)n);
}

static day maybe(day d) { return below(4) ? d : NO_DAY; }

static void any_facts(struct facts *f, struct stay stay[4])
{
	static const char *const place[] = { "CN-GD", "CN-ZJ", "CN-SD", "DE", NULL };
	day sold = { 19900 + below(700) };

	facts_init(f);
	f->on = (day){ sold.d + below(1500) };
	f->kind = (int)below(3);
	f->part = (int)below(PARTS);
	f->basis[START_INVOICED] = maybe(sold);
	f->basis[START_DELIVERED] = maybe((day){ sold.d + below(5) });
	f->basis[START_INSTALLED] = below(3) ? NO_DAY : (day){ sold.d + below(20) };
	f->basis[START_FACTORY] = maybe((day){ sold.d - below(200) });
	f->proof = (int)below(PROVENS);
	f->buyer = (int)below(3) - 1;
	f->province = str_c(place[below(LEN(place))]);
	f->listed = (int)below(3) - 1;
	f->cause = (int)below(CAUSES);
	f->stay = stay;
	f->n_stay = (size_t)below(4);
	for (size_t i = 0; i < f->n_stay; i++) {
		day in = { (i ? stay[i - 1].out.d : sold.d) + below(300) };

		stay[i] = (struct stay){ .in = in, .out = { in.d + below(50) }, .fixed = (int)below(3) - 1, .exchanged = !below(5), .replaced = (uint64_t)below(1 << 9) };
	}
}

static const str every[] = { S("cn-sanbao-pc"), S("cn-zj"), S("cn-sd"), S("eu-2019-771"), S("pack-notebook-3y"), S("pack-five-guarantees"), S("pack-carry-in-7wd"),
	S("pack-nbd-onsite"), S("pack-accident"), S("pack-acceptance-1y"), S("pack-keyboard-180d"), S("pack-36m"), S("pack-2y-lifetime"), S("pack-commitment-letter") };

static void more_cover_is_never_worse(void **state)
{
	(void)state;
	fresh();
	for (size_t i = 0; i < 4000; i++) {
		struct stay stay[4];
		struct facts f;
		struct verdict less, more;
		size_t from = (size_t)below(LEN(every)), n = 1 + (size_t)below((int64_t)(LEN(every) - from));

		any_facts(&f, stay);
		f.policy = every + from;
		f.n_policy = n - 1 ? n - 1 : 1;
		verdict_of(&shipped, &f, &workdays_cn, &less);
		f.n_policy = n;
		verdict_of(&shipped, &f, &workdays_cn, &more);
		CHECK_ROW(i, verdict_covers(&more, &less));
		for (size_t p = 0; p < PERIODS; p++)
			CHECK_ROW(i, more.until[p].d >= less.until[p].d);
	}
}

/* Without a repair in between, time only takes away. */
static void later_never_revives(void **state)
{
	(void)state;
	fresh();
	for (size_t i = 0; i < 4000; i++) {
		struct stay stay[4];
		struct facts f;
		struct verdict now, later;

		any_facts(&f, stay);
		f.policy = every;
		f.n_policy = LEN(every);
		for (size_t k = 0; k < f.n_stay; k++) {
			if (stay[k].out.d > f.on.d)
				f.n_stay = k;
		}
		f.cause = CAUSE_QUALITY;
		f.on.d += 1;
		verdict_of(&shipped, &f, &workdays_cn, &now);
		f.on.d += 1 + below(60);
		verdict_of(&shipped, &f, &workdays_cn, &later);
		CHECK_ROW(i, verdict_covers(&now, &later));
		for (size_t p = 0; p < PERIODS; p++)
			CHECK_ROW(i, now.until[p].d == later.until[p].d);
	}
}

/* n days in repair lengthen a running clock by n days exactly; only then the last day rolls. */
static void lengthening_is_exact(void **state)
{
	(void)state;
	fresh();
	for (int64_t n = 0; n < 200; n++) {
		struct stay stay = { .in = { 20520 }, .out = { 20520 + n }, .fixed = 1 };
		const struct policy *p = policy_at(&shipped, S("cn-sanbao-pc"), (day){ 20500 });
		struct facts f;
		struct stretch s;
		int64_t end;

		facts_init(&f);
		f.on = (day){ 20900 };
		f.proof = PROVEN_INVOICE;
		f.basis[START_INVOICED] = f.basis[START_DELIVERED] = (day){ 20500 };
		f.stay = &stay;
		f.n_stay = 1;
		s = stretch_of(p, PERIOD_WHOLE, &f, &workdays_cn);
		end = day_add_months((day){ 20500 }, 12).d + n;
		CHECK_ROW(n, s.not_counted == n);
		CHECK_ROW(n, s.end.d >= end && s.end.d - end < 10);
		for (int64_t d = end; d < s.end.d; d++)
			CHECK_ROW(n, !workdays_cn.works(NULL, (day){ d }));
		CHECK_ROW(n, workdays_cn.works(NULL, s.end));
	}
}

/* ---- explanation ---- */

static bool any_line(const str *line, size_t n, const char *part)
{
	for (size_t i = 0; i < n; i++) {
		if (str_find(line[i], str_c(part), NULL))
			return true;
	}
	return false;
}

static void explains_in_both_languages(void **state)
{
	static const char *const lang[] = { "en", "zh" };
	static const char *const want[][5] = {
		{ "2027-03-08", "delivery", "do not count: 3", "Art. 28 (2)", "moves to the next one" },
		{ "2027-03-08", "交付", "不计入的天数：3", "第二十八条第二项", "顺延至下一工作日" },
	};
	struct stay stay = { .in = day_of(2026, 3, 5), .out = day_of(2026, 3, 8), .fixed = 1 };
	static const str policy[] = { S("cn-sanbao-pc"), S("pack-accident") };

	(void)state;
	for (size_t i = 0; i < LEN(lang); i++) {
		const struct actor who = { .lang = lang[i] };
		struct ctx c = { .a = &arena, .who = &who };
		struct facts f;
		struct verdict v;
		str *line;
		size_t n;

		fresh();
		facts_init(&f);
		f.on = day_of(2026, 3, 20);
		f.kind = MACHINE_NOTEBOOK;
		f.part = PART_FAN;
		f.proof = PROVEN_INVOICE;
		f.cause = CAUSE_DROP;
		f.basis[START_INVOICED] = day_of(2026, 3, 3);
		f.basis[START_DELIVERED] = day_of(2026, 3, 4);
		f.stay = &stay;
		f.n_stay = 1;
		f.policy = policy;
		f.n_policy = 1;
		verdict_of(&shipped, &f, &workdays_cn, &v);
		verdict_explain(&c, &f, &v, &line, &n);
		for (size_t k = 0; k < LEN(want[i]); k++) {
			if (!any_line(line, n, want[i][k]))
				for (size_t j = 0; j < n; j++)
					print_error("%.*s\n", STR_ARG(line[j]));
			CHECK_ROW(i * 10 + k, any_line(line, n, want[i][k]));
		}
		f.n_policy = 2;
		verdict_of(&shipped, &f, &workdays_cn, &v);
		CHECK(v.winner && str_eq(v.winner->id, policy[1]));
	}
}

static void accident_cover_covers_accidents(void **state)
{
	const struct policy *a;

	(void)state;
	fresh();
	a = policy_version(&shipped, S("pack-accident"), 1);
	CHECK(a && (a->cover[0].causes & CAUSES_ACCIDENT) == CAUSES_ACCIDENT);
}

/* Of several that do not pay, the one that excludes says no; then the one that has run out; an unknown one never. */
static void the_strongest_says_no(void **state)
{
	static const struct { enum lost why[3]; int by; } row[] = {
		{ { LOST_EXPIRED, LOST_NOT_COVERED, LOST_EXCLUDED }, 2 }, { { LOST_NOT_COVERED, LOST_EXPIRED, LOST_NOT_COVERED }, 1 },
		{ { LOST_USED_UP, LOST_NOT_COVERED, LOST_EXPIRED }, 2 }, { { LOST_PART, LOST_OWNER, LOST_NOT_COVERED }, 2 }, { { LOST_PART, LOST_PART, LOST_PART }, -1 },
	};
	static struct verdict v;
	const struct policy p = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(row); i++) {
		v = (struct verdict){ .pay = { PAY_PAID, PAY_PAID, PAY_PAID }, .n = 3 };
		for (size_t k = 0; k < 3; k++)
			v.candidate[k] = (struct candidate){ .policy = &p, .why = row[i].why[k] };
		CHECK_ROW(i, verdict_decided_by(&v, 0) == (row[i].by < 0 ? NULL : &v.candidate[row[i].by]));
		if (row[i].by >= 0) {
			v.candidate[row[i].by].policy = NULL;
			CHECK_ROW(i, verdict_decided_by(&v, 0) != &v.candidate[row[i].by]);
		}
	}
}

UNIT_GROUP(entitlement, T(the_strongest_says_no), T(vectors_pass), T(loader_refuses), T(sets_are_checked), T(more_cover_is_never_worse), T(later_never_revives), T(lengthening_is_exact),
	T(explains_in_both_languages), T(accident_cover_covers_accidents))
