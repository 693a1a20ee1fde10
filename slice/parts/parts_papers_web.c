/* parts_papers_web.c — papers of the parts' way: requisition slip 备件申领单, old-part return 旧件返还单, write-off 销帐单, labels [O12]. */
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/parts/parts_web.h"

static void pair(struct pdf *d, const struct ctx *c, const char *label, str value)
{
	if (value.n)
		pdf_pair(d, tr(c, label), value);
}

static void signatures(struct pdf *d, struct ctx *c, const char *left, const char *right)
{
	const str label[] = { tr(c, left), tr(c, right) };

	pdf_sign(d, label, 2, NULL);
}

static void finish(struct ctx *c, str name, struct reply *out, str bytes)
{
	out->bytes = bytes;
	out->file_type = S("application/pdf");
	out->file_name = arena_fmt(c->a, "%.*s.pdf", STR_ARG(name));
	out->inline_file = true;
}

/* "slip-80mm" is the slip on thermal paper; *name loses the ending. */
static enum paper paper_of(str *name)
{
	const str thermal = S("-80mm");

	if (!str_ends(*name, thermal))
		return PAPER_A4;
	name->n -= thermal.n;
	return PAPER_80MM;
}

/* ---- requisition slip ---- */

/* A narrow paper has room for few columns: number, name and serials under each other. */
static str under(struct ctx *c, const str *text, size_t n)
{
	str *some = NEW_N(c->a, str, n + 1);
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (text[i].n)
			some[k++] = text[i];
	return arena_join(c->a, some, k, S("\n"));
}

static void slip_lines_narrow(struct pdf *d, struct ctx *c, const struct requisition *r)
{
	static const int weight[] = { 6, 2, 2 };
	const str head[] = { _("Part"), _("Asked"), _("Issued") };
	str *cell = NEW_N(c->a, str, LEN(head) * r->n_lines + 1);

	for (size_t i = 0; i < r->n_lines; i++) {
		const struct req_line *l = &r->lines[i];

		cell[LEN(head) * i] = under(c, (const str[]){ l->part_no, l->part, arena_join(c->a, l->serials, l->n_serials, S(" ")) }, 3);
		cell[LEN(head) * i + 1] = show(c, V(l->asked)), cell[LEN(head) * i + 2] = show(c, V(l->shipped));
	}
	pdf_table(d, head, weight, LEN(head), cell, r->n_lines);
}

static void slip_lines(struct pdf *d, struct ctx *c, const struct requisition *r)
{
	static const int weight[] = { 3, 5, 1, 1, 1, 4 };
	const str head[] = { _("Part number"), _("Part name"), _("Asked"), _("Approved pieces"), _("Issued"), _("Serial numbers") };
	str *cell = NEW_N(c->a, str, LEN(head) * r->n_lines + 1);

	for (size_t i = 0; i < r->n_lines; i++) {
		const struct req_line *l = &r->lines[i];
		str *row = cell + LEN(head) * i;

		row[0] = l->part_no, row[1] = l->part;
		row[2] = show(c, V(l->asked)), row[3] = show(c, V(l->approved)), row[4] = show(c, V(l->shipped));
		row[5] = arena_join(c->a, l->serials, l->n_serials, S(" "));
	}
	pdf_table(d, head, weight, LEN(head), cell, r->n_lines);
}

enum err requisition_print(struct ctx *c, struct req *r, struct reply *out)
{
	str bytes, name = r->arg[1];
	enum paper size = paper_of(&name);
	struct requisition p;
	struct pdf *d;

	TRY(requisition_get(c, r->arg[0], &p));
	if (!str_eq(name, S("slip")))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(pdf_open(c, size, _("Parts requisition"), &d));
	pdf_heading(d, _("Parts requisition"), p.no);
	pdf_qr(d, arena_fmt(c->a, "%.*s/requisitions/%.*s", STR_ARG(r->base), STR_ARG(p.no)), 24);
	pair(d, c, N_("Order"), p.order_no);
	pair(d, c, N_("State"), tr(c, requisition_state_titles[p.state]));
	pair(d, c, N_("Sent from"), p.from);
	pair(d, c, N_("Sent to"), p.to);
	pair(d, c, N_("Asked by"), p.requester);
	pair(d, c, N_("Asked on"), show(c, V(p.created_at)));
	pair(d, c, N_("Needed on"), show(c, V(p.needed_on)));
	pair(d, c, N_("Decided by"), p.decider);
	pair(d, c, N_("Reason"), p.reason);
	(size == PAPER_A4 ? slip_lines : slip_lines_narrow)(d, c, &p);
	signatures(d, c, N_("Issued by"), N_("Parts received by"));
	TRY(pdf_close(d, &bytes));
	finish(c, p.no, out, bytes);
	return ERR_OK;
}

/* ---- old parts ---- */

static str told_last(struct ctx *c, const struct old_part *o, bool verdict)
{
	return !verdict ? show(c, V(o->due_on)) : o->verdict < 0 ? S("") : tr(c, old_verdict_titles[o->verdict]);
}

