/* sla_view.h — models and forms of the pages of service levels. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/sla/sla.h"

enum { LEVEL_SPARE_ROWS = 3 };                         /* blank rows to type into */
struct level_in {
	int64_t ver;
	str code, name, name_en, calendar, note;
	bool active;
	struct level_target *targets; size_t n_targets;
	struct level_pause *pauses; size_t n_pauses;
	struct level_escalation *escalations; size_t n_escalations;
	struct level_binding *bindings; size_t n_bindings;
	struct level_start *starts; size_t n_starts;
};
/* Whom a level applies to, or could: a customer, product, brand or station by name. */
struct level_bound { int basis; int64_t basis_id; str brand, name, href; };
struct level_page {
	struct level l;                                /* first: its field table serves both */
	const struct req *req;
	struct ui_option *calendar; size_t n_calendars;
	struct pause_reason *reason; size_t n_reasons;
	struct level_bound *bound; size_t n_bound;
	int64_t contracts;                             /* that name it */
	struct level_bound *hit; size_t n_hit; str who;    /* found for the words in ?who= */
	struct level_lag lag;
	bool may_edit, fresh;
};
struct level_lag_page { struct level_lag lag; struct level l; const struct req *req; bool may_edit; };
struct level_bind_in { int64_t ver, basis_id; int basis; str brand; };
struct level_list_page {
	struct level *items; size_t n;
	struct pause_reason *reasons; size_t n_reasons;
	struct matrix_cell *priorities; size_t n_priorities;
	const struct req *req;
	bool may_edit;
};
extern const struct form level_form, level_target_form, level_pause_form, level_escalation_form, level_binding_form, level_start_form, level_bind_form, pause_reason_form, matrix_form;
str pause_reason_title(const struct ctx *c, const struct pause_reason *r);

/* The clocks of one subject with their stories, for the API of whatever the subject is. */
struct sla_story_page { struct sla_story *items; size_t n; };
extern const struct view sla_story_view;
struct sla_told_page { struct sla_told *items; size_t n; };
extern const struct view sla_told_view, level_lag_view;
/* The promises of one subject, each with its changes: for the customer and for staff. */
void sla_told_html(struct out *o, const struct ctx *c, const struct sla_told_page *m);

/* level_web.c: whom a level applies to, and clocks that lag behind it. */
MUST enum err level_names(struct ctx *c, const struct level *l, struct level_bound **ret, size_t *ret_n);
MUST enum err level_whom(struct ctx *c, str words, struct level_bound **ret, size_t *ret_n);
handler level_bind, level_unbind, level_lag_show, level_apply_post;
