/* Files: what is kept, what is refused, who may see it, what the sweep takes away. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment_int.h"
#include "slice/audit/audit.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

extern const struct slice slice_audit, slice_account, slice_attachment;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_attachment, NULL };
static char dir[] = "/tmp/attachment-unit-XXXXXX";

static enum err even_only(struct ctx *c, int64_t id)
{
	(void)c;
	return id % 2 ? ERR_NOT_FOUND : ERR_OK;
}
static const struct attachment_gate gate[] = { { "order", even_only, even_only } };

/* A temporary file as the doors hand it over. */
static struct attachment_file received(struct world *w, const char *name, const char *type, const char *bytes)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	char *hex = arena_alloc(&w->a, sizeof sum * 2 + 1);
	str path = arena_fmt(&w->a, "%s/upload-XXXXXX", dir);
	int fd = mkstemp((char *)(size_t)path.p);

	CHECK(fd >= 0 && write(fd, bytes, strlen(bytes)) == (ssize_t)strlen(bytes) && !close(fd));
	crypto_hash_sha256(sum, (const unsigned char *)bytes, strlen(bytes));
	sodium_bin2hex(hex, sizeof sum * 2 + 1, sum, sizeof sum);
	return (struct attachment_file){ str_c(name), str_c(type), path, str_c(hex), (int64_t)strlen(bytes) };
}

struct add { int64_t subject, id; struct attachment_file f; bool open; };
static enum err add(struct ctx *c, void *arg)
{
	struct add *a = arg;

	return attachment_add(c, "order", a->subject, &a->f, a->open, &a->id);
}
static enum err drop(struct ctx *c, void *arg) { return attachment_remove(c, ((struct add *)arg)->id, S("blurred")); }

static bool exists(str path) { return !access(path.p, F_OK); }

static void keeps_on(struct world *w)
{
	struct add one = { 2, 0, received(w, "C:\\照片\\屏幕.jpg", "image/jpeg", "picture"), true }, two = { .subject = 2 };
	struct attachment f, *list;
	size_t n;
	str path;

	CHECK(!world_write(w, add, &one));
	path = attachment_path(&w->a, one.f.sha256);
	CHECK(exists(path) && !exists(one.f.path));
	two.f = received(w, "log.txt", "text/plain", "picture");
	CHECK(!world_write(w, add, &two));
	CHECK(!exists(two.f.path));
	CHECK(!attachment_list(&w->c, "order", 2, &list, &n) && n == 2);
	CHECK(str_eq(list[0].name, S("屏幕.jpg")) && list[0].thumb_url.p && str_ends(list[0].url, S(".jpg")) && !list[1].thumb_url.p);
	CHECK(!attachment_get(&w->c, two.id, &f) && f.size == 7);
	w->who.sight = SIGHT_CUSTOMER;
	CHECK(!attachment_get(&w->c, one.id, &f));
	CHECK(attachment_get(&w->c, two.id, &f) == ERR_NOT_FOUND);
	w->who.sight = SIGHT_ALL;
	one.subject = 3;
	one.f = received(w, "x.pdf", "application/pdf", "paper");
	CHECK(!world_write(w, add, &one));
	CHECK(attachment_get(&w->c, one.id, &f) == ERR_NOT_FOUND);
	CHECK(world_write(w, drop, &one) == ERR_NOT_FOUND);
}

static void refuses_on(struct world *w)
{
	static const char *const types[] = { "image/svg+xml", "text/html", "application/x-dosexec", "image/gif", "text/xml", "application/javascript", "" };
	struct add big = { .subject = 2 };
	struct attachment *list;
	size_t n;

	for (size_t i = 0; i < LEN(types); i++) {
		struct add a = { 2, 0, received(w, "x", types[i], "<script>"), false };

		CHECK_ROW(i, world_write(w, add, &a) == ERR_MEDIA_TYPE);
		CHECK_ROW(i, exists(a.f.path) && !unlink(a.f.path.p));
	}
	big.f = received(w, "big.zip", "application/zip", "zip");
	big.f.size = (25 << 20) + 1;
	CHECK(world_write(w, add, &big) == ERR_TOO_LARGE);
	CHECK(!attachment_list(&w->c, "order", 2, &list, &n) && n == 0);
}