static void old_lines_narrow(struct pdf *d, struct ctx *c, const struct old_part *o, size_t n, bool verdict)
{
	static const int weight[] = { 5, 4 };
	const str head[] = { _("Part"), _("Label") };
	str *cell = NEW_N(c->a, str, LEN(head) * n + 1);

	for (size_t i = 0; i < n; i++) {
		cell[LEN(head) * i] = under(c, (const str[]){ o[i].part_no, o[i].part, o[i].serial }, 3);
		cell[LEN(head) * i + 1] = under(c, (const str[]){ o[i].no, o[i].order_no, told_last(c, &o[i], verdict) }, 3);
	}
	pdf_table(d, head, weight, LEN(head), cell, n);
}

static void old_lines(struct pdf *d, struct ctx *c, const struct old_part *o, size_t n, bool verdict)
{
	static const int weight[] = { 3, 3, 4, 3, 3, 3 };
	const str head[] = { _("Label"), _("Part number"), _("Part name"), _("Serial number"), _("Order"), verdict ? _("Found on inspection") : _("Due back") };
	str *cell = NEW_N(c->a, str, LEN(head) * n + 1);

	for (size_t i = 0; i < n; i++) {
		str *row = cell + LEN(head) * i;

		row[0] = o[i].no, row[1] = o[i].part_no, row[2] = o[i].part, row[3] = o[i].serial, row[4] = o[i].order_no;
		row[5] = told_last(c, &o[i], verdict);
	}
	pdf_table(d, head, weight, LEN(head), cell, n);
}

/* Rows of other places are nobody's business. */
static enum err in_sight(struct ctx *c, const struct old_part *o)
{
	bool seen = c->who->sight == SIGHT_ALL || (c->who->sight == SIGHT_ORG && str_starts(o->org_path, c->who->org_path)) || o->holder_id == c->who->id;

	return seen ? ERR_OK : fail(c, ERR_NOT_FOUND, NULL);
}

enum err old_parts_print(struct ctx *c, struct req *r, struct reply *out)
{
	str name = r->arg[0];
	enum paper size = paper_of(&name);
	bool owed = str_eq(name, S("return")), off;
	const char *title;
	struct old_part *o;
	struct pdf *d;
	str bytes;
	size_t n;

	if (owed)
		TRY(old_part_list(c, &(struct old_filter){ .state = OLD_DUE, .holder_id = c->who->id, .after = NIL, .after_due = NIL, .limit = 200 }, &o, &n));
	else
		TRY(old_part_of_slip(c, name, &o, &n));
	if (!owed && !n)
		return fail(c, ERR_NOT_FOUND, NULL);
	for (size_t i = 0; i < n; i++)
		TRY(in_sight(c, &o[i]));
	off = n && o[0].state == OLD_WRITTEN_OFF;
	title = off ? N_("Parts write-off") : N_("Old part return");
	TRY(pdf_open(c, size, tr(c, title), &d));
	pdf_heading(d, tr(c, title), owed ? c->who->name : name);
	if (!owed)
		pdf_qr(d, arena_fmt(c->a, "%.*s/old-parts/papers/%.*s", STR_ARG(r->base), STR_ARG(name)), 24);
	pair(d, c, N_("Date"), show(c, V(tz_day(c->who->zone, c->now))));
	pair(d, c, N_("Pieces"), show(c, V((int64_t)n)));
	if (n && off)
		pair(d, c, N_("Reason"), o[0].reason);
	(size == PAPER_A4 ? old_lines : old_lines_narrow)(d, c, o, n, off);
	signatures(d, c, off ? N_("Written off by") : N_("Returned by"), off ? N_("Approved by") : N_("Taken in by"));
	TRY(pdf_close(d, &bytes));
	finish(c, owed ? S("return") : name, out, bytes);
	return ERR_OK;
}

/* ---- labels ---- */

struct labels_in { int state; };                       /* the list's form begins with it */

enum err old_parts_labels(struct ctx *c, struct req *r, struct reply *out)
{
	const struct labels_in *in = r->form;
	struct old_part *o;
	struct pdf *d;
	str bytes;
	size_t n;

	TRY(old_part_list(c, &(struct old_filter){ .state = in->state, .holder_id = NIL, .after = NIL, .after_due = NIL, .limit = 100 }, &o, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, N_("There is no old part to label."));
	TRY(pdf_open(c, PAPER_LABEL, _("Labels"), &d));
	for (size_t i = 0; i < n; i++) {
		pdf_heading(d, o[i].no, (str){ 0 });
		pdf_qr(d, o[i].no, 20);
		pair(d, c, N_("Part"), arena_fmt(c->a, "%.*s %.*s", STR_ARG(o[i].part_no), STR_ARG(o[i].part)));
		pair(d, c, N_("Serial number"), o[i].serial);
		pair(d, c, N_("Order"), o[i].order_no);
	}
	TRY(pdf_close(d, &bytes));
	finish(c, S("labels"), out, bytes);
	return ERR_OK;
}

enum err part_label(struct ctx *c, struct req *r, struct reply *out)
{
	struct spare p;
	struct pdf *d;
	str bytes;

	TRY(part_by_no(c, r->arg[0], &p));
	TRY(pdf_open(c, PAPER_LABEL, p.no, &d));
	pdf_heading(d, p.no, (str){ 0 });
	pdf_qr(d, p.barcode.n ? p.barcode : p.no, 20);
	pair(d, c, N_("Part name"), p.name);
	pair(d, c, N_("Specification"), p.spec);
	TRY(pdf_close(d, &bytes));
	finish(c, p.no, out, bytes);
	return ERR_OK;
}
