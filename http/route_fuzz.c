/* Path and escapes against a small table: a match has all its arguments, inside the path. */
#include "http/http_int.h"
static enum err run(struct ctx *c, struct req *r, struct reply *out) { (void)c, (void)r, (void)out; return ERR_OK; }
static const struct route rows[] = {
	{ .method = "GET", .path = "/", .run = run, .summary = "a" }, { .method = "GET", .path = "/a/{x}", .run = run, .summary = "b" },
	{ .method = "GET", .path = "/a/b/{x}/{y}", .run = run, .summary = "c" }, { .method = "GET", .path = "/{x}/b/{y}/c/{z}", .run = run, .summary = "d" },
};
static const struct slice slice = { .name = "fuzz", SLICE_ROUTES(rows) };
static const struct slice *const slices[] = { &slice, NULL };

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct router *r;
	const struct route *hit;
	str arg[3] = { { 0 } }, text;
	struct arena a;
	unsigned allow;
	char why[200];

	if (!r)
		r = router_new(slices, why, sizeof why);
	arena_init(&a, 16 << 20);
	if (n < 1 << 16 && !router_match(r, M_GET, DOOR_PAGE, (str){ (const char *)p, n }, &hit, arg, &allow))
		for (int i = 0; i < 3; i++)
			if (arg[i].p && (arg[i].p < (const char *)p || arg[i].p + arg[i].n > (const char *)p + n || (url_decode(&a, arg[i], false, &text) && !utf8_valid(text))))
				BUG("argument");
	arena_free(&a);
	return 0;
}
