/* http_int.h — what the files of this floor share. An exchange is one request and its answer; it is prepared by whoever holds the socket
 * (server.c) or a script (script.c), worked by flow.c and written by respond.c. */
#pragma once
#include "http/http.h"

/* ---- limits ---- */
enum { HEADS_MAX = 64, PAIRS_MAX = 2000, PARTS_MAX = 200, PART_HEAD_MAX = 4096, ANSWER_HEADS = 24, TOUCH_MAX = 8, LIST_MAX_DEFAULT = 200 };
enum { ARENA_CAP = 32 << 20, OUT_CAP = 32 << 20 };

/* ---- text of the protocol (parse.c); results live in the arena or in the input ---- */
bool is_token(str s);                                  /* RFC 9110 token: methods, header names */
/* %XX (and + as blank when `plus`) decoded; false for a broken escape, NUL, bad UTF-8, control or bidi characters. */
bool url_decode(struct arena *a, str s, bool plus, str *ret);
void url_encode(struct buf *b, str s);
/* name=value&…; at most PAIRS_MAX. */
MUST enum err pairs_parse(struct ctx *c, str text, struct pair **ret, size_t *ret_n);
str  pair_get(const struct pair *p, size_t n, str name);
bool str_ieq(str a, str b);
str  cookie_get(str header, str name);
/* Value of parameter `name` of a header such as multipart/form-data; boundary="x"; quotes removed. {NULL,0} when absent. */
str  param_get(struct arena *a, str header, str name);
/* Quality in thousandths that an Accept-like header gives to a type or language; -1 when not named. */
int  accept_q(str header, str what);
bool bytes_eq(str a, str b);                           /* constant time for equal lengths */

/* ---- forms (form.c, form_json.c) ---- */
struct fill {
	struct ctx *c;
	const struct pair *pair; size_t n_pair;
	bool *used;                                    /* one a pair */
	const struct upload *up; const str *up_field; size_t n_up;
	bool lenient;                                  /* unknown names are ignored: pages opened by links of others */
};
/* As form_json; ver (from If-Match, NIL = none) stands for a member "ver" that was not sent. */
MUST enum err form_json_ver(struct ctx *c, const struct form *f, str body, int64_t ver, void *out);
MUST enum err form_pairs(struct fill *f, const struct form *form, void *out);
/* One scalar from its text, checked; errors are recorded under `path`. */
void input_text(struct ctx *c, const struct input *in, const char *path, str s, void *obj);
void input_absent(struct ctx *c, const struct input *in, const char *path, void *obj);
void input_int(struct ctx *c, const struct input *in, const char *path, int64_t i, void *obj);
/* The most code points of a text, or entries of a list. */
int64_t input_most(const struct input *in);
bool input_count(struct ctx *c, const struct input *in, const char *path, size_t n);
const char *path_join(struct ctx *c, const char *prefix, const char *name);
const struct input *form_input(const struct form *f, str path);   /* by dotted path; NULL when unknown */

/* ---- multipart (multipart.c): fed chunk by chunk; fields to memory, files to temporary files ---- */
struct multipart;
MUST enum err multipart_open(struct arena *a, str content_type, const char *dir, int64_t field_max, int64_t file_max, struct multipart **ret);
MUST enum err multipart_feed(struct multipart *m, const char *p, size_t n);
/* What a complete body held; ERR_MALFORMED when it ended early. Lives in the arena; field[i] is the name under which up[i] was sent. */
struct parts { struct pair *pair; size_t n_pair; struct upload *up; str *field; size_t n_up; };
MUST enum err multipart_end(struct multipart *m, const struct parts **ret);
void multipart_close(struct multipart *m);             /* removes the files; NULL is fine */
void sniff(struct arena *a, struct upload *u);         /* sets type from the content; one handle a thread until sniff_close */
void sniff_close(void);

/* ---- routes (route.c) ---- */
enum method { M_GET, M_POST, M_PUT, M_PATCH, M_DELETE, M_N };
enum door { DOOR_PAGE, DOOR_API, DOOR_N };
struct router;
/* Compiles the tables. NULL with *ret_why (static text naming the rows in `at`) when two rows answer the same request or a row is unsound. */
struct router *router_new(const struct slice *const *slices, char *why, size_t n_why);
void router_free(struct router *r);
int  method_of(str name);                              /* -1 unknown; HEAD is GET */
/* ERR_NOT_FOUND; ERR_METHOD with *ret_allow = bits of accepted methods. Args are still percent-encoded. */
MUST enum err router_match(const struct router *r, int method, enum door door, str path, const struct route **ret, str arg[3], unsigned *ret_allow);
void allow_text(struct buf *b, unsigned bits);

/* ---- token buckets (limit.c) ---- */
struct limits;
struct limits *limits_new(void);
void limits_free(struct limits *l);
/* Takes one token of bucket `key` (burst, then one each every_ms); false: wait *ret_ms. Any thread. */
bool limits_take(struct limits *l, str key, int burst, int64_t every_ms, int64_t now_ms, int64_t *ret_ms);

/* ---- numbers for operators (metrics.c) ---- */
struct metrics;
struct metrics *metrics_new(void);
void metrics_free(struct metrics *m);
void metrics_count(struct metrics *m, int status, int64_t us);
void metrics_write(struct metrics *m, struct out *o, struct db *db, int64_t connections, int64_t under_way, int64_t listeners);

/* ---- page memory (pages.c): answers given again while nothing was committed and the minute has not passed ---- */
enum { STAMP = 16, STAMPS_MAX = 64, PAGE_KEY = 32 };
struct stamp { size_t at, behind; };                   /* the request's id in an answer; packed: plain bytes behind it */
struct pages;
struct pages *pages_new(void);
void pages_free(struct pages *p);

