#include "app/doc.h"
#include "base/i18n.h"
#include "slice/account/perm.h"
#include "slice/order/order.h"
#include "slice/sla/sla.h"

enum { FEW = 5 };                                      /* a move from more states than this would only blacken the diagram */

static void put(FILE *f, str s) { fprintf(f, "%.*s", STR_ARG(s)); }
static void put_tr(FILE *f, const struct ctx *c, const char *text) { put(f, tr(c, text)); }

/* A cell of a table: no bars, no line breaks. */
static void put_cell(FILE *f, str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '|')
			fputc('\\', f);
		fputc(s.p[i] == '\n' ? ' ' : s.p[i], f);
	}
}

static int sources(const struct order_move *m)
{
	int n = 0;

	for (int s = 0; s < ORDER_STATE_N; s++)
		n += (m->from >> s & 1) != 0;
	return n;
}

/* Names of the set bits, or "any" when there are none. */
static void put_bits(FILE *f, const struct ctx *c, unsigned bits, const char *const *titles, const char *any)
{
	bool first = true;

	if (!bits)
		put_tr(f, c, any);
	for (int i = 0; bits >> i; i++) {
		if (!(bits >> i & 1))
			continue;
		fputs(first ? "" : ", ", f);
		put_tr(f, c, titles[i]);
		first = false;
	}
}

static void put_needs(FILE *f, const struct ctx *c, unsigned fields)
{
	static const char *const titles[] = { N_("Reason"), N_("Station"), N_("Engineer"), N_("From"), N_("Waiting for"), N_("Fault code"), N_("To be done"), N_("What was found"),
		N_("What was done"), N_("Signed by"), N_("Satisfaction (1–5)"), N_("Advice given"), N_("Until") };

	put_bits(f, c, fields, titles, "—");
}

static void put_who(FILE *f, const struct ctx *c, const struct order_move *m)
{
	bool more = false;

	for (int p = 0; p < PERM_N; p++)
		if (m->need >> p & 1) {
			fprintf(f, "%s`%s`", more ? ", " : "", perm_info[p].code);
			more = true;
		}
	if (m->who & WHO_ENGINEER) {
		fputs(more ? ", " : "", f);
		put_tr(f, c, N_("who has the job"));
		more = true;
	}
	if (m->who & WHO_CUSTOMER) {
		fputs(more ? ", " : "", f);
		put_tr(f, c, N_("the customer"));
	}
}

static void put_move(FILE *f, const struct ctx *c, const struct order_move *m)
{
	fputs("| ", f);
	put_bits(f, c, m->from, order_state_titles, "—");
	fputs(" | ", f);
	put_tr(f, c, order_event_verbs[m->ev]);
	fprintf(f, " `%s` | ", order_events[m->ev]);
	put_tr(f, c, m->to == ORDER_STATE_N ? N_("where the wait began") : order_state_titles[m->to]);
	fputs(" | ", f);
	put_bits(f, c, m->modes, order_mode_titles, N_("all"));
	fputs(" | ", f);
	put_who(f, c, m);
	fputs(" | ", f);
	put_needs(f, c, m->fields);
	fputs(" | ", f);
	put_bits(f, c, m->stops, sla_kind_titles, "—");
	fputs(" |\n", f);
}

static void put_diagram(FILE *f, const struct ctx *c)
{
	fputs("```mermaid\nstateDiagram-v2\n", f);
	for (int s = 0; s < ORDER_STATE_N; s++) {
		fprintf(f, "    %s: ", order_states[s]);
		put_tr(f, c, order_state_titles[s]);
		fputc('\n', f);
	}
	fprintf(f, "    [*] --> %s\n", order_states[ORDER_REGISTERED]);
	for (size_t i = 0; i < order_moves_n; i++) {
		const struct order_move *m = &order_moves[i];

		for (int s = 0; s < ORDER_STATE_N && sources(m) <= FEW && m->to != ORDER_STATE_N; s++)
			if (m->from >> s & 1) {
				fprintf(f, "    %s --> %s: ", order_states[s], order_states[m->to]);
				put_tr(f, c, order_event_verbs[m->ev]);
				fputc('\n', f);
			}
	}
	fprintf(f, "    %s --> [*]\n    %s --> [*]\n    %s --> [*]\n```\n\n", order_states[ORDER_CLOSED], order_states[ORDER_CANCELLED], order_states[ORDER_REJECTED]);
}

void doc_states(FILE *f, const struct ctx *c)
{
	static const char *const heads[] = { N_("From"), N_("Event"), N_("To"), N_("Modes"), N_("Who"), N_("What must come with it"), N_("Clocks it stops") };

	fputs("# ", f);
	put_tr(f, c, N_("The life of a work order"));
	fputs("\n\n", f);
	put_diagram(f, c);
	put_tr(f, c, N_("Moves possible from many states (waiting, escalating, assigning anew, cancelling) are only in the table."));
	fputs("\n\n|", f);
	for (size_t i = 0; i < LEN(heads); i++) {
		fputc(' ', f);
		put_tr(f, c, heads[i]);
		fputs(" |", f);
	}
	fputs("\n|---|---|---|---|---|---|---|\n", f);
	for (size_t i = 0; i < order_moves_n; i++)
		put_move(f, c, &order_moves[i]);
}

void doc_permissions(FILE *f, const struct ctx *c)
{
	static const char *const sights[] = { [SIGHT_NONE] = N_("nothing"), [SIGHT_CUSTOMER] = N_("their own orders and devices"), [SIGHT_OWN] = N_("the jobs given to them"),
		[SIGHT_ORG] = N_("their place and all below it"), [SIGHT_ALL] = N_("everything") };

	fputs("# ", f);
	put_tr(f, c, N_("Who may do what"));
	fputs("\n\n| |", f);
	for (int r = 0; r < ROLE_N; r++) {
		fputc(' ', f);
		put_tr(f, c, role_info[r].title);
		fputs(" |", f);
	}
	fputs("\n|---|", f);
	for (int r = 0; r < ROLE_N; r++)
		fputs(":-:|", f);
	fputs("\n| ", f);
	put_tr(f, c, N_("Sees"));
	fputs(" |", f);
	for (int r = 0; r < ROLE_N; r++) {
		fputc(' ', f);
		put_tr(f, c, sights[role_info[r].sight]);
		fputs(" |", f);
	}
	for (int p = 0; p < PERM_N; p++) {
		fputs("\n| ", f);
		put_tr(f, c, perm_info[p].title);
		fprintf(f, " `%s` |", perm_info[p].code);
		for (int r = 0; r < ROLE_N; r++)
			fputs(role_info[r].perms >> p & 1 ? " ● |" : " |", f);
	}
	fputc('\n', f);
}

void doc_settings(FILE *f, const struct ctx *c)
{
	fputs("# ", f);
	put_tr(f, c, N_("Settings"));
	fputs("\n\n| ", f);
	put_tr(f, c, N_("Name"));
	fputs(" | ", f);
	put_tr(f, c, N_("Unless changed"));
	fputs(" | ", f);
	put_tr(f, c, N_("Meaning"));
	fputs(" |\n|---|---|---|\n", f);
	for (const struct slice *const *s = house_slices; *s; s++)
		for (size_t i = 0; i < (*s)->n_settings; i++) {
			const struct setting *k = &(*s)->settings[i];

			fprintf(f, "| `%s` | ", k->name);
			if (k->fallback && *k->fallback)
				fputc('`', f), put_cell(f, str_c(k->fallback)), fputc('`', f);
			fputs(" | ", f);
			put_cell(f, tr(c, k->meaning));
			fputs(" |\n", f);
		}
}
