/* tplc.c — the template compiler: tplc IN.html OUT.c OUT.h. The language is told in view/view.h.
 *
 * It follows the HTML tokenizer far enough to know where every hole stands, writes the fitting typed call for it and refuses
 * what cannot be made safe. What it writes is plain C with #line, so gcc checks the types and names the template's line. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define NAME_MAX_ 40
#define DEPTH 128

struct text { char *p; size_t n, room; };

/* Where in the markup we are. */
enum place { TEXT, TAG, VALUE, RCDATA, RAWTEXT, COMMENT, DECL };
static const char *const place_name[] = {
	"text", "a tag", "an attribute value", "title or textarea", "script or style", "a comment", "a declaration",
};

/* What kind of attribute a hole would stand in. */
enum attr { PLAIN, URL, INPUT, MACHINE, JSON, SCRIPT, STYLE, REFUSED };
static const struct { const char *name; enum attr attr; } attr_table[] = {      /* a trailing * is "starts with" */
	{ "hx-on*", SCRIPT }, { "on*", SCRIPT }, { "style", STYLE },
	{ "href", URL }, { "src", URL }, { "action", URL }, { "formaction", URL }, { "xlink:href", URL }, { "cite", URL }, { "poster", URL },
	{ "ping", URL }, { "data", URL }, { "hx-get", URL }, { "hx-post", URL }, { "hx-put", URL }, { "hx-patch", URL },
	{ "hx-delete", URL }, { "hx-push-url", URL }, { "hx-replace-url", URL },
	{ "hx-vals", JSON }, { "hx-headers", JSON }, { "hx-request", JSON },
	{ "hx-vars", REFUSED }, { "hx-trigger", REFUSED }, { "srcset", REFUSED }, { "srcdoc", REFUSED },
	{ "value", INPUT }, { "min", INPUT }, { "max", INPUT }, { "datetime", MACHINE }, { "data-*", MACHINE },
};
static const char *const void_tags[] = {
	"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
};
static const char *const raw_tags[] = { "script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext" };
static const char *const switches[] = {         /* attributes that {{?name: cond}} may write */
	"allowfullscreen", "async", "autofocus", "autoplay", "checked", "controls", "default", "defer", "disabled", "formnovalidate",
	"hidden", "inert", "loop", "multiple", "muted", "novalidate", "open", "playsinline", "readonly", "required", "reversed", "selected",
};
static const char *const schemes[] = { "http", "https", "mailto", "tel" };

struct tag { char name[NAME_MAX_]; int line; };
struct where {
	enum place place;
	size_t depth;                   /* of open tags */
	unsigned tag_no, attr_no;       /* which tag and attribute, counted */
	bool began;                     /* something stands in the value already */
};
struct block { const char *word; int line; struct where at; bool had_else; };

struct tplc {
	const char *file, *p, *end;
	int line;
	bool in_template;
	struct text c, h, proto, lit;
	struct where at;
	struct tag open[DEPTH], tag;    /* tag: the one being read */
	struct block block[DEPTH];
	size_t blocks;
	enum attr attr;
	char attr_name[NAME_MAX_], quote;
	char scheme[16];                /* literal letters at the start of a URL value */
	size_t scheme_n;
	bool scheme_done;
	char blank;                     /* white space seen and not yet written */
	bool fresh;                     /* the last thing written was white space */
	size_t keep;                    /* depth + 1 of the pre or textarea whose white space counts */
	jmp_buf fail;
	char error[300];
};

static void put(struct text *t, const char *p, size_t n)
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

__attribute__((format(printf, 2, 3))) static void putf(struct text *t, const char *fmt, ...)
{
	char b[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(b, sizeof b, fmt, ap);
	va_end(ap);
	put(t, b, strlen(b));
}

__attribute__((format(printf, 3, 4), noreturn)) static void die(struct tplc *t, int line, const char *fmt, ...)
{
	int n = snprintf(t->error, sizeof t->error, "%.120s:%d: ", t->file, line);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->error + n, sizeof t->error - (size_t)n, fmt, ap);
	va_end(ap);
	longjmp(t->fail, 1);
}

