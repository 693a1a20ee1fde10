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
};
struct level_page {
	struct level l;                                /* first: its field table serves both */
	const struct req *req;
	struct ui_option *calendar; size_t n_calendars;
	struct pause_reason *reason; size_t n_reasons;
	bool may_edit, fresh;
};
struct level_list_page {
	struct level *items; size_t n;
	struct pause_reason *reasons; size_t n_reasons;
	struct matrix_cell *priorities; size_t n_priorities;
	const struct req *req;
	bool may_edit;
};
extern const struct form level_form, level_target_form, level_pause_form, level_escalation_form, level_binding_form, pause_reason_form, matrix_form;
str pause_reason_title(const struct ctx *c, const struct pause_reason *r);

/* The clocks of one subject with their stories, for the API of whatever the subject is. */
struct sla_story_page { struct sla_story *items; size_t n; };
extern const struct view sla_story_view;
