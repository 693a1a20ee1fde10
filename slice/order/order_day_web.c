/* order_day_web.c — open work as a picture: the board of a place, the day of an engineer [ui 5, 6]. */
#include <stdlib.h>
#include "base/i18n.h"
#include "base/time.h"
#include "order_day.html.h"
#include "slice/account/perm.h"
#include "slice/order/order_web.h"
#include "slice/org/org.h"

enum { BOARD_CARDS = 30, BOARD_JOBS = 200 };

/* ---- what goes out ---- */

static const struct field col_fields[] = {
	FIELD(struct board_col, name), FIELD(struct board_col, title), FIELD(struct board_col, count), FIELD(struct board_col, overdue),
	{ .name = "cards", .off = offsetof(struct board_col, card), .kind = K_LIST, .size = sizeof(struct order_row), .off_n = offsetof(struct board_col, n_card), .sub = order_row_fields }, { 0 }
};
static const struct field board_fields[] = { FIELD(struct board_page, open), FIELD(struct board_page, overdue), FIELD_LIST(struct board_page, col, n_col, col_fields), { 0 } };
static const struct field day_fields[] = {
	FIELD_LIST(struct day_page, job, n_job, order_row_fields), FIELD_LIST(struct day_page, waiting, n_waiting, order_row_fields), FIELD(struct day_page, done), { 0 }
};
static void draw_board(struct out *o, const struct ctx *c, const void *m) { board_html(o, c, m); }
static void draw_day(struct out *o, const struct ctx *c, const void *m) { day_html(o, c, m); }
const struct view board_view = { "board", N_("Board"), draw_board, board_fields, sizeof(struct board_page) };
const struct view day_view = { "day", N_("My day"), draw_day, day_fields, sizeof(struct day_page) };

static const char *const board_bys[] = { "state", "engineer", NULL };
enum { BY_STATE, BY_ENGINEER };
struct board_in { int by, kind; str org; };
FORM(board_form, struct board_in,
	INPUT(struct board_in, by, IN_ENUM, N_("Columns"), .names = board_bys),
	INPUT(struct board_in, kind, IN_ENUM, N_("Kind of work"), .names = order_kinds),
	INPUT(struct board_in, org, IN_TOKEN, N_("Region or station"), .max = 40));

/* ---- the board ---- */

enum err order_places(struct ctx *c, struct ui_option **ret, size_t *ret_n)
{
	int kind = ORG_REGION;
	struct org here, *all;
	size_t n;

	*ret_n = 0;
	if (c->who->sight == SIGHT_ORG) {
		TRY(org_head(c, c->who->org_id, &here));
		kind = here.kind == ORG_HQ ? ORG_REGION : ORG_STATION;
	}
	if (c->who->sight < SIGHT_ORG || (c->who->sight == SIGHT_ORG && here.kind == ORG_STATION))
		return ERR_OK;
	TRY(org_list(c, kind, c->who->sight == SIGHT_ORG ? c->who->org_path : (str){ 0 }, &all, &n));
	*ret = NEW_N(c->a, struct ui_option, n + 1);
	for (size_t i = 0; i < n; i++)
		if (all[i].active)
			(*ret)[(*ret_n)++] = (struct ui_option){ all[i].code, org_title(c, &all[i]) };
	return ERR_OK;
}

/* "COLUMN:EVENT …": where a card may be dropped. Only moves that need no further entry; those that do have their form on the order's page. */
static str drop_moves(struct ctx *c, const struct order_row *w)
{
	struct order o = { .state = w->state, .mode = w->mode, .wait_from = -1, .engineer_id = NIL };
	str part[ORDER_EVENT_N];
	size_t n = 0;

	for (int ev = 0; ev < ORDER_EVENT_N; ev++) {
		const struct order_move *m = order_move_for(c, &o, (enum order_event)ev);

		if (m && !m->fields && !m->guard && m->to != ORDER_STATE_N)
			part[n++] = arena_fmt(c->a, "%s:%s", order_states[m->to], order_events[ev]);
	}
	return arena_join(c->a, part, n, S(" "));
}

