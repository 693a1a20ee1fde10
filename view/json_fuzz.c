/* Any text: JSON reads back as written, escaped text holds no markup, an address never gets a scheme. */
#include "view/view.h"
#include <jansson.h>

static void check(bool ok)
{
	if (!ok)
		abort();
}

static bool has(str s, const char *any)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] && strchr(any, s.p[i]))
			return true;
	return false;
}

static str made(const struct out *o) { return (str){ o->b.n ? o->b.p : "", o->b.n }; }

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct arena a;
	struct actor who = { .lang = "en" };
	struct ctx c = { .a = &a, .who = &who };
	struct out o;
	str s = { (const char *)p, n };
	json_t *j;

	if (!utf8_valid(s))
		return 0;
	arena_init(&a, 16 << 20);
	buf_init(&o.b, 16 << 20);
	buf_c(&o.b, '[');
	json_str(&o, s);
	buf_c(&o.b, ']');
	j = json_loadb(o.b.p, o.b.n, 0, NULL);
	check(j && str_eq((str){ json_string_value(json_array_get(j, 0)), json_string_length(json_array_get(j, 0)) }, s));
	json_decref(j);
	buf_clear(&o.b);
	out_attr(&o, &c, v_str(s));
	check(!has(made(&o), "<>\"'"));
	buf_clear(&o.b);
	out_url(&o, &c, v_str(s));
	check(!has(made(&o), "<>\"'\n\t") && o.b.n && has((str){ o.b.p, 1 }, "/?#hHmMtT"));
	buf_clear(&o.b);
	out_urlpart(&o, &c, v_str(s));
	check(!has(made(&o), "<>\"'&:/?# "));
	mask_text(&a, s);
	buf_free(&o.b);
	arena_free(&a);
	return 0;
}
