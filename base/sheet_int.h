/* sheet_int.h — the two readers behind sheet.h, and the archive one of them lies in. */
#pragma once
#include "base/sheet.h"

struct sheet_reader { bool (*next)(struct sheet *s); void (*close)(struct sheet *s); };
/* Take over fd, also when they fail. */
struct sheet *csv_sheet_open(int fd, const char **ret_why);
struct sheet *xlsx_sheet_open(int fd, const char **ret_why);

/* ---- zip: reading named parts, one at a time ---- */
struct zip;
struct zip_part;
enum { ZIP_PART_MAX = 256 << 20 };                     /* bytes a part may swell to */
struct zip *zip_open(int fd);                          /* NULL: not an archive we read; fd stays the caller's */
void zip_close(struct zip *z);
struct zip_part *zip_part_open(struct zip *z, const char *name);       /* NULL: no such part, or not one we can inflate */
/* Bytes read, 0 at the end, -1: damaged, or it swells beyond reason. */
int zip_part_read(struct zip_part *p, char *to, int n);
void zip_part_close(struct zip_part *p);

/* ---- a workbook's cell formats ---- */
enum cell_form { CELL_PLAIN, CELL_DATE, CELL_MOMENT, CELL_CLOCK, CELL_PERCENT };
enum cell_form cell_form_of(int id, const char *code);         /* number format: built-in id, or its code */
/* What a person sees: serial days as a date, long numbers without exponent. from_1904: the workbook counts days from 1904. */
void cell_show(struct buf *b, const char *number, enum cell_form form, bool from_1904);
