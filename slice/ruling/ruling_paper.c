/* ruling_paper.c — the sealed ruling as the customer holds it in their hands. */
#include "base/i18n.h"
#include "slice/ruling/ruling_view.h"

static void pair(struct pdf *d, const struct ctx *c, const char *label, str value)
{
	if (value.n)
		pdf_pair(d, tr(c, label), value);
}

static void facts(struct pdf *d, const struct ctx *c, const struct sealed *s)
{
	pair(d, c, N_("Order"), s->order);
	pair(d, c, N_("Device"), s->device);
	pair(d, c, N_("Serial number"), s->serial);
	pair(d, c, N_("Reported on"), show(c, V(s->on)));
	pair(d, c, N_("Part"), tr(c, part_texts[s->part]));
	pair(d, c, N_("Cause"), tr(c, cause_texts[s->cause]));
}

static void proofs(struct pdf *d, const struct ctx *c, const struct sealed *s)
{
	enum { COLS = 4 };
	static const int weight[COLS] = { 3, 5, 2, 5 };
	const str cols[COLS] = { _("Evidence"), _("In words"), _("Given by"), _("File and its SHA-256") };
	str *cell = NEW_N(c->a, str, COLS * s->n_proof + 1);

	for (size_t i = 0; i < s->n_proof; i++) {
		const struct sealed_proof *p = &s->proof[i];

		cell[COLS * i] = tr(c, evidence_texts[p->kind]);
		cell[COLS * i + 1] = p->words;
		cell[COLS * i + 2] = p->by;
		cell[COLS * i + 3] = p->file.n ? arena_fmt(c->a, "%.*s %.*s", STR_ARG(p->file), STR_ARG(p->sha256)) : (str){ 0 };
	}
	if (s->n_proof)
		pdf_table(d, cols, weight, COLS, cell, s->n_proof);
}

static void seal(struct pdf *d, const struct ctx *c, const struct ruling_told *t)
{
	pdf_heading(d, _("Seal"), (str){ 0 });
	pair(d, c, N_("Found by"), t->s.opened_by);
	pair(d, c, N_("Sealed by"), t->s.sealed_by);
	pair(d, c, N_("Sealed at"), t->s.sealed_at);
	pair(d, c, N_("SHA-256 of the ruling"), t->r.hash);
	pair(d, c, N_("Signature of the house (Ed25519)"), t->r.sign);
	pair(d, c, N_("Public key"), t->r.public_key);
	pair(d, c, N_("Check it here"), t->url);
	if (t->r.state == RULING_WITHDRAWN)
		pdf_para(d, trf(c, N_("This ruling was withdrawn on {1}: {2}"), t->r.withdrawn_at, t->r.reason));
}

enum err ruling_paper(struct ctx *c, const struct ruling_told *t, struct reply *out)
{
	const struct sealed *s = &t->s;
	instant now = c->now;
	struct pdf *d;
	enum err e;

	/* The paper is made anew each time and dated by its seal, so that every copy has the same bytes. */
	c->now = t->r.sealed_at;
	e = pdf_open(c, PAPER_A4, _("Exclusion ruling"), &d);
	if (!e) {
		pdf_heading(d, _("Exclusion ruling"), s->no);
		pdf_qr(d, t->url, 24);
		facts(d, c, s);
		pdf_para(d, arena_fmt(c->a, "%.*s: %.*s", STR_ARG(_("What was found")), STR_ARG(s->finding)));
		pdf_heading(d, _("Why the warranty does not answer for this"), (str){ 0 });
		for (size_t i = 0; i < s->n_clause; i++)
			pdf_para(d, arena_fmt(c->a, "%zu. %.*s", i + 1, STR_ARG(ruling_words(c, &s->clause[i]))));
		pdf_heading(d, _("Evidence"), (str){ 0 });
		proofs(d, c, s);
		pdf_para(d, _("If you do not agree, tell us on the page of your repair or complain; you may have another expert look at it. Nothing is repaired at your cost before you agreed to the quote."));
		seal(d, c, t);
		e = pdf_close(d, &out->bytes);
	}
	c->now = now;
	out->file_type = S("application/pdf");
	out->file_name = arena_fmt(c->a, "%.*s.pdf", STR_ARG(s->no));
	out->inline_file = true;
	return e;
}
