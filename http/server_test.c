#include "tests/unit.h"
#include "http/http_int.h"
#include "base/i18n.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

struct note { str text; int64_t files, size; str type; };
static const struct field note_fields[] = { FIELD(struct note, text), FIELD(struct note, files), FIELD(struct note, size), FIELD(struct note, type), { 0 } };
static const struct view note_view = { "note", "Note", NULL, note_fields, sizeof(struct note) };
struct note_in { str text; struct upload *file; size_t n_file; };
FORM(server_note_form, struct note_in, INPUT(struct note_in, text, IN_TEXT, "Text"), INPUT(struct note_in, file, IN_FILES, "Files", .off_n = offsetof(struct note_in, n_file)));

static enum err note_add(struct ctx *c, struct req *r, struct reply *out)
{
	const struct note_in *f = r->form;
	struct note *n = NEW(c->a, struct note);

	CHECK(db_writing(c->db));
	*n = (struct note){ .text = f->text, .files = (int64_t)f->n_file };
	if (f->n_file) {
		CHECK(!access(f->file[0].path.p, R_OK));
		n->size = f->file[0].size;
		n->type = f->file[0].type;
		n->text = f->file[0].sha256;
	}
	live_touch(c, "notes");
	*out = (struct reply){ .view = &note_view, .model = n, .created = true, .location = S("/notes/1") };
	return ERR_OK;
}

static bool piece(struct ctx *c, struct out *o, void *arg, enum err *ret_e)
{
	int *left = arg;

	(void)c, (void)ret_e;
	for (int i = 0; i < 1000; i++)
		buf_str(&o->b, S("0123456789abcdef"));
	return --*left > 0;
}

static enum err big(struct ctx *c, struct req *r, struct reply *out)
{
	int *left = NEW(c->a, int);

	(void)r;
	*left = 50;
	*out = (struct reply){ .stream = piece, .stream_arg = left, .file_type = S("text/plain") };
	return ERR_OK;
}

static enum err file(struct ctx *c, struct req *r, struct reply *out)
{
	(void)c, (void)r;
	*out = (struct reply){ .file_path = S("/tmp/http-server-test.txt"), .file_type = S("text/plain"), .inline_file = true };
	return ERR_OK;
}

static enum err nothing(struct ctx *c, struct req *r, struct reply *out) { (void)c, (void)r, (void)out; return ERR_OK; }

static const struct route rows[] = {
	{ .method = "POST", .path = "/notes", .flags = R_PUBLIC | R_API, .form = &server_note_form, .run = note_add, .view = &note_view, .summary = "add" },
	{ .method = "GET", .path = "/big", .flags = R_PUBLIC, .run = big, .summary = "stream" },
	{ .method = "GET", .path = "/file", .flags = R_PUBLIC, .run = file, .summary = "file" },
	{ .method = "GET", .path = "/live/{topic}", .flags = R_PUBLIC | R_API | R_LIVE, .run = nothing, .summary = "live" },
	{ .method = "POST", .path = "/often", .flags = R_PUBLIC | R_API | R_LIMIT, .run = nothing, .summary = "limited" },
};
static const struct slice slice = { .name = "note", SLICE_ROUTES(rows) };
static const struct slice *const slices[] = { &slice, NULL };
static const struct http_app app = { .slices = slices };

struct running { struct arena a; struct db *db; struct http *h; char dir[40]; };

static void start(struct running *t)
{
	const char *why = NULL;
	struct http_conf conf = { .listen = "127.0.0.1:0", .workers = 2 };
	str text;

	arena_init(&t->a, 1 << 20);
	snprintf(t->dir, sizeof t->dir, "/tmp/http-unit-XXXXXX");
	CHECK(mkdtemp(t->dir));
	conf.data_dir = t->dir;
	CHECK(!db_open(arena_fmt(&t->a, "%s/x.db", t->dir).p, &t->a, &t->db, &text));
	CHECK(!http_start(&conf, &app, t->db, &t->h, &why));
}

static void stop(struct running *t)
{
	http_stop(t->h);
	db_close(t->db);
	for (const char *const *name = (const char *const[]){ "x.db", "x.db-wal", "x.db-shm", NULL }; *name; name++)
		unlink(arena_fmt(&t->a, "%s/%s", t->dir, *name).p);
	CHECK(!rmdir(arena_fmt(&t->a, "%s/tmp", t->dir).p));
	CHECK(!rmdir(t->dir));
	arena_free(&t->a);
}

static int dial(const struct running *t)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(t->h)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval limit = { .tv_sec = 10 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	CHECK(!connect(fd, (struct sockaddr *)&to, sizeof to));
	return fd;
}

static void say(int fd, str s) { CHECK(send(fd, s.p, s.n, MSG_NOSIGNAL) == (ssize_t)s.n); }

/* Reads until `until` has been seen or the other side closes. */
static void hear(int fd, struct buf *b, const char *until)
{
	char piece_[65536];
	ssize_t n;

	while (!(until && b->n && str_find((str){ b->p, b->n }, str_c(until), NULL)) && (n = recv(fd, piece_, sizeof piece_, 0)) > 0)
		buf_put(b, piece_, (size_t)n);
	buf_c(b, 0);
	b->n--;
}

static void ask(const struct running *t, str request, struct buf *b)
{
	int fd = dial(t);

	buf_init(b, 4 << 20);
	say(fd, request);
	hear(fd, b, NULL);
	close(fd);
}

#define HEAD(line, more) line " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" more "\r\n"

