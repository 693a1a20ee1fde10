/* zip.c — the parts of an archive by its central directory; stored and deflated ones, without Zip64. */
#include "base/sheet_int.h"
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PARTS_MAX = 2000, DIR_MAX = 1 << 20, NAME_MAX_BYTES = 120, TAIL = 65557, END_SIZE = 22, ENTRY_SIZE = 46, LOCAL_SIZE = 30 };
enum { STORED, DEFLATED = 8, SWELL = 400, SWELL_FREE = 1 << 20 };      /* times its packed size, beyond what is always allowed */
struct entry { char name[NAME_MAX_BYTES]; int64_t at, packed; int method; };
struct zip { int fd; int64_t size; struct entry *e; size_t n; };
struct zip_part { struct zip *z; z_stream s; int64_t at, left, packed, got; int method; bool done; unsigned char in[1 << 14]; };

static uint32_t u16(const unsigned char *p) { return (uint32_t)(p[0] | p[1] << 8); }
static int64_t u32(const unsigned char *p) { return (int64_t)u16(p) | (int64_t)u16(p + 2) << 16; }

static bool read_at(int fd, void *to, int64_t n, int64_t at)
{
	char *p = to;

	while (n > 0) {
		ssize_t got = pread(fd, p, (size_t)n, at);

		if (got <= 0)
			return false;
		p += got, at += got, n -= got;
	}
	return true;
}

/* Where the central directory lies, by the record at the very end. */
static bool find_directory(struct zip *z, int64_t *ret_at, int64_t *ret_bytes, size_t *ret_n)
{
	int64_t n = z->size < TAIL ? z->size : TAIL, i = n - END_SIZE;
	unsigned char *tail = malloc(TAIL);
	bool found = false;

	if (!tail)
		BUG("out of memory");
	if (n >= END_SIZE && read_at(z->fd, tail, n, z->size - n))
		for (; i >= 0 && !found; i--)
			found = !memcmp(tail + i, "PK\5\6", 4);
	if (found) {
		*ret_n = u16(tail + i + 1 + 10);
		*ret_bytes = u32(tail + i + 1 + 12);
		*ret_at = u32(tail + i + 1 + 16);
	}
	free(tail);
	return found && *ret_n <= PARTS_MAX && *ret_bytes <= DIR_MAX && *ret_at + *ret_bytes <= z->size;
}

static bool take_entries(struct zip *z, const unsigned char *p, int64_t bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct entry *e = &z->e[z->n];
		int64_t name, all;

		if (bytes < ENTRY_SIZE || memcmp(p, "PK\1\2", 4))
			return false;
		name = u16(p + 28);
		all = ENTRY_SIZE + name + u16(p + 30) + u16(p + 32);
		if (all > bytes)
			return false;
		if (name < NAME_MAX_BYTES && !(u16(p + 8) & 1)) {
			*e = (struct entry){ .method = (int)u16(p + 10), .packed = u32(p + 20), .at = u32(p + 42) };
			memcpy(e->name, p + ENTRY_SIZE, (size_t)name);
			z->n++;
		}
		p += all, bytes -= all;
	}
	return true;
}

struct zip *zip_open(int fd)
{
	struct zip *z = calloc(1, sizeof *z);
	unsigned char *dir = NULL;
	int64_t at, bytes;
	struct stat st;
	bool fine;
	size_t n;

	if (!z)
		BUG("out of memory");
	z->fd = fd;
	z->size = fstat(fd, &st) ? 0 : (int64_t)st.st_size;
	fine = find_directory(z, &at, &bytes, &n);
	if (fine) {
		z->e = calloc(n + 1, sizeof *z->e);
		dir = malloc((size_t)bytes + 1);
		if (!z->e || !dir)
			BUG("out of memory");
		fine = read_at(fd, dir, bytes, at) && take_entries(z, dir, bytes, n);
	}
	free(dir);
	if (fine)
		return z;
	zip_close(z);
	return NULL;
}

void zip_close(struct zip *z)
{
	free(z->e);
	free(z);
}

struct zip_part *zip_part_open(struct zip *z, const char *name)
{
	unsigned char head[LOCAL_SIZE];
	struct zip_part *p;
	size_t i;

	for (i = 0; i < z->n && strcmp(z->e[i].name, name); i++)
		;
	if (i == z->n || (z->e[i].method != STORED && z->e[i].method != DEFLATED) || !read_at(z->fd, head, LOCAL_SIZE, z->e[i].at) || memcmp(head, "PK\3\4", 4))
		return NULL;
	p = calloc(1, sizeof *p);
	if (!p || (z->e[i].method == DEFLATED && inflateInit2(&p->s, -MAX_WBITS) != Z_OK))
		BUG("out of memory");
	p->z = z;
	p->method = z->e[i].method;
	p->packed = p->left = z->e[i].packed;
	p->at = z->e[i].at + LOCAL_SIZE + u16(head + 26) + u16(head + 28);
	return p;
}

static int take_packed(struct zip_part *p, void *to, int64_t room)
{
	int64_t n = p->left < room ? p->left : room;

	if (n && !read_at(p->z->fd, to, n, p->at))
		return -1;
	p->at += n, p->left -= n;
	return (int)n;
}

static int inflate_some(struct zip_part *p, char *to, int n)
{
	p->s.next_out = (Bytef *)to;
	p->s.avail_out = (uInt)n;
	while (p->s.avail_out == (uInt)n && !p->done) {
		int code, got;

		if (!p->s.avail_in) {
			got = take_packed(p, p->in, sizeof p->in);
			if (got <= 0)
				return -1;
			p->s.next_in = p->in;
			p->s.avail_in = (uInt)got;
		}
		code = inflate(&p->s, Z_NO_FLUSH);
		if (code != Z_OK && code != Z_STREAM_END)
			return -1;
		p->done = code == Z_STREAM_END;
	}
	return n - (int)p->s.avail_out;
}

int zip_part_read(struct zip_part *p, char *to, int n)
{
	int got = p->method == STORED ? take_packed(p, to, n) : inflate_some(p, to, n);

	if (got < 0)
		return -1;
	p->got += got;
	return p->got > ZIP_PART_MAX || (p->got > SWELL_FREE && p->got / SWELL > p->packed) ? -1 : got;
}

void zip_part_close(struct zip_part *p)
{
	if (p->method == DEFLATED)
		inflateEnd(&p->s);
	free(p);
}
