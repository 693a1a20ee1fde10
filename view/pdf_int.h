/* pdf_int.h — a paper as recorded by pdf.c and drawn by pdf_draw.c. */
#pragma once
#include "view/view.h"

enum { PDF_COLS = 16 };                 /* of a table */
enum block_kind { B_HEADING, B_QR, B_PAIR, B_PARA, B_TABLE, B_SIGN };
struct pdf_block {
	enum block_kind kind;
	struct pdf_block *next;
	str text, right;               /* heading and its right side, label and value, paragraph, QR content */
	double mm;
	size_t cols, rows;             /* table; sign: cols boxes */
	const int *weight;
	const str *head, *cell;        /* sign: head = labels, cell = PNG files or NULL */
};
struct pdf {
	struct ctx *c;
	enum paper paper;
	str title;
	str made;                      /* RFC 3339 */
	struct pdf_block *first, **last;
};
/* Draws d into b. ERR_TOO_LARGE: too many pages, or text that no QR code holds. Allocates nothing from the arena. */
MUST enum err pdf_draw(const struct pdf *d, struct buf *b);
