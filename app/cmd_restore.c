/* cmd_restore.c — `baoxiu restore FILE`: reads a backup into an empty database. Everything is unpacked beside its place and proved first. */
#include "app/backup.h"
#include "app/cmd.h"
#include "app/verify.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/customer/customer.h"
#include "slice/org/org.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

struct restore {
	struct arena a;
	const char *file, *url;
	char *dir;                                     /* the data directory */
	str place, room;                               /* where the database goes; where everything is unpacked */
	struct tar tar;
	struct meter meter;
	struct manifest said;
	bool pg, has_database, has_keys, has_manifest;
	int64_t files;
};

static bool complain(const struct restore *r, const char *why)
{
	fprintf(stderr, "baoxiu: restore: %s: %s\n", r->file, why);
	return false;
}

/* ---- unpacking ---- */

static bool make_folders(char *path)
{
	for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		if (mkdir(path, 0700) && errno != EEXIST)
			return false;
		*p = '/';
	}
	return true;
}

static bool unpack_one(struct restore *r, const struct tar_entry *e)
{
	char *path = arena_cstr(&r->a, arena_fmt(&r->a, "%.*s/%s", STR_ARG(r->room), e->name));
	bool done;
	int fd;

	if (!make_folders(path) || (fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) < 0)
		return complain(r, strerror(errno));
	done = tar_take(&r->tar, e, fd, meter_bytes, &r->meter) && !fsync(fd);
	close(fd);
	return done || complain(r, ferror(r->tar.f) || feof(r->tar.f) ? "the file is cut off" : strerror(errno));
}

static bool read_manifest(struct restore *r)
{
	json_error_t why;
	json_t *j = json_load_file(arena_fmt(&r->a, "%.*s/%s", STR_ARG(r->room), BACKUP_MANIFEST).p, 0, &why);

	r->said = (struct manifest){ .program = arena_str(&r->a, str_c(json_string_value(json_object_get(j, "program")))), .engine = arena_str(&r->a, str_c(json_string_value(json_object_get(j, "engine")))),
		.sha256 = arena_str(&r->a, str_c(json_string_value(json_object_get(j, "sha256")))), .size = json_integer_value(json_object_get(j, "size")), .files = json_integer_value(json_object_get(j, "files")) };
	json_decref(j);
	return str_eq(r->said.program, S("baoxiu")) || complain(r, "this is no backup of baoxiu");
}

static void note_entry(struct restore *r, const char *name)
{
	r->has_database |= !strcmp(name, BACKUP_SQLITE) || !strcmp(name, BACKUP_POSTGRES);
	r->has_keys |= !strcmp(name, "keys");
	r->has_manifest |= !strcmp(name, BACKUP_MANIFEST);
	r->files += !strncmp(name, "files/", 6);
}

static bool unpack(struct restore *r)
{
	struct tar_entry e;
	int more;

	r->tar.f = fopen(r->file, "rbe");
	if (!r->tar.f)
		return complain(r, strerror(errno));
	while ((more = tar_next(&r->tar, &e)) > 0) {
		if (!unpack_one(r, &e)) {
			fclose(r->tar.f);
			return false;
		}
		note_entry(r, e.name);
	}
	fclose(r->tar.f);
	if (more < 0 || !r->has_database || !r->has_keys || !r->has_manifest)
		return complain(r, "it is cut off, damaged, or no backup of baoxiu");
	return read_manifest(r);
}

/* ---- proving ---- */

static void found(void *arg, str what)
{
	(void)arg;
	fprintf(stderr, "baoxiu: restore: %.*s\n", STR_ARG(what));
}

/* The database as it lies at url, with keys and files of the data directory dir. */
static bool prove(const struct restore *r, const char *url, const char *dir)
{
	struct verify v = { .found = found };
	struct house h;
	bool done;

	if (!house_open(&h, url, dir))
		return false;
	done = !house_verify(&h, &v);
	if (!done)
		house_complain(&h, "restore");
	house_close(&h);
	return done && (!v.differences || complain(r, "what is in it does not agree with itself"));
}

static bool check_sum(struct restore *r)
{
	char sum[SUM_HEX];
	int64_t size;
	str path = arena_fmt(&r->a, "%.*s/%s", STR_ARG(r->room), str_eq(r->said.engine, S("sqlite")) ? BACKUP_SQLITE : BACKUP_POSTGRES);

	if (!file_sum(path.p, sum, &size) || size != r->said.size || !str_eq(str_c(sum), r->said.sha256) || r->files != r->said.files)
		return complain(r, "its database or files are not those it was made with");
	if (r->pg == str_eq(r->said.engine, S("sqlite")))
		return complain(r, r->pg ? "it is of SQLite; give a file to --db" : "it is of PostgreSQL; give --db postgresql://…");
	return true;
}

