/* csv.h — RFC 4180 reader over bytes in memory or a stream: quotes, newlines in quotes, CRLF, BOM, ragged rows reported. */
#pragma once
#include "base/base.h"
struct csv { FILE *f; char sep; struct buf row; str *cell; size_t n, room; int64_t line, next_line; bool eof; const char *error; };
/* sep 0 = detect (comma, semicolon, tab) from the first record. Does not own f. */
void csv_init(struct csv *r, FILE *f, char sep);
void csv_free(struct csv *r);
/* Next record into r->cell[0..n); valid until the next call. r->line = its first line (from 1). False at the end or on r->error. */
bool csv_next(struct csv *r);
/* A cell that a spreadsheet would run (= + - @ tab CR first, and not a plain number) gets a leading apostrophe. */
void csv_put(struct buf *b, str cell, bool first);
