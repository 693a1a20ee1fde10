/* ui.h — the parts every page is made of. Called from templates:  @call ui_field(m->req, &order_form, "phone", V(m->phone))
 *
 * Each part is  void NAME(struct out *o, const struct ctx *c, …)  and writes one element; no part carries a business word: texts come translated.
 * Layout is plain class names; these are all of them:
 *   page      .page-head (h1 and .toolbar) · .cols equal · .cols-main wide + 340 px (.cols-side the other way, .cols-half) · .stack, .stack-s down ·
 *             .spread, .cluster across · .push to the right · .narrow for reading and single forms
 *   card      .card > .card-head (h2, .push) + .card-body + .card-foot; a .table-wrap stands directly in .card
 *   table     .table-wrap > table.table; .num right-aligned; a.no an order's number; add .table-stack and data-label="…" on each td but the first:
 *             the phone then shows rows as cards. tr.current marks the chosen row; tbody[data-rows] takes j/k, Enter opens the row's first link
 *   list      ul.items > li > what it is + its step (.cluster): a row that fits a phone
 *   form      form.stack > ui_errors, ui_hidden, div.fields (.fields-1 one column), div.form-foot with the buttons; the primary one first
 *   button    .btn · .btn-primary once a screen · .btn-quiet · .btn-danger · .btn-small · .btn-large (phone) · .btn-block · .btn-link
 *   talk      .talk > .say (them), .say.say-us, .say.say-internal, each header + p
 *   board     .board > .board-col > header + .board-cards > .board-card (see data-move below)
 *   phone     .job-next, .address, .action-bar
 *   print     .no-print, .only-print
 *   text      .muted .faint .small .strong .mono .pre .nowrap .truncate .num, tones .ok .warn .bad .info; Tabler's grid and utilities (row, col-md-6, d-none, mt-2 …) too
 *
 * What the browser side does for markup (see web/); all of it works without script as far as a form can:
 *   form[data-draft]                     keeps what was typed locally until the form succeeds
 *   [data-live="TOPIC"]                  is fetched anew (its id is the target) when http_publish names the topic; needs an id
 *   a[data-primary], button[data-primary]the screen's one action: key e
 *   button[data-scan="INPUT_ID"]         camera scan into that input (hidden where the browser cannot)
 *   canvas.pad[data-sign="INPUT_ID"]     signature: PNG as base64 in that hidden input; button[data-clear="CANVAS_ID"] wipes it
 *   input[type=file][data-photo]         pictures are scaled to 2048 px before upload, shown as thumbnails, added to those chosen before
 *   button[data-camera="INPUT_ID"]       phones: takes a picture straight into that input
 *   .board .board-card[draggable=true][data-moves="COLUMN:EVENT …"][data-action="URL"][data-ver="N"] and .board-col[data-col="COLUMN"][data-title="Words"]:
 *                                        dropping posts event=EVENT and ver to URL, as the button does; only columns named in data-moves light up
 *   time[data-ago], .due[data-due]       tick
 *   button[data-copy="TEXT"]             copies
 *   button[data-open="DIALOG_ID"]        opens a <dialog>; button[data-close] closes the one around it
 *   form[data-confirm="sentence"]        asks before it is sent
 *   textarea[data-count]                 counts down to maxlength
 */
#pragma once
#include "http/http.h"

/* Status colours are for status only, and every part that takes a tone also takes a word. */
enum tone { TONE_IDLE, TONE_OK, TONE_WARN, TONE_BAD, TONE_INFO, TONE_ACCENT };
extern const char *const ui_tone[];                    /* class suffix: idle ok warn bad info accent */
enum tone ui_tone_of(const char *stage);               /* of a stage that state tables name: new run wait done end; BUG for another */

/* ---- forms ---- */
struct ui_option { str value, label; };                /* label translated */
struct ui_more {                                       /* what a field may want beyond its table row; zero is the usual */
	const char *prefix;                            /* list elements: "accessories.0." */
	const char *const *titles;                     /* IN_ENUM: N_() title of each of names; else the names themselves */
	const struct ui_option *options; size_t n;     /* a choice from data: turns any text or int field into a select */
	const char *list;                              /* id of a <datalist> on the page */
	const char *unit;                              /* translated word or sign behind the control */
	const char *placeholder;                       /* translated */
	const char *look;                              /* address asked as one types (htmx GET, name=value); answer goes to #ID-look below the control */
	bool wide;                                     /* over all columns */
	bool required;                                 /* here, though the form's table leaves it open */
	bool readonly, autofocus, radio /* enum as radio buttons */, bare /* label for screen readers only */;
	int rows;                                      /* IN_LINES, default 3 */
};
/* Label, control by the input's kind, required mark, hint; after this form failed what was typed and the error. Members as in http.h; absent values are blank.
 * V(enum) takes the index. IN_INSTANT is typed in the reader's zone. BUG when the form has no such input. IN_LIST and IN_JSON are laid out by the page. */
