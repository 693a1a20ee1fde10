/* tplc.c — the template compiler: tplc IN.html OUT.c OUT.h. The language is told in view/view.h.
 *
 * It follows the HTML tokenizer far enough to know where every hole stands, writes the fitting typed call for it and refuses
 * what cannot be made safe. What it writes is plain C with #line, so gcc checks the types and names the template's line. */
#include "tools/tplc.h"
#include <errno.h>

static void end_place(struct tplc *t, const struct where *was, const char *word, int line)
{
	if (t->at.depth > was->depth)
		die(t, t->line, "<%s> of line %d is not closed in the @%s of line %d", t->open[t->at.depth - 1].name, t->open[t->at.depth - 1].line, word, line);
	if (t->at.place != was->place)
		die(t, t->line, "the @%s of line %d begins in %s and ends in %s", word, line, place_name[was->place], place_name[t->at.place]);
	if ((t->at.place == TAG || t->at.place == VALUE) && (t->at.tag_no != was->tag_no))
		die(t, t->line, "the @%s of line %d ends in another tag", word, line);
	if (t->at.place == VALUE && (t->at.attr_no != was->attr_no || (t->attr == URL && t->at.began != was->began)))
		die(t, t->line, "the @%s of line %d ends at another place of the value of %s", word, line, t->attr_name);
}

static void need_parens(struct tplc *t, const char *word, const char *a, size_t n)
{
	if (n < 3 || a[0] != '(' || a[n - 1] != ')')
		die(t, t->line, "@%s needs (…)", word);
}

static void at_include(struct tplc *t, const char *word, const char *a, size_t n)
{
	(void)word;
	if (n < 3 || !((a[0] == '"' && a[n - 1] == '"') || (a[0] == '<' && a[n - 1] == '>')))
		die(t, t->line, "@include needs \"path.h\"");
	put_line(t, &t->h, t->line);
	putf(&t->h, "#include %.*s\n", (int)(n > 200 ? 200 : n), a);
}

/* Name of the parameter declared by the n bytes at p: its last word, or the one in (*name). */
static void param_cast(struct text *to, const char *p, size_t n)
{
	const char *star = memmem(p, n, "(*", 2), *bracket = memchr(p, '[', n);
	size_t e = star ? (size_t)(star + 2 - p) : bracket ? (size_t)(bracket - p) : n, b;

	if (star)
		while (e < n && is_word(p[e]))
			e++;
	while (e && !is_word(p[e - 1]))
		e--;
	for (b = e; b && is_word(p[b - 1]);)
		b--;
	if (e > b)
		putf(to, " (void)%.*s;", (int)(e - b), p + b);
}

static void at_template(struct tplc *t, const char *word, const char *a, size_t n)
{
	bool local = !strcmp(word, "static");
	const char *paren;
	struct text sig = { 0 };
	size_t name_n, params_n;

	if (local) {
		if (n < 9 || memcmp(a, "template ", 9))
			die(t, t->line, "@static is followed by template");
		n -= 9;
		a = trim(a + 9, &n);
	}
	paren = memchr(a, '(', n);
	name_n = paren ? (size_t)(paren - a) : 0;
	if (!name_n || name_n >= NAME_MAX_ * 2 || a[n - 1] != ')')
		die(t, t->line, "@template needs name(parameters)");
	for (size_t i = 0; i < name_n; i++)
		if (!is_word(a[i]))
			die(t, t->line, "@template needs name(parameters)");
	params_n = n - name_n - 2;
	paren = trim(paren + 1, &params_n);
	if (params_n == 4 && !memcmp(paren, "void", 4))
		params_n = 0;
	putf(&sig, "%svoid %.*s(struct out *o, const struct ctx *c%s", local ? "static " : "", (int)name_n, a, params_n ? ", " : "");
	put(&sig, paren, params_n);
	put(&sig, ")", 1);
	put_line(t, local ? &t->proto : &t->h, t->line);
	put(local ? &t->proto : &t->h, sig.p, sig.n);
	putf(local ? &t->proto : &t->h, ";\n");
	put(&t->c, "\n", 1);
	put_line(t, &t->c, t->line);
	put(&t->c, sig.p, sig.n);
	putf(&t->c, "\n{\n\t(void)o; (void)c;");
	free(sig.p);
	for (size_t i = 0, from = 0, deep = 0; i <= params_n; i++) {
		if (i < params_n && (paren[i] == '(' || paren[i] == ')'))
			deep += paren[i] == '(' ? 1 : (size_t)-1;
		if (i == params_n || (paren[i] == ',' && !deep)) {
			param_cast(&t->c, paren + from, i - from);
			from = i + 1;
		}
	}
	put(&t->c, "\n", 1);
	t->in_template = true;
	t->at = (struct where){ .place = TEXT };
	t->block[0] = (struct block){ .word = "template", .line = t->line, .at = t->at };
	t->fresh = true;
	t->blank = 0;
}

