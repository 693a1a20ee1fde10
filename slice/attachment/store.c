/* store.c — files named by their SHA-256 under DATA/files/ab/cd/. A name never changes what it holds, so putting is harmless to repeat. */
#include "slice/attachment/attachment_int.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEX = 64, COPY_BLOCK = 64 * 1024 };
static const int64_t old_ms = 24 * 3600 * 1000;
static char base[512], thumbs[512];

void attachment_dir(const char *data_dir)
{
	if ((size_t)snprintf(base, sizeof base, "%s/files", data_dir) >= sizeof base || (size_t)snprintf(thumbs, sizeof thumbs, "%s/thumbs", data_dir) >= sizeof thumbs)
		BUG("data folder's name is too long");
}

static bool is_sha256(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	return s.n == HEX;
}

static str path_in(struct arena *a, const char *folder, str sha256)
{
	if (!base[0])
		BUG("attachment_dir was not called");
	if (!is_sha256(sha256))
		BUG("not a sha256");
	return arena_fmt(a, "%s/%.2s/%.2s/%.*s", folder, sha256.p, sha256.p + 2, STR_ARG(sha256));
}

str attachment_path(struct arena *a, str sha256) { return path_in(a, base, sha256); }
str thumb_path(struct arena *a, str sha256) { return path_in(a, thumbs, sha256); }

static enum err disk_error(struct ctx *c, const char *what)
{
	int no = errno;

	return fail(c, no == ENOSPC || no == EDQUOT ? ERR_FULL : ERR_DB, NULL, what, (const char *)strerror(no));
}

/* ---- putting ---- */

bool store_folders(const char *path)
{
	char d[1024];

	snprintf(d, sizeof d, "%s", path);
	for (char *p = strchr(d + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		if (mkdir(d, 0700) && errno != EEXIST)
			return false;
		*p = '/';
	}
	return true;
}

static bool sync_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	bool ok = fd >= 0 && !fsync(fd);

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool sync_folder_of(const char *path)
{
	char d[1024];

	snprintf(d, sizeof d, "%s", path);
	*strrchr(d, '/') = 0;
	return sync_path(d, O_RDONLY | O_DIRECTORY);
}

static bool copy_bytes(int in, int out)
{
	char b[COPY_BLOCK];
	ssize_t n;

	while ((n = read(in, b, sizeof b)) > 0)
		for (ssize_t done = 0, k; done < n; done += k)
			if ((k = write(out, b + done, (size_t)(n - done))) < 0)
				return false;
	return n == 0;
}

/* From another file system: beside its place first. */
static bool copy_file(const char *from, const char *to)
{
	char fresh[1024];
	int in = open(from, O_RDONLY | O_CLOEXEC), out, why;
	bool ok;

	snprintf(fresh, sizeof fresh, "%s.XXXXXX", to);
	out = in >= 0 ? mkstemp(fresh) : -1;
	ok = out >= 0 && copy_bytes(in, out) && !fsync(out);
	why = errno;
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) && ok)
		why = errno, ok = false;
	if (ok && rename(fresh, to))
		why = errno, ok = false;
	if (!ok && out >= 0)
		unlink(fresh);
	errno = why;
	return ok;
}

static bool move_file(const char *from, const char *to)
{
	if (!sync_path(from, O_RDONLY))
		return false;
	if (!rename(from, to))
		return true;
	return errno == EXDEV && copy_file(from, to);
}

enum err store_put(struct ctx *c, str from, str sha256, int64_t size)
{
	str path = attachment_path(c->a, sha256);
	struct stat st;

	if (!stat(path.p, &st) && st.st_size == size) {
		if (utimensat(AT_FDCWD, path.p, NULL, 0))      /* young again: the sweep passes it by */
			return disk_error(c, "keep file");
	} else if (!store_folders(path.p) || !move_file(arena_cstr(c->a, from), path.p) || !sync_folder_of(path.p)) {
		return disk_error(c, "keep file");
	}
	unlink(arena_cstr(c->a, from));
	return ERR_OK;
}

/* ---- walking ---- */

static bool is_old(const char *path, instant now)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && now.ms - (int64_t)st.st_mtim.tv_sec * 1000 > old_ms;
}

static enum err walk_folder(struct ctx *c, const char *folder, enum err (*fn)(struct ctx *c, str sha256))
{
	DIR *d = opendir(folder);
	struct dirent *e;
	enum err bad = ERR_OK;

	while (d && !bad && (e = readdir(d))) {
		struct arena_mark m = arena_mark(c->a);
		str name = str_c(e->d_name), path = arena_fmt(c->a, "%s/%s", folder, e->d_name);

		if (is_sha256(name) && is_old(path.p, c->now))
			bad = fn(c, name);
		arena_reset(c->a, m);
	}
	if (d)
		closedir(d);
	return bad;
}

enum err store_each_old(struct ctx *c, enum err (*fn)(struct ctx *c, str sha256))
{
	for (int i = 0; i < 256 * 256; i++) {
		char folder[600];

		snprintf(folder, sizeof folder, "%s/%02x/%02x", base, i >> 8, i & 255);
		TRY(walk_folder(c, folder, fn));
	}
	return ERR_OK;
}

bool store_remove(struct ctx *c, str sha256)
{
	str path = attachment_path(c->a, sha256);

	if (!is_old(path.p, c->now) || unlink(path.p))
		return false;
	unlink(thumb_path(c->a, sha256).p);
	return true;
}
