/* The template compiler on any bytes: it must answer with C or a message, never crash or leak. The first byte wraps the rest in a template. */
#define TPLC_CORE
#include "tools/tplc.c"
#include "tools/tplc_hole.c"
#include "tools/tplc_html.c"
#include "tools/tplc_out.c"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct tplc t;
	struct text src = { 0 };
	bool wrap = n && (p[0] & 1);

	if (!n)
		return 0;
	put(&src, wrap ? "@template t(int x)\n" : "", wrap ? 19 : 0);
	put(&src, (const char *)p + 1, n - 1);
	put(&src, wrap ? "\n@end\n" : "", wrap ? 6 : 0);
	if (!tplc(&t, "fuzz.html", src.p, src.n, "fuzz.h") && !t.error[0])
		abort();
	tplc_free(&t);
	free(src.p);
	return 0;
}
