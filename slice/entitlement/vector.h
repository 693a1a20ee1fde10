/* vector.h — verdict vectors: a file of questions with the answers expected of any engine. */
#pragma once
#include "slice/entitlement/verdict.h"

struct vector { str id; struct facts facts; const struct node *expect; };
struct vector_file { struct vector *v; size_t n; struct flaw *bad; size_t n_bad; };   /* bad: vectors that could not be read, by id in file */
/* False (and *f) when the file as a whole cannot be read. Bad vectors are listed apart and the others still run. */
MUST bool vectors_read(struct arena *a, str file, str text, struct vector_file *ret, struct flaw *f);
/* What of the expectation the verdict does not meet: lines "KEY expected X, got Y" in a. */
void vector_compare(struct arena *a, const struct vector *x, const struct verdict *v, str **ret, size_t *ret_n);

/* The policies built into the program (data/policies). */
MUST bool policy_shipped(struct arena *a, struct policy_set *ret, struct flaw *f);
/* A Chinese working day as published; of years not published yet weekends and the holidays of fixed date are known. */
struct national;
bool workday_cn(const struct national *nat, day d);
extern const struct workdays workdays_cn;              /* by the years shipped */
