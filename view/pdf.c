/* pdf.c — records what a paper shows; pdf_close has it drawn, one paper at a time in the process. */
#include "view/pdf_int.h"
#include "base/i18n.h"
#include "base/time.h"
#include <pthread.h>

enum { PDF_BYTES = 32 << 20 };

static struct pdf_block *add(struct pdf *d, enum block_kind kind)
{
	struct pdf_block *b = NEW(d->c->a, struct pdf_block);

	b->kind = kind;
	*d->last = b;
	d->last = &b->next;
	return b;
}

static str *copies(struct arena *a, const str *s, size_t n)
{
	str *to = NEW_N(a, str, n + 1);

	for (size_t i = 0; i < n; i++)
		to[i] = s[i].p ? arena_str(a, s[i]) : (str){ NULL, 0 };
	return to;
}

enum err pdf_open(struct ctx *c, enum paper p, str title, struct pdf **ret)
{
	struct pdf *d = NEW(c->a, struct pdf);

	d->c = c;
	d->paper = p;
	d->title = arena_str(c->a, title);
	d->made = instant_iso(c->a, NULL, c->now);
	d->last = &d->first;
	*ret = d;
	return ERR_OK;
}

static void add_text(struct pdf *d, enum block_kind kind, str text, str right)
{
	struct pdf_block *b = add(d, kind);

	b->text = arena_str(d->c->a, text);
	b->right = arena_str(d->c->a, right);
}

void pdf_heading(struct pdf *d, str text, str right) { add_text(d, B_HEADING, text, right); }
void pdf_pair(struct pdf *d, str label, str value) { add_text(d, B_PAIR, label, value); }
void pdf_para(struct pdf *d, str text) { add_text(d, B_PARA, text, S("")); }

void pdf_qr(struct pdf *d, str content, double mm)
{
	struct pdf_block *b = add(d, B_QR);

	b->text = arena_str(d->c->a, content);
	b->mm = mm;
}

void pdf_table(struct pdf *d, const str *head, const int *weight, size_t cols, const str *cells, size_t rows)
{
	struct pdf_block *b = add(d, B_TABLE);
	int *w = NEW_N(d->c->a, int, cols + 1);

	assert(cols > 0 && cols <= PDF_COLS);
	memcpy(w, weight, cols * sizeof *w);
	b->weight = w;
	b->cols = cols;
	b->rows = rows;
	b->head = copies(d->c->a, head, cols);
	b->cell = copies(d->c->a, cells, cols * rows);
}

void pdf_sign(struct pdf *d, const str *label, size_t n, const str *png)
{
	struct pdf_block *b = add(d, B_SIGN);

	b->cols = n;
	b->head = copies(d->c->a, label, n);
	b->cell = png ? copies(d->c->a, png, n) : NULL;
}

enum err pdf_close(struct pdf *d, str *ret_bytes)
{
	static pthread_mutex_t drawing = PTHREAD_MUTEX_INITIALIZER;
	struct arena *a = d->c->a;
	struct buf b;
	enum err e;

	buf_init(&b, PDF_BYTES);
	pthread_mutex_lock(&drawing);
	e = pdf_draw(d, &b);
	pthread_mutex_unlock(&drawing);
	/* Asked beforehand: a full arena does not come back here and would leave b behind. */
	if (!e && (b.overflow || a->cap - a->used < b.n + 4096))
		e = ERR_TOO_LARGE;
	if (!e)
		*ret_bytes = arena_str(a, (str){ b.p, b.n });
	buf_free(&b);
	return e == ERR_OK ? e : e == ERR_TOO_LARGE ? fail(d->c, e, N_("This paper would be too long to print.")) : fail(d->c, e, NULL);
}
