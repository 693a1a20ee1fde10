#include "tests/unit.h"
#include "tests/door.h"
#include "base/time.h"

static void frame(struct out *o, const struct ctx *c, const struct req *r, const struct reply *rep, str csrf, void (*inside)(struct out *, const struct ctx *, const void *), const void *model)
{
	(void)r, (void)rep;
	out_lit(o, "<csrf>", 6);
	out_text(o, c, v_str(csrf));
	out_lit(o, "</csrf>", 7);
	inside(o, c, model);
}

static void error_page(struct out *o, const struct ctx *c, const struct req *r, int status)
{
	(void)r;
	out_text(o, c, V(status));
}

struct person { const char *login; int role; int64_t org_id; str org_path, token; };

static enum err hire(struct ctx *c, void *arg)
{
	struct person *p = arg;
	struct user u = { .login = str_c(p->login), .name = S("<b>Anna</b>"), .lang = S("en"), .active = true, .customer_id = NIL };
	instant frozen = c->now;
	int64_t id;
	enum err e;

	TRY(user_add(c, &u, (str){ 0 }, &id));
	TRY(user_grant(c, id, (enum role)p->role, p->org_id, p->org_path));
	/* The doors look at the real clock: a session of the frozen time would be old to them. */
	c->now = clock_now();
	e = session_start(c, id, S("::1"), S("test"), &p->token);
	c->now = frozen;
	return e;
}

void door_open(struct door *d, struct world *w, const struct slice *const *slices, const char *login, int role, int64_t org_id, str org_path)
{
	struct person p = { login, role, org_id, org_path, { 0 } };
	instant frozen = w->c.now;
	size_t at, end;
	str page;

	*d = (struct door){ .w = w, .app = { .slices = slices, .identify = account_identify, .frame = frame, .error_page = error_page, .login_path = "/login",
		.idem_find = idem_find, .idem_store = idem_store } };
	buf_init(&d->o.b, 4 << 20);
	if (role < 0)
		return;
	/* Requests go by the real clock, so the session must begin by it too. */
	w->c.now = clock_now();
	CHECK(!world_write(w, hire, &p));
	w->c.now = frozen;
	snprintf(d->cookie, sizeof d->cookie, "Cookie: bx_session=%.*s\r\n", STR_ARG(p.token));
	door_ask(d, "GET", "/account", "");
	CHECK(d->a.status == 200);
	page = (str){ d->o.b.p, d->o.b.n };
	CHECK(str_find(page, S("<csrf>"), &at) && str_find(page, S("</csrf>"), &end));
	snprintf(d->csrf, sizeof d->csrf, "%.*s", (int)(end - at - 6), page.p + at + 6);
}

static const struct actor *made_up;

static enum err identify(struct ctx *c, str session, str bearer, const struct actor **ret, str *ret_csrf)
{
	(void)c, (void)session, (void)bearer;
	*ret = made_up;
	*ret_csrf = S("token");
	return ERR_OK;
}

void door_as(struct door *d, struct world *w, const struct slice *const *slices, const struct actor *who)
{
	made_up = who;
	*d = (struct door){ .w = w, .app = { .slices = slices, .identify = identify, .frame = frame, .error_page = error_page, .idem_find = idem_find, .idem_store = idem_store },
		.cookie = "Cookie: bx_session=x\r\n", .csrf = "token", .o = d->o };
	if (!d->o.b.cap)
		buf_init(&d->o.b, 8 << 20);
}

void door_close(struct door *d) { buf_free(&d->o.b); }

void door_ask(struct door *d, const char *method, const char *path, const char *body)
{
	const char *accept = strncmp(path, "/api/", 5) ? "text/html" : "application/json";
	const char *type = *body == '{' ? "Content-Type: application/json\r\n" : *body ? "Content-Type: application/x-www-form-urlencoded\r\n" : "";
	str headers = arena_fmt(&d->w->a, "Host: localhost\r\nAccept: %s\r\nAccept-Language: en\r\n%s%s%s%s%s", accept, d->cookie, type, d->csrf[0] ? "X-CSRF-Token: " : "", d->csrf, d->csrf[0] ? "\r\n" : "");

	buf_clear(&d->o.b);
	d->a = (struct http_answer){ 0 };
	CHECK(!http_script(d->w->db, &d->app, method, path, headers.p, str_c(body), &d->o, &d->a));
}

bool door_says(const struct door *d, const char *text) { return str_find((str){ d->o.b.p, d->o.b.n }, str_c(text), NULL); }
