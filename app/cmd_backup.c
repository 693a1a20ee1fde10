/* cmd_backup.c — `baoxiu backup FILE`: database, keys and attachments in one file, while the service runs. */
#include "app/backup.h"
#include "app/cmd.h"
#include "base/time.h"
#include "slice/attachment/attachment.h"
#include "verify.sql.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_AT_ONCE = 500 };
struct backup { struct house h; const char *file; str part, copy, keys; bool pg; const char *url; struct tar tar; struct meter meter; struct manifest made; };

static bool complain(const struct backup *b, const char *why)
{
	fprintf(stderr, "baoxiu: backup: %s: %s\n", b->file, why);
	return false;
}

static bool disk_trouble(const struct backup *b) { return complain(b, errno ? strerror(errno) : "it cannot be written"); }

static bool add_file(struct backup *b, const char *name, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool done;

	if (fd < 0 || fstat(fd, &st)) {
		fprintf(stderr, "baoxiu: backup: %s: %s\n", path, strerror(errno));
		return false;
	}
	done = tar_put_file(&b->tar, name, fd, st.st_size, st.st_mtim.tv_sec, meter_bytes, &b->meter);
	close(fd);
	return done || disk_trouble(b);
}

static bool copy_database(struct backup *b)
{
	unlink(b->copy.p);
	if (b->pg)
		return run_postgres_tool("backup", (const char *const[]){ "pg_dump", "--format=custom", "--no-owner", "--file", b->copy.p, "--dbname", b->url, NULL });
	if (!db_backup(b->h.db, &b->h.c, b->copy.p))
		return true;
	house_complain(&b->h, "backup");
	return false;
}

static bool add_database(struct backup *b)
{
	char sum[SUM_HEX];

	if (!copy_database(b))
		return false;
	if (!file_sum(b->copy.p, sum, &b->made.size))
		return disk_trouble(b);
	b->made.sha256 = arena_str(&b->h.keep, str_c(sum));
	return add_file(b, b->pg ? BACKUP_POSTGRES : BACKUP_SQLITE, b->copy.p);
}

struct file_name { str sha256; };
static const struct field file_fields[] = { FIELD(struct file_name, sha256), { 0 } };

/* Rows first, then files: a file is on disk before its row is, so none of the copy's rows is without. */
static bool add_attachments(struct backup *b)
{
	str after = S("");
	struct file_name *row;
	size_t n;

	do {
		house_renew(&b->h);
		if (db_rows(&b->h.c, &q_backup_files, BIND(P(after, after), P(limit, (int64_t)FILES_AT_ONCE)), file_fields, sizeof *row, FILES_AT_ONCE, &row, &n)) {
			house_complain(&b->h, "backup");
			return false;
		}
		for (size_t i = 0; i < n; i++) {
			str name = arena_fmt(&b->h.a, "files/%.2s/%.2s/%.*s", row[i].sha256.p, row[i].sha256.p + 2, STR_ARG(row[i].sha256));

			if (!add_file(b, name.p, attachment_path(&b->h.a, row[i].sha256).p))
				return false;
			b->made.files++;
		}
		if (n)
			after = arena_str(&b->h.keep, row[n - 1].sha256);
	} while (n == FILES_AT_ONCE);
	return true;
}

static bool add_manifest(struct backup *b)
{
	struct out o;
	bool done;

	buf_init(&o.b, 1 << 16);
	json_obj(&o, &b->h.c, manifest_fields, &b->made);
	done = tar_put_text(&b->tar, BACKUP_MANIFEST, (str){ o.b.p, o.b.n }, b->made.made_at.ms / 1000) && tar_end(&b->tar);
	buf_free(&o.b);
	return done || disk_trouble(b);
}

static bool write_all(struct backup *b)
{
	b->made = (struct manifest){ .program = S("baoxiu"), .engine = b->pg ? S("postgresql") : S("sqlite"), .made_at = b->h.c.now };
	return add_database(b) && add_file(b, "keys", b->keys.p) && add_attachments(b) && add_manifest(b);
}

/* Whole or not at all: written beside its place, synced, then named. */
static bool write_file(struct backup *b)
{
	bool done;

	if (!access(b->file, F_OK))
		return complain(b, "the file is there already");
	b->tar.f = fopen(b->part.p, "wbe");
	if (!b->tar.f)
		return disk_trouble(b);
	done = !fchmod(fileno(b->tar.f), 0600) && write_all(b) && (!fsync(fileno(b->tar.f)) || disk_trouble(b));
	if (fclose(b->tar.f) && done)
		done = disk_trouble(b);
	if (done && rename(b->part.p, b->file))
		done = disk_trouble(b);
	unlink(b->part.p);
	unlink(b->copy.p);
	return done;
}

int cmd_backup(int argc, char **argv)
{
	const char *data = NULL;
	struct backup b = { .meter.tty = isatty(2) };
	const struct option_row rows[] = { { "--db", &b.url, NULL }, { "--data", &data, NULL } };
	char *dir;
	bool done;

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc != 2)
		return usage_error("backup", "say which file to write");
	if (!house_open(&b.h, b.url, data))
		return EXIT_DIFFERENT;
	dir = house_data_dir(data);
	b.file = argv[1];
	b.pg = is_postgres(b.url);
	b.part = arena_fmt(&b.h.keep, "%s.part", b.file);
	b.copy = arena_fmt(&b.h.keep, "%s.copy", b.file);
	b.keys = arena_fmt(&b.h.keep, "%s/keys", dir ? dir : ".");
	free(dir);
	done = write_file(&b);
	meter_end(&b.meter);
	if (done)
		printf("backup: %s: %lld MB, database %lld MB, %lld files\n", b.file, (long long)(b.tar.bytes >> 20), (long long)(b.made.size >> 20), (long long)b.made.files);
	house_close(&b.h);
	return done ? EXIT_DONE : EXIT_DIFFERENT;
}
