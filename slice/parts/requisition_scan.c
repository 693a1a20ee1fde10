/* requisition_scan.c — one field for the scanner: every move on a paper works by reading codes. */
#include "base/i18n.h"
#include "base/words.h"
#include "slice/parts/requisition_int.h"

enum { CODES_MAX = 500 };
struct reading { const struct requisition *r; struct req_piece *piece; };       /* a piece for each line of the paper */

static bool count_one(struct reading *s, int64_t part_id, size_t *ret_line)
{
	for (size_t i = 0; i < s->r->n_lines; i++)
		if (s->r->lines[i].part_id == part_id) {
			s->piece[i].qty++;
			*ret_line = i;
			return true;
		}
	return false;
}

static enum err by_part(struct ctx *c, struct reading *s, const struct spare *p, bool *ret_known)
{
	size_t line;

	*ret_known = count_one(s, p->id, &line);
	if (*ret_known && p->serial_tracked)
		return fail_field(c, "scan", N_("Scan the serial number of {1}, not its part number."), p->no);
	for (size_t i = 0; i < s->r->n_lines && !*ret_known; i++) {
		int64_t fits;

		TRY(db_int(c, &q_is_substitute, BIND(P(part_id, s->r->lines[i].part_id), P(other_id, p->id)), &fits));
		if (!fits)
			continue;
		s->piece[i].qty++;
		s->piece[i].instead = p->no;
		*ret_known = true;
	}
	return ERR_OK;
}

static enum err by_serial(struct ctx *c, struct reading *s, str code, bool *ret_known)
{
	struct serial_at *at;
	size_t n, line;

	*ret_known = false;
	TRY(serials_by_text(c, code, &at, &n));
	for (size_t i = 0; i < n && !*ret_known; i++)
		if (count_one(s, at[i].part_id, &line)) {
			s->piece[line].serials = arena_fmt(c->a, "%.*s %.*s", STR_ARG(s->piece[line].serials), STR_ARG(at[i].serial));
			*ret_known = true;
		}
	return ERR_OK;
}

static enum err read_code(struct ctx *c, struct reading *s, str code)
{
	bool known = false;
	struct spare p;
	enum err e = part_by_code(c, code, &p);

	if (e && e != ERR_NOT_FOUND)
		return e;
	if (!e)
		TRY(by_part(c, s, &p, &known));
	if (!known)
		TRY(by_serial(c, s, code, &known));
	return known ? ERR_OK : fail_field(c, "scan", N_("{1} is neither a part nor a serial number of this paper."), code);
}

enum err requisition_scan(struct ctx *c, const struct requisition *r, str text, struct req_piece **ret, size_t *ret_n)
{
	struct reading s = { .r = r, .piece = NEW_N(c->a, struct req_piece, r->n_lines + 1) };
	size_t codes = 0;
	str line;

	for (size_t i = 0; i < r->n_lines; i++)
		s.piece[i].part_no = r->lines[i].part_no;
	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (!line.n)
			continue;
		if (++codes > CODES_MAX)
			return fail_field(c, "scan", N_("At most {1} codes at a time."), CODES_MAX);
		TRY(read_code(c, &s, line));
	}
	*ret = s.piece;
	*ret_n = r->n_lines;
	return ERR_OK;
}