static bool listed(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }
static bool is_name(char c) { return isalnum((unsigned char)c) || c == '-' || c == '_' || c == ':' || c == '.'; }

static bool begins(const struct tplc *t, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(t->end - t->p) >= n && !strncasecmp(t->p, word, n);
}

static char peek(const struct tplc *t, size_t k) { return (size_t)(t->end - t->p) > k ? t->p[k] : 0; }

static char take(struct tplc *t)
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

static void emit(struct tplc *t, char ch)
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

static void emit_n(struct tplc *t, const char *p, size_t n)
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

static void flush(struct tplc *t)
{
	write_blank(t);
	if (!t->lit.n)
		return;
	putf(&t->c, "\tout_lit(o, ");
	c_string(&t->c, t->lit.p, t->lit.n);
	putf(&t->c, ", %zu);\n", t->lit.n);
	t->lit.n = 0;
}

static void put_line(struct tplc *t, struct text *to, int line)
{
	putf(to, "#line %d ", line);
	c_string(to, t->file, strlen(t->file));
	put(to, "\n", 1);
}

/* ---- C between the markup ---- */

/* Skips the string or character literal at p; returns its end. */
static const char *c_literal(struct tplc *t, const char *p)
{
	char q = *p++;

	for (; p < t->end && *p != q && *p != '\n'; p++)
		p += *p == '\\' && p + 1 < t->end;
	if (p >= t->end || *p != q)
		die(t, t->line, "a %c in C code is not closed", q);
	return p + 1;
}

static void check_word(struct tplc *t, const char *p, size_t n)
{
	static const char *const jumps[] = { "return", "break", "continue", "goto" };

	for (size_t i = 0; i < LEN(jumps); i++)
		if (n == strlen(jumps[i]) && !memcmp(p, jumps[i], n))
			die(t, t->line, "%s would leave the markup half done: use @if", jumps[i]);
	if (n > 4 && p[n] == '(' && (!memcmp(p, "out_", 4) || !memcmp(p, "buf_", 4)))
		die(t, t->line, "%.*s would write past the escaping: use a hole or @call", (int)(n > 60 ? 60 : n), p);
}

/* End of the C text at p: before `stop` ("}}" or a newline) outside of brackets and literals. Brackets must match. */
static const char *c_end(struct tplc *t, const char *p, const char *stop)
{
	char want[64];
	size_t n = 0, stop_n = strlen(stop);

	while (p < t->end && (n || (size_t)(t->end - p) < stop_n || memcmp(p, stop, stop_n))) {
		const char *word = p;

		if (*p == '"' || *p == '\'') {
			p = c_literal(t, p);
			continue;
		}
		while (p < t->end && is_word(*p))
			p++;
		if (p > word) {
			check_word(t, word, (size_t)(p - word));
			continue;
		}
		if (p + 1 < t->end && *p == '/' && (p[1] == '/' || p[1] == '*'))
			die(t, t->line, "no C comment here: use a line with @//");
		if (t->end - p > 5 && !memcmp(p, "(html)", 6))
			die(t, t->line, "only view/ makes html");
		if (*p == '(' || *p == '[' || *p == '{') {
			if (n == sizeof want)
				die(t, t->line, "brackets nest too deep");
			want[n++] = *p == '(' ? ')' : *p == '[' ? ']' : '}';
		} else if ((*p == ')' || *p == ']' || *p == '}') && (!n || want[--n] != *p)) {
			die(t, t->line, "'%c' without its opening bracket", *p);
		} else if (*p == '#' || *p == '\\') {
			die(t, t->line, "'%c' cannot stand in C code here", *p);
		}
		p++;
	}
	if (n)
		die(t, t->line, "'%c' is missing", want[n - 1]);
	return p;
}

static const char *trim(const char *p, size_t *n)
{
	while (*n && is_blank(*p))
		p++, --*n;
	while (*n && is_blank(p[*n - 1]))
		--*n;
	return p;
}

/* ---- holes ---- */