/* By engineer, dropping gives the job to the column's engineer: "*" is any column. */
static str give_moves(struct ctx *c, const struct order_row *w)
{
	struct order o = { .state = w->state, .mode = w->mode, .wait_from = -1, .engineer_id = NIL };

	return order_move_for(c, &o, ORDER_EV_ASSIGN) ? arena_fmt(c->a, "*:%s", order_events[ORDER_EV_ASSIGN]) : (str){ 0 };
}

static struct board_col column(struct ctx *c, int state, const struct order_count *count, size_t n)
{
	const char *name = order_states[state];
	struct board_col col = { .name = str_c(name), .title = order_state_title(c, state), .href = arena_fmt(c->a, "/orders?state=%s&open=1&by_due=1", name) };

	for (size_t i = 0; i < n; i++)
		if (count[i].state == state) {
			col.count = count[i].n;
			col.overdue = count[i].overdue;
		}
	return col;
}

/* The cards of the column's state, which lie together. */
static void fill_col(struct ctx *c, struct board_col *col, int state, struct order_row *card, size_t n)
{
	str by_mode[MODE_N] = { 0 };                   /* all cards of a column are in the same state */

	while (n && card->state != state)
		card++, n--;
	col->card = card;
	while (col->n_card < n && card[col->n_card].state == state)
		col->n_card++;
	col->moves = NEW_N(c->a, str, col->n_card + 1);
	for (size_t i = 0; i < col->n_card; i++) {
		int mode = card[i].mode;

		if (!by_mode[mode].p)
			by_mode[mode] = drop_moves(c, &card[i]);
		col->moves[i] = by_mode[mode];
	}
}

static enum err by_state(struct ctx *c, struct order_filter *f, struct board_page *p)
{
	static const int columns[] = { ORDER_REGISTERED, ORDER_TRIAGED, ORDER_ACCEPTED, ORDER_STATION_ASSIGNED, ORDER_RECEIVED, ORDER_ENGINEER_ASSIGNED, ORDER_ENGINEER_ACCEPTED,
		ORDER_APPOINTED, ORDER_UNDER_WAY, ORDER_ARRIVED, ORDER_DIAGNOSED, ORDER_WAITING, ORDER_REPAIRED, ORDER_TESTED, ORDER_HANDED_OVER, ORDER_SOLVED_REMOTELY,
		ORDER_CALLED_BACK, ORDER_SETTLED };
	struct order_count *count;
	struct order_row *card = NULL;
	size_t n, n_card;

	p->col = NEW_N(c->a, struct board_col, LEN(columns));
	TRY(order_counts(c, f, &count, &n));
	f->limit = BOARD_CARDS;
	TRY(order_firsts(c, f, count, n, &card, &n_card));
	for (size_t i = 0; i < LEN(columns); i++) {
		struct board_col *col = &p->col[p->n_col++];

		*col = column(c, columns[i], count, n);
		fill_col(c, col, columns[i], card, n_card);
		p->open += col->count;
		p->overdue += col->overdue;
	}
	return ERR_OK;
}

static struct board_col *col_of(struct ctx *c, struct board_page *p, const struct order_row *w, size_t room)
{
	for (size_t i = 0; i < p->n_col; i++)
		if (str_eq(p->col[i].name, w->engineer_login))
			return &p->col[i];
	p->col[p->n_col] = (struct board_col){ .name = w->engineer_login, .title = w->engineer.n ? w->engineer : _("Nobody yet"),
		.href = w->engineer.n ? arena_fmt(c->a, "/orders?engineer=%.*s&open=1&by_due=1", STR_ARG(w->engineer_login)) : S("/orders?open=1&by_due=1"),
		.card = NEW_N(c->a, struct order_row, room), .moves = NEW_N(c->a, str, room) };
	return &p->col[p->n_col++];
}

/* The most urgent jobs that are somebody's or wait for somebody; what is done needs no engineer. */
static enum err by_engineer(struct ctx *c, const struct order_filter *base, struct board_page *p)
{
	struct order_filter f = *base;
	struct order_row *row;
	int64_t next;
	size_t n;

	f.limit = BOARD_JOBS;
	TRY(order_list(c, &f, &row, &n, &next));
	p->col = NEW_N(c->a, struct board_col, n + 1);
	for (size_t i = 0; i < n; i++) {
		bool late = row[i].due_at.ms != NIL && row[i].due_at.ms < c->now.ms && !row[i].paused;
		struct board_col *col;

		if (row[i].state >= ORDER_SOLVED_REMOTELY || (row[i].state < ORDER_STATION_ASSIGNED && !row[i].engineer.n))
			continue;
		col = col_of(c, p, &row[i], n);
		col->moves[col->n_card] = give_moves(c, &row[i]);
		col->card[col->n_card++] = row[i];
		col->count++;
		col->overdue += late;
		p->open++;
		p->overdue += late;
	}
	return ERR_OK;
}

