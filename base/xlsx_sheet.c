/* xlsx_sheet.c — the first visible sheet of a workbook. The XML flows through expat a row at a time; entities and document types are refused. */
#include "base/i18n.h"
#include "base/sheet_int.h"
#include <expat.h>
#include <unistd.h>

enum { STRINGS_MAX = 2000000, TEXT_MAX = 128 << 20, ROW_MAX = 1 << 20, CELLS_MAX = 1024, STYLES_MAX = 65536, FORMATS_MAX = 2000, CODE_MAX = 128, PATH_MAX_BYTES = 120, PIECE = 1 << 15 };
enum cell_type { TYPE_NUMBER, TYPE_SHARED, TYPE_TEXT, TYPE_BOOL };

struct format { int id; char code[CODE_MAX]; };
struct xlsx_sheet {
	struct sheet s;
	int fd;
	struct zip *zip;
	struct zip_part *part;                         /* the sheet's own */
	XML_Parser xml;
	bool suspended, last, stop;
	/* workbook */
	bool from_1904;
	char rel[64], path[PATH_MAX_BYTES];            /* of the sheet: relation id, part name */
	/* shared strings: texts one behind the other, and where each ends */
	struct buf text;
	size_t *end, n_end, room_end;
	bool in_text;
	int phonetic;
	/* styles */
	struct format *format; size_t n_format;
	unsigned char *style; size_t n_style;
	bool in_xfs;
	/* the row under way */
	struct buf row, value;
	size_t at[CELLS_MAX + 1];                      /* cell i of the row is row.p[at[i]…at[i+1]) */
	str cell[CELLS_MAX];
	size_t n, column;
	enum cell_type type;
	size_t cell_style;
	bool in_cell, in_row, row_full;
};

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static const char *attr_of(const char **attr, const char *name)
{
	for (; *attr; attr += 2)
		if (!strcmp(local(attr[0]), name))
			return attr[1];
	return NULL;
}

static void no_doctype(void *arg, const char *name, const char *system, const char *public, int internal)
{
	struct xlsx_sheet *x = arg;

	(void)name, (void)system, (void)public, (void)internal;
	x->stop = true;
	XML_StopParser(x->xml, XML_FALSE);
}

static XML_Parser parser(struct xlsx_sheet *x, XML_StartElementHandler begin, XML_EndElementHandler end, XML_CharacterDataHandler text)
{
	XML_Parser p = XML_ParserCreate(NULL);

	if (!p)
		BUG("out of memory");
	XML_SetUserData(p, x);
	XML_SetElementHandler(p, begin, end);
	XML_SetCharacterDataHandler(p, text);
	XML_SetStartDoctypeDeclHandler(p, no_doctype);
	x->xml = p;
	return p;
}

/* A small part, whole. True when there is none and none is needed. */
static bool parse_part(struct xlsx_sheet *x, const char *name, bool needed, XML_StartElementHandler begin, XML_EndElementHandler end, XML_CharacterDataHandler text)
{
	struct zip_part *part = zip_part_open(x->zip, name);
	char piece[PIECE];
	int n = 0;
	bool fine = part != NULL;

	if (!part)
		return !needed;
	parser(x, begin, end, text);
	do {
		n = zip_part_read(part, piece, sizeof piece);
		fine = n >= 0 && XML_Parse(x->xml, piece, n, n == 0) == XML_STATUS_OK && !x->stop && !x->text.overflow;
	} while (fine && n > 0);
	XML_ParserFree(x->xml);
	x->xml = NULL;
	zip_part_close(part);
	return fine;
}

/* ---- workbook and its relations: which part is the first visible sheet ---- */

static void copy(char *to, size_t room, const char *from) { snprintf(to, room, "%s", from); }

static void workbook_begin(void *arg, const char *name, const char **attr)
{
	struct xlsx_sheet *x = arg;
	const char *state, *id, *from_1904;

	if (!strcmp(local(name), "workbookPr")) {
		from_1904 = attr_of(attr, "date1904");
		x->from_1904 = from_1904 && (!strcmp(from_1904, "1") || !strcmp(from_1904, "true"));
	}
	if (strcmp(local(name), "sheet") || x->rel[0])
		return;
	state = attr_of(attr, "state");
	id = attr_of(attr, "id");
	if (id && (!state || !strcmp(state, "visible")))
		copy(x->rel, sizeof x->rel, id);
}

static void rels_begin(void *arg, const char *name, const char **attr)
{
	struct xlsx_sheet *x = arg;
	const char *id = attr_of(attr, "Id"), *target = attr_of(attr, "Target");

	if (strcmp(local(name), "Relationship") || !id || !target || strcmp(id, x->rel))
		return;
	if (target[0] == '/')
		copy(x->path, sizeof x->path, target + 1);
	else
		snprintf(x->path, sizeof x->path, "xl/%s", target);
}

