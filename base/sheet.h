/* sheet.h — a table as people have it, a row at a time: CSV in UTF-8, UTF-16 or GB18030, plain or gzip, or the first visible sheet of an
 * XLSX workbook. What comes in is hostile: sizes are capped before memory is taken, archives that swell beyond reason are refused. */
#pragma once
#include "base/base.h"

struct sheet_reader;
struct sheet {
	const struct sheet_reader *reader;
	const str *cell; size_t n;                     /* UTF-8, valid until the next call; dates as 2025-03-08, percentages as 6% */
	int64_t line;                                  /* as the program that made the file counts */
	bool padded;                                   /* rows may be shorter than the widest: empty cells at the end are not kept */
	const char *error;                             /* catalogue key, NULL = none; concerns the row at `line` */
};
/* NULL: *ret_why is a catalogue key. The caller closes. */
struct sheet *sheet_open(const char *path, const char **ret_why);
/* Next row with any text. False at the end or on error, after which reading does not go on. */
bool sheet_next(struct sheet *s);
void sheet_close(struct sheet *s);
