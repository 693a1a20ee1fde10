/* picture_web.c — pictures at the door: cleaned when they come in, small when a page lists them. */
#include "base/i18n.h"
#include "http/ui.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment_int.h"
#include "slice/attachment/attachment_view.h"
#include "view/picture.h"
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

enum { SIDE = 320, BLOCK = 64 * 1024 };

static int64_t bytes_max(struct ctx *c) { return setting_int(c, "attachment.max_mb") << 20; }
static int64_t pixels_max(struct ctx *c) { return setting_int(c, "attachment.max_megapixels") * 1000000; }

static bool read_whole(const char *path, struct buf *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char block[BLOCK];
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, block, sizeof block)) > 0)
		buf_put(b, block, (size_t)n);
	if (fd >= 0)
		close(fd);
	return fd >= 0 && !n && !b->overflow;
}

static bool write_whole(int fd, str s)
{
	bool ok = fd >= 0;

	for (ssize_t n; ok && s.n; s = (str){ s.p + n, s.n - (size_t)n })
		ok = (n = write(fd, s.p, s.n)) > 0;
	return fd >= 0 && !close(fd) && ok;
}

/* A small picture is only a help: without room for it the big one is shown. */
static bool keep_thumb(const char *path, str jpeg)
{
	char fresh[1100];
	int fd;

	snprintf(fresh, sizeof fresh, "%s.XXXXXX", path);
	fd = store_folders(path) ? mkstemp(fresh) : -1;
	if (fd < 0)
		return false;
	if (write_whole(fd, jpeg) && !rename(fresh, path))
		return true;
	unlink(fresh);
	return false;
}

static enum err refuse(struct ctx *c, const char *field, str name, enum picture_fault f)
{
	if (f == PICTURE_HUGE)
		return fail_field(c, field, N_("{1} has more than {2} million pixels."), name, setting_int(c, "attachment.max_megapixels"));
	return fail_field(c, field, N_("{1} is not a whole picture. Please take it or save it anew."), name);
}

static enum err put_back(struct ctx *c, struct upload *u, str clean)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	char hex[sizeof sum * 2 + 1];

	if (!write_whole(open(u->path.p, O_WRONLY | O_TRUNC | O_CLOEXEC), clean))
		return fail(c, ERR_FULL, NULL);
	crypto_hash_sha256(sum, (const unsigned char *)clean.p, clean.n);
	u->sha256 = arena_str(c->a, str_c(sodium_bin2hex(hex, sizeof hex, sum, sizeof sum)));
	u->size = (int64_t)clean.n;
	return ERR_OK;
}

static enum err clean(struct ctx *c, const char *field, struct upload *u, enum picture_kind kind, struct buf *in, struct buf *out, struct buf *small)
{
	struct picture p;
	enum picture_fault f;

	if (!read_whole(u->path.p, in))
		return fail(c, ERR_DB, NULL);
	f = picture_strip(kind, (str){ in->p, in->n }, pixels_max(c), out, &p);
	if (!f && kind != PICTURE_WEBP)
		f = picture_thumb(kind, (str){ out->p, out->n }, &p, SIDE, small);
	if (f)
		return refuse(c, field, u->name, f);
	TRY(put_back(c, u, (str){ out->p, out->n }));
	if (small->n)
		keep_thumb(thumb_path(c->a, u->sha256).p, (str){ small->p, small->n });
	return ERR_OK;
}

enum err attachment_received(struct ctx *c, str field, struct upload *u)
{
	enum picture_kind kind = picture_kind(u->type);
	struct buf in, out, small;
	enum err e;

	if (kind == PICTURE_NONE || u->size > bytes_max(c))
		return ERR_OK;                         /* what is too large is refused where it would be kept */
	buf_init(&in, (size_t)bytes_max(c) + BLOCK);
	buf_init(&out, (size_t)bytes_max(c) + BLOCK);
	buf_init(&small, 1 << 20);
	e = clean(c, arena_cstr(c->a, field), u, kind, &in, &out, &small);
	buf_free(&in);
	buf_free(&out);
	buf_free(&small);
	return e;
}

/* ---- handing out ---- */

/* Of what came in before there were small ones, or was made by the program. */
static bool make_thumb(struct ctx *c, const struct attachment *f, const char *path)
{
	enum picture_kind kind = picture_kind(f->type);
	struct buf in, out, small;
	struct picture p;
	bool done;

	buf_init(&in, (size_t)bytes_max(c) + BLOCK);
	buf_init(&out, (size_t)bytes_max(c) + BLOCK);
	buf_init(&small, 1 << 20);
	done = read_whole(attachment_path(c->a, f->sha256).p, &in) && !picture_strip(kind, (str){ in.p, in.n }, pixels_max(c), &out, &p)
		&& !picture_thumb(kind, (str){ out.p, out.n }, &p, SIDE, &small) && keep_thumb(path, (str){ small.p, small.n });
	buf_free(&in);
	buf_free(&out);
	buf_free(&small);
	return done;
}

enum err attachment_answer(struct ctx *c, const struct req *r, const struct attachment *f, struct reply *out)
{
	enum picture_kind kind = picture_kind(f->type);
	str small = thumb_path(c->a, f->sha256);

	*out = (struct reply){ .file_type = f->type, .file_name = f->name, .file_path = attachment_path(c->a, f->sha256), .inline_file = kind != PICTURE_NONE };
	if (!ui_query(c, r, "thumb").n || (kind != PICTURE_JPEG && kind != PICTURE_PNG))
		return ERR_OK;
	if (!access(small.p, R_OK) || make_thumb(c, f, small.p)) {
		out->file_type = S("image/jpeg");
		out->file_path = small;
	}
	return ERR_OK;
}
