/* JSON, CSV, workbooks and papers read back; redaction. */
#include "tests/unit.h"
#include "base/csv.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/time.h"
#include "view/plain.h"
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#define LIT(s) { s, sizeof(s) - 1 }       /* S() for static tables */
/* fontconfig links its caches by offsets, which the leak checker cannot follow. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libfontconfig\n"; }

static struct arena arena;
static struct actor who;
static struct ctx ctx;
static struct out out;

static int open_ctx(void **state)
{
	(void)state;
	arena_init(&arena, 16 << 20);
	who = (struct actor){ .lang = "en", .zone = tz_get(S("Asia/Shanghai")), .perms = 1 };
	ctx = (struct ctx){ .a = &arena, .who = &who, .now = { 1795350000000 } };
	buf_init(&out.b, 8 << 20);
	return 0;
}

static int close_ctx(void **state)
{
	(void)state;
	buf_free(&out.b);
	arena_free(&arena);
	return 0;
}

static str made(void) { return (str){ out.b.n ? out.b.p : "", out.b.n }; }

enum colour { NO_COLOUR = -1, RED, GREEN };
static const char *const colours[] = { "red", "green", NULL };
struct part { str code; int64_t n; };
struct owner { str name, phone, mail; };
struct thing {
	int64_t id;
	str note, secret;
	bool on;
	enum colour colour;
	instant at;
	day due;
	money price;
	json raw;
	struct owner *owner;
	struct part *part;
	size_t parts;
	str *tag;
	size_t tags;
};
static const struct field part_fields[] = { FIELD(struct part, code), FIELD_IF(struct part, n, 2), { 0 } };
static const struct field owner_fields[] = {
	FIELD_MASK(struct owner, name, 2), FIELD_MASK(struct owner, phone, 2), FIELD_MASK(struct owner, mail, 2), { 0 }
};
static const struct field thing_fields[] = {
	FIELD(struct thing, id), FIELD(struct thing, note), FIELD_IF(struct thing, secret, 2), FIELD(struct thing, on),
	FIELD_ENUM(struct thing, colour, colours), FIELD(struct thing, at), FIELD(struct thing, due), FIELD_IF(struct thing, price, 4),
	FIELD(struct thing, raw), FIELD_OBJ(struct thing, owner, owner_fields), FIELD_LIST(struct thing, part, parts, part_fields),
	FIELD_LIST(struct thing, tag, tags, NULL), { 0 }
};

static struct part part_list[] = { { LIT("P-1"), 3 }, { LIT("P-2"), NIL } };
static str tag_list[] = { LIT("a"), LIT("b\"") };

static struct thing full(struct owner *o)
{
	*o = (struct owner){ S("王小明"), S("13812345678"), S("alice@example.com") };
	return (struct thing){
		.id = INT64_MAX, .note = S("=1+1\n\"维\""), .secret = S("s"), .on = true, .colour = GREEN, .at = { 1795350600000 },
		.due = { 20779 }, .price = CNY(-123450), .raw = { S("[1,{\"a\":null}]") }, .owner = o, .part = part_list, .parts = 2,
		.tag = tag_list, .tags = 2,
	};
}

static const struct thing empty = { .id = NIL, .colour = NO_COLOUR, .at = { NIL }, .due = { NIL }, .price = { .minor = NIL } };

static json_t *parsed(void)
{
	json_error_t e;
	json_t *j = json_loadb(out.b.p, out.b.n, JSON_REJECT_DUPLICATES, &e);

	if (!j)
		print_error("%s in %.*s\n", e.text, (int)out.b.n, out.b.p);
	assert_non_null(j);
	return j;
}

static void json_objects(void **state)
{
	static const char want_full[] = "{\"id\":9223372036854775807,\"note\":\"=1+1\\n\\\"维\\\"\",\"secret\":\"s\",\"on\":true,\"colour\":\"green\","
		"\"at\":\"2026-11-22T20:30:00+08:00\",\"due\":\"2026-11-22\",\"price\":{\"amount\":-123450,\"currency\":\"CNY\"},"
		"\"raw\":[1,{\"a\":null}],\"owner\":{\"name\":\"王小明\",\"phone\":\"13812345678\",\"mail\":\"alice@example.com\"},"
		"\"part\":[{\"code\":\"P-1\",\"n\":3},{\"code\":\"P-2\",\"n\":null}],\"tag\":[\"a\",\"b\\\"\"]}";
	static const char want_empty[] = "{\"id\":null,\"note\":null,\"secret\":null,\"on\":false,\"colour\":null,\"at\":null,\"due\":null,"
		"\"price\":null,\"raw\":null,\"owner\":null,\"part\":[],\"tag\":[]}";
	struct owner o;
	struct thing t = full(&o);
	static const struct field none[] = { { 0 } };

	(void)state;
	buf_clear(&out.b);
	json_obj(&out, &ctx, thing_fields, &t);
	CHECK(str_eq(made(), str_c(want_full)));
	json_decref(parsed());
	buf_clear(&out.b);
	json_obj(&out, &ctx, thing_fields, &empty);
	CHECK(str_eq(made(), str_c(want_empty)));
	json_decref(parsed());
	buf_clear(&out.b);
	json_obj(&out, &ctx, none, &t);
	CHECK(str_eq(made(), S("{}")));
}

static void json_texts(void **state)
{
	static const str rows[] = {
		LIT(""), LIT("plain"), LIT("\"\\/"), LIT("\n\r\t\b\f"), LIT("\x01\x1f\x7f"), LIT("维修 \xF0\x9F\x98\x80"),
		LIT("</script>"), LIT("\xE2\x80\xA8\xE2\x80\xA9"),
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		json_t *j;

		buf_clear(&out.b);
		buf_c(&out.b, '[');
		json_str(&out, rows[i]);
		buf_c(&out.b, ']');
		j = parsed();
		CHECK_ROW(i, str_eq((str){ json_string_value(json_array_get(j, 0)), json_string_length(json_array_get(j, 0)) }, rows[i]));
		json_decref(j);
	}
}

static void masks(void **state)
{
	static const struct { const char *in, *want; } rows[] = {
		{ "13812345678", "138****5678" }, { "+86 138 1234 5678", "+86****5678" }, { "0571-87654321", "057****4321" }, { "87654321", "8****21" },
		{ "王小明", "王*" }, { "王明", "王*" }, { "王", "*" }, { "alice@example.com", "a***@example.com" }, { "a@example.com", "***@example.com" },
		{ "浙江省杭州市文三路 478 号", "浙江***" }, { "Alice Miller", "Al***" }, { "", "" }, { "@", "*" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, str_eq(mask_text(&arena, str_c(rows[i].in)), str_c(rows[i].want)));
}

static void redaction(void **state)
{
	struct owner o;
	struct thing t = full(&o);
	struct part parts[2] = { part_list[0], part_list[1] };

	(void)state;
	t.part = parts;
	who.perms = 1;
	view_redact(&ctx, thing_fields, &t);
	CHECK(!t.secret.p && t.price.minor == NIL);
	CHECK(t.note.p && t.id == INT64_MAX);
	CHECK(str_eq(o.name, S("王*")) && str_eq(o.phone, S("138****5678")));
	CHECK(parts[0].n == NIL && str_eq(parts[0].code, S("P-1")));
	t = full(&o);
	who.perms = 2;
	view_redact(&ctx, thing_fields, &t);
	CHECK(str_eq(t.secret, S("s")) && t.price.minor == NIL && str_eq(o.phone, S("13812345678")));
	view_redact(&ctx, thing_fields, NULL);
}

static void csv(void **state)
{
	static const char want[] = "\xEF\xBB\xBFid,note,secret,on,colour,at,due,price,price.currency,raw,owner.name,owner.phone,owner.mail,part,tag\r\n";
	struct owner o;
	struct thing t = full(&o);
	char name[] = "/tmp/baoxiu-csv-XXXXXX";
	int fd = mkstemp(name);
	FILE *f = fdopen(fd, "w+b");
	struct csv r;

	(void)state;
	buf_clear(&out.b);
	csv_head(&out, &ctx, thing_fields);
	CHECK(str_eq(made(), str_c(want)));
	csv_row(&out, &ctx, thing_fields, &t);
	csv_row(&out, &ctx, thing_fields, &empty);
	fwrite(out.b.p, 1, out.b.n, f);
	rewind(f);
	csv_init(&r, f, 0);
	CHECK(csv_next(&r) && r.n == 15 && str_eq(r.cell[0], S("id")));
	CHECK(csv_next(&r) && r.n == 15);
	CHECK(str_eq(r.cell[1], S("'=1+1\n\"维\"")));
	CHECK(str_eq(r.cell[7], S("-1234.50")) && str_eq(r.cell[8], S("CNY")));
	CHECK(str_eq(r.cell[5], S("2026-11-22T20:30:00+08:00")) && str_eq(r.cell[13], S("2")));
	CHECK(csv_next(&r) && r.n == 15 && r.cell[10].n == 0);
	CHECK(!csv_next(&r) && !r.error);
	csv_free(&r);
	fclose(f);
	unlink(name);
}

/* A member of a zip file as unzip prints it; empty when there is no unzip. */
static str unzip(const char *path, const char *member)
{
	static char b[100000];
	char cmd[200];
	FILE *f;
	size_t n;

	snprintf(cmd, sizeof cmd, "command -v unzip >/dev/null && unzip -p %s %s", path, member);
	f = popen(cmd, "r");
	n = fread(b, 1, sizeof b, f);
	pclose(f);
	return (str){ b, n };
}