void ui_field(struct out *o, const struct ctx *c, const struct req *r, const struct form *f, const char *name, struct val value);
void ui_field_with(struct out *o, const struct ctx *c, const struct req *r, const struct form *f, const char *name, struct val value, const struct ui_more *more);
/* First thing in every <form method="post">: _csrf and the idempotency key. */
void ui_hidden(struct out *o, const struct ctx *c, const struct req *r);
/* Summary of what went wrong with this form, links to the fields; nothing unless it just failed. */
void ui_errors(struct out *o, const struct ctx *c, const struct req *r, const struct form *f);
/* True when this page shows f anew after it failed. */
bool ui_failed(const struct req *r, const struct form *f);
/* Id of a field's control, for <label for>, data-scan, links: "FORM-name". In c->a. */
str ui_id(const struct ctx *c, const struct form *f, const char *prefix, const char *name);
/* Path and query of this page with one parameter set (value.p NULL removes it; the list's cursor goes too): filters, pagers, language. In c->a. */
str ui_here(const struct ctx *c, const struct req *r, const char *name, str value);
/* Value of a query parameter, decoded, in c->a; {NULL,0} when not there. */
str ui_query(const struct ctx *c, const struct req *r, const char *name);

/* ---- status ---- */
void ui_icon(struct out *o, const struct ctx *c, const char *name);                      /* of web/icons.svg; decoration beside a word */
void ui_badge(struct out *o, const struct ctx *c, enum tone tone, str text);
void ui_state(struct out *o, const struct ctx *c, enum tone tone, str text);             /* dot and word */
/* A clock: how long is left or over, exact instant on hover. paused: the reason while it stands still; done: when it was met (NO_INSTANT: not yet).
 * Amber in the last hour. Nothing when due is absent. */
void ui_due(struct out *o, const struct ctx *c, instant due, str paused, instant done);
void ui_time(struct out *o, const struct ctx *c, instant t);                             /* exact */
void ui_ago(struct out *o, const struct ctx *c, instant t);                              /* as people say it, exact on hover; ticks */
void ui_money(struct out *o, const struct ctx *c, money m);                              /* nothing when absent; "Free" is the page's word */
void ui_bar(struct out *o, const struct ctx *c, int64_t done, int64_t all, str label);   /* meter with its words */

/* ---- facts ---- */
void ui_kv(struct out *o, const struct ctx *c, str label, struct val v);                 /* in <dl class="kv">; nothing when v is absent */
void ui_kv_link(struct out *o, const struct ctx *c, str label, struct val v, str href);
void ui_stat(struct out *o, const struct ctx *c, str label, struct val v, str note, enum tone tone, str href);   /* in <div class="stats">; href.p NULL: no link */
void ui_copy(struct out *o, const struct ctx *c, str text);                              /* copy button beside a number */
void ui_phone(struct out *o, const struct ctx *c, str phone);                            /* tel: link, plain when masked */
void ui_call(struct out *o, const struct ctx *c, str phone);                             /* the same as a button; nothing when there is no number to dial */
bool ui_is_masked(str text);                                                             /* hidden from this reader, or empty */
void ui_event(struct out *o, const struct ctx *c, enum tone tone, str what, str who, instant at, str body);      /* in <ol class="timeline"> */
void ui_thumb(struct out *o, const struct ctx *c, str href, str name, str small);        /* in <div class="thumbs">; small: address of a small picture, absent: none */

/* ---- moving about ---- */
struct ui_link { str label, href; bool current; int64_t count; /* NIL: none */ };
void ui_tabs(struct out *o, const struct ctx *c, str label, const struct ui_link *l, size_t n);
void ui_chips(struct out *o, const struct ctx *c, str label, const struct ui_link *l, size_t n);   /* filters in the address */
void ui_steps(struct out *o, const struct ctx *c, const str *label, size_t n, size_t now);
void ui_pager(struct out *o, const struct ctx *c, const struct req *r, str next);        /* next: reply.next; nothing when absent */
void ui_action(struct out *o, const struct ctx *c, str label, str href, const char *icon, bool primary);         /* link that looks like a button */
/* Over a list of n rows: what is typed comes back as `q` beside the filters that stand in the address; how many rows are shown, a way back to all of them, and
 * exactly these rows as CSV and XLSX. next: reply.next. */
void ui_list_bar(struct out *o, const struct ctx *c, const struct req *r, str action, str label, str placeholder, size_t n, str next);
/* Hidden: the words and filters that stand in the address, but for the form's own fields. */
void ui_kept(struct out *o, const struct ctx *c, const struct req *r, const char *const *own);
/* One-button form: posts to action with one hidden field (name NULL: none). */
void ui_post(struct out *o, const struct ctx *c, const struct req *r, str label, str action, const char *name, str value, int64_t ver, bool primary);

/* ---- saying things ---- */
void ui_note(struct out *o, const struct ctx *c, enum tone tone, str text);
void ui_empty(struct out *o, const struct ctx *c, const char *icon, str text, str href, str action);   /* href.p NULL: no button */
/* <dialog id> with a form that posts to action; opened by a button[data-open=id]. Says what will happen; asks a reason when reason_name is given. ver < 0: none. */
void ui_confirm(struct out *o, const struct ctx *c, const struct req *r, const char *id, str title, str text, str button, str action, const char *reason_name, int64_t ver);
