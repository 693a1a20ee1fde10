/* form_fuzz.h — the form the fuzz targets fill: one input of every kind. */
#pragma once
#include "http/http_int.h"
#include "base/time.h"
#include <unistd.h>

static const char *const fuzz_names[] = { "red", "green", NULL };
struct fuzz_row { str name; int64_t qty; };
struct fuzz { str text, lines, phone, email, serial, secret, token, js; int64_t n; bool yes; day on; instant at; money price; int colour; struct fuzz_row *row; size_t n_row; };
static const struct input fuzz_row_in[] = { INPUT(struct fuzz_row, name, IN_TEXT, "Name", .required = true), INPUT(struct fuzz_row, qty, IN_INT, "Quantity") };
static const struct form fuzz_row_form = { "row", sizeof(struct fuzz_row), fuzz_row_in, LEN(fuzz_row_in) };
static const struct input fuzz_in[] = {
	INPUT(struct fuzz, text, IN_TEXT, "Text"), INPUT(struct fuzz, lines, IN_LINES, "Lines"), INPUT(struct fuzz, phone, IN_PHONE, "Phone"), INPUT(struct fuzz, email, IN_EMAIL, "Mail"),
	INPUT(struct fuzz, serial, IN_SERIAL, "Serial"), INPUT(struct fuzz, secret, IN_SECRET, "Secret"), INPUT(struct fuzz, token, IN_TOKEN, "Token"), INPUT(struct fuzz, js, IN_JSON, "JSON"),
	INPUT(struct fuzz, n, IN_INT, "Number"), INPUT(struct fuzz, yes, IN_BOOL, "Yes"), INPUT(struct fuzz, on, IN_DAY, "On"), INPUT(struct fuzz, at, IN_INSTANT, "At"),
	INPUT(struct fuzz, price, IN_MONEY, "Price"), INPUT(struct fuzz, colour, IN_ENUM, "Colour", .names = fuzz_names),
	INPUT(struct fuzz, row, IN_LIST, "Rows", .sub = &fuzz_row_form, .off_n = offsetof(struct fuzz, n_row)),
};
static const struct form fuzz_form = { "fuzz", sizeof(struct fuzz), fuzz_in, LEN(fuzz_in) };

/* Whatever came in: what was accepted is valid text. */
static inline void fuzz_read(str body, enum err (*read_form)(struct ctx *, const struct form *, str, void *))
{
	struct actor who = { .id = NIL, .lang = "zh", .zone = tz_get(S("Asia/Shanghai")) };
	struct arena a;
	struct fuzz f;
	struct ctx c = { .a = &a, .who = &who };

	arena_init(&a, 64 << 20);
	if (!read_form(&c, &fuzz_form, body, &f))
		for (const str *s = &f.text; s <= &f.js; s++)
			if (!utf8_valid(*s))
				BUG("bad text was accepted");
	arena_free(&a);
}
