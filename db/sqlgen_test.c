/* What the compiler of .sql files refuses, and at which line. */
#include "tests/unit.h"
#include "tools/sqlgen.h"

static const struct { const char *text, *error; } refused[] = {
	{ "SELECT 1;", "1: text outside a block" },
	{ "-- name: q_a\n\n", "2: q_a has no text" },
	{ "-- name: a\nSELECT 1", "1: a statement's name begins with q_" },
	{ "-- name: q_A\nSELECT 1", "1: a statement's name consists of a-z, 0-9 and _" },
	{ "-- name: q_a\nSELECT 1\n-- name: q_a\nSELECT 2", "3: q_a is there twice" },
	{ "-- name: q_a\nSELECT 1;\nSELECT 2;", "2: a named block holds one statement" },
	{ "-- name: q_a\nSELECT 'x", "2: a quote is not closed" },
	{ "-- name: q_a\nSELECT 1\nWHERE $1 = 2", "3: '$' is not allowed: parameters are written :name" },
	{ "-- name: q_a\nSELECT ?", "2: '?' is not allowed: parameters are written :name" },
	{ "-- name: q_a\nSELECT : x", "2: a parameter's name must follow the colon" },
	{ "-- name: q_a\nSELECT 1 [[x: AND 1", "2: [[ is not closed by ]]" },
	{ "-- name: q_a\nSELECT 1 [[x: [[y: 1 ]] ]]", "2: [[ inside [[ ]]" },
	{ "-- name: q_a\nSELECT 1 [[ AND 1 ]]", "2: [[ must be followed by a parameter's name and a colon" },
	{ "-- name: q_a\nSELECT [[a:1]][[b:1]][[c:1]][[d:1]][[e:1]][[f:1]][[g:1]]", "2: more than 6 optional parts" },
	{ "-- name: q_a\nSELECT 1,\n@nonsense", "3: unknown macro @nonsense" },
	{ "-- name: q_a\n@fts_match(a, b)", "2: @fts_match takes 3 arguments" },
	{ "-- name: q_a\n@fts_match(a, b, c, d)", "2: @fts_match takes 3 arguments" },
	{ "-- name: q_a\n@fts_match(a, , c)", "2: an argument of @fts_match is empty" },
	{ "-- name: q_a\n@fts_match(a, b", "2: the arguments of @fts_match are not closed" },
	{ "-- migrate: 2\nSELECT 1", "1: the next schema step is number 1" },
	{ "-- migrate: x\nSELECT 1", "1: the next schema step is number 1" },
	{ "-- migrate: 1\nSELECT :x", "2: a schema step takes no parameters" },
	{ "-- migrate: 1\nSELECT 1 [[x: 1 ]]", "2: a schema step has no optional parts" },
	{ "-- part:\na", "1: a part has a name" },
	{ "-- part: a-b\na", "1: a part's name consists of a-z, 0-9 and _" },
	{ "-- part: a\n\n-- name: q_a\nSELECT @part(a)", "2: a has no text" },
	{ "-- part: a\n1\n-- part: a\n2", "3: a is there twice" },
	{ "-- part: a\n1\n-- name: q_a\nSELECT 1", "1: no statement uses a" },
	{ "-- part: a\n1, @part(a)\n-- name: q_a\nSELECT @part(a)", "2: no part a above" },
	{ "-- name: q_a\nSELECT\n@part(a)\n-- part: a\n1", "3: no part a above" },
	{ "-- part: a\n1,\n@pkk\n-- name: q_a\nSELECT @part(a)", "3: unknown macro @pkk" },
	{ "-- part: a\n1,\n2\n-- name: q_a\nSELECT @part(a),\n$", "6: '$' is not allowed: parameters are written :name" },
	{ "-- part: a\nid @pk\n-- migrate: 1\nCREATE TABLE t (@part(a))", "4: a schema step takes no parts" },
	{ "-- pg:\nSELECT 1", "1: '-- pg:' stands alone on its line, once, after a block's text" },
};

/* The files written for the text: c, then errors. */
static bool compile(const char *text, char **c, char **errors)
{
	char *h = NULL;
	size_t nc, nh, ne;
	FILE *fc = open_memstream(c, &nc), *fh = open_memstream(&h, &nh), *fe = open_memstream(errors, &ne);
	bool ok = sqlgen("x.sql", text, strlen(text), "x.sql.h", fc, fh, fe);

	fclose(fc);
	fclose(fh);
	fclose(fe);
	free(h);
	return ok;
}

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(refused); i++) {
		char *c, *e;

		CHECK_ROW(i, !compile(refused[i].text, &c, &e));
		if (strncmp(e, "x.sql:", 6) || strncmp(e + 6, refused[i].error, strlen(refused[i].error)))
			print_error("%s", e);
		CHECK_ROW(i, !strncmp(e, "x.sql:", 6) && !strncmp(e + 6, refused[i].error, strlen(refused[i].error)));
		free(c);
		free(e);
	}
}

static const struct { const char *text, *part; } accepted[] = {
	{ "-- name: q_a\nSELECT  :b,\n\t:a, :b  ;\n", "{ \"SELECT $1, $2, $1\", -1 }" },
	{ "-- name: q_a\nSELECT ':x @pk -- [[' -- words :y\n", "{ \"SELECT ':x @pk -- [['\", -1 }" },
	{ "-- name: q_a\nSELECT 1\n-- pg:\nSELECT 1::bigint, :x", "{ \"SELECT 1::bigint, $1\", -1 }" },
	{ "-- name: q_a\nSELECT 1 [[x: + :x ]]", "{ \" + $1 \", 0 }" },
	{ "-- name: q_a\nSELECT \"a\\b\"", "{ \"SELECT \\\"a\\\\b\\\"\", -1 }" },
	{ "-- name: q_a\nSELECT 1 @skiplocked", "{ \"SELECT 1 FOR UPDATE SKIP LOCKED\", -1 }" },
	{ "-- part: a\nx,\n\ty -- words\n\n-- name: q_a\nSELECT @part(a) FROM t", "{ \"SELECT x, y FROM t\", -1 }" },
	{ "-- part: a\n:x\n-- part: b\n@part(a), :y\n-- name: q_a\nSELECT :y, @part(b)", "{ \"SELECT $1, $2 , $1\", -1 }" },
	{ "-- part: a\n[[x: + :x ]]\n-- name: q_a\nSELECT 1 @part(a)", "{ \" + $1 \", 0 }" },
	{ "-- part: a\n1\n-- pg:\n2\n-- name: q_a\nSELECT @part(a)", "{ \"SELECT 2\", -1 }" },
	{ "-- migrate: 1\nCREATE TABLE t (id @pk, n @i64) @strict;", "{ 1, \"CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER) STRICT;\"" },
};

static void accepts(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(accepted); i++) {
		char *c, *e;

		CHECK_ROW(i, compile(accepted[i].text, &c, &e));
		CHECK_ROW(i, strstr(c, accepted[i].part));
		free(c);
		free(e);
	}
}

UNIT_GROUP(sqlgen, T(refuses), T(accepts))