static void writes_and_files(void **state)
{
	static const char body[] = "--q\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\a\\\\b.png\"\r\nContent-Type: text/html\r\n\r\n\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\r\n--q--\r\n";
	struct running t;
	struct buf b;

	(void)state;
	start(&t);
	ask(&t, S(HEAD("POST /api/v1/notes", "Content-Type: application/json\r\nContent-Length: 12\r\n") "{\"text\":\"a\"}"), &b);
	CHECK(strstr(b.p, "201 Created") && strstr(b.p, "Location: /api/v1/notes/1") && strstr(b.p, "\"text\":\"a\""));
	buf_free(&b);
	ask(&t, arena_fmt(&t.a, HEAD("POST /api/v1/notes", "Content-Type: multipart/form-data; boundary=q\r\nContent-Length: %zu\r\n") "%s", sizeof body - 1, body), &b);
	CHECK(strstr(b.p, "201 Created") && strstr(b.p, "\"files\":1,\"size\":16,\"type\":\"application/octet-stream\""));
	buf_free(&b);
	stop(&t);
}

static void streams_whole(void **state)
{
	struct running t;
	struct buf b;
	size_t n = 0;

	(void)state;
	start(&t);
	ask(&t, S(HEAD("GET /big", "")), &b);
	for (const char *p = b.p; (p = strstr(p, "0123456789abcdef")); p += 16)
		n++;
	CHECK(strstr(b.p, "chunked") && n >= 49000 && b.n > 16 * 50000);
	buf_free(&b);
	stop(&t);
}

static void ranges(void **state)
{
	static const struct { const char *range; const char *status, *body; } row[] = {
		{ "bytes=0-3", "206", "\r\n\r\n0123" }, { "bytes=6-", "206", "\r\n\r\n6789" }, { "bytes=-2", "206", "\r\n\r\n89" }, { "bytes=20-", "416", "\r\n\r\n" }, { "bytes=5-2", "200", "\r\n\r\n0123456789" }, { "bytes=9-99", "206", "\r\n\r\n9" },
		{ "bytes=0-1,3-4", "200", "\r\n\r\n0123456789" }, { "bytes=x", "200", "\r\n\r\n0123456789" }, { "bytes=-", "200", "\r\n\r\n0123456789" },
	};
	int fd = open("/tmp/http-server-test.txt", O_CREAT | O_TRUNC | O_WRONLY, 0600);
	struct running t;

	(void)state;
	CHECK(write(fd, "0123456789", 10) == 10);
	close(fd);
	start(&t);
	for (size_t i = 0; i < LEN(row); i++) {
		struct buf b;

		ask(&t, arena_fmt(&t.a, HEAD("GET /file", "Range: %s\r\n"), row[i].range), &b);
		CHECK_ROW(i, !strncmp(b.p + 9, row[i].status, 3) && str_ends((str){ b.p, b.n }, str_c(row[i].body)));
		CHECK_ROW(i, strstr(b.p, "Content-Security-Policy: sandbox"));
		buf_free(&b);
	}
	stop(&t);
	unlink("/tmp/http-server-test.txt");
}

static void news_arrive(void **state)
{
	struct running t;
	struct buf b, news;
	int fd;

	(void)state;
	start(&t);
	fd = dial(&t);
	buf_init(&news, 1 << 16);
	say(fd, S("GET /live/notes HTTP/1.1\r\nHost: localhost\r\n\r\n"));
	hear(fd, &news, "listening");
	CHECK(strstr(news.p, "text/event-stream") && !strstr(news.p, "\ndata:"));
	http_publish(t.h, S("others"));
	ask(&t, S(HEAD("POST /api/v1/notes", "Content-Type: application/json\r\nContent-Length: 12\r\n") "{\"text\":\"a\"}"), &b);
	hear(fd, &news, "data: notes\n\n");
	CHECK(strstr(news.p, "data: notes\n\n") && !strstr(news.p, "others"));
	buf_free(&b);
	live_later("notes");
	news.n = 0;
	hear(fd, &news, "data: notes\n\n");
	CHECK(strstr(news.p, "data: notes\n\n"));
	buf_free(&news);
	stop(&t);
	close(fd);
}

static void limits_attempts(void **state)
{
	struct running t;
	int refused = 0;

	(void)state;
	start(&t);
	for (int i = 0; i < 25; i++) {
		struct buf b;

		ask(&t, S(HEAD("POST /api/v1/often", "Content-Length: 0\r\n")), &b);
		refused += strstr(b.p, " 429 ") && strstr(b.p, "Retry-After: ") && strstr(b.p, "too_many");
		buf_free(&b);
	}
	CHECK(refused >= 4 && refused <= 5);
	stop(&t);
}

static void tells_why_it_cannot_start(void **state)
{
	static const struct { const char *listen, *data, *word; } row[] = { { "nowhere", "/tmp", "must look like" }, { "127.0.0.1:0", "/nonexistent", "data directory" } };

	(void)state;
	for (size_t i = 0; i < LEN(row); i++) {
		const struct http_conf conf = { .listen = row[i].listen, .data_dir = row[i].data, .workers = 1 };
		const char *why = NULL;
		struct arena a;
		struct http *h;
		struct db *db;
		str text;

		arena_init(&a, 1 << 20);
		CHECK(!db_open(":memory:", &a, &db, &text));
		CHECK_ROW(i, http_start(&conf, &app, db, &h, &why) && strstr(why, row[i].word));
		db_close(db);
		arena_free(&a);
	}
}

UNIT_GROUP(server, T(writes_and_files), T(streams_whole), T(ranges), T(news_arrive), T(limits_attempts), T(tells_why_it_cannot_start))
