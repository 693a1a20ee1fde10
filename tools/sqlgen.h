/* sqlgen.h — compiles a department's .sql file to `struct sql` and `struct migration` tables; db/db.h says what may stand in it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
/* Compiles the n bytes of `file` (its name gives the tables theirs); a NUL stands behind them. c and h take the result, c includes `header`.
 * False: the first error went to `errors` as "file:line: words"; c and h are then of no use. */
bool sqlgen(const char *file, const char *text, size_t n, const char *header, FILE *c, FILE *h, FILE *errors);
