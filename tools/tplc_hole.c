/* tplc_hole.c — holes: where one may stand and the call it becomes. */
#include "tools/tplc.h"

static const char *const switches[] = {         /* attributes that {{?name: cond}} may write */
	"allowfullscreen", "async", "autofocus", "autoplay", "checked", "controls", "default", "defer", "disabled", "formnovalidate",
	"hidden", "inert", "loop", "multiple", "muted", "novalidate", "open", "playsinline", "readonly", "required", "reversed", "selected",
};

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

const char *c_end(struct tplc *t, const char *p, const char *stop)
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

const char *trim(const char *p, size_t *n)
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

void hole(struct tplc *t)
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
