/* gzip.c — compression of finished answers, one deflate state a thread. */
#include "http/http_int.h"
#include <zlib.h>

static _Thread_local z_stream *state;

static z_stream *ready(void)
{
	if (state)
		return deflateReset(state) == Z_OK ? state : NULL;
	state = calloc(1, sizeof *state);
	if (state && deflateInit2(state, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(state);
		state = NULL;
	}
	return state;
}

bool gzip_out(struct out *o)
{
	z_stream *z = ready();
	struct buf packed;

	if (!z)
		return false;
	buf_init(&packed, o->b.cap);
	packed.room = deflateBound(z, o->b.n);
	packed.p = malloc(packed.room);
	if (!packed.p)
		return false;
	z->next_in = (unsigned char *)o->b.p;
	z->avail_in = (unsigned)o->b.n;
	z->next_out = (unsigned char *)packed.p;
	z->avail_out = (unsigned)packed.room;
	if (deflate(z, Z_FINISH) != Z_STREAM_END || z->total_out >= o->b.n) {
		buf_free(&packed);
		return false;
	}
	packed.n = z->total_out;
	buf_free(&o->b);
	o->b = packed;
	return true;
}

void gzip_close(void)
{
	if (!state)
		return;
	deflateEnd(state);
	free(state);
	state = NULL;
}
