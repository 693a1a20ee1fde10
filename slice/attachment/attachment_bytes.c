/* attachment_bytes.c — keeps what the program itself made (a signature, a paper): written beside its final place first. */
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include "slice/attachment/attachment_int.h"

static str hex_of(struct ctx *c, str bytes)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	char *hex = arena_alloc(c->a, sizeof sum * 2 + 1);

	crypto_hash_sha256(sum, (const unsigned char *)bytes.p, bytes.n);
	sodium_bin2hex(hex, sizeof sum * 2 + 1, sum, sizeof sum);
	return str_c(hex);
}

static bool write_all(int fd, str bytes)
{
	for (size_t at = 0; at < bytes.n;) {
		ssize_t n = write(fd, bytes.p + at, bytes.n - at);

		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return !fsync(fd);
}

enum err attachment_bytes(struct ctx *c, const char *subject_kind, int64_t subject_id, str name, str type, str bytes, bool open_to_customer, int64_t *ret_id)
{
	str sha256 = hex_of(c, bytes), path = attachment_path(c->a, sha256);
	str fresh = arena_fmt(c->a, "%.*s.new", STR_ARG(path));
	struct attachment_file f = { name, type, fresh, sha256, (int64_t)bytes.n };
	struct stat st;
	int fd;
	bool written;

	/* The same bytes lie there already, synced: nothing to write. */
	if (!stat(path.p, &st) && st.st_size == f.size)
		return attachment_add(c, subject_kind, subject_id, &f, open_to_customer, ret_id);
	if (!store_folders(path.p))
		return fail(c, ERR_FULL, NULL);
	fd = open(fresh.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(c, ERR_FULL, NULL);
	written = write_all(fd, bytes);
	if (close(fd) || !written) {
		(void)unlink(fresh.p);
		return fail(c, ERR_FULL, NULL);
	}
	return attachment_add(c, subject_kind, subject_id, &f, open_to_customer, ret_id);
}

enum err attachment_read(struct ctx *c, int64_t id, size_t max, str *ret)
{
	struct attachment at;
	ssize_t n;
	char *p;
	int fd;

	TRY(attachment_get(c, id, &at));
	if (at.size < 0 || (uint64_t)at.size > max)
		return fail(c, ERR_TOO_LARGE, NULL);
	fd = open(attachment_path(c->a, at.sha256).p, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(c, ERR_NOT_FOUND, NULL);
	p = arena_alloc(c->a, (size_t)at.size + 1);
	n = read(fd, p, (size_t)at.size);
	(void)close(fd);
	if (n != at.size)
		return fail(c, ERR_NOT_FOUND, NULL);
	*ret = (str){ p, (size_t)n };
	return ERR_OK;
}

enum { SIGNATURE_MAX = 1 << 20 };

str attachment_signature(struct ctx *c, int64_t id)
{
	str png;

	if (id == NIL)
		return (str){ 0 };
	if (attachment_read(c, id, SIGNATURE_MAX, &png)) {
		c->diag = (struct diag){ 0 };
		return (str){ 0 };
	}
	return png;
}
