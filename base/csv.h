/* csv.h — RFC 4180 over a stream: quotes, line breaks in quotes, LF, CRLF or CR, BOM. Cells must be UTF-8. */
#pragma once
#include "base/base.h"
enum { CSV_RECORD_MAX = 1 << 20, CSV_CELLS_MAX = 1024 };   /* bytes, cells of one record */
struct csv {
	FILE *f;
	char sep;
	struct buf row, ahead;                         /* the record's text; bytes read to detect sep */
	size_t ahead_at;
	int back;                                      /* one byte put back, EOF = none */
	str *cell;                                     /* n cells of the record, valid until the next call; compare n with the head's to find ragged rows */
	size_t n, room;
	int64_t line, next_line;                       /* where the record begins, counted from 1 */
	bool eof;
	const char *error;                             /* catalogue key, NULL = none; concerns the record at `line` */
};
/* sep 0 = detect (comma, semicolon, tab) from the first record. Does not own f. */
void csv_init(struct csv *r, FILE *f, char sep);
void csv_free(struct csv *r);
/* Next record; lines without any text are passed over. False at the end or on r->error, after which reading does not go on. */
bool csv_next(struct csv *r);
/* Appends one cell, a comma before it unless it is the first. A cell that a spreadsheet would run (= + - @ tab CR first, also full-width,
 * and not a plain number) gets a leading apostrophe. The caller ends the record with "\r\n". */
void csv_put(struct buf *b, str cell, bool first);
