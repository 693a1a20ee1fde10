/* entitlement_view.h — models of the department's pages and of their JSON; entitlement_web.c fills them, entitlement.html draws them. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/device/device_view.h"
#include "slice/entitlement/entitlement.h"

struct cost_view { str cost, title, pay, pay_title, payer, source; int64_t percent; enum tone tone; };
struct until_view { str clock, title; day until; str source, source_title; bool ended; };
struct lost_view { str policy, title, why, why_title; };
struct word_view { str code, title; };
struct verdict_view {
	day on;
	str part, part_title, cause, cause_title, source, source_title, used, summary;
	struct cost_view *cost; size_t n_cost;
	struct word_view *option; size_t n_option;
	struct word_view *also; size_t n_also;
	struct until_view *until; size_t n_until;
	struct lost_view *lost; size_t n_lost;
	struct word_view *missing; size_t n_missing;
	struct word_view *line; size_t n_line;         /* title: the sentence */
	bool unverified;
};
extern const struct field verdict_view_fields[];
extern const struct device_panel entitlement_device_panel;
void entitlement_panel_html(struct out *o, const struct ctx *c, const struct verdict_view *v, const struct device *d);
void entitlement_told_html(struct out *o, const struct ctx *c, const struct verdict_view *v);   /* for the customer */
void verdict_view_fill(struct ctx *c, const struct entitlement *e, struct verdict_view *out);

/* How long each part is covered, drawn: places on a scale of 1000. */
struct cover_bar { int64_t x, y, width; str words; };
struct cover_span { str policy, title, words; day from, to; int64_t days_added; bool running, anew, unproven; struct cover_bar bar; };
struct cover_row { str part, title, pay, words; day until; struct cover_span *span; size_t n; int64_t height; };
struct coverage { day low, high, today; int64_t today_x; struct cover_row *row; size_t n; struct cover_bar *stay; size_t n_stay; bool any; };
/* For a fault of quality, as known on that day. */
MUST enum err coverage_by(struct ctx *c, const struct facts *f, struct coverage *ret);
MUST enum err coverage_of(struct ctx *c, const struct device *d, day on, struct coverage *ret);
extern const struct device_panel entitlement_timeline_panel;
/* Anybody's question, by serial number and proof. */
struct covered_in { str serial, invoice_no; day bought_on; int kind; };
struct covered_page { struct req *req; str serial, device; struct verdict_view *verdict; struct coverage *coverage; bool known; };
extern const struct form covered_form;
extern const struct field coverage_fields[];

struct kept_view { struct kept k; str money; bool changed; };
struct entitlement_page {
	struct verdict_view v;                         /* first: its fields serve both */
	struct device d;
	struct req *req;
	struct kept *kept; size_t n_kept;
	struct promise_row *promise; size_t n_promise;
	const struct policy_row *pack; size_t n_pack;
	str device_name;
	struct coverage *coverage;
	bool may_promise, may_keep, may_goodwill;
};
struct policy_list_page { struct policy_row *items; size_t n; struct req *req; };
struct policy_page {
	struct policy_row row;
	struct policy_row *version; size_t n_version;
	const struct policy *policy;
	str body;
	struct req *req;
};
struct diff_line { str sign, text; };
struct policy_diff_page { str code; int64_t a, b; struct diff_line *line; size_t n; struct req *req; };
struct policy_form_page { struct req *req; str body; };
/* Trying rules on the past: how verdicts kept would read today. */
struct replay_row { int64_t id; str part, old_source, new_source, old_parts, new_parts, old_options, new_options; instant at; int64_t device_id; bool changed; };
/* What such a trial cannot speak of, and why. */
struct left_out { str reason, text; int64_t n; };
enum { LEFT_OUT_MAX = 6 };
struct replay_page { struct replay_row *items; size_t n; struct left_out *left; size_t n_left; int64_t changed; struct req *req; str next; };
/* Orders nobody gave a verdict on, of the newest `orders` of the house; from the department that keeps orders. */
struct unjudged { int64_t orders, no_device, imported, other; };
extern enum err (*const orders_unjudged)(struct ctx *c, struct unjudged *ret);
struct exposure_page { struct exposed *items; size_t n; struct exposure_notice *notice; size_t n_notice; int64_t unseen; struct req *req; };
extern const struct form ask_form, promise_form, goodwill_form, policy_form, close_form;
extern const char *const entitlement_no_yes[], *const entitlement_grants[];             /* titles of choices */
str entitlement_word(const struct ctx *c, const char *const *names, const char *const *texts, str code);
str entitlement_words(const struct ctx *c, const char *const *names, const char *const *texts, str codes);     /* with blanks between */
size_t entitlement_packs(const struct ctx *c, const struct entitlement_page *m, struct ui_option *out);   /* room for m->n_pack */