/* ---- shared strings ---- */

static void strings_begin(void *arg, const char *name, const char **attr)
{
	struct xlsx_sheet *x = arg;

	(void)attr;
	if (!strcmp(local(name), "rPh"))
		x->phonetic++;
	x->in_text = !strcmp(local(name), "t") && !x->phonetic;
}

static void strings_end(void *arg, const char *name)
{
	struct xlsx_sheet *x = arg;

	x->in_text = false;
	if (!strcmp(local(name), "rPh"))
		x->phonetic--;
	if (strcmp(local(name), "si"))
		return;
	if (x->n_end == STRINGS_MAX) {
		x->stop = true;
		return;
	}
	if (x->n_end == x->room_end) {
		x->room_end = x->room_end ? x->room_end * 2 : 1024;
		x->end = realloc(x->end, x->room_end * sizeof *x->end);
		if (!x->end)
			BUG("out of memory");
	}
	x->end[x->n_end++] = x->text.n;
}

static void strings_text(void *arg, const char *p, int n)
{
	struct xlsx_sheet *x = arg;

	if (x->in_text)
		buf_put(&x->text, p, (size_t)n);
}

/* ---- styles: which of them show a day or a percentage ---- */

static void styles_begin(void *arg, const char *name, const char **attr)
{
	struct xlsx_sheet *x = arg;
	const char *number = attr_of(attr, "numFmtId"), *code = attr_of(attr, "formatCode"), *own = NULL;
	int id = number ? (int)strtol(number, NULL, 10) : 0;

	if (!strcmp(local(name), "numFmt") && number && code && x->n_format < FORMATS_MAX) {
		x->format[x->n_format].id = id;
		copy(x->format[x->n_format++].code, CODE_MAX, code);
	}
	if (!strcmp(local(name), "cellXfs"))
		x->in_xfs = true;
	if (strcmp(local(name), "xf") || !x->in_xfs || x->n_style == STYLES_MAX)
		return;
	for (size_t i = 0; i < x->n_format && !own; i++)
		if (x->format[i].id == id)
			own = x->format[i].code;
	x->style[x->n_style++] = (unsigned char)cell_form_of(id, own);
}

static void styles_end(void *arg, const char *name)
{
	if (!strcmp(local(name), "cellXfs"))
		((struct xlsx_sheet *)arg)->in_xfs = false;
}

static void no_text(void *arg, const char *p, int n) { (void)arg, (void)p, (void)n; }
static void no_end(void *arg, const char *name) { (void)arg, (void)name; }

/* ---- the sheet ---- */

/* "BC12" is column 54. */
static size_t column_of(const char *ref, size_t next)
{
	size_t column = 0;

	if (!ref)
		return next;
	for (; *ref >= 'A' && *ref <= 'Z' && column <= CELLS_MAX; ref++)
		column = column * 26 + (size_t)(*ref - 'A' + 1);
	return column ? column - 1 : next;
}

static enum cell_type type_of(const char *t)
{
	if (!t || !strcmp(t, "n"))
		return TYPE_NUMBER;
	return !strcmp(t, "s") ? TYPE_SHARED : !strcmp(t, "b") ? TYPE_BOOL : TYPE_TEXT;
}

static void sheet_begin(void *arg, const char *name, const char **attr)
{
	struct xlsx_sheet *x = arg;
	const char *el = local(name), *s;

	if (!strcmp(el, "row")) {
		const char *r = attr_of(attr, "r");

		x->s.line = r ? strtoll(r, NULL, 10) : x->s.line + 1;
		x->n = 0;
		buf_clear(&x->row);
		x->in_row = true;
	} else if (!strcmp(el, "c") && x->in_row) {
		s = attr_of(attr, "s");
		x->column = column_of(attr_of(attr, "r"), x->n);
		x->type = type_of(attr_of(attr, "t"));
		x->cell_style = s ? (size_t)strtoul(s, NULL, 10) : 0;
		buf_clear(&x->value);
		x->in_cell = true;
	} else if (!strcmp(el, "rPh")) {
		x->phonetic++;
	}
	x->in_text = x->in_cell && !x->phonetic && (!strcmp(el, "v") || !strcmp(el, "t"));
}

static void put_value(struct xlsx_sheet *x)
{
	const char *v;

	buf_c(&x->value, 0);
	v = x->value.p ? x->value.p : "";
	if (x->type == TYPE_SHARED) {
		size_t i = (size_t)strtoul(v, NULL, 10), from = i && i < x->n_end ? x->end[i - 1] : 0;

		if (i < x->n_end && x->value.n > 1)
			buf_put(&x->row, x->text.p + from, x->end[i] - from);
	} else if (x->type == TYPE_NUMBER) {
		cell_show(&x->row, v, x->cell_style < x->n_style ? (enum cell_form)x->style[x->cell_style] : CELL_PLAIN, x->from_1904);
	} else {
		buf_str(&x->row, str_c(v));
	}
}

