/* cmd_user.c — people and API tokens from the command line: the first administrator, a forgotten password, a token for a script. */
#include "app/cmd.h"
#include "app/house.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/customer/customer.h"
#include "slice/org/org.h"
#include <termios.h>
#include <unistd.h>

struct asked { const char *db, *data, *role, *org, *name, *days, *login, *customer, *employee; };
enum { LINE_MAX_BYTES = 512 };

/* ---- passwords ---- */

static bool read_line(const char *prompt, char line[LINE_MAX_BYTES])
{
	struct termios was, quiet;
	bool terminal = isatty(STDIN_FILENO) && !tcgetattr(STDIN_FILENO, &was), got;

	if (terminal) {
		fprintf(stderr, "%s: ", prompt);
		quiet = was;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
	}
	got = fgets(line, LINE_MAX_BYTES, stdin);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSANOW, &was);
		fputc('\n', stderr);
	}
	if (!got)
		return false;
	line[strcspn(line, "\r\n")] = 0;
	return true;
}

/* Typed twice, or one line from a pipe; nothing typed: made up. False: told on stderr. */
static bool ask_password(struct house *h, str *ret, bool *ret_made)
{
	char one[LINE_MAX_BYTES] = "", two[LINE_MAX_BYTES] = "";

	*ret_made = !read_line("New password (empty: one is made)", one) || !one[0];
	if (*ret_made) {
		*ret = password_random(&h->a);
		return true;
	}
	if (isatty(STDIN_FILENO) && (!read_line("Once more", two) || strcmp(one, two))) {
		fprintf(stderr, "baoxiu: user password: the two differ; nothing was changed\n");
		return false;
	}
	*ret = arena_str(&h->a, str_c(one));
	if (utf8_valid(*ret))
		return true;
	fprintf(stderr, "baoxiu: user password: not UTF-8 text; nothing was changed\n");
	return false;
}

/* ---- verbs ---- */

struct adding { const struct asked *q; int role; str hash; int64_t id; };

static enum err place_of(struct ctx *c, const struct asked *q, struct org *ret)
{
	enum err e = q->org ? org_by_code(c, str_c(q->org), ret) : org_root(c, ret);

	if (e == ERR_NOT_FOUND && q->org)
		return fail_field(c, "org", N_("There is no place with the code {1}."), q->org);
	if (e == ERR_NOT_FOUND)
		*ret = (struct org){ .id = NIL };
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err add(struct ctx *c, void *arg)
{
	struct adding *ad = arg;
	struct user u = { .login = str_c(ad->q->login), .name = str_c(ad->q->name ? ad->q->name : ad->q->login), .lang = setting_str(c, "lang"),
		.active = true, .customer_id = NIL };
	struct org at;

	TRY(place_of(c, ad->q, &at));
	TRY(user_add(c, &u, ad->hash, &ad->id));
	return user_grant(c, ad->id, (enum role)ad->role, at.id, at.path);
}

static int user_add_run(struct house *h, const struct asked *q)
{
	struct adding ad = { .q = q, .role = q->role ? name_index(role_names, str_c(q->role)) : -1 };
	str password = password_random(&h->a);

	if (ad.role < 0) {
		fprintf(stderr, "baoxiu: user add: --role is one of");
		for (int i = 0; i < ROLE_N; i++)
			fprintf(stderr, " %s", role_names[i]);
		fputc('\n', stderr);
		return EXIT_USAGE;
	}
	if (password_hash(&h->c, password, &ad.hash) || db_write(h->db, &h->c, add, &ad)) {
		house_complain(h, "user add");
		return EXIT_DIFFERENT;
	}
	printf("login: %s\npassword: %.*s\n", q->login, STR_ARG(password));
	return EXIT_DONE;
}

struct linking { const struct asked *q; str hash; };

static enum err customer_of(struct ctx *c, const char *no, struct customer *ret)
{
	enum err e = no ? customer_by_no(c, str_c(no), ret) : ERR_NOT_FOUND;

	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return fail_field(c, "customer", N_("There is no customer {1}."), no ? no : "");
}

static enum err link_it(struct ctx *c, void *arg)
{
	const struct linking *l = arg;
	struct customer k;

	TRY(customer_of(c, l->q->customer, &k));
	return customer_link(c, &k, str_c(l->q->login), str_c(l->q->employee ? l->q->employee : ""), l->hash);
}

/* A login that is new gets a password, which is printed. */
static int user_link_run(struct house *h, const struct asked *q)
{
	struct linking l = { .q = q };
	str password = { 0 };
	struct user u;
	enum err e;

	if (!q->customer)
		return usage_error("user link", "--customer says whose login it is");
	e = user_by_login(&h->c, str_c(q->login), &u);
	if (e == ERR_NOT_FOUND) {
		h->c.diag = (struct diag){ 0 };
		password = password_random(&h->a);
		e = password_hash(&h->c, password, &l.hash);
	}
	if (e || db_write(h->db, &h->c, link_it, &l)) {
		house_complain(h, "user link");
		return EXIT_DIFFERENT;
	}
	if (password.n)
		printf("login: %s\npassword: %.*s\n", q->login, STR_ARG(password));
	return EXIT_DONE;
}

static enum err unlink_it(struct ctx *c, void *arg)
{
	const struct asked *q = arg;
	struct customer k;