static void workbook(void **state)
{
	char path[] = "/tmp/baoxiu-xlsx-XXXXXX", magic[2] = { 0 };
	struct owner o;
	struct thing t = full(&o);
	struct xlsx *x;
	FILE *f;
	str s;

	(void)state;
	close(mkstemp(path));
	CHECK(xlsx_open(&ctx, path, "a sheet's [long] name with 维修 and more", thing_fields, &x) == ERR_OK);
	xlsx_row(x, &ctx, &t);
	xlsx_row(x, &ctx, &empty);
	CHECK(xlsx_close(x) == ERR_OK);
	f = fopen(path, "rb");
	CHECK(fread(magic, 1, 2, f) == 2 && !memcmp(magic, "PK", 2));
	fclose(f);
	s = unzip(path, "xl/worksheets/sheet1.xml");
	if (s.n) {
		CHECK(str_find(s, S("<v>46348</v>"), NULL));                    /* the day */
		CHECK(str_find(s, S("<v>46348.854166"), NULL));                 /* 20:30 there */
		CHECK(str_find(s, S("<v>-1234.5</v>"), NULL));
		CHECK(str_find(s, S(">9223372036854775807<"), NULL));           /* as text: no double holds it */
		CHECK(str_find(s, S("=1+1"), NULL) && !str_find(s, S("<f>"), NULL));
		CHECK(str_find(s, S("Owner phone"), NULL));
		CHECK(str_find(s, S("state=\"frozen\""), NULL));
	}
	unlink(path);
	CHECK(xlsx_open(&ctx, "/nowhere/x.xlsx", "a", thing_fields, &x) == ERR_OK);
	CHECK(xlsx_close(x) == ERR_FULL);
	ctx.diag = (struct diag){ 0 };
}

