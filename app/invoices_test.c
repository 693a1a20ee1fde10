/* The way of an electronic invoice to its service and back, live against a service on the loopback: it answers, refuses, answers nonsense, hangs, is not there. */
#include "app/invoices.h"
#include "app/wiring.h"
#include "slice/account/account.h"
#include "slice/money/fees_world_test.h"
#include "tests/unit.h"
#include "tests/world.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* One connection: reads the request whole, answers as told; told NULL, says nothing until the client gives up. */
struct fake { int fd; const char *say; char heard[4096]; pthread_t thread; };

static void *serve_one(void *arg)
{
	struct fake *f = arg;
	size_t n = 0;
	int fd = accept(f->fd, NULL, NULL);

	while (fd >= 0 && n + 1 < sizeof f->heard && !strchr(f->heard, '}')) {
		ssize_t got = read(fd, f->heard + n, sizeof f->heard - n - 1);

		if (got <= 0)
			break;
		n += (size_t)got;
		f->heard[n] = 0;
	}
	if (fd >= 0 && f->say)
		CHECK(write(fd, f->say, strlen(f->say)) == (ssize_t)strlen(f->say));
	while (fd >= 0 && !f->say && read(fd, f->heard, 1) > 0)
		continue;
	if (fd >= 0)
		close(fd);
	return NULL;
}

static int listen_somewhere(struct fake *f)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;

	f->fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(f->fd >= 0 && !bind(f->fd, (struct sockaddr *)&at, n) && !listen(f->fd, 4) && !getsockname(f->fd, (struct sockaddr *)&at, &n));
	return ntohs(at.sin_port);
}

struct url { int port; };
static enum err url_it(struct ctx *c, void *arg)
{
	const struct url *u = arg;

	TRY(setting_set(c, "money.invoice_seconds", S("1")));
	return setting_set(c, "money.invoice_url", arena_fmt(c->a, "http://127.0.0.1:%d/invoices", u->port));
}

struct asking { str receipt, number; struct invoice i; };
static enum err ask_it(struct ctx *c, void *arg) { struct asking *a = arg; return invoice_ask(c, a->receipt, &(struct invoice_new){ S("杭州某公司"), S("91330100X"), { 0 } }, &a->i); }
static enum err issue_it(struct ctx *c, void *arg) { struct asking *a = arg; return invoice_issue(c, a->i.id, a->i.ver, a->number, (str){ 0 }, &a->i); }

/* Runs the outbox once, with the service standing by; what became of the invoice. */
static struct invoice deliver(struct world *w, const struct asking *a, struct fake *f, bool there)
{
	struct invoice i = a->i;
	int done;

	if (there)
		CHECK(!pthread_create(&f->thread, NULL, serve_one, f));
	w->c.who = &actor_system;
	world_calm(w);
	CHECK(!outbox_run(&w->c, 10, &done) && done == 1);
	if (there)
		pthread_join(f->thread, NULL);
	world_calm(w);
	CHECK(!invoice_get(&w->c, a->i.id, &i));
	w->c.who = &w->who;
	return i;
}

static struct asking asked(struct world *w, int no)
{
	struct asking a = { 0 };
	struct receipt r;

	CHECK(!money_pay(w, RECEIPT_DEPOSIT, METHOD_CASH, 1000, arena_fmt(w->c.a, "No%d", no).p, &r));
	a.receipt = r.no;
	CHECK(!world_write(w, ask_it, &a) && a.i.state == INVOICE_SENT);
	return a;
}

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body

static void answers_on(struct world *w)
{
	static const struct { const char *say, *number, *why; bool there; } rows[] = {
		{ ANSWER("200 OK", "{\"number\":\"E-77\",\"url\":\"https://x.test/77\"}"), "E-77", NULL, true },
		{ ANSWER("422 No", "{\"error\":\"tax number unknown\"}"), NULL, "tax number unknown", true },
		{ ANSWER("503 Busy", ""), NULL, "HTTP 503", true },
		{ ANSWER("200 OK", "hello"), NULL, "HTTP 200", true },
		{ NULL, NULL, "", true },
		{ NULL, NULL, "", false },
	};
	struct quote q;

	money_start(w);
	wiring_use();
	CHECK(!money_line(w, "GS-LCD", WHY_PAID, "过保") && !money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	for (size_t i = 0; i < LEN(rows); i++) {
		struct fake f = { .say = rows[i].say };
		struct url u = { listen_somewhere(&f) };
		struct asking a;
		struct invoice v;
		size_t at;

		if (!rows[i].there)
			close(f.fd);
		money_as(w, AS_ADMIN);
		CHECK(!world_write(w, url_it, &u));
		money_as(w, AS_ENGINEER);
		a = asked(w, (int)i);
		v = deliver(w, &a, &f, rows[i].there);
		CHECK_ROW(i, v.state == (rows[i].number ? INVOICE_ISSUED : INVOICE_FAILED));
		CHECK_ROW(i, rows[i].number ? str_eq(v.number, str_c(rows[i].number)) : v.why.n && (!*rows[i].why || str_find(v.why, str_c(rows[i].why), &at)));
		CHECK_ROW(i, !rows[i].say || (strstr(f.heard, "POST /invoices") && strstr(f.heard, "91330100X") && strstr(f.heard, "\"amount\"")));
		if (rows[i].there)
			close(f.fd);
		a.i = v;
		a.number = arena_fmt(w->c.a, "HAND-%zu", i);
		money_as(w, AS_FINANCE);
		CHECK_ROW(i, world_write(w, issue_it, &a) == (rows[i].number ? ERR_CONFLICT : ERR_OK));
	}
	CHECK(money_sound(w) && money_state(w).due.minor == 18001 - 1000 * (int64_t)LEN(rows));
}
static void answers(void **state) { (void)state; world_each(house_slices, answers_on); }

UNIT_GROUP(invoices, T(answers))
