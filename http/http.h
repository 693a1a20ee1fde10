/* http.h — the doors: requests in, replies out. Knows no business word; what a department offers comes as tables (struct slice).
 *
 * One request's way: bytes → parse (limits first) → route row → session or token → CSRF → need → form table fills a form struct →
 * run(ctx, req, reply) (methods that change run inside a database write, after which the answer is sent) → redact → HTML | JSON of the same model.
 *
 * What a GET handler answers may depend on the request's address, its base, its target and format, on who asks and in which language, on what
 * is committed and on c->now to the minute, and on nothing else: the answer is given again while none of these has changed (pages.c). */
#pragma once
#include "base/base.h"
#include "db/db.h"
#include "view/view.h"

/* ---- forms: one table reads urlencoded, multipart and JSON into the same struct ---- */
enum in_kind { IN_TEXT, IN_LINES /* text with newlines */, IN_INT, IN_BOOL, IN_DAY, IN_INSTANT, IN_MONEY, IN_ENUM, IN_PHONE, IN_EMAIL, IN_SERIAL, IN_SECRET, IN_TOKEN, IN_FILES, IN_LIST, IN_JSON };
struct input {
	const char *name;                              /* member, form field and JSON key alike */
	const char *label;                             /* N_() catalogue key */
	uint32_t off;
	enum in_kind kind;
	bool required;
	int64_t min, max;                              /* IN_INT: value (default min 0, max 0 = none); IN_TEXT…: code points (max 0 = 200, IN_LINES 4000); IN_LIST/IN_FILES: count */
	const char *const *names;                      /* IN_ENUM: NULL-terminated; the int member gets the index, -1 when absent */
	const struct form *sub;                        /* IN_LIST: element; urlencoded keys "accessories.0.name" */
	uint32_t off_n;                                /* IN_LIST, IN_FILES: offset of the size_t count */
	const char *hint;                              /* N_(): an example, shown with the error */
};
/* Member types: text kinds str · INT int64_t (absent NIL) · BOOL bool · DAY day · INSTANT instant · MONEY money · ENUM int · LIST T* · FILES struct upload* . */
#define INPUT(T, m, kind_, label_, ...) { .name = #m, .label = (label_), .off = offsetof(T, m), .kind = (kind_), __VA_ARGS__ }
struct form { const char *name; size_t size; const struct input *in; size_t n; };
#define FORM(id, T, ...) const struct input id##_in[] = { __VA_ARGS__ }; const struct form id = { #id, sizeof(T), id##_in, LEN(id##_in) }
/* The same, for one file only. */
#define FORM_STATIC(id, T, ...) static const struct input id##_in[] = { __VA_ARGS__ }; static const struct form id = { #id, sizeof(T), id##_in, LEN(id##_in) }
struct upload { str name, type /* sniffed */, path /* temporary file, removed after the request */, sha256 /* hex */; int64_t size; };
/* Fills form->size bytes at out from JSON text or urlencoded text; all field errors are collected. Strings live in c->a. */
/* The two inputs of every keyset list: how many rows (at most 200, 50 when absent) and the marker that Link rel=next carries. */
#define LIST_INPUTS(T) INPUT(T, limit, IN_INT, N_("Rows per page"), .min = 1, .max = 200), INPUT(T, after, IN_TOKEN, N_("Page marker"))
static inline int64_t list_limit(int64_t given) { return given == NIL ? 50 : given; }
MUST enum err form_json(struct ctx *c, const struct form *f, str body, void *out);
MUST enum err form_urlencoded(struct ctx *c, const struct form *f, str body, void *out);

/* ---- routes ---- */
enum format { AS_HTML, AS_JSON, AS_CSV, AS_XLSX };
struct upload_list { struct upload *p; size_t n; };
struct req {
	const struct route *route;
	str path, query, base;                         /* base: "https://host" as the client sees us */
	str arg[3];                                    /* {…} parts of the path, decoded */
	const void *form;
	enum format as;
	bool htmx;                                     /* wants only the fragment named by target */
	str target;
	str if_match, idem_key, remote, agent;
	str raw;                                       /* body as received for webhooks; empty for multipart */
	const struct pair *typed; size_t n_typed;      /* what was typed, as sent; shown again when a page form failed */
	str csrf;                                      /* _csrf of every page form; empty without a session */
	str session;                                   /* the session cookie as sent */
	bool failed;                                   /* this is `again` after a failed form; why it failed is in c->diag when the page is drawn */
};
struct pair { str name, value; };
str req_typed(const struct req *r, const char *name);   /* {NULL,0} when not sent */
/* What is wrong with a field (dotted path), in the reader's language with an example; {NULL,0} when nothing is. */
str req_error(const struct ctx *c, const struct req *r, const char *path);
/* The label of a field by its dotted path, translated; the path itself when the form does not know it. */
str req_label(const struct ctx *c, const struct req *r, const char *path);
/* The sentence that tells the failure as a whole. */
str diag_text(const struct ctx *c);
struct reply {
	const struct view *view;                       /* NULL: 204, or 303 for a page when location is set */
	void *model;
	str title;                                     /* page title, else the view's */
	str location;                                  /* POST: where the page goes next (303); created things: Location header with 201 */
	bool created;
	str next;                                      /* list: keyset cursor of the next page: becomes Link rel=next */
	int64_t ver;                                   /* ETag when > 0 */
	str file_type, file_name, file_path, bytes;    /* a download instead of a view: path or bytes */
	bool inline_file;
	str set_session;                               /* value of the session cookie; "-" removes it */
	str flash;                                     /* sentence shown on the next page */
	/* stream: called on a worker after the handler until it returns false; each call appends to o */
	bool (*stream)(struct ctx *c, struct out *o, void *arg, enum err *ret_e);
	void *stream_arg;
};
typedef enum err handler(struct ctx *c, struct req *r, struct reply *out);
enum { R_PUBLIC = 1, /* no login */ R_PAGE = 2, /* HTML only, not in the API */ R_API = 4, /* JSON only */ R_NO_CSRF = 8, R_LIMIT = 16 /* strict rate limit */,
       R_READ = 32 /* a POST that changes nothing */, R_LIVE = 64 /* server-sent events on topic arg[0] */, R_BARE = 128 /* page without the frame */,
       R_SLOW = 256 /* heavy work: runs outside the write transaction; opens its own with db_write */ };