/* Pages of a PDF and, if there is pdftotext, its text. */
static size_t pages_of(str pdf)
{
	size_t n = 0;

	for (size_t at; str_find(pdf, S("/Type /Page %"), &at); n++)
		pdf.p += at + 1, pdf.n -= at + 1;
	return n;
}

static str text_of(str pdf)
{
	static char b[100000];
	char path[] = "/tmp/baoxiu-pdf-XXXXXX", cmd[200];
	FILE *f = fdopen(mkstemp(path), "wb");
	size_t n;

	fwrite(pdf.p, 1, pdf.n, f);
	fclose(f);
	snprintf(cmd, sizeof cmd, "command -v pdftotext >/dev/null && pdftotext -layout %s -", path);
	f = popen(cmd, "r");
	n = fread(b, 1, sizeof b, f);
	pclose(f);
	unlink(path);
	return (str){ b, n };
}

static enum err paper(enum paper p, size_t rows, str *ret)
{
	static const str head[] = { LIT("Nr"), LIT("名称") }, label[] = { LIT("客户签字"), LIT("Station") };
	static const str png[] = { LIT("no picture"), { NULL, 0 } };
	static const int weight[] = { 1, 4 };
	str *cell = NEW_N(&arena, str, rows * 2 + 1);
	struct pdf *d;

	for (size_t i = 0; i < rows; i++) {
		cell[2 * i] = arena_fmt(&arena, "%zu", i + 1);
		cell[2 * i + 1] = S("电源适配器 65W");
	}
	TRY(pdf_open(&ctx, p, S("收件回执 BX1"), &d));
	pdf_heading(d, S("收件回执"), S("BX1"));
	pdf_qr(d, S("https://example.com/t/abc"), 20);
	pdf_pair(d, S("客户"), S("王*"));
	pdf_pair(d, S("地址"), S("浙江省杭州市西湖区文三路 478 号华星时代广场 A 座 1203 室，进门右转第二间"));
	pdf_para(d, S("First line\n第二行"));
	pdf_table(d, head, weight, 2, cell, rows);
	pdf_sign(d, label, 2, png);
	return pdf_close(d, ret);
}

