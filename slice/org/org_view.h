/* org_view.h — models and forms of the network's and the people's pages. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/account/account.h"
#include "slice/org/org.h"

extern const struct form near_form, station_form, person_form, person_edit_form, person_role_form, people_form, cert_form, roster_form, shift_form;

struct near_page { const struct req *req; str near, brand, place, next; bool unknown; struct org_hit *items; size_t n; };
struct network_page { const struct req *req; struct org *items; size_t n; bool may_edit; };
struct station_page { const struct req *req; struct org o, *org; struct org up; str calendar; bool may_edit, has_up; };
struct station_edit {
	const struct req *req;
	struct org o;
	str areas, brands, parent, calendar, lat, lon;
	struct ui_option *parents, *calendars; size_t n_parents, n_calendars;
	bool fresh;
};

struct role_row { int64_t user_id, org_id; int role; str org_code, org_name, org_name_en; };
struct people_page { const struct req *req; struct user *items; size_t n; str *roles; str next; struct ui_option *role; size_t n_role; };
struct person_page {
	const struct req *req;
	struct user u, *user;
	struct role_row *role; size_t n_role;
	struct cert *certs; size_t n_certs;
	struct ui_option *orgs; size_t n_orgs;
	struct factor factor;
};
struct person_new { const struct req *req; struct ui_option *orgs; size_t n_orgs; };
struct secret_page { str login, password; };

enum { ROSTER_DAYS = 7 };
struct roster_row { str login, name; int shift[ROSTER_DAYS]; };      /* -1: not planned */
struct roster_page { const struct req *req; day first, last, before, after; struct roster_row *items; size_t n; struct shift_row *shifts; size_t n_shifts; struct ui_option *people; };

handler near_show, network_show, station_show, station_edit_show, station_new_show, station_add, station_save;
handler people_show, person_show, person_new_show, person_add, person_save, person_role_save, person_password, person_factor_reset, cert_save, cert_drop, roster_show, roster_save;
extern const struct view near_view, network_view, station_view, station_edit_view, people_view, person_view, person_new_view, secret_view, roster_view;
/* Titles in order of enum role. */
extern const char *const role_titles[ROLE_N];