/* ---- exchange ---- */
struct head { str name, value; };
struct shared {                                        /* one a server or script */
	const struct http_app *app;
	struct db *db;
	struct router *router;
	struct limits *limits;                         /* NULL: unlimited (scripts) */
	struct metrics *metrics;
	struct pages *pages;                           /* NULL: nothing is kept (scripts) */
	const char *dir;                               /* temporary files */
	int64_t body_max, file_max;
	unsigned char key[32];                         /* signs flash cookies; lives as long as the process */
	bool tls;
	struct http *server;                           /* NULL in scripts */
};
struct answer {
	int status;
	struct head head[ANSWER_HEADS]; size_t n;
	struct out o;                                  /* body, unless one of the following is set */
	str fixed;                                     /* static bytes (assets) */
	str file; bool remove;                         /* path; removed once sent */
	bool stream, live, close;
	bool packed;                                   /* o is gzip */
	struct stamp stamp[STAMPS_MAX]; size_t n_stamp; /* of an answer that may be kept */
	const char *name;                              /* of the view, for logs */
};
struct exchange {
	struct ctx c;
	struct arena a;
	const struct shared *sh;
	str method_name, uri;
	struct head head[HEADS_MAX]; size_t n_head;
	str peer;                                      /* address of the socket's other end */
	int method; bool head_only;
	enum door door;
	struct req r;
	struct reply rep;
	unsigned allow;
	struct buf body;
	struct multipart *mp; int64_t fed;             /* bytes of the body so far */
	struct pair *pair; size_t n_pair;
	const struct parts *parts;
	str session, bearer, csrf, flash, sha256;
	const char *lang;
	bool folded;                                   /* a header continued on the next line */
	bool https, bad_session, rendered;
	enum err opened;                               /* what exchange_open found; answered by exchange_begin */
	int64_t retry_ms;
	char touch[TOUCH_MAX][64]; size_t n_touch;     /* live topics to tell after commit */
	bool replayed; int replay_status; str replay_body, replay_location;
	struct answer ans;
	bool keep; unsigned char page[PAGE_KEY];       /* the answer may be kept, under this key */
	int64_t start_us;
	struct db_job job;
	struct exchange *next;                         /* the worker queue's or the free list's */
	void *owner;                                   /* server.c's */
};
void exchange_init(struct exchange *x, const struct shared *sh);       /* once; then exchange_reset between requests */
void exchange_reset(struct exchange *x);
void exchange_free(struct exchange *x);
str  head_get(const struct exchange *x, str name);
bool loopback(str address);                            /* of this machine; an empty one too */
/* The request line and headers are complete: strict checks, route, size. False: the answer is ready, do not read a body. */
bool exchange_open(struct exchange *x);
int64_t exchange_room(const struct exchange *x);       /* bytes the body may have */
int64_t exchange_length(const struct exchange *x);     /* Content-Length, 0 when absent, -1 when chunked */
/* A piece of the body; false: too large or broken, the connection must be dropped. */
bool exchange_feed(struct exchange *x, const char *p, size_t n);
bool exchange_builtin(struct exchange *x);             /* /assets, /lang: answered without worker */
/* What exchange_begin says comes next. */
enum step { STEP_DONE /* answer is ready */, STEP_WRITE /* run exchange_write in a database write, then exchange_finish */ };
enum step exchange_begin(struct exchange *x, struct conn *read);
enum err exchange_write(struct ctx *c, void *arg);      /* db_job's fn */
void exchange_finish(struct exchange *x, struct conn *read, enum err e);
bool exchange_stream(struct exchange *x, struct conn *read);   /* next piece of a streamed answer; false: that was the last */

/* The kept answer to the same request, if what is committed is still what it was made from. read: on which a read has just begun; NULL on
 * the sockets' thread. */
bool pages_recall(struct exchange *x, const struct conn *read);
void pages_keep(const struct exchange *x, uint64_t epoch);     /* the finished answer, read since epoch */

/* ---- answers (respond.c, problem.c, gzip.c) ---- */
void answer_head(struct exchange *x, str name, str value);
void respond_reply(struct exchange *x, enum err e);    /* e: ERR_OK or the error to tell */
void respond_error(struct exchange *x, enum err e);
void respond_plain(struct exchange *x, int status, str text);  /* for requests that cannot be read */
void respond_common(struct exchange *x);               /* security headers, cookies, compression: last */
str  negotiate(struct exchange *x, str path);          /* sets r.as, door; the path without prefix and suffix */
void problem_json(struct out *o, const struct exchange *x, enum err e);
str  error_text(const struct ctx *c, enum err e);
enum err respond_table(struct exchange *x, const struct view *v, const void *model);   /* CSV, XLSX */
void attachment(struct exchange *x, str name, bool inline_file);
bool takes_gzip(const struct exchange *x);
bool gzip_out(struct buf *b, struct stamp *stamp, size_t n_stamp);      /* in place, stamps too; false: left as it was */
/* Puts another id in the place of the stamps. */
void restamp(struct buf *b, const struct stamp *stamp, size_t n, bool packed, str id);
void gzip_close(void);                                 /* at the end of a thread */
str  flash_sign(struct exchange *x, str text);
str  flash_open(struct exchange *x, str value);
void touch_flush(struct exchange *x, void (*publish)(void *arg, str topic), void *arg);

void live_later(const char *topic);                    /* from outside of a request: told within a second */
void live_told(void (*publish)(void *arg, str topic), void *arg);       /* hands out what live_later collected */

/* ---- built-in pages ---- */
bool asset_answer(struct exchange *x);
bool builtin_page(struct exchange *x);                 /* on a worker: health, metrics, OpenAPI */
