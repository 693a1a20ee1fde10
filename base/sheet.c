/* sheet.c — which reader a file takes, and CSV in whatever letters it was saved. */
#include "base/csv.h"
#include "base/i18n.h"
#include "base/sheet_int.h"
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <unistd.h>
#include <zlib.h>

enum { PEEK = 1 << 16 };

static const struct { const char *magic; size_t n; const char *why; } refused[] = {
	{ "\xD0\xCF\x11\xE0", 4, N_("This is an old Excel file (.xls). Save it as .xlsx or as CSV.") },
	{ "%PDF", 4, N_("This is a PDF, not a table. Save the table as .xlsx or as CSV.") },
	{ "\x89PNG", 4, N_("This is a picture, not a table.") },
	{ "\xFF\xD8\xFF", 3, N_("This is a picture, not a table.") },
	{ "Rar!", 4, N_("This is an archive, not a table. Unpack it first.") },
	{ "7z\xBC\xAF", 4, N_("This is an archive, not a table. Unpack it first.") },
};

struct sheet *sheet_open(const char *path, const char **ret_why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char head[8] = { 0 };
	ssize_t n = fd < 0 ? -1 : pread(fd, head, sizeof head, 0);

	*ret_why = N_("The file cannot be read.");
	if (n < 0) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	for (size_t i = 0; i < LEN(refused); i++)
		if ((size_t)n >= refused[i].n && !memcmp(head, refused[i].magic, refused[i].n)) {
			close(fd);
			*ret_why = refused[i].why;
			return NULL;
		}
	return !memcmp(head, "PK\3\4", 4) ? xlsx_sheet_open(fd, ret_why) : csv_sheet_open(fd, ret_why);
}

bool sheet_next(struct sheet *s) { return s->reader->next(s); }
void sheet_close(struct sheet *s) { s->reader->close(s); }

/* ---- CSV: bytes → (gzip) → (iconv) → records ---- */

struct csv_sheet {
	struct sheet s;
	struct csv csv;
	FILE *f;
	gzFile g;
	iconv_t cd;                                    /* (iconv_t)-1: UTF-8 already */
	char in[PEEK];
	size_t n_in;
	bool eof;
};

static bool refill(struct csv_sheet *t)
{
	int n;

	if (t->eof || t->n_in == sizeof t->in)
		return t->n_in > 0;
	n = gzread(t->g, t->in + t->n_in, (unsigned)(sizeof t->in - t->n_in));
	t->eof = n <= 0;
	t->n_in += n > 0 ? (size_t)n : 0;
	return t->n_in > 0;
}

static ssize_t read_text(void *arg, char *p, size_t n)
{
	struct csv_sheet *t = arg;
	char *from = t->in, *to = p;
	size_t left, room = n;

	if (!refill(t))
		return 0;
	left = t->n_in;
	if (t->cd == (iconv_t)-1) {
		size_t some = left < n ? left : n;

		memcpy(p, t->in, some);
		from += some, left -= some, room -= some;
	} else if (iconv(t->cd, &from, &left, &to, &room) == (size_t)-1 && (errno == EILSEQ || (errno == EINVAL && t->eof)) && left && room) {
		/* A byte that means nothing: passed on as it is, so that the record is refused as unclean text. */
		*to = '\xFF';
		from++, left--, room--;
	}
	memmove(t->in, from, left);
	t->n_in = left;
	return (ssize_t)(n - room);
}

/* UTF-8 by its form, but for a letter cut off at the end of what was peeked at. Letters that are not allowed in text are the record's fault, not another encoding. */
static bool looks_utf8(const char *p, size_t n)
{
	for (size_t i = 0, more; i < n; i += more + 1) {
		unsigned char lead = (unsigned char)p[i];

		more = lead < 0x80 ? 0 : lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xF0 && lead < 0xF5 ? 3 : SIZE_MAX;
		if (more == SIZE_MAX)
			return false;
		for (size_t k = 1; k <= more && i + k < n; k++)
			if (((unsigned char)p[i + k] & 0xC0) != 0x80)
				return false;
	}
	return true;
}

static const char *letters_of(const struct csv_sheet *t)
{
	if (t->n_in >= 2 && !memcmp(t->in, "\xFF\xFE", 2))
		return "UTF-16LE";
	if (t->n_in >= 2 && !memcmp(t->in, "\xFE\xFF", 2))
		return "UTF-16BE";
	return looks_utf8(t->in, t->n_in) ? NULL : "GB18030";
}

static bool csv_sheet_next(struct sheet *s)
{
	struct csv_sheet *t = (struct csv_sheet *)s;
	bool more = csv_next(&t->csv);

	*s = (struct sheet){ .reader = s->reader, .cell = t->csv.cell, .n = t->csv.n, .line = t->csv.line, .error = t->csv.error };
	return more;
}

static void csv_sheet_close(struct sheet *s)
{
	struct csv_sheet *t = (struct csv_sheet *)s;

	csv_free(&t->csv);
	if (t->f)
		fclose(t->f);
	gzclose(t->g);
	if (t->cd != (iconv_t)-1)
		iconv_close(t->cd);
	free(t);
}
static const struct sheet_reader csv_reader = { csv_sheet_next, csv_sheet_close };

struct sheet *csv_sheet_open(int fd, const char **ret_why)
{
	struct csv_sheet *t = calloc(1, sizeof *t);
	const char *letters;

	if (!t)
		BUG("out of memory");
	t->s.reader = &csv_reader;
	t->cd = (iconv_t)-1;
	t->g = gzdopen(fd, "rb");
	if (!t->g)
		BUG("out of memory");
	refill(t);
	letters = letters_of(t);
	if (letters)
		t->cd = iconv_open("UTF-8", letters);
	t->f = fopencookie(t, "r", (cookie_io_functions_t){ .read = read_text });
	if ((letters && t->cd == (iconv_t)-1) || !t->f || memchr(t->in, 0, letters && letters[0] == 'U' ? 0 : t->n_in)) {
		*ret_why = N_("This is not a table: neither CSV text nor an .xlsx workbook.");
		csv_init(&t->csv, t->f, ',');
		csv_sheet_close(&t->s);
		return NULL;
	}
	csv_init(&t->csv, t->f, 0);
	return &t->s;
}