static void hole_call(struct tplc *t, const char *e, size_t n)
{
	static const char *const call[] = { [PLAIN] = "out_attr", [INPUT] = "out_value", [MACHINE] = "out_iso" };

	if (t->at.place == TEXT)
		putf(&t->c, "\tout_text(o, c, V(");
	else if (t->at.place == RCDATA)
		putf(&t->c, "\tOUT_ATTR(out_attr, (");
	else if (t->attr == URL)
		putf(&t->c, "\tOUT_ATTR(%s, (", t->at.began ? "out_urlpart" : "out_url");
	else if (t->attr == JSON)
		putf(&t->c, "\tout_attr(o, c, v_json(");
	else
		putf(&t->c, "\tOUT_ATTR(%s, (", call[t->attr]);
	put(&t->c, e, n);
	putf(&t->c, "));\n");
}

static void hole_switch(struct tplc *t, const char *e, size_t n)
{
	const char *colon = memchr(e, ':', n), *cond;
	size_t name_n = colon ? (size_t)(colon - e) : 0, cond_n;
	char name[NAME_MAX_];

	if (!colon || name_n >= sizeof name)
		die(t, t->line, "{{?name: cond}} needs a name, a colon and a condition");
	snprintf(name, sizeof name, "%.*s", (int)name_n, e);
	if (!listed(switches, LEN(switches), name))
		die(t, t->line, "'%s' is not a boolean attribute", name);
	cond_n = n - name_n - 1;
	cond = trim(colon + 1, &cond_n);
	if (!cond_n)
		die(t, t->line, "{{?%s: }} has no condition", name);
	t->blank = 0;
	flush(t);
	put_line(t, &t->c, t->line);
	putf(&t->c, "\tif (");
	put(&t->c, cond, cond_n);
	putf(&t->c, ")\n\t\tout_lit(o, \" %s\", %zu);\n", name, name_n + 1);
	t->fresh = false;
}

static void hole_allowed(struct tplc *t)
{
	switch (t->at.place) {
	case TEXT: case RCDATA:
		return;
	case VALUE:
		break;
	case TAG:
		die(t, t->line, "no hole directly in a tag: write name=\"{{…}}\" or {{?name: cond}}");
	default:
		die(t, t->line, "no hole in %s", place_name[t->at.place]);
	}
	if (t->attr == SCRIPT || t->attr == STYLE || t->attr == REFUSED)
		die(t, t->line, "no hole in the attribute %s", t->attr_name);
}

static void hole(struct tplc *t)
{
	bool is_switch = peek(t, 2) == '?';
	const char *e = t->p + 2 + is_switch, *end;
	size_t n;

	if (!is_switch)
		hole_allowed(t);
	else if (t->at.place != TAG)
		die(t, t->line, "{{?name: cond}} stands inside a tag, not in %s", place_name[t->at.place]);
	end = c_end(t, e, "}}");
	if (end >= t->end)
		die(t, t->line, "a hole {{ is not closed");
	n = (size_t)(end - e);
	e = trim(e, &n);
	if (!n)
		die(t, t->line, "a hole is empty");
	if (is_switch) {
		hole_switch(t, e, n);
	} else {
		flush(t);
		put_line(t, &t->c, t->line);
		hole_call(t, e, n);
		t->fresh = false;
		t->at.began = t->scheme_done = true;
	}
	while (t->p < end + 2)
		take(t);
}

/* ---- markup ---- */

static void read_name(struct tplc *t, char name[NAME_MAX_])
{
	size_t n = 0;

	while (t->p < t->end && is_name(*t->p)) {
		if (n + 1 == NAME_MAX_)
			die(t, t->line, "the name %.20s… is too long", name);
		name[n++] = (char)tolower((unsigned char)*t->p);
		name[n] = 0;
		emit(t, *t->p++);
	}
	name[n] = 0;
}