static void papers(void **state)
{
	static const struct { enum paper p; size_t rows, pages; } rows[] = {
		{ PAPER_A4, 3, 1 }, { PAPER_A4, 0, 1 }, { PAPER_A4, 80, 3 }, { PAPER_80MM, 40, 1 }, { PAPER_LABEL, 0, 3 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		str pdf, text;

		CHECK_ROW(i, paper(rows[i].p, rows[i].rows, &pdf) == ERR_OK);
		CHECK_ROW(i, str_starts(pdf, S("%PDF-")));
		CHECK_ROW(i, pages_of(pdf) == rows[i].pages);
		text = text_of(pdf);
		CHECK_ROW(i, !text.n || (str_find(text, S("收件回执"), NULL) && str_find(text, S("王*"), NULL) && str_find(text, S("第二行"), NULL)));
		CHECK_ROW(i, !text.n || rows[i].rows < 80 || str_find(text, S("3/3"), NULL) || str_find(text, S("3 / 3"), NULL));
	}
}

static void paper_limits(void **state)
{
	struct pdf *d;
	str pdf = S("untouched"), cell[2] = { S("1"), S("x") };
	static const str head[] = { LIT("a"), LIT("b") };
	static const int weight[] = { 0, -1 };
	char *big = NEW_N(&arena, char, 5000);

	(void)state;
	CHECK(paper(PAPER_A4, 20000, &pdf) == ERR_TOO_LARGE && str_eq(pdf, S("untouched")));
	CHECK(ctx.diag.code == ERR_TOO_LARGE);
	ctx.diag = (struct diag){ 0 };
	memset(big, 'x', 5000);
	CHECK(pdf_open(&ctx, PAPER_A4, S(""), &d) == ERR_OK);
	pdf_qr(d, (str){ big, 5000 }, 20);
	CHECK(pdf_close(d, &pdf) == ERR_TOO_LARGE);
	ctx.diag = (struct diag){ 0 };
	/* A word longer than a line, a cell longer than a page, odd weights, nothing at all. */
	CHECK(pdf_open(&ctx, PAPER_LABEL, S(""), &d) == ERR_OK);
	cell[1] = (str){ big, 5000 };
	pdf_table(d, head, weight, 2, cell, 1);
	pdf_pair(d, (str){ big, 300 }, (str){ big, 300 });
	pdf_heading(d, (str){ big, 100 }, S("r"));
	CHECK(pdf_close(d, &pdf) == ERR_OK && pages_of(pdf) > 3);
	CHECK(pdf_open(&ctx, PAPER_80MM, S(""), &d) == ERR_OK);
	CHECK(pdf_close(d, &pdf) == ERR_OK && pages_of(pdf) == 1);
}

/* A picture of one pixel. */
static const unsigned char pixel[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41,
	0x54, 0x78, 0x9c, 0x63, 0x10, 0x50, 0x70, 0xf8, 0x0f, 0x00, 0x02, 0x24, 0x01, 0x70, 0x81, 0xdb, 0x2f, 0x18, 0x00, 0x00,
	0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static void signatures(void **state)
{
	static const struct { size_t at; unsigned char byte; size_t cut; bool drawn; } rows[] = {        /* what is spoilt in it */
		{ 0, 0x89, 0, true }, { 0, 'x', 0, false }, { 16, 0x7F, 0, false }, { 19, 0, 0, false }, { 50, 0xFF, 0, false }, { 0, 0x89, 20, false },
		{ 0, 0x89, sizeof pixel, false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		char spoilt[sizeof pixel];
		str label = S("Customer"), png = { spoilt, sizeof pixel - rows[i].cut }, bytes;
		struct pdf *d;

		memcpy(spoilt, pixel, sizeof pixel);
		spoilt[rows[i].at] = (char)rows[i].byte;
		CHECK_ROW(i, pdf_open(&ctx, PAPER_A4, S("x"), &d) == ERR_OK);
		pdf_sign(d, &label, 1, &png);
		CHECK_ROW(i, pdf_close(d, &bytes) == ERR_OK);
		CHECK_ROW(i, str_find(bytes, S("/Subtype /Image"), NULL) == rows[i].drawn);
	}
}

int data_test(void);
int data_test(void)
{
	const struct CMUnitTest tests[] = { T(json_objects), T(json_texts), T(masks), T(redaction), T(csv), T(workbook), T(papers), T(paper_limits), T(signatures) };

	return cmocka_run_group_tests_name("data", tests, open_ctx, close_ctx);
}
