#include "tests/unit.h"
#include "http/http_int.h"
#include <dirent.h>
#include <sodium.h>
#include <unistd.h>

#define PART(head, body) "--b\r\n" head "\r\n\r\n" body "\r\n"
#define FIELD_X "Content-Disposition: form-data; name=\"x\""
#define FILE_F "Content-Disposition: form-data; name=\"f\"; filename=\"a.txt\""

struct row { const char *body; enum err e; const char *value, *file; };
static const struct row rows[] = {
	{ PART(FIELD_X, "v") "--b--\r\n", ERR_OK, "v", NULL },
	{ PART(FIELD_X, "v") "--b--", ERR_OK, "v", NULL },
	{ "preamble\r\n" PART(FIELD_X, "v") "--b--\r\nepilogue", ERR_OK, "v", NULL },
	{ PART(FIELD_X, "") "--b--\r\n", ERR_OK, "", NULL },
	{ PART(FIELD_X, "a\r\n--c\r\n-b\r\nd\r\n--") "--b--\r\n", ERR_OK, "a\r\n--c\r\n-b\r\nd\r\n--", NULL },
	{ PART("content-disposition:form-data;name=x", "v") "--b--\r\n", ERR_OK, "v", NULL },
	{ PART(FIELD_X "\r\nContent-Transfer-Encoding: 8bit", "v") "--b--\r\n", ERR_OK, "v", NULL },
	{ PART(FILE_F, "hello") "--b--\r\n", ERR_OK, NULL, "a.txt" },
	{ PART("Content-Disposition: form-data; name=\"f\"; filename=\"../../e\\\\tc/p.txt\"", "x") "--b--\r\n", ERR_OK, NULL, "p.txt" },
	{ PART("Content-Disposition: form-data; name=\"f\"; filename=\"x\"; filename*=UTF-8''%E8%A1%A8.txt", "x") "--b--\r\n", ERR_OK, NULL, "\xE8\xA1\xA8.txt" },
	{ "", ERR_MALFORMED, NULL, NULL },
	{ PART(FIELD_X, "v"), ERR_MALFORMED, NULL, NULL },
	{ PART(FIELD_X, "v") "--b-", ERR_MALFORMED, NULL, NULL },
	{ PART(FIELD_X, "v") "--bx\r\n", ERR_MALFORMED, NULL, NULL },
	{ "--b\n" FIELD_X "\n\nv\n--b--\n", ERR_MALFORMED, NULL, NULL },
	{ "--b\r\n\r\nv\r\n--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART("X: y", "v") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART("Content-Disposition: attachment; name=\"x\"", "v") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART("Content-Disposition: form-data", "v") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART("Content-Disposition: form-data; name=\"x", "v") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART(FIELD_X "\r\n" FIELD_X, "v") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART(FIELD_X "\r\nA b: c", "v") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART(FIELD_X "\r\nA: b\rc", "v") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART(FIELD_X "\r\n folded", "v") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART(FIELD_X "\r\nContent-Transfer-Encoding: base64", "dg==") "--b--\r\n", ERR_MEDIA_TYPE, NULL, NULL },
	{ PART(FIELD_X, "\xff") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART("Content-Disposition: form-data; name=\"f\"; filename*=UTF-8''%zz", "x") "--b--\r\n", ERR_MALFORMED, NULL, NULL },
	{ PART(FILE_F, "0123456789012345678901234567890123456789") "--b--\r\n", ERR_TOO_LARGE, NULL, NULL },
	{ PART(FIELD_X, "01234567890123456789012345678901234567890123456789") "--b--\r\n", ERR_TOO_LARGE, NULL, NULL },
};

static int files_in(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static enum err feed(struct multipart *m, const char *body, size_t step, const struct parts **ret)
{
	size_t n = strlen(body);

	for (size_t at = 0; at < n; at += step)
		TRY(multipart_feed(m, body + at, n - at < step ? n - at : step));
	return multipart_end(m, ret);
}

static void reads_parts_however_cut(void **state)
{
	static const size_t steps[] = { 1, 2, 3, 7, 64, 10000 };
	char dir[] = "/tmp/http-parts-XXXXXX";

	(void)state;
	CHECK(sodium_init() >= 0 && mkdtemp(dir));
	for (size_t i = 0; i < LEN(rows) * LEN(steps); i++) {
		const struct row *row = &rows[i / LEN(steps)];
		const struct parts *p = NULL;
		struct multipart *m;
		struct arena a;
		enum err e;

		arena_init(&a, 1 << 20);
		CHECK(!multipart_open(&a, S("multipart/form-data; boundary=b"), dir, 40, 30, &m));
		e = feed(m, row->body, steps[i % LEN(steps)], &p);
		CHECK_ROW(i / LEN(steps), e == row->e);
		CHECK_ROW(i / LEN(steps), !row->value || (p->n_pair == 1 && str_eq(p->pair[0].name, S("x")) && str_eq(p->pair[0].value, str_c(row->value))));
		CHECK_ROW(i / LEN(steps), !row->file || (p->n_up == 1 && str_eq(p->field[0], S("f")) && str_eq(p->up[0].name, str_c(row->file)) && !access(p->up[0].path.p, R_OK)));
		multipart_close(m);
		CHECK_ROW(i / LEN(steps), files_in(dir) == 0);
		arena_free(&a);
	}
	rmdir(dir);
}

static void hashes_and_sniffs(void **state)
{
	const struct parts *p;
	struct multipart *m;
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	CHECK(!multipart_open(&a, S("multipart/form-data; boundary=\"b\""), "/tmp", 100, 100, &m));
	CHECK(!feed(m, PART(FILE_F "\r\nContent-Type: image/png", "hello") PART("Content-Disposition: form-data; name=\"f\"; filename=\"\"", "") "--b--\r\n", 5, &p));
	CHECK(p->n_up == 1 && p->up[0].size == 5);
	CHECK(str_eq(p->up[0].sha256, S("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")));
	sniff(&a, &p->up[0]);
	CHECK(str_eq(p->up[0].type, S("text/plain")));
	multipart_close(m);
	sniff_close();
	arena_free(&a);
}

static void refuses_boundaries(void **state)
{
	static const char *const type[] = { "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a\nb\"",
		"multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

	(void)state;
	for (size_t i = 0; i < LEN(type); i++) {
		struct multipart *m;
		struct arena a;

		arena_init(&a, 1 << 20);
		CHECK_ROW(i, multipart_open(&a, str_c(type[i]), "/tmp", 100, 100, &m) == ERR_MALFORMED);
		arena_free(&a);
	}
}

UNIT_GROUP(multipart, T(reads_parts_however_cut), T(hashes_and_sniffs), T(refuses_boundaries))