	TRY(customer_of(c, q->customer, &k));
	return customer_unlink(c, &k, str_c(q->login));
}

static int user_unlink_run(struct house *h, const struct asked *q)
{
	struct asked a = *q;

	if (!q->customer)
		return usage_error("user unlink", "--customer says whose login it was");
	if (!db_write(h->db, &h->c, unlink_it, &a))
		return EXIT_DONE;
	house_complain(h, "user unlink");
	return EXIT_DIFFERENT;
}

struct setting_password { int64_t id; str hash; };
static enum err set_password(struct ctx *c, void *arg)
{
	const struct setting_password *s = arg;

	return password_set(c, s->id, s->hash, false);
}

static bool user_find(struct house *h, const char *what, const char *login, struct user *ret)
{
	enum err e = user_by_login(&h->c, str_c(login), ret);

	if (e == ERR_NOT_FOUND)
		fprintf(stderr, "baoxiu: %s: nobody has the login %s; see baoxiu user add\n", what, login);
	else if (e)
		house_complain(h, what);
	return !e;
}

static int user_password_run(struct house *h, const struct asked *q)
{
	struct setting_password s;
	struct user u;
	str password;
	bool made;

	if (!user_find(h, "user password", q->login, &u) || !ask_password(h, &password, &made))
		return EXIT_DIFFERENT;
	s.id = u.id;
	if (password_hash(&h->c, password, &s.hash) || db_write(h->db, &h->c, set_password, &s)) {
		house_complain(h, "user password");
		return EXIT_DIFFERENT;
	}
	if (made)
		printf("password: %.*s\n", STR_ARG(password));
	return EXIT_DONE;
}

struct giving { int64_t user; uint64_t roles; instant until; str name, text; };
static enum err give(struct ctx *c, void *arg)
{
	struct giving *g = arg;

	return token_add(c, g->user, g->name, g->roles, g->until, &g->text);
}

static int token_add_run(struct house *h, const struct asked *q)
{
	struct giving g = { .roles = INT64_MAX, .until = NO_INSTANT, .name = str_c(q->name ? q->name : "command line") };
	int role = q->role ? name_index(role_names, str_c(q->role)) : 0;
	int64_t days = 0;
	struct user u;

	if (role < 0)
		return usage_error("token add", "there is no such role");
	if (q->days && (!str_int(str_c(q->days), &days) || days < 1 || days > 36500))
		return usage_error("--days", "from 1 to 36500");
	if (!user_find(h, "token add", q->login, &u))
		return EXIT_DIFFERENT;
	g.user = u.id;
	g.roles = q->role ? 1ULL << role : (uint64_t)INT64_MAX;
	if (days)
		g.until.ms = h->c.now.ms + days * 86400000;
	if (db_write(h->db, &h->c, give, &g)) {
		house_complain(h, "token add");
		return EXIT_DIFFERENT;
	}
	printf("%.*s\n", STR_ARG(g.text));
	return EXIT_DONE;
}

/* ---- commands ---- */

struct verb { const char *name; int (*run)(struct house *h, const struct asked *q); };

static int run_verb(const struct verb *verb, size_t n, int argc, char **argv)
{
	struct asked q = { 0 };
	const struct option_row rows[] = {
		{ "--db", &q.db, NULL }, { "--data", &q.data, NULL }, { "--role", &q.role, NULL }, { "--org", &q.org, NULL }, { "--name", &q.name, NULL },
		{ "--days", &q.days, NULL }, { "--customer", &q.customer, NULL }, { "--employee", &q.employee, NULL },
	};
	struct house h;
	int code;

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc != 3)
		return usage_error(argv[0], "say what to do and the login");
	q.login = argv[2];
	for (size_t i = 0; i < n; i++) {
		if (strcmp(argv[1], verb[i].name))
			continue;
		if (!house_open(&h, q.db, q.data))
			return EXIT_DIFFERENT;
		code = verb[i].run(&h, &q);
		house_close(&h);
		return code;
	}
	return usage_error(argv[1], "unknown verb");
}

int cmd_user(int argc, char **argv)
{
	static const struct verb verbs[] = { { "add", user_add_run }, { "password", user_password_run }, { "link", user_link_run }, { "unlink", user_unlink_run } };

	return run_verb(verbs, LEN(verbs), argc, argv);
}

int cmd_token(int argc, char **argv)
{
	static const struct verb verbs[] = { { "add", token_add_run } };

	return run_verb(verbs, LEN(verbs), argc, argv);
}