enum err board_show(struct ctx *c, struct req *r, struct reply *out)
{
	const struct board_in *in = r->form;
	struct order_filter f = { ORDER_FILTER_ANY, .open_only = true, .by_due = true, .org = in->org };
	struct board_page *p = NEW(c->a, struct board_page);

	f.kind = in->kind;
	p->req = r;
	p->kind = in->kind;
	p->org = in->org;
	p->by_engineer = in->by == BY_ENGINEER;
	TRY(order_places(c, &p->place, &p->n_place));
	TRY(p->by_engineer ? by_engineer(c, &f, p) : by_state(c, &f, p));
	out->view = &board_view;
	out->model = p;
	return ERR_OK;
}

/* ---- the engineer's day ---- */

str order_visit_words(const struct ctx *c, instant from, instant until)
{
	struct civil a = tz_civil(c->who->zone, from), b = tz_civil(c->who->zone, until.ms == NIL ? from : until);
	int64_t ahead = tz_day(c->who->zone, from).d - tz_day(c->who->zone, c->now).d;
	str on = ahead == 0 ? _("Today") : ahead == 1 ? _("Tomorrow") : show(c, V(tz_day(c->who->zone, from)));

	if (until.ms == NIL)
		return arena_fmt(c->a, "%.*s %02d:%02d", STR_ARG(on), a.h, a.mi);
	return arena_fmt(c->a, "%.*s %02d:%02d–%02d:%02d", STR_ARG(on), a.h, a.mi, b.h, b.mi);
}


/* What is under way comes first, then by appointment, wish or deadline. */
static int64_t when(const struct order_row *w)
{
	bool busy = w->state == ORDER_UNDER_WAY || w->state == ORDER_ARRIVED || w->state == ORDER_DIAGNOSED || w->state == ORDER_REPAIRED || w->state == ORDER_TESTED;
	instant t = w->visit_from.ms != NIL ? w->visit_from : w->window_from.ms != NIL ? w->window_from : w->due_at;

	return t.ms == NIL ? INT64_MAX : busy ? t.ms / 1000000 : t.ms;
}

static int earlier(const void *a, const void *b)
{
	int64_t x = when(a), y = when(b);

	return (x > y) - (x < y);
}

static enum err fill_day_panels(struct ctx *c, struct day_page *p)
{
	for (const struct day_panel *const *d = day_panels; *d; d++) {
		void *data = NULL;

		TRY((*d)->load(c, &data));
		if (data)
			p->panel[p->n_panel++] = (struct day_panel_data){ *d, data };
	}
	return ERR_OK;
}

static void sort_jobs(struct ctx *c, const struct order_row *row, size_t n, struct day_page *p)
{
	p->job = NEW_N(c->a, struct order_row, n + 1);
	p->waiting = NEW_N(c->a, struct order_row, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (row[i].state >= ORDER_SOLVED_REMOTELY)
			p->done++;
		else if (row[i].state == ORDER_WAITING)
			p->waiting[p->n_waiting++] = row[i];
		else
			p->job[p->n_job++] = row[i];
	}
	qsort(p->job, p->n_job, sizeof *p->job, earlier);
}

enum err day_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct day_page *p = NEW(c->a, struct day_page);
	struct order_filter f = { ORDER_FILTER_ANY, .open_only = true, .by_due = true, .engineer = c->who->login };
	struct order_row *row;
	int64_t next;
	size_t n;

	p->req = r;
	f.limit = 200;
	TRY(order_list(c, &f, &row, &n, &next));
	sort_jobs(c, row, n, p);
	if (p->n_job) {
		TRY(order_get(c, p->job[0].no, &p->next));
		order_moves_of(c, &p->next, &p->move, &p->n_move);
		p->has_next = true;
	}
	if (r->as == AS_HTML)
		TRY(fill_day_panels(c, p));
	out->view = &day_view;
	out->model = p;
	return ERR_OK;
}