static void at_open(struct tplc *t, const char *word, const char *a, size_t n)
{
	need_parens(t, word, a, n);
	if (t->blocks + 1 == DEPTH)
		die(t, t->line, "blocks nest too deep");
	t->block[++t->blocks] = (struct block){ .word = word, .line = t->line, .at = t->at };
	putf(&t->c, "\t%s ", word);
	put(&t->c, a, n);
	putf(&t->c, " {\n");
}

static void at_else(struct tplc *t, const char *word, const char *a, size_t n)
{
	struct block *b = &t->block[t->blocks];

	if (!t->blocks || strcmp(b->word, "if") || b->had_else)
		die(t, t->line, "@%s without its @if", word);
	end_place(t, &b->at, b->word, b->line);
	b->had_else = !strcmp(word, "else");
	if (b->had_else) {
		if (n)
			die(t, t->line, "nothing may follow @else");
		putf(&t->c, "\t} else {\n");
		return;
	}
	need_parens(t, word, a, n);
	putf(&t->c, "\t} else if ");
	put(&t->c, a, n);
	putf(&t->c, " {\n");
}

static void at_end(struct tplc *t, const char *word, const char *a, size_t n)
{
	struct block *b = &t->block[t->blocks];

	(void)word; (void)a;
	if (n)
		die(t, t->line, "nothing may follow @end");
	end_place(t, &b->at, b->word, b->line);
	put(&t->c, t->blocks ? "\t}\n" : "}\n", t->blocks ? 3 : 2);
	if (t->blocks)
		t->blocks--;
	else
		t->in_template = false;
}

static void at_let(struct tplc *t, const char *word, const char *a, size_t n)
{
	(void)word;
	if (!n || a[n - 1] != ';')
		die(t, t->line, "@let needs a C statement that ends with ;");
	put(&t->c, "\t", 1);
	put(&t->c, a, n);
	put(&t->c, "\n", 1);
}

static void at_call(struct tplc *t, const char *word, const char *a, size_t n)
{
	const char *paren = memchr(a, '(', n);
	size_t name_n = paren ? (size_t)(paren - a) : 0, rest;

	(void)word;
	if (!name_n || a[n - 1] != ')')
		die(t, t->line, "@call needs name(arguments)");
	if (t->at.place != TEXT)
		die(t, t->line, "@call stands in text, not in %s", place_name[t->at.place]);
	rest = n - name_n - 1;
	paren = trim(paren + 1, &rest);
	put(&t->c, "\t", 1);
	put(&t->c, a, name_n);
	putf(&t->c, "(o, c%s", rest > 1 ? ", " : "");
	put(&t->c, paren, rest);
	putf(&t->c, ";\n");
}

enum { OUTSIDE = 1, INSIDE = 2 };
static const struct { const char *word; int where; void (*run)(struct tplc *t, const char *word, const char *arg, size_t n); } directives[] = {
	{ "include", OUTSIDE, at_include }, { "template", OUTSIDE, at_template }, { "static", OUTSIDE, at_template },
	{ "for", INSIDE, at_open }, { "while", INSIDE, at_open }, { "if", INSIDE, at_open }, { "elif", INSIDE, at_else },
	{ "else", INSIDE, at_else }, { "end", INSIDE, at_end }, { "let", INSIDE, at_let }, { "call", INSIDE, at_call },
};

/* t->p is at the @ of a line. Takes the line (and those its brackets reach over). */
static void directive(struct tplc *t)
{
	const char *word = t->p + 1, *e = word, *stop, *arg;
	size_t n;

	if (t->end - word >= 2 && !memcmp(word, "//", 2)) {
		while (t->p < t->end && take(t) != '\n')
			;
		return;
	}
	while (e < t->end && is_word(*e))
		e++;
	for (size_t i = 0; i < LEN(directives); i++) {
		if (strlen(directives[i].word) != (size_t)(e - word) || memcmp(directives[i].word, word, (size_t)(e - word)))
			continue;
		if (directives[i].where != (t->in_template ? INSIDE : OUTSIDE))
			die(t, t->line, "@%s cannot stand %s a template", directives[i].word, t->in_template ? "inside" : "outside of");
		stop = directives[i].run == at_include ? memchr(e, '\n', (size_t)(t->end - e)) : c_end(t, e, "\n");
		stop = stop ? stop : t->end;
		n = (size_t)(stop - e);
		arg = trim(e, &n);
		if (t->in_template) {
			flush(t);
			put_line(t, &t->c, t->line);
		}
		directives[i].run(t, directives[i].word, arg, n);
		while (t->p < t->end && t->p <= stop)
			take(t);
		return;
	}
	die(t, t->line, "@%.*s is unknown; write {{\"@\"}} for the sign itself", (int)(e - word > 30 ? 30 : e - word), word);
}