static void end_cell(struct xlsx_sheet *x)
{
	x->in_cell = false;
	if (x->column < x->n)
		return;
	if (x->column >= CELLS_MAX) {
		x->s.error = N_("The record has too many cells.");
		return;
	}
	while (x->n <= x->column)
		x->at[x->n++] = x->row.n;
	put_value(x);
	x->at[x->n] = x->row.n;
}

static void sheet_end(void *arg, const char *name)
{
	struct xlsx_sheet *x = arg;
	const char *el = local(name);

	x->in_text = false;
	if (!strcmp(el, "rPh"))
		x->phonetic--;
	if (!strcmp(el, "c") && x->in_cell)
		end_cell(x);
	if (strcmp(el, "row"))
		return;
	x->in_row = false;
	x->row_full = x->row.n > 0;
	if (x->row_full)
		XML_StopParser(x->xml, XML_TRUE);
}

static void sheet_text(void *arg, const char *p, int n)
{
	struct xlsx_sheet *x = arg;

	if (x->in_text)
		buf_put(&x->value, p, (size_t)n);
}

/* Parses on until a row with text is whole. */
static bool parse_row(struct xlsx_sheet *x)
{
	x->row_full = false;
	while (!x->row_full && !x->stop && !x->s.error) {
		enum XML_Status done;
		char piece[PIECE];

		if (x->suspended) {
			done = XML_ResumeParser(x->xml);
		} else {
			int n = x->last ? -1 : zip_part_read(x->part, piece, sizeof piece);

			if (n < 0)
				return x->last;
			x->last = n == 0;
			done = XML_Parse(x->xml, piece, n, x->last);
		}
		x->suspended = done == XML_STATUS_SUSPENDED;
		if (done == XML_STATUS_ERROR)
			return false;
		if (x->last && !x->suspended)
			return true;
	}
	return !x->stop;
}

static bool xlsx_sheet_next(struct sheet *s)
{
	struct xlsx_sheet *x = (struct xlsx_sheet *)s;

	if (s->error)
		return false;
	if (!parse_row(x) || x->row.overflow || x->value.overflow)
		s->error = s->error ? s->error : N_("The workbook is damaged here, or larger than it can sensibly be.");
	if (s->error || !x->row_full)
		return false;
	for (size_t i = 0; i < x->n; i++)
		x->cell[i] = (str){ x->row.p + x->at[i], x->at[i + 1] - x->at[i] };
	s->cell = x->cell;
	s->n = x->n;
	return true;
}

static void xlsx_sheet_close(struct sheet *s)
{
	struct xlsx_sheet *x = (struct xlsx_sheet *)s;

	if (x->xml)
		XML_ParserFree(x->xml);
	if (x->part)
		zip_part_close(x->part);
	if (x->zip)
		zip_close(x->zip);
	buf_free(&x->text);
	buf_free(&x->row);
	buf_free(&x->value);
	free(x->end);
	free(x->format);
	free(x->style);
	close(x->fd);
	free(x);
}
static const struct sheet_reader xlsx_reader = { xlsx_sheet_next, xlsx_sheet_close };

static bool read_parts(struct xlsx_sheet *x)
{
	x->format = calloc(FORMATS_MAX, sizeof *x->format);
	x->style = calloc(STYLES_MAX, 1);
	if (!x->format || !x->style)
		BUG("out of memory");
	return parse_part(x, "xl/workbook.xml", true, workbook_begin, no_end, no_text) && x->rel[0]
		&& parse_part(x, "xl/_rels/workbook.xml.rels", true, rels_begin, no_end, no_text) && x->path[0]
		&& parse_part(x, "xl/sharedStrings.xml", false, strings_begin, strings_end, strings_text)
		&& parse_part(x, "xl/styles.xml", false, styles_begin, styles_end, no_text);
}

struct sheet *xlsx_sheet_open(int fd, const char **ret_why)
{
	struct xlsx_sheet *x = calloc(1, sizeof *x);

	if (!x)
		BUG("out of memory");
	x->fd = fd;
	x->s.reader = &xlsx_reader;
	x->s.padded = true;
	buf_init(&x->text, TEXT_MAX);
	buf_init(&x->row, ROW_MAX);
	buf_init(&x->value, ROW_MAX);
	x->zip = zip_open(fd);
	if (x->zip && read_parts(x))
		x->part = zip_part_open(x->zip, x->path);
	if (!x->part) {
		*ret_why = N_("This is not an .xlsx workbook, or it is damaged or larger than it can sensibly be.");
		xlsx_sheet_close(&x->s);
		return NULL;
	}
	parser(x, sheet_begin, sheet_end, sheet_text);
	return &x->s;
}
