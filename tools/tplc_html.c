/* tplc_html.c — follows the HTML tokenizer: tags that must balance, attributes, addresses. */
#include "tools/tplc.h"

static const struct { const char *name; enum attr attr; } attr_table[] = {      /* a trailing * is "starts with" */
	{ "hx-on*", SCRIPT }, { "on*", SCRIPT }, { "style", STYLE },
	{ "href", URL }, { "src", URL }, { "action", URL }, { "formaction", URL }, { "xlink:href", URL }, { "cite", URL }, { "poster", URL },
	{ "ping", URL }, { "data", URL }, { "hx-get", URL }, { "hx-post", URL }, { "hx-put", URL }, { "hx-patch", URL },
	{ "hx-delete", URL }, { "hx-push-url", URL }, { "hx-replace-url", URL },
	{ "hx-vals", JSON }, { "hx-headers", JSON }, { "hx-request", JSON },
	{ "hx-vars", REFUSED }, { "hx-trigger", REFUSED }, { "srcset", REFUSED }, { "srcdoc", REFUSED },
	{ "to", REFUSED }, { "from", REFUSED }, { "by", REFUSED }, { "values", REFUSED },   /* SVG animation can set an href */
	{ "value", INPUT }, { "min", INPUT }, { "max", INPUT }, { "datetime", MACHINE }, { "data-*", MACHINE },
};
static const char *const void_tags[] = {
	"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
};
static const char *const raw_tags[] = { "script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext" };
static const char *const schemes[] = { "http", "https", "mailto", "tel" };


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

void markup_char(struct tplc *t)
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
