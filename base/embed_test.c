/* The sample set holds the headers of this folder. */
#include "base/embed.h"
#include "tests/unit.h"
#include <zlib.h>

extern const struct embedded embedded_sample[];

static void lookup(void **state)
{
	const struct embedded *e = embedded_find(embedded_sample, S("base.h"));

	(void)state;
	CHECK(e && str_starts(embedded_str(e), S("/* base.h")) && !e->bytes[e->n] && strlen(e->hash) == 16);
	CHECK(!embedded_find(embedded_sample, S("base.")) && !embedded_find(embedded_sample, S("")));
	for (e = embedded_sample; e[1].name; e++)
		CHECK_ROW(e - embedded_sample, strcmp(e[0].name, e[1].name) < 0);
}

static void packed(void **state)
{
	static unsigned char out[1 << 16];

	(void)state;
	for (const struct embedded *e = embedded_sample; e->name; e++) {
		z_stream z = { .next_in = (Bytef *)(uintptr_t)e->gz, .avail_in = (uInt)e->gz_n, .next_out = out, .avail_out = sizeof out };

		if (!e->gz)
			continue;
		CHECK_ROW(e - embedded_sample, e->gz_n < e->n && inflateInit2(&z, 16 + MAX_WBITS) == Z_OK);
		CHECK_ROW(e - embedded_sample, inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == e->n && !memcmp(out, e->bytes, e->n));
		inflateEnd(&z);
	}
}

UNIT_GROUP(embed, T(lookup), T(packed))
