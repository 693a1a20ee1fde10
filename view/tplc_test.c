/* What the template compiler accepts and what it must refuse, run as the build runs it. */
#include "tests/unit.h"
#include "view/tplc_path.h"
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/baoxiu-tplc-XXXXXX";

static void put_file(const char *name, const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static str get_file(const char *name)
{
	static char b[20000];
	char path[64];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f)
		return (str){ NULL, 0 };
	n = fread(b, 1, sizeof b - 1, f);
	fclose(f);
	b[n] = 0;
	return (str){ b, n };
}

/* Compiles text; what it said is in the file err. */
static int compile(const char *text)
{
	char cmd[400];
	int rc;

	put_file("t.html", text);
	snprintf(cmd, sizeof cmd, "cd %s && rm -f t.c t.h && %s t.html t.c t.h 2>err", dir, TPLC_PATH);
	rc = system(cmd);
	return WIFEXITED(rc) ? WEXITSTATUS(rc) : -1;
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int drop_dir(void **state)
{
	char cmd[80];

	(void)state;
	snprintf(cmd, sizeof cmd, "rm -rf %s", dir);
	return system(cmd);
}

/* The body of a template, and what must be said about it. */
static const struct { const char *body, *said; } refused[] = {
	{ "<p class={{x}}>", "must be quoted" },
	{ "<p class=plain>", "must be quoted" },
	{ "<script>var a = {{x}};</script>", "no hole in script or style" },
	{ "<style>{{x}}</style>", "no hole in script or style" },
	{ "<a onclick=\"f()\">", "no script in pages" },
	{ "<a hx-on:click=\"f()\">", "no script in pages" },
	{ "<p style=\"{{x}}\">", "no hole in the attribute style" },
	{ "<p STYLE=\"{{x}}\">", "no hole in the attribute style" },
	{ "<iframe srcdoc=\"{{x}}\">", "no hole in the attribute srcdoc" },
	{ "<img srcset=\"{{x}}\">", "no hole in the attribute srcset" },
	{ "<svg><set attributeName=\"href\" to=\"{{x}}\"/></svg>", "no hole in the attribute to" },
	{ "<p hx-trigger=\"{{x}}\">", "no hole in the attribute hx-trigger" },
	{ "<meta http-equiv=\"refresh\" content=\"{{x}}\">", "send a header" },
	{ "<!-- {{x}} -->", "no hole in a comment" },
	{ "<!doctype {{x}}>", "no hole in a declaration" },
	{ "<{{x}}>", "a bare < in text" },
	{ "<h{{x}}>", "no hole in the name of a tag" },
	{ "<p data-{{x}}=\"1\">", "no hole in the name of an attribute" },
	{ "<p {{x}}>", "no hole directly in a tag" },
	{ "<p {{?onclick: x}}></p>", "not a boolean attribute" },
	{ "<p {{?hidden}}></p>", "needs a name, a colon" },
	{ "<p {{?hidden: }}></p>", "has no condition" },
	{ "<p>{{?hidden: x}}</p>", "stands inside a tag" },
	{ "<a href=\"javascript:f()\">", "scheme javascript: is refused" },
	{ "<a href=\"JaVaScript:{{x}}\">", "scheme javascript: is refused" },
	{ "<a href=\"&#106;avascript:f()\">", "must begin with" },
	{ "<a href=\" {{x}}\">", "must begin with" },
	{ "<a href=\"data:text/html,{{x}}\">", "scheme data: is refused" },
	{ "{{}}", "a hole is empty" },
	{ "{{x", "a hole {{ is not closed" },
	{ "{{f(x}}", "'}' without its opening bracket" },
	{ "{{x); f(}}", "')' without its opening bracket" },
	{ "{{x /* y */}}", "no C comment here" },
	{ "{{x // y}}", "no C comment here" },
	{ "{{(html){ s }}}", "only view/ makes html" },
	{ "@let out_lit(o, s.p, s.n);", "would write past the escaping" },
	{ "@let return;", "would leave the markup half done" },
	{ "@let x = 1", "ends with ;" },
	{ "a < b", "a bare <" },
	{ "<p>", "<p> of line 2 is not closed in the @template of line 1" },
	{ "</p>", "closes nothing opened" },
	{ "<b><i></b></i>", "</b> stands where <i> of line 2 is still open" },
	{ "<br></br>", "<br> has no end tag" },
	{ "<div/>", "does not close itself" },
	{ "<p a=\"1\"b=\"2\"></p>", "a blank is missing" },
	{ "<p>\n@if (x)\n</p>\n@end", "closes a tag of line 2 opened outside of this @if" },
	{ "@if (x)\n<p>\n@end\n</p>", "<p> of line 3 is not closed in the @if of line 2" },
	{ "@if (x)\n<p>a</p>\n@else\n<p>\n@end\n</p>", "<p> of line 5 is not closed in the @if of line 2" },
	{ "<p title=\"\n@if (x)\na\">\n@end\n</p>", "<p> of line 2 is not closed in the @if of line 3" },
	{ "<p title=\"\n@if (x)\na\" id=\"\n@end\n\"></p>", "ends at another place" },
	{ "<br\n@if (x)\n><br\n@end\n>", "ends in another tag" },
	{ "<p\n@if (x)\n id=\"\n@end\n\"></p>", "begins in a tag and ends in an attribute value" },
	{ "@else", "@else without its @if" },
	{ "@if (x)\n@else\n@else\n@end", "@else without its @if" },
	{ "@if x\n@end", "@if needs (" },
	{ "@if (x\n@end", "')' is missing" },
	{ "@unknown", "@unknown is unknown" },
	{ "<b>@call f()</b>", "a directive begins its line" },
	{ "<p>a @end</p>", "a directive begins its line" },
	{ "@include \"a.h\"", "cannot stand inside a template" },
	{ "<p title=\"\n@call f()\n\"></p>", "@call stands in text" },
	{ "<title><b></title>", "a bare < in <title>" },
	{ "@if (x)", "@if of this line has no @end" },
};

static void refusals(void **state)
{
	char text[500];

	(void)state;
	for (size_t i = 0; i < LEN(refused); i++) {
		snprintf(text, sizeof text, "@template t(str x)\n%s\n%s", refused[i].body, strcmp(refused[i].body, "@if (x)") ? "@end\n" : "");
		CHECK_ROW(i, compile(text) == 1);
		if (!str_find(get_file("err"), str_c(refused[i].said), NULL)) {
			print_error("said: %s", get_file("err").p);
			CHECK_ROW(i, false);
		}
		CHECK_ROW(i, str_starts(get_file("err"), S("t.html:")));
		CHECK_ROW(i, !get_file("t.c").p);
	}
}

static const struct { const char *text, *want; } written[] = {
	{ "@template t(str x)\n<a href=\"{{x}}\">{{x}}</a>\n@end\n", "OUT_ATTR(out_url, (x));" },
	{ "@template t(str x)\n<a href=\"/o/{{x}}\"></a>\n@end\n", "OUT_ATTR(out_urlpart, (x));" },
	{ "@template t(str x)\n<a hx-get=\"{{x}}?p={{x}}\"></a>\n@end\n", "OUT_ATTR(out_urlpart, (x));" },
	{ "@template t(str x)\n<input value=\"{{x}}\">\n@end\n", "OUT_ATTR(out_value, (x));" },
	{ "@template t(str x)\n<p data-due='{{x}}'></p>\n@end\n", "OUT_ATTR(out_iso, (x));" },
	{ "@template t(str x)\n<p hx-vals='{{x}}'></p>\n@end\n", "out_attr(o, c, v_json(x));" },
	{ "@template t(str x)\n<title>{{x}}</title>\n@end\n", "OUT_ATTR(out_attr, (x));" },
	{ "@template t(str x)\n{{_(\"a }} b\")}}\n@end\n", "V(_(\"a }} b\"))" },
	{ "@template t(str x)\n<div>\n\t\t<b>x</b>\n\n  y</div>\n@end\n", "\"<div>\\n\"\n\t\t\"<b>x</b>\\n\"\n\t\t\"y</div>\\n\", 23)" },
	{ "@template t(str x)\n<pre>  a\n  b</pre>\n@end\n", "\"<pre>  a\\n\"\n\t\t\"  b</pre>\\n\"" },
	{ "@template t(str x)\n@call f(x,\n\tx)\n@end\n", "f(o, c, x,\n\tx);" },
	{ "@template t(str x)\n@call f()\n@end\n", "f(o, c);" },
	{ "@static template t(str x, const int v[], void (*f)(int a, int b))\n@end\n", "(void)x; (void)v; (void)f;" },
	{ "@template t()\n@end\n", "void t(struct out *o, const struct ctx *c)\n" },
	{ "@template t()\na<!-- gone -->b\n@end\n", "\"ab\\n\"" },
	{ "@template t()\na@call.example @ @callers\n@end\n", "a@call.example @ @callers" },
	{ "@template t()\n@// remark {{\n@end\n", "#line 3 \"t.html\"" },
};

static void output(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(written); i++) {
		CHECK_ROW(i, compile(written[i].text) == 0);
		if (!str_find(get_file("t.c"), str_c(written[i].want), NULL)) {
			print_error("wrote: %s", get_file("t.c").p);
			CHECK_ROW(i, false);
		}
	}
	CHECK(compile("@include \"a/b.h\"\n@static template s()\n@end\n@template t(int x)\n@end\n") == 0);
	CHECK(str_find(get_file("t.h"), S("#include \"a/b.h\""), NULL));
	CHECK(str_find(get_file("t.h"), S("void t(struct out *o, const struct ctx *c, int x);"), NULL));
	CHECK(!str_find(get_file("t.h"), S("void s("), NULL));
	CHECK(compile("stray\n") == 1);
}

int tplc_test(void);
int tplc_test(void)
{
	const struct CMUnitTest tests[] = { T(refusals), T(output) };

	return cmocka_run_group_tests_name("tplc", tests, make_dir, drop_dir);
}
