/* copies.h — rows by the million: copies of rows that the departments' verbs made, under new ids, numbers and serials. */
#pragma once
#include "bench/raw.h"

enum { COPY_TABLES = 8 };
/* A column that is not copied as it stands. In the expression $k is the copy's number, $6 the same as text of six digits, @table what is added to the ids of table. */
struct change { const char *column, *as; };
/* where: which rows; <table and >table are the pattern's ids: above the one, up to the other. */
struct copy { const char *table, *where; const struct change *change; };
struct copies {
	const char *table[COPY_TABLES + 1];            /* those whose ids change, NULL-terminated; a name that begins another stands behind it */
	const struct copy *copy; size_t n;
	const char *lite, *pg;                         /* a last statement, NULL none */
};
struct range { int64_t low, high, base, at; };
/* Copies from … to-1 of the pattern in range[].low … high. */
void copies_make(struct raw *r, const struct copies *set, struct range *range, int64_t from, int64_t to);
