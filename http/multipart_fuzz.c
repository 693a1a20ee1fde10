/* The first byte says how large the pieces are. */
#include "http/http_int.h"
#include <sodium.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	size_t step = n ? p[0] % 61u + 1 : 1;
	const struct parts *parts;
	struct multipart *m;
	struct arena a;
	enum err e = ERR_OK;

	if (sodium_init() < 0)
		return 0;
	arena_init(&a, 64 << 20);
	if (multipart_open(&a, S("multipart/form-data; boundary=b"), "/tmp", 1 << 16, 1 << 16, &m))
		BUG("boundary");
	for (size_t at = 1; at < n && !e; at += step)
		e = multipart_feed(m, (const char *)p + at, n - at < step ? n - at : step);
	if (!e && !multipart_end(m, &parts))
		for (size_t i = 0; i < parts->n_pair; i++)
			if (!utf8_valid(parts->pair[i].name) || !utf8_valid(parts->pair[i].value))
				BUG("bad text was accepted");
	multipart_close(m);
	arena_free(&a);
	return 0;
}
