/* csv.c — a record is gathered into one buffer; cells are cut from it at the end, because the buffer moves while it grows. */
#include "base/csv.h"

static int next_byte(struct csv *r)
{
	int c = r->back;

	r->back = EOF;
	if (c != EOF)
		return c;
	return r->ahead_at < r->ahead.n ? (unsigned char)r->ahead.p[r->ahead_at++] : getc_unlocked(r->f);
}

/* The separator seen most often outside quotes in the first line; comma when none is. */
static char detect(struct csv *r)
{
	static const char seps[] = ",;\t";
	size_t count[3] = { 0 }, best = 0;
	bool quoted = false;
	const char *hit;

	for (size_t i = 0; i < 65536; i++) {
		int c = i < r->ahead.n ? (unsigned char)r->ahead.p[i] : getc_unlocked(r->f);

		if (c == EOF)
			break;
		if (i == r->ahead.n)
			buf_c(&r->ahead, (char)c);
		if ((c == '\n' || c == '\r') && !quoted)
			break;
		quoted ^= c == '"';
		hit = c && !quoted ? strchr(seps, c) : NULL;
		if (hit)
			count[hit - seps]++;
	}
	for (size_t i = 1; i < 3; i++)
		if (count[i] > count[best])
			best = i;
	return seps[best];
}

static void skip_bom(struct csv *r)
{
	static const char bom[] = "\xEF\xBB\xBF";
	int c, i = 0;

	while (i < 3 && (c = getc_unlocked(r->f)) == (unsigned char)bom[i])
		i++;
	if (i == 3)
		return;
	/* Not a mark after all: what was read is text. */
	buf_put(&r->ahead, bom, (size_t)i);
	if (c != EOF)
		buf_c(&r->ahead, (char)c);
}

void csv_init(struct csv *r, FILE *f, char sep)
{
	*r = (struct csv){ .f = f, .next_line = 1, .back = EOF };
	buf_init(&r->row, CSV_RECORD_MAX);
	buf_init(&r->ahead, 1 << 17);
	skip_bom(r);
	r->sep = sep ? sep : detect(r);
}

void csv_free(struct csv *r)
{
	buf_free(&r->row);
	buf_free(&r->ahead);
	free(r->cell);
	r->cell = NULL;
}

/* A cell begun at byte `from` of the row ends here. Offsets only, see above. */
static void end_cell(struct csv *r, size_t from)
{
	if (r->n == CSV_CELLS_MAX) {
		r->error = N_("The record has too many cells.");
		return;
	}
	if (r->n == r->room) {
		r->room = r->room ? r->room * 2 : 32;
		r->cell = realloc(r->cell, r->room * sizeof *r->cell);
		if (!r->cell)
			BUG("out of memory");
	}
	r->cell[r->n++] = (str){ NULL, r->row.n - from };
}

/* A CR that is followed by LF belongs to it. */
static int line_end(struct csv *r, int c)
{
	if (c == '\r') {
		int next = next_byte(r);

		if (next != '\n')
			r->back = next;
		c = '\n';
	}
	if (c == '\n')
		r->next_line++;
	return c;
}

/* Behind an opening quote: up to the closing one. Returns what follows it. */
static int quoted_cell(struct csv *r)
{
	bool after_cr = false;
	int c;

	for (;;) {
		c = next_byte(r);
		if (c == '"' && (c = next_byte(r)) != '"')
			return c;
		if (c == EOF) {
			r->error = N_("A quote is opened here and never closed.");
			return EOF;
		}
		r->next_line += c == '\r' || (c == '\n' && !after_cr);
		after_cr = c == '\r';
		buf_c(&r->row, (char)c);
		if (r->row.overflow)
			return c;
	}
}

/* Reads one cell; returns its separator, '\n' or EOF. A quote inside a plain cell is text. */
static int read_cell(struct csv *r, bool *ret_quoted)
{
	size_t from = r->row.n;
	int c = next_byte(r);

	*ret_quoted = c == '"';
	if (c == '"') {
		c = quoted_cell(r);
		if (!r->error && !r->row.overflow && c != EOF && c != r->sep && c != '\n' && c != '\r')
			r->error = N_("Text follows a closing quote; a quote inside quotes must be doubled.");
	} else {
		for (; c != EOF && c != r->sep && c != '\n' && c != '\r' && !r->row.overflow; c = next_byte(r))
			buf_c(&r->row, (char)c);
	}
	if (r->row.overflow)
		r->error = N_("The record is too long.");
	if (!r->error)
		end_cell(r, from);
	return r->error ? EOF : line_end(r, c);
}

static bool take_record(struct csv *r)
{
	bool quoted;
	int c;

	buf_clear(&r->row);
	r->n = 0;
	r->line = r->next_line;
	do
		c = read_cell(r, &quoted);
	while (c != '\n' && c != EOF);
	r->eof = c == EOF;
	/* Nothing but a line end, or the end of the file behind the last line end. */
	return r->n > 1 || r->row.n || quoted;
}

bool csv_next(struct csv *r)
{
	size_t at = 0;

	if (r->error)
		return false;
	do {
		if (r->eof)
			return false;
	} while (!take_record(r) && !r->error);
	if (!r->error && r->row.n && !utf8_valid((str){ r->row.p, r->row.n }))
		r->error = N_("The file is not clean UTF-8 text here. Save it as \"CSV UTF-8\".");
	if (r->error)
		return false;
	for (size_t i = 0; i < r->n; i++) {
		r->cell[i].p = r->row.n ? r->row.p + at : "";
		at += r->cell[i].n;
	}
	return true;
}

/* ---- writing ---- */

static bool plain_number(str s)
{
	size_t digits = 0, dots = 0;

	for (size_t i = s.n && strchr("+-", s.p[0]) != NULL; i < s.n; i++) {
		digits += s.p[i] >= '0' && s.p[i] <= '9';
		dots += s.p[i] == '.';
	}
	return digits && dots <= 1 && digits + dots + (strchr("+-", s.p[0]) != NULL) == s.n;
}

static bool runs(str s)
{
	static const char *const starts[] = { "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠" };

	for (size_t i = 0; i < LEN(starts); i++)
		if (str_starts(s, str_c(starts[i])))
			return !plain_number(s);
	return false;
}

void csv_put(struct buf *b, str cell, bool first)
{
	bool quote = false;

	if (!first)
		buf_c(b, ',');
	for (size_t i = 0; i < cell.n; i++)
		quote |= strchr(",;\"\r\n\t", cell.p[i]) && cell.p[i];
	if (quote)
		buf_c(b, '"');
	if (runs(cell))
		buf_c(b, '\'');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_c(b, '"');
		buf_c(b, cell.p[i]);
	}
	if (quote)
		buf_c(b, '"');
}
