/* gzip.c — compression of finished answers, one deflate state a thread. A stamp is packed as a stored block of its own that nothing around
 * it refers to: it can be changed in place later, and the checksum, being linear, with it. */
#include "http/http_int.h"
#include <zlib.h>

enum { HEAD = 10, TAIL = 8, STORED = 5, FLUSH = 64 };
static _Thread_local struct { z_stream z; bool ready; struct buf to; } own;

static bool begin(size_t n, size_t n_stamp)
{
	static const unsigned char head[HEAD] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3 };
	size_t room;

	if (own.ready ? deflateReset(&own.z) : deflateInit2(&own.z, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY))
		return false;
	own.ready = true;
	room = deflateBound(&own.z, n) + HEAD + TAIL + (n_stamp + 1) * (STORED + STAMP + FLUSH);
	if (room > own.to.room) {
		buf_free(&own.to);
		buf_init(&own.to, room);
		own.to.p = malloc(room);
		own.to.room = own.to.p ? room : 0;
	}
	buf_clear(&own.to);
	buf_put(&own.to, head, sizeof head);
	return own.to.room >= room;
}

static void pack(const char *p, size_t n, int flush)
{
	own.z.next_in = (unsigned char *)(uintptr_t)p;
	own.z.avail_in = (unsigned)n;
	own.z.next_out = (unsigned char *)own.to.p + own.to.n;
	own.z.avail_out = (unsigned)(own.to.room - own.to.n);
	if (deflate(&own.z, flush) < 0)
		BUG("deflate: %s", own.z.msg);
	own.to.n = own.to.room - own.z.avail_out;
}

static void pack_stamp(const char *p, struct stamp *s)
{
	static const unsigned char stored[STORED] = { 0, STAMP, 0, (unsigned char)~STAMP, 0xff };

	buf_put(&own.to, stored, sizeof stored);
	s->at = own.to.n;
	buf_put(&own.to, p, STAMP);
}

static void put_le32(uint32_t v)
{
	for (int i = 0; i < 4; i++)
		buf_c(&own.to, (char)(v >> 8 * i));
}

bool gzip_out(struct buf *b, struct stamp *stamp, size_t n_stamp)
{
	size_t at = 0;

	if (!begin(b->n, n_stamp))
		return false;
	for (size_t i = 0; i < n_stamp; i++) {
		size_t from = stamp[i].at;

		pack(b->p + at, from - at, Z_FULL_FLUSH);
		pack_stamp(b->p + from, &stamp[i]);
		at = from + STAMP;
		stamp[i].behind = b->n - at;
	}
	pack(b->p + at, b->n - at, Z_FINISH);
	put_le32((uint32_t)crc32(0, (const unsigned char *)b->p, (unsigned)b->n));
	put_le32((uint32_t)b->n);
	buf_clear(b);
	buf_put(b, own.to.p, own.to.n);
	return true;
}

static uint32_t crc_of(const char *p) { return (uint32_t)crc32(0, (const unsigned char *)p, STAMP); }

void restamp(struct buf *b, const struct stamp *stamp, size_t n, bool packed, str id)
{
	uint32_t change, sum = 0;

	if (!n)
		return;
	change = crc_of(b->p + stamp[0].at) ^ crc_of(id.p);
	for (size_t i = 0; i < n; i++) {
		memcpy(b->p + stamp[i].at, id.p, STAMP);
		if (packed)
			sum ^= (uint32_t)crc32_combine(change, 0, (z_off_t)stamp[i].behind);
	}
	for (int i = 0; packed && i < 4; i++)
		b->p[b->n - TAIL + (size_t)i] = (char)(b->p[b->n - TAIL + (size_t)i] ^ (char)(sum >> 8 * i));
}

void gzip_close(void)
{
	if (own.ready)
		deflateEnd(&own.z);
	own.ready = false;
	buf_free(&own.to);
}
