/* calendar_view.h — models and forms of the calendars' pages. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/calendar/calendar.h"

struct version_view { day since; json definition; str note, saved_by; instant saved_at; };
struct day_view { day on; str rule, hours; bool workday; };
struct cell { int day; str mark, hours; bool off; };     /* day 0: outside the month */
struct month_view { str name; struct cell cell[42]; int weeks; int64_t workdays; };
/* A definition as lines people can read and type: one of each weekday's windows, one line an override. */
struct calendar_lines { str zone, national, week[7], days; };
struct calendar_page {
	struct calendar k;
	const struct req *req;
	struct version_view *versions; size_t n_versions;
	struct calendar_lines now;                     /* of the version ruling today */
	int year;
	int64_t workdays;
	bool published, is_default, may_edit;
	struct month_view *month;                      /* 12 */
	day since;                                     /* proposed for the next version */
	struct calendar_progress progress;
};
struct calendar_list_page { struct calendar *items; size_t n; const struct req *req; str *year; size_t n_years; bool may_edit; };
struct calendar_days_page { struct day_view *items; size_t n; int64_t year, workdays; bool published; };
struct calendar_preview {
	str code; int64_t ver; day since; json definition; str note;
	struct calendar_change *changes; size_t n_changes;
	int64_t clocks, moved;                         /* running deadlines on it, and those that would move; moved NIL: too many to count */
	const struct req *req;
};
struct calendar_in {
	int64_t ver;
	str code, name, name_en, zone, national, mon, tue, wed, thu, fri, sat, sun, days, note, definition;
	day since;
	bool active;
};
struct holidays_in { str text; };
extern const struct form calendar_in_form, calendar_names_form, calendar_version_form, calendar_withdraw_form, holidays_form;
str calendar_weekday(const struct ctx *c, int weekday);      /* 0 Monday: "Mon" */

/* The definition of what was typed: in->definition as it stands, else made from the lines. INVALID names the line that cannot be read. */
MUST enum err calendar_compose(struct ctx *c, const struct calendar_in *in, str *ret);
/* The other way: of a definition that was read. */
struct calendar_lines calendar_lines_of(struct ctx *c, const struct cal_def *def);