/* Is this @ in the middle of a line a directive that was meant to begin one? */
static bool stray_directive(const struct tplc *t)
{
	const char *word = t->p + 1, *e = word;

	if (*t->p != '@' || is_word(t->p[-1]))
		return false;
	while (e < t->end && is_word(*e))
		e++;
	for (size_t i = 0; i < LEN(directives); i++) {
		if (strlen(directives[i].word) == (size_t)(e - word) && !memcmp(directives[i].word, word, (size_t)(e - word)))
			return true;
	}
	return false;
}

static void line_of_template(struct tplc *t)
{
	const char *p = t->p;
	bool live = t->at.place != COMMENT && t->at.place != RAWTEXT;

	while (p < t->end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < t->end && *p == '@' && live) {
		t->p = p;
		directive(t);
		return;
	}
	while (t->p < t->end) {
		const char *was = t->p;

		if (!t->in_template && !is_blank(*t->p))
			die(t, t->line, "markup stands outside of a template");
		if (!t->in_template)
			take(t);
		else if (begins(t, "{{"))
			hole(t);
		else if (t->p > p && live && stray_directive(t))
			die(t, t->line, "a directive begins its line; write {{\"@\"}} for the sign itself");
		else
			markup_char(t);
		if (t->p > was && t->p[-1] == '\n')
			return;
	}
}

bool tplc(struct tplc *t, const char *file, const char *src, size_t n, const char *header)
{
	memset(t, 0, sizeof *t);
	t->file = file;
	t->p = src;
	t->end = src + n;
	t->line = 1;
	if (setjmp(t->fail))
		return false;
	if (memchr(src, 0, n))
		die(t, 1, "there is a NUL in this file");
	putf(&t->h, "/* Made by tplc. */\n#pragma once\n#include \"view/view.h\"\n");
	putf(&t->proto, "/* Made by tplc. */\n#include \"view/view.h\"\n#include \"%.200s\"\n", header);
	while (t->p < t->end)
		line_of_template(t);
	if (t->in_template)
		die(t, t->block[t->blocks].line, "the @%s of this line has no @end", t->block[t->blocks].word);
	return true;
}

void tplc_free(struct tplc *t)
{
	free(t->c.p);
	free(t->h.p);
	free(t->proto.p);
	free(t->lit.p);
}

#ifndef TPLC_CORE
static bool read_file(const char *path, struct text *to)
{
	char b[8192];
	size_t n;
	FILE *f = fopen(path, "rb");
	bool ok;

	if (!f)
		return false;
	while ((n = fread(b, 1, sizeof b, f)))
		put(to, b, n);
	ok = !ferror(f);
	fclose(f);
	put(to, "", 0);
	return ok;
}

static bool write_file(const char *path, const struct text *a, const struct text *b)
{
	FILE *f = fopen(path, "wb");
	bool ok;

	if (!f)
		return false;
	ok = fwrite(a->p, 1, a->n, f) == a->n && (!b->n || fwrite(b->p, 1, b->n, f) == b->n);
	return fclose(f) == 0 && ok;
}

int main(int argc, char **argv)
{
	static struct tplc t;
	struct text src = { 0 }, none = { 0 };
	const char *slash;
	bool ok;

	if (argc != 4) {
		fprintf(stderr, "usage: tplc IN.html OUT.c OUT.h\n");
		return 2;
	}
	slash = strrchr(argv[3], '/');
	if (!read_file(argv[1], &src)) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		free(src.p);
		return 1;
	}
	ok = tplc(&t, argv[1], src.p, src.n, slash ? slash + 1 : argv[3]);
	if (!ok)
		fprintf(stderr, "%s\n", t.error);
	else if (!write_file(argv[2], &t.proto, &t.c) || !write_file(argv[3], &t.h, &none))
		ok = (perror(argv[2]), false);
	free(src.p);
	tplc_free(&t);
	return ok ? 0 : 1;
}
#endif