static void sweeps_on(struct world *w)
{
	struct add kept = { 2, 0, received(w, "a.txt", "text/plain", "kept"), false }, gone = { 2, 0, received(w, "b.txt", "text/plain", "gone"), false };
	str kept_path = attachment_path(&w->a, kept.f.sha256), gone_path = attachment_path(&w->a, gone.f.sha256);
	instant real = w->c.now;
	struct stat st;

	CHECK(!world_write(w, add, &kept));
	CHECK(!world_write(w, add, &gone));
	CHECK(!world_write(w, drop, &gone));
	CHECK(world_write(w, drop, &gone) == ERR_NOT_FOUND);
	CHECK(!stat(gone_path.p, &st));
	w->c.now.ms = (int64_t)st.st_mtim.tv_sec * 1000 + 3600 * 1000;
	CHECK(!attachment_sweep(&w->c));
	CHECK(exists(kept_path) && exists(gone_path));
	w->c.now.ms += 24 * 3600 * 1000;
	CHECK(!attachment_sweep(&w->c));
	CHECK(exists(kept_path) && !exists(gone_path));
	w->c.now = real;
}

static bool nothing(struct world *w)
{
	struct attachment *list;
	struct event *e;
	size_t n, m;

	return !attachment_list(&w->c, "order", 2, &list, &n) && !n && !audit_list(&w->c, "order", 2, 0, 0, &e, &m) && !m;
}

static void torture_on(struct world *w)
{
	struct add a = { 2, 0, received(w, "a.txt", "text/plain", "again and again"), false };

	world_torture(w, add, &a, nothing);
}

static str file_url(struct world *w, const struct add *a) { return arena_fmt(&w->a, "/files/%lld/x.txt", (long long)a->id); }

static void doors_on(struct world *w)
{
	struct add seen = { 2, 0, received(w, "日志 1.txt", "text/plain", "the log"), false }, hidden = { .subject = 3 };
	struct door d, e;
	str remove;

	hidden.f = received(w, "b.txt", "text/plain", "hidden");
	CHECK(!world_write(w, add, &seen));
	CHECK(!world_write(w, add, &hidden));
	door_open(&e, w, slices, NULL, -1, NIL, (str){ 0 });
	door_ask(&e, "GET", file_url(w, &seen).p, "");
	CHECK(e.a.status != 200 && !door_says(&e, "the log"));
	door_open(&d, w, slices, "anna", ROLE_ENGINEER, 1, S("1."));
	door_ask(&d, "GET", file_url(w, &seen).p, "");
	CHECK(d.a.status == 200 && str_starts(d.a.type, S("text/plain")));
	door_ask(&d, "GET", file_url(w, &hidden).p, "");
	CHECK(d.a.status == 404);
	door_ask(&d, "GET", "/files/x/y", "");
	CHECK(d.a.status == 404);
	remove = arena_fmt(&w->a, "/files/%lld/remove", (long long)seen.id);
	door_ask(&d, "POST", remove.p, "why=");
	CHECK(d.a.status == 422);
	door_ask(&d, "POST", remove.p, "why=blurred&back=//evil.example");
	CHECK(d.a.status == 303 && str_eq(d.a.location, S("/")));
	door_ask(&d, "GET", file_url(w, &seen).p, "");
	CHECK(d.a.status == 404);
	door_close(&d);
	door_close(&e);
}

static int unlink_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static void in_folder(void (*test)(struct world *w))
{
	memcpy(dir + sizeof dir - 7, "XXXXXX", 7);
	CHECK(mkdtemp(dir));
	attachment_dir(dir);
	attachment_gates(gate, LEN(gate));
	world_each(slices, test);
	nftw(dir, unlink_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void keeps(void **state) { (void)state; in_folder(keeps_on); }
static void refuses(void **state) { (void)state; in_folder(refuses_on); }
static void sweeps(void **state) { (void)state; in_folder(sweeps_on); }
static void doors(void **state) { (void)state; in_folder(doors_on); }
static void torture(void **state) { (void)state; in_folder(torture_on); }

UNIT_GROUP(attachment, T(keeps), T(refuses), T(sweeps), T(doors), T(torture))
