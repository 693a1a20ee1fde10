/* house.c — composes the departments. */
#include "app/house.h"
#include "app/export.h"
#include "app/frame.h"
#include "app/verify.h"
#include "app/wiring.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/attachment/attachment_view.h"
#include "slice/audit/audit.h"
#include "slice/calendar/calendar.h"
#include "slice/entitlement/entitlement.h"
#include "slice/order/order.h"
#include "slice/sla/sla.h"
#include "lease.sql.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>
#include <sys/stat.h>

static const struct db_schema lease_schema = { "lease", lease_migrations, lease_statements };

/* News say that something of a topic changed, never what. */
static const struct { const char *topic; uint64_t need; } topics[] = {
	{ "orders", PERM_STAFF }, { "calendars", PERM_STAFF }, { "parts", PERM_PARTS_READ }, { "till", PERM_MONEY_READ },
};

static enum err live(struct ctx *c, struct req *r, struct reply *out)
{
	(void)out;
	for (size_t i = 0; i < LEN(topics); i++)
		if (str_eq(r->arg[0], str_c(topics[i].topic)))
			return may(c, topics[i].need) ? ERR_OK : fail(c, ERR_FORBIDDEN, NULL);
	return fail(c, ERR_NOT_FOUND, NULL);
}

static const struct route routes[] = {
	{ .method = "GET", .path = "/live/{topic}", .need = PERM_STAFF, .flags = R_API | R_LIVE, .run = live, .summary = "News of a topic as server-sent events" },
};
static const struct slice slice_house = { .name = "house", .schema = &lease_schema, SLICE_ROUTES(routes) };

#define SLICE(n) extern const struct slice slice_##n;
#include "app/slices.def"
#undef SLICE
const struct slice *const house_slices[] = {
	&slice_house,
#define SLICE(n) &slice_##n,
#include "app/slices.def"
#undef SLICE
	NULL,
};

const struct http_app house_app = {
	.slices = house_slices,
	.identify = account_identify,
	.received = attachment_received,
	.frame = frame_page,
	.error_page = frame_error,
	.login_path = "/login",
	.idem_find = idem_find,
	.idem_store = idem_store,
};

/* Like mkdir -p; only the last part is ours alone. */
static bool make_dir(char *p)
{
	for (char *s = strchr(p + 1, '/'); s; s = strchr(s + 1, '/')) {
		*s = 0;
		if (mkdir(p, 0755) && errno != EEXIST)
			return false;
		*s = '/';
	}
	return !mkdir(p, 0700) || errno == EEXIST;
}

char *house_data_dir(const char *data)
{
	const char *home = getenv("HOME");
	char *dir;

	if (!data)
		data = getenv("BAOXIU_DATA");
	if ((data ? asprintf(&dir, "%s", data) : asprintf(&dir, "%s/.local/share/baoxiu", home ? home : ".")) < 0)
		BUG("out of memory");
	if (make_dir(dir))
		return dir;
	fprintf(stderr, "baoxiu: %s: %s; name another directory with --data\n", dir, strerror(errno));
	free(dir);
	return NULL;
}

void house_complain(const struct house *h, const char *what)
{
	const struct ctx *c = &h->c;
	str why = diag_text(c);

	fprintf(stderr, "baoxiu: %s: %.*s\n", what, STR_ARG(why));
	for (size_t i = 0; i < c->diag.n; i++)
		fprintf(stderr, "  %s: %.*s\n", c->diag.f[i].field, STR_ARG(trf_(c, c->diag.f[i].text, c->diag.f[i].arg, LEN(c->diag.f[i].arg))));
}

void house_renew(struct house *h)
{
	static struct actor system;
	const char *lang = getenv("LANG");

	system = actor_system;
	system.lang = lang && !strncmp(lang, "zh", 2) ? "zh" : "en";
	system.zone = tz_get(S("Asia/Shanghai"));
	arena_clear(&h->a);
	h->c = (struct ctx){ .a = &h->a, .db = h->conn, .who = &system, .now = clock_now(), .trace = S("command") };
}

static bool migrate(struct house *h)
{
	const struct db_schema *list[LEN(house_slices)] = { NULL };
	size_t n = 0;

	for (size_t i = 0; house_slices[i]; i++)
		if (house_slices[i]->schema)
			list[n++] = house_slices[i]->schema;
	if (!db_migrate(h->db, &h->c, list))
		return true;
	house_complain(h, "the database cannot be brought up to date");
	return false;
}

/* What is shipped and not there yet: national days, calendars, service levels, policies. */
static enum err seed(struct ctx *c, void *arg)
{
	(void)arg;
	TRY(calendar_seed(c));
	TRY(sla_seed(c));
	return entitlement_seed(c);
}

static bool seeded(struct house *h)
{
	calendar_use(&sla_calendar_watch);
	if (!db_write(h->db, &h->c, seed, NULL))
		return true;
	house_complain(h, "what is shipped cannot be stored");
	return false;
}

enum { KEY_BYTES = 32, KEYS = 2 };

/* Two keys kept beside the database, not in it: one signs the audit trail, one seals secrets. Made at the first start. */
static bool use_keys(const char *dir)
{
	static unsigned char keys[KEYS * KEY_BYTES];
	char *path;
	int fd;
	bool done;

	if (asprintf(&path, "%s/keys", dir) < 0)
		BUG("out of memory");
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		randombytes_buf(keys, sizeof keys);
		done = write(fd, keys, sizeof keys) == (ssize_t)sizeof keys && !fsync(fd);
	} else {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		done = fd >= 0 && read(fd, keys, sizeof keys) == (ssize_t)sizeof keys;
	}
	if (fd >= 0)
		close(fd);
	if (!done)
		fprintf(stderr, "baoxiu: %s: the keys cannot be read or written\n", path);
	free(path);
	audit_key(keys);
	secret_key_use(keys + KEY_BYTES);
	return done;
}

static bool use_data_dir(struct house *h, const char *data, const char **url)
{
	char *dir = house_data_dir(data);
	bool done;

	if (!dir)
		return false;
	attachment_dir(arena_str(&h->keep, str_c(dir)).p);
	if (!*url)
		*url = arena_fmt(&h->keep, "%s/baoxiu.db", dir).p;
	done = use_keys(dir);
	free(dir);
	return done;
}

bool house_open(struct house *h, const char *url, const char *data)
{
	str why;

	*h = (struct house){ 0 };
	arena_init(&h->a, 64 << 20);
	arena_init(&h->keep, 1 << 16);
	if (sodium_init() < 0 || !use_data_dir(h, data, &url))
		return false;
	if (db_open(url, &h->a, &h->db, &why)) {
		fprintf(stderr, "baoxiu: %s: %.*s\n", url, STR_ARG(why));
		return false;
	}
	setting_use(house_slices, true);
	wiring_use();
	if (db_conn_open(h->db, &h->conn)) {
		fprintf(stderr, "baoxiu: %s: no connection for reading\n", url);
		db_close(h->db);
		return false;
	}
	house_renew(h);
	if (migrate(h) && seeded(h)) {
		house_renew(h);
		return true;
	}
	house_close(h);
	return false;
}

void house_close(struct house *h)
{
	db_conn_close(h->conn);
	db_close(h->db);
	arena_free(&h->a);
	arena_free(&h->keep);
}