static bool empty(struct house *h)
{
	struct customer_hit *hit;
	struct user *user;
	struct org root;
	size_t n;

	if (org_root(&h->c, &root) != ERR_NOT_FOUND)
		return false;
	h->c.diag = (struct diag){ 0 };
	return !customer_search(&h->c, S(""), NIL, 1, &hit, &n) && !n && !user_list(&h->c, &(struct user_query){ .role = -1, .org_id = NIL, .inactive = true, .limit = 1 }, &user, &n) && !n;
}

/* Nothing is there yet, or a database without any content. */
static bool place_is_free(struct restore *r)
{
	struct house h;
	bool is;

	if (!r->pg && access(r->place.p, F_OK))
		return true;
	if (!house_open(&h, r->pg ? r->url : r->place.p, arena_fmt(&r->a, "%.*s", STR_ARG(r->room)).p))
		return false;
	is = empty(&h);
	house_close(&h);
	if (!is)
		fprintf(stderr, "baoxiu: restore: %s: the database is not empty; name another one with --db\n", r->pg ? r->url : r->place.p);
	return is;
}

/* ---- putting in place ---- */

static const struct restore *moving;                   /* nftw knows no argument */

static int move_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	char *to;
	int bad;

	(void)st, (void)at;
	if (kind != FTW_F)
		return 0;
	if (asprintf(&to, "%s%s", moving->dir, path + moving->room.n) < 0)
		BUG("out of memory");
	bad = !make_folders(to) || rename(path, to);
	free(to);
	return bad;
}

static bool move_under(struct restore *r, const char *name)
{
	str from = arena_fmt(&r->a, "%.*s/%s", STR_ARG(r->room), name);

	moving = r;
	if (access(from.p, F_OK))
		return true;
	return !nftw(from.p, move_one, 16, FTW_PHYS) || complain(r, strerror(errno));
}

/* From another file system: beside its place first. */
static bool copy_file(struct restore *r, const char *from, const char *to)
{
	str part = arena_fmt(&r->a, "%s.part", to);
	static char piece[1 << 16];
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n = -1;
	bool done = in >= 0 && out >= 0;

	while (done && (n = read(in, piece, sizeof piece)) > 0)
		done = write(out, piece, (size_t)n) == n;
	done = done && !n && !fsync(out);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (done && !rename(part.p, to))
		return true;
	unlink(part.p);
	return false;
}

static bool move_file(struct restore *r, const char *from, const char *to)
{
	return !rename(from, to) || (errno == EXDEV && copy_file(r, from, to)) || complain(r, strerror(errno));
}

static bool move_database(struct restore *r)
{
	static const char *const tail[] = { "-wal", "-shm" };
	str from = arena_fmt(&r->a, "%.*s/%s", STR_ARG(r->room), r->pg ? BACKUP_POSTGRES : BACKUP_SQLITE);

	if (r->pg)
		return run_postgres_tool("restore", (const char *const[]){ "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", "--dbname", r->url, from.p, NULL });
	for (size_t i = 0; i < LEN(tail); i++)
		unlink(arena_fmt(&r->a, "%.*s%s", STR_ARG(r->place), tail[i]).p);
	return move_file(r, from.p, r->place.p);
}

/* The keys go in place of those of the empty database, which sealed nothing. */
static bool put_in_place(struct restore *r)
{
	if (!move_under(r, "files") || !move_under(r, "keys") || !move_database(r))
		return false;
	return !r->pg || prove(r, r->url, r->dir);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static bool restore(struct restore *r)
{
	if (!unpack(r) || !check_sum(r))
		return false;
	if (!r->pg && !prove(r, arena_fmt(&r->a, "%.*s/%s", STR_ARG(r->room), BACKUP_SQLITE).p, r->room.p))
		return false;
	return place_is_free(r) && put_in_place(r);
}

int cmd_restore(int argc, char **argv)
{
	struct restore r = { .meter.tty = isatty(2) };
	const char *data = NULL;
	const struct option_row rows[] = { { "--db", &r.url, NULL }, { "--data", &data, NULL } };
	bool done = false;

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc != 2)
		return usage_error("restore", "say which file to read");
	r.file = argv[1];
	r.dir = house_data_dir(data);
	if (!r.dir)
		return EXIT_DIFFERENT;
	arena_init(&r.a, 256 << 20);
	r.pg = is_postgres(r.url);
	r.place = r.url ? arena_fmt(&r.a, "%s", strncmp(r.url, "sqlite:", 7) ? r.url : r.url + 7) : arena_fmt(&r.a, "%s/baoxiu.db", r.dir);
	r.room = arena_fmt(&r.a, "%s/restore.XXXXXX", r.dir);
	if (mkdtemp((char *)(uintptr_t)r.room.p))
		done = restore(&r);
	else
		(void)complain(&r, strerror(errno));
	meter_end(&r.meter);
	nftw(r.room.p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (done)
		printf("restore: %s: database %lld MB, %lld files\n", r.file, (long long)(r.said.size >> 20), (long long)r.files);
	arena_free(&r.a);
	free(r.dir);
	return done ? EXIT_DONE : EXIT_DIFFERENT;
}
