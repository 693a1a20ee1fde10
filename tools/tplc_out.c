/* tplc_out.c — reading the template by characters and writing C. */
#include "tools/tplc.h"

const char *const place_name[] = {
	"text", "a tag", "an attribute value", "title or textarea", "script or style", "a comment", "a declaration",
};

void put(struct text *t, const char *p, size_t n)
{
	if (t->n + n + 1 > t->room) {
		t->room = (t->n + n + 1) * 2;
		t->p = realloc(t->p, t->room);
		if (!t->p)
			abort();
	}
	memcpy(t->p + t->n, p, n);
	t->n += n;
	t->p[t->n] = 0;
}

void putf(struct text *t, const char *fmt, ...)
{
	char b[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(b, sizeof b, fmt, ap);
	va_end(ap);
	put(t, b, strlen(b));
}

void die(struct tplc *t, int line, const char *fmt, ...)
{
	int n = snprintf(t->error, sizeof t->error, "%.120s:%d: ", t->file, line);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->error + n, sizeof t->error - (size_t)n, fmt, ap);
	va_end(ap);
	longjmp(t->fail, 1);
}

bool listed(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }
bool is_name(char c) { return isalnum((unsigned char)c) || c == '-' || c == '_' || c == ':' || c == '.'; }

bool begins(const struct tplc *t, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(t->end - t->p) >= n && !strncasecmp(t->p, word, n);
}

char peek(const struct tplc *t, size_t k) { return (size_t)(t->end - t->p) > k ? t->p[k] : 0; }

char take(struct tplc *t)
{
	t->line += *t->p == '\n';
	return *t->p++;
}

/* ---- what goes into the page as it stands ---- */

static void write_blank(struct tplc *t)
{
	if (t->blank && !t->fresh) {
		put(&t->lit, &t->blank, 1);
		t->fresh = true;
	}
	t->blank = 0;
}

void emit(struct tplc *t, char ch)
{
	bool in_text = t->at.place == TEXT || t->at.place == RCDATA;

	if (!t->keep && is_blank(ch) && (t->at.place != VALUE || ch == '\n' || t->blank)) {
		if (t->blank != '\n')
			t->blank = in_text && ch == '\n' ? '\n' : ' ';
		return;
	}
	write_blank(t);
	put(&t->lit, &ch, 1);
	t->fresh = false;
}

void emit_n(struct tplc *t, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		emit(t, p[i]);
}

static void c_string(struct text *c, const char *p, size_t n)
{
	put(c, "\"", 1);
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"' || p[i] == '\\')
			putf(c, "\\%c", p[i]);
		else if (p[i] == '\n')
			put(c, i + 1 < n ? "\\n\"\n\t\t\"" : "\\n", i + 1 < n ? 7 : 2);
		else if ((unsigned char)p[i] < 0x20)
			putf(c, "\\%03o", p[i]);
		else
			put(c, p + i, 1);
	}
	put(c, "\"", 1);
}

void flush(struct tplc *t)
{
	write_blank(t);
	if (!t->lit.n)
		return;
	putf(&t->c, "\tout_lit(o, ");
	c_string(&t->c, t->lit.p, t->lit.n);
	putf(&t->c, ", %zu);\n", t->lit.n);
	t->lit.n = 0;
}

void put_line(struct tplc *t, struct text *to, int line)
{
	putf(to, "#line %d ", line);
	c_string(to, t->file, strlen(t->file));
	put(to, "\n", 1);
}
