/* ruling_view.h — models of the ruling's pages; ruling_web.c fills them, ruling.html draws them. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/ruling/ruling.h"

/* One kind of evidence: still asked for, or there. */
struct proof_view { str kind, title; bool met; };
/* The ruling stands first so that its fields serve both. */
struct ruling_page {
	struct ruling r;
	struct order o;
	struct req *req;
	str *clause; size_t n_clause;                  /* sentences */
	struct ruling_proof *proof; size_t n_proof;
	struct proof_view *need; size_t n_need;
	str verify_url;
	bool there, complete, may_work, may_seal, may_withdraw;
};
struct ruling_told {                                   /* what whoever holds the paper sees */
	struct ruling r;
	struct sealed s;
	struct req *req;
	json body;
	str url;
	str *clause; size_t n_clause;
	bool unchanged;
};
struct ruling_in { int part, cause; str finding; };
struct proof_in { int kind; str words; struct upload *file; size_t n_file; int64_t attachment; };
struct ruling_act_in { int64_t ver; str reason; };
extern const struct form ruling_form, proof_form, ruling_seal_form, ruling_withdraw_form;
/* For the order's page and the customer's: what stands there of it. Loads *ret NULL when there is no ruling and none is called for. */
struct ruling_hint { struct ruling r; struct order o; str token; str *clause; size_t n_clause; struct ruling_proof *proof; size_t n_proof; bool there; };
MUST enum err ruling_hint_load(struct ctx *c, const struct order *o, struct ruling_hint **ret);
void ruling_panel_html(struct out *o, const struct ctx *c, const struct ruling_hint *h);      /* staff */
void ruling_customer_html(struct out *o, const struct ctx *c, const struct ruling_hint *h);
/* The sealed text on paper, in the reader's language, with its hash and a code that leads to its check. */
MUST enum err ruling_paper(struct ctx *c, const struct ruling_told *t, struct reply *out);
str ruling_words(const struct ctx *c, const struct sealed_clause *k);