static void close_tag(struct tplc *t)
{
	char name[NAME_MAX_];
	const struct block *b = &t->block[t->blocks];
	const struct tag *top = t->at.depth ? &t->open[t->at.depth - 1] : NULL;

	emit_n(t, "</", 2);
	t->p += 2;
	read_name(t, name);
	if (peek(t, 0) != '>')
		die(t, t->line, "</%s must end with >", name);
	emit(t, *t->p++);
	if (listed(void_tags, LEN(void_tags), name))
		die(t, t->line, "<%s> has no end tag", name);
	if (!top)
		die(t, t->line, "</%s> closes nothing opened in this template", name);
	if (strcmp(top->name, name))
		die(t, t->line, "</%s> stands where <%s> of line %d is still open", name, top->name, top->line);
	if (t->at.depth <= b->at.depth)
		die(t, t->line, "</%s> closes a tag of line %d opened outside of this @%s", name, top->line, b->word);
	t->at.depth--;
	if (t->keep > t->at.depth)
		t->keep = 0;
	t->at.place = TEXT;
}

static bool in_svg(const struct tplc *t)
{
	for (size_t i = 0; i < t->at.depth; i++)
		if (!strcmp(t->open[i].name, "svg") || !strcmp(t->open[i].name, "math"))
			return true;
	return false;
}

/* The > of a start tag. */
static void tag_end(struct tplc *t, bool slash)
{
	const char *name = t->tag.name;

	t->blank = 0;
	emit_n(t, slash ? "/>" : ">", slash ? 2 : 1);
	t->p += slash ? 2 : 1;
	t->at.place = TEXT;
	if (listed(void_tags, LEN(void_tags), name) || (slash && (in_svg(t) || !strcmp(name, "svg"))))
		return;
	if (slash)
		die(t, t->line, "<%s/> does not close itself in HTML: write </%s>", name, name);
	if (t->at.depth == DEPTH)
		die(t, t->line, "tags nest too deep");
	t->open[t->at.depth++] = t->tag;
	if (!strcmp(name, "textarea")) {        /* the parser drops one newline here: give it one, so that text keeps its own */
		if (peek(t, 0) == '\n')
			take(t);
		t->keep = t->at.depth;
		emit(t, '\n');
		t->at.place = RCDATA;
	} else if (!strcmp(name, "title") && !in_svg(t)) {
		t->at.place = RCDATA;
	} else if (listed(raw_tags, LEN(raw_tags), name)) {
		t->keep = t->keep ? t->keep : t->at.depth;
		t->at.place = RAWTEXT;
	} else if (!strcmp(name, "pre") && !t->keep) {
		t->keep = t->at.depth;
	}
}

static enum attr attr_kind(const char *name)
{
	for (size_t i = 0; i < LEN(attr_table); i++) {
		size_t n = strlen(attr_table[i].name);
		bool start = attr_table[i].name[n - 1] == '*';

		if (start ? !strncmp(name, attr_table[i].name, n - 1) : !strcmp(name, attr_table[i].name))
			return attr_table[i].attr;
	}
	return PLAIN;
}

static void read_attr(struct tplc *t)
{
	read_name(t, t->attr_name);
	if (peek(t, 0) == '{')
		die(t, t->line, "no hole in the name of an attribute");
	t->attr = attr_kind(t->attr_name);
	if (t->attr == SCRIPT)
		die(t, t->line, "no script in pages: %s is refused", t->attr_name);
	if (!strcmp(t->attr_name, "http-equiv"))
		die(t, t->line, "send a header instead of http-equiv");
	if (peek(t, 0) == '=') {
		t->quote = peek(t, 1);
		if (t->quote != '"' && t->quote != '\'')
			die(t, t->line, "the value of %s must be quoted", t->attr_name);
		emit_n(t, t->p, 2);
		t->p += 2;
		t->at.place = VALUE;
		t->at.attr_no++;
		t->at.began = false;
		t->scheme_n = 0;
		t->scheme_done = t->attr != URL;
	} else if (!is_blank(peek(t, 0)) && peek(t, 0) != '>' && peek(t, 0) != '/') {
		die(t, t->line, "'%c' cannot follow the attribute %s", peek(t, 0), t->attr_name);
	}
}

