/* tar.c — see tar.h. */
#include "app/tar.h"
#include <unistd.h>

enum { BLOCK = 512, NAME = 0, MODE = 100, UID = 108, GID = 116, SIZE = 124, MTIME = 136, SUM = 148, KIND = 156, MAGIC = 257, PIECE = 1 << 16 };
static const char zero[BLOCK * 2];

/* n - 1 octal digits and a NUL; what does not fit is binary with the top bit set. */
static void put_number(unsigned char *p, size_t n, uint64_t v)
{
	if (v >> (3 * (n - 1))) {
		for (size_t i = n; i-- > 0; v >>= 8)
			p[i] = (unsigned char)v;
		p[0] |= 0x80;
		return;
	}
	for (size_t i = n - 1; i-- > 0; v >>= 3)
		p[i] = (unsigned char)('0' + (v & 7));
}

static bool number(const unsigned char *p, size_t n, int64_t *ret)
{
	uint64_t v = 0;

	if (p[0] & 0x80) {
		for (size_t i = 0; i < n; i++) {
			if (v >> 55)
				return false;
			v = v << 8 | (i ? p[i] : p[i] & 0x7F);
		}
	} else {
		for (size_t i = 0; i < n && p[i] && p[i] != ' '; i++) {
			if (p[i] < '0' || p[i] > '7')
				return false;
			v = v << 3 | (uint64_t)(p[i] - '0');
		}
	}
	*ret = (int64_t)v;
	return v < (uint64_t)INT64_MAX;
}

static uint64_t sum_of(const unsigned char *h)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= SUM && i < SUM + 8 ? ' ' : h[i];
	return sum;
}

static bool put(struct tar *t, const void *p, size_t n)
{
	t->bytes += (int64_t)n;
	return fwrite(p, 1, n, t->f) == n;
}

static bool put_head(struct tar *t, const char *name, int64_t size, int64_t mtime_s)
{
	static const unsigned char magic[8] = { 'u', 's', 't', 'a', 'r', 0, '0', '0' };
	unsigned char h[BLOCK] = { 0 };

	if (strlen(name) > 99)
		BUG("the name %s is too long for a backup", name);
	memcpy(h + NAME, name, strlen(name) + 1);
	put_number(h + MODE, 8, 0600);
	put_number(h + UID, 8, 0);
	put_number(h + GID, 8, 0);
	put_number(h + SIZE, 12, (uint64_t)size);
	put_number(h + MTIME, 12, (uint64_t)mtime_s);
	h[KIND] = '0';
	memcpy(h + MAGIC, magic, sizeof magic);
	put_number(h + SUM, 7, sum_of(h));
	h[SUM + 7] = ' ';
	return put(t, h, sizeof h);
}

static bool pad(struct tar *t, int64_t size) { return size % BLOCK == 0 || put(t, zero, (size_t)(BLOCK - size % BLOCK)); }

bool tar_put_text(struct tar *t, const char *name, str text, int64_t mtime_s)
{
	return put_head(t, name, (int64_t)text.n, mtime_s) && put(t, text.p, text.n) && pad(t, (int64_t)text.n);
}

/* A file that shrinks meanwhile is an error; what it grows by is not taken. */
bool tar_put_file(struct tar *t, const char *name, int fd, int64_t size, int64_t mtime_s, void (*progress)(void *arg, int64_t bytes), void *arg)
{
	static char piece[PIECE];
	int64_t left = size;

	if (!put_head(t, name, size, mtime_s))
		return false;
	while (left > 0) {
		ssize_t n = read(fd, piece, left < PIECE ? (size_t)left : PIECE);

		if (n <= 0 || !put(t, piece, (size_t)n))
			return false;
		left -= n;
		if (progress)
			progress(arg, t->bytes);
	}
	return pad(t, size);
}

bool tar_end(struct tar *t) { return put(t, zero, sizeof zero) && !fflush(t->f); }

static bool get(struct tar *t, void *p, size_t n)
{
	t->bytes += (int64_t)n;
	return fread(p, 1, n, t->f) == n;
}

/* Names lead nowhere else: no blank parts, no "..", no leading "/". */
static bool name_ok(const char *s)
{
	for (size_t i = 0; s[i]; i++) {
		bool good = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') || s[i] == '-' || s[i] == '_' || (s[i] == '.' && s[i + 1] != '.' && i && s[i - 1] != '/') ||
			(s[i] == '/' && i && s[i + 1] && s[i + 1] != '/');

		if (!good)
			return false;
	}
	return s[0] != 0;
}

int tar_next(struct tar *t, struct tar_entry *ret)
{
	unsigned char h[BLOCK], more[BLOCK];
	int64_t sum;

	if (!get(t, h, sizeof h))
		return -1;
	if (!memcmp(h, zero, BLOCK))
		return get(t, more, sizeof more) && !memcmp(more, zero, BLOCK) ? 0 : -1;
	if (!number(h + SUM, 8, &sum) || (uint64_t)sum != sum_of(h) || memcmp(h + MAGIC, "ustar", 5) || h[KIND] != '0' || !number(h + SIZE, 12, &ret->size))
		return -1;
	memcpy(ret->name, h + NAME, 100);
	return !ret->name[99] && name_ok(ret->name) ? 1 : -1;
}

bool tar_take(struct tar *t, const struct tar_entry *e, int out, void (*progress)(void *arg, int64_t bytes), void *arg)
{
	static char piece[PIECE];
	int64_t left = e->size, fill = (BLOCK - e->size % BLOCK) % BLOCK;

	while (left > 0) {
		size_t n = left < PIECE ? (size_t)left : PIECE;

		if (!get(t, piece, n) || (out >= 0 && write(out, piece, n) != (ssize_t)n))
			return false;
		left -= (int64_t)n;
		if (progress)
			progress(arg, t->bytes);
	}
	return get(t, piece, (size_t)fill);
}