struct route {
	const char *method, *path;                     /* "/orders/{no}"; the same row serves /api/v1/orders/{no} */
	uint64_t need;                                 /* permission bits */
	unsigned flags;
	const struct form *form;                       /* body, or query string for GET */
	handler *run;
	const struct view *view;                       /* what it answers with: OpenAPI */
	handler *again;                                /* pages: shows the form anew, with what was typed and the errors, after run failed */
	const char *summary;                           /* English, for OpenAPI */
};

/* ---- settings: typed, with meaning; kept by the account department, read through setting_* ---- */
struct setting { const char *name; enum in_kind kind; const char *fallback; const char *meaning; /* N_() */ };

/* ---- jobs: run on schedule in one process at a time ---- */
struct job { const char *name; int64_t every_ms; enum err (*run)(struct ctx *c); const char *meaning; };

/* What a department tells the house about itself. Listed in app/slices.def in dependency order. */
struct slice {
	const char *name;
	const struct db_schema *schema;
	const struct route *routes; size_t n_routes;
	const struct setting *settings; size_t n_settings;
	const struct job *jobs; size_t n_jobs;
	const struct job *outside; size_t n_outside;   /* jobs that wait for other machines: on a thread of their own in every process; they claim what they do */
};
#define SLICE_ROUTES(t) .routes = (t), .n_routes = LEN(t)

/* ---- what the app plugs in (it knows the departments, http does not) ---- */
struct http_app {
	const struct slice *const *slices;
	/* Session cookie or bearer token → actor in c->a; ERR_UNAUTHORIZED for a bad one; nobody() when there is none. Read connection. */
	enum err (*identify)(struct ctx *c, str session, str bearer, const struct actor **ret, str *ret_csrf);
	/* A file came in with the form, before anything else sees it: may replace its contents, size and sum, or refuse it (fail_field with the field). NULL: nothing. */
	enum err (*received)(struct ctx *c, str field, struct upload *u);
	/* Around the page's inside: head, navigation, search field, flash. */
	void (*frame)(struct out *o, const struct ctx *c, const struct req *r, const struct reply *rep, str csrf, void (*inside)(struct out *, const struct ctx *, const void *), const void *model);
	void (*error_page)(struct out *o, const struct ctx *c, const struct req *r, int status);
	const char *login_path;                        /* where a page sends who is not signed in (?next=PATH); NULL: 401 */
	/* Idempotency (inside the write): a known key answers the stored reply (*ret_hit), a new one is remembered after the handler. Same key, other body: CONFLICT. */
	enum err (*idem_find)(struct ctx *c, str key, str sha256, bool *ret_hit, int *ret_status, str *ret_body, str *ret_location);
	enum err (*idem_store)(struct ctx *c, str key, str sha256, int status, str body, str location);
};
struct http_conf { const char *listen; /* ADDR:PORT */ const char *data_dir; int workers; int64_t body_max, file_max; int header_ms, body_ms; const char *tls_cert, *tls_key; bool log; /* a line a request to stderr */ };
struct http;
MUST enum err http_start(const struct http_conf *conf, const struct http_app *app, struct db *db, struct http **ret, const char **ret_why);
int  http_port(const struct http *h);                  /* when listening on port 0 */
void http_stop(struct http *h);                        /* answers what is under way, then ends */
/* News for R_LIVE listeners of a topic; cheap, any thread, after commit. Handlers call live_touch(c, topic): sent once the write is committed. */
void http_publish(struct http *h, str topic);
void live_touch(struct ctx *c, const char *topic);
/* Runs one request without a socket: the tests' door. Body and headers as given; answer appended to o. */
struct http_answer { int status; str location, type; int64_t statements, arena; };
MUST enum err http_script(struct db *db, const struct http_app *app, const char *method, const char *path, const char *headers, str body, struct out *o, struct http_answer *ret);
/* OpenAPI 3.1 of all routes. */
void http_openapi(struct out *o, const struct ctx *c, const struct http_app *app);
/* /assets/NAME?v=HASH of an embedded asset. */
str asset_url(const char *name);