static void in_tag(struct tplc *t)
{
	char ch = *t->p;

	if (is_blank(ch)) {
		emit(t, ch);
		take(t);
	} else if (ch == '>') {
		tag_end(t, false);
	} else if (ch == '/' && peek(t, 1) == '>') {
		tag_end(t, true);
	} else if (is_name(ch)) {
		if (!t->blank && !t->fresh)
			die(t, t->line, "a blank is missing before an attribute of <%s>", t->tag.name);
		read_attr(t);
	} else {
		die(t, t->line, "'%c' cannot stand in the tag <%s>", ch, t->tag.name);
	}
}

/* Literal text at the start of a URL: its scheme must be a harmless one. */
static void url_char(struct tplc *t, char ch)
{
	if (ch == ':') {
		t->scheme[t->scheme_n] = 0;
		if (!listed(schemes, LEN(schemes), t->scheme))
			die(t, t->line, "the address scheme %s: is refused in %s", t->scheme, t->attr_name);
	}
	if (ch == '/' || ch == '?' || ch == '#' || ch == ':' || t->scheme_n + 1 == sizeof t->scheme)
		t->scheme_done = true;
	else if (!isgraph((unsigned char)ch) || ch == '&')
		die(t, t->line, "the address in %s must begin with /, ?, # or an allowed scheme", t->attr_name);
	else
		t->scheme[t->scheme_n++] = (char)tolower((unsigned char)ch);
}

static void in_value(struct tplc *t)
{
	char ch = take(t);

	if (ch == t->quote) {
		t->blank = 0;
		emit(t, ch);
		t->at.place = TAG;
		return;
	}
	if (!t->scheme_done)
		url_char(t, ch);
	emit(t, ch);
	t->at.began = true;
}

static void in_text(struct tplc *t)
{
	if (*t->p != '<') {
		emit(t, *t->p);
		take(t);
	} else if (begins(t, "<!--")) {
		t->at.place = COMMENT;
		t->p += 4;
	} else if (peek(t, 1) == '!') {
		t->at.place = DECL;
		emit(t, *t->p++);
	} else if (peek(t, 1) == '/') {
		close_tag(t);
	} else if (isalpha((unsigned char)peek(t, 1))) {
		emit(t, *t->p++);
		t->tag.line = t->line;
		read_name(t, t->tag.name);
		if (peek(t, 0) == '{')
			die(t, t->line, "no hole in the name of a tag");
		t->at.place = TAG;
		t->at.tag_no++;
	} else {
		die(t, t->line, "a bare < in text: write &lt;");
	}
}

/* Inside title, textarea, script, style: everything is text up to the end tag. */
static void in_element_text(struct tplc *t)
{
	const char *name = t->open[t->at.depth - 1].name;

	if (begins(t, "</") && (size_t)(t->end - t->p) > strlen(name) + 2 && !strncasecmp(t->p + 2, name, strlen(name))) {
		close_tag(t);
		return;
	}
	if (*t->p == '<' && t->at.place == RCDATA)
		die(t, t->line, "a bare < in <%s>: write &lt;", name);
	emit(t, *t->p);
	take(t);
}

static void markup_char(struct tplc *t)
{
	switch (t->at.place) {
	case TEXT:
		in_text(t);
		break;
	case TAG:
		in_tag(t);
		break;
	case VALUE:
		in_value(t);
		break;
	case RCDATA: case RAWTEXT:
		in_element_text(t);
		break;
	case COMMENT:
		if (begins(t, "-->")) {
			t->p += 3;
			t->at.place = TEXT;
		} else {
			take(t);
		}
		break;
	case DECL:
		if (*t->p == '>')
			t->at.place = TEXT;
		emit(t, *t->p);
		take(t);
		break;
	}
}

/* ---- lines with @ ---- */

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
		else
			markup_char(t);
		if (t->p > was && t->p[-1] == '\n')
			return;
	}
}

/* Compiles src; false with t->error set when it is refused. The caller frees t->c, h, proto and lit. */
static bool tplc(struct tplc *t, const char *file, const char *src, size_t n, const char *header)
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

static void tplc_free(struct tplc *t)
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
