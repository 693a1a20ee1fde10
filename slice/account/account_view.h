/* account_view.h — models and forms of the account department's pages. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "view/chart.h"
#include "slice/account/account.h"

extern const struct form code_form, login_form, profile_form, password_form, token_form, setting_form;

struct login_page { const struct req *req; str next, name; };
struct account_page {
	const struct req *req;
	struct user u, *user;                          /* user: &u, for JSON */
	struct session *sessions; size_t n_sessions;
	struct token *tokens; size_t n_tokens;
	struct ui_option *role; size_t n_role;
	struct factor factor;
	bool must_enrol;                               /* nothing else is open until the second step is set up */
};
struct code_in { str code, next; };
struct step_page { const struct req *req; str next; };
struct setup_page { const struct req *req; str secret, uri; html qr; };
struct code_text { str code; };
struct codes_page { struct code_text *items; size_t n; };
struct token_page { str token, name; };

/* One tile of the administration page. */
struct admin_tile { const char *path, *icon, *title, *meaning; uint64_t need; };
struct admin_page { const struct admin_tile *tile[16]; size_t n; };
struct setting_row { str name, value, fallback, meaning, department; int kind; bool changed, set /* a secret that is kept */; };
struct settings_page { const struct req *req; struct setting_row *items; size_t n; };
struct outbox_page { const struct req *req; struct outbox_item *items; size_t n; };
struct perm_row { str code, title; bool has[ROLE_N]; };
struct perm_view { str code, title; };
struct role_view { str code, title, sight; struct perm_view *permissions; size_t n_permissions; };
struct roles_page { struct perm_row perm[PERM_N]; struct role_view *items; size_t n; };   /* perm: the matrix; items: the same by role, for JSON */

handler login_show, login_send, logout_send, account_show, account_save, account_password, account_end_session, account_new_token, account_end_token;
handler admin_show, settings_show, setting_save, outbox_show, outbox_again, roles_show;
extern const struct view login_view, account_view, token_view, admin_view, settings_view, outbox_view, roles_view;
handler step_show, step_send, factor_show, factor_start, factor_on, factor_codes, factor_end;
extern const struct view step_view, setup_view, codes_view;
/* Where who just signed in goes. */
MUST enum err login_lands(struct ctx *c, str token, str next, struct reply *out);
/* A path of ours to go back to; anything else is "/". */
str safe_next(str path);
/* "Firefox · Windows" of what a browser says about itself; the text itself when nothing in it is known. */
str agent_words(const struct ctx *c, str agent);
