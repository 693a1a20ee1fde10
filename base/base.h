/* base.h — the words every floor speaks: outcomes, text, memory, time, money, values, the request's context.
 * No I/O and no business here. */
#pragma once
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST __attribute__((warn_unused_result))
#define N_(text) text                                            /* marks a text for the catalogue (base/i18n.h) */
#define LEN(a) (sizeof(a) / sizeof((a)[0]))
/* A broken invariant is a defect, never an input: say where and die; the supervisor restarts us. */
#define BUG(...) (fprintf(stderr, "baoxiu: bug at %s:%d: ", __FILE__, __LINE__), fprintf(stderr, __VA_ARGS__), fputc('\n', stderr), abort())

/* ---- outcomes: name, HTTP status, code shown to programs, text shown to people (catalogue key) ---- */
#define ERR_LIST(X) \
	X(OK,           200, "ok",           N_("Done.")) \
	X(MALFORMED,    400, "malformed",    N_("The request cannot be read.")) \
	X(UNAUTHORIZED, 401, "unauthorized", N_("Please sign in.")) \
	X(FORBIDDEN,    403, "forbidden",    N_("Your role does not allow this.")) \
	X(NOT_FOUND,    404, "not_found",    N_("There is nothing here under this address.")) \
	X(METHOD,       405, "method",       N_("This address does not accept that method.")) \
	X(CONFLICT,     409, "conflict",     N_("Somebody changed this meanwhile. Reload and try again.")) \
	X(TOO_LARGE,    413, "too_large",    N_("This is larger than allowed.")) \
	X(MEDIA_TYPE,   415, "media_type",   N_("This kind of file or content is not accepted.")) \
	X(INVALID,      422, "invalid",      N_("Some entries need correction.")) \
	X(TOO_MANY,     429, "too_many",     N_("Too many attempts. Please wait a little.")) \
	X(DB,           500, "internal",     N_("Something failed on our side. Nothing was changed.")) \
	X(BUSY,         503, "busy",         N_("The service is busy. Please try again.")) \
	X(FULL,         507, "storage_full", N_("The storage is full. Nothing was changed."))
enum err {
#define X(n, s, c, t) ERR_##n,
	ERR_LIST(X)
#undef X
	ERR_N
};
struct err_info { int status; const char *code, *text; };
extern const struct err_info err_info[ERR_N];
#define TRY(x) do { enum err e_ = (x); if (e_) return e_; } while (0)

/* ---- text: a view, not NUL-terminated; {NULL,0} is "absent" (SQL NULL, JSON null) ---- */
typedef struct { const char *p; size_t n; } str;
#define S(lit) ((str){ "" lit, sizeof(lit) - 1 })
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""                 /* for "%.*s" in diagnostics only */
static inline str str_c(const char *p) { return (str){ p, p ? strlen(p) : 0 }; }
static inline str str_or_none(str s) { return s.n ? s : (str){ 0 }; }    /* an empty text is absent */
static inline bool str_eq(str a, str b) { return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n)); }
int  str_cmp(str a, str b);                                      /* bytes, as the databases compare */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_find(str s, str needle, size_t *ret_at);
str  str_trim(str s);                                            /* ASCII and ideographic (U+3000) blanks */
/* Cuts the piece before `sep` off *s; false when *s is used up. An empty *s yields no piece. */
bool str_cut(str *s, char sep, str *ret_piece);
bool str_int(str s, int64_t *ret);                               /* whole text is a decimal integer in range */
bool utf8_valid(str s);                                          /* well-formed, no NUL, no C0 but \t \n \r, no bidi override */
/* Decodes one code point of valid UTF-8 at s[*i] and moves *i past it. */
uint32_t utf8_next(str s, size_t *i);
size_t utf8_len(str s);                                          /* code points */

/* ---- memory: one arena a request; sub-arenas for loops. Never NULL: over the cap is ERR-free death of the request (arena_full). ---- */
struct arena { struct arena_chunk *head; size_t used, cap; };
void  arena_init(struct arena *a, size_t cap);                   /* cap in bytes; chunks are taken as needed */
void  arena_clear(struct arena *a);                              /* keeps one chunk for the next request */
void  arena_free(struct arena *a);
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull, malloc)); /* zeroed, 16-aligned */
#define NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define NEW_N(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))
str   arena_str(struct arena *a, str s);                         /* copy; a NUL stands behind it */
char *arena_cstr(struct arena *a, str s);
str   arena_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));  /* never SQL, HTML or JSON */
str   str_behind(struct arena *a, str prefix);                   /* sorts behind every text that begins with prefix: `>= prefix AND < this` */
str   arena_join(struct arena *a, const str *parts, size_t n, str sep);
str   str_base64(struct arena *a, const void *bytes, size_t n);    /* for addresses, without padding */
/* Everything allocated after the mark is given back. */
struct arena_mark { struct arena_chunk *head; size_t used, at; };
struct arena_mark arena_mark(const struct arena *a);
void  arena_reset(struct arena *a, struct arena_mark m);
/* Where arena_alloc goes when the cap is passed: set per thread by the doors; default aborts. Must not return. */
extern _Thread_local void (*arena_full)(void);

/* ---- growing byte buffer with a cap; overflow is sticky and asked once at the end ---- */
struct buf { char *p; size_t n, room, cap; bool overflow; };
void buf_init(struct buf *b, size_t cap);
void buf_free(struct buf *b);
void buf_clear(struct buf *b);
void buf_more(struct buf *b, const void *p, size_t n);            /* buf_put when there is no room yet */
static inline void buf_put(struct buf *b, const void *p, size_t n)
{
	if (!n)
		return;
	if (b->overflow || n > b->room - b->n) {
		buf_more(b, p, n);
		return;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
}
static inline void buf_str(struct buf *b, str s) { buf_put(b, s.p, s.n); }
static inline void buf_c(struct buf *b, char c) { buf_put(b, &c, 1); }
void buf_int(struct buf *b, int64_t i);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- numbers that must not be mixed up: each its own type ---- */
#define NIL INT64_MIN                                            /* "absent" in every 64-bit column */
typedef struct { int64_t ms; } instant;                          /* UTC milliseconds since 1970, NIL = none */
typedef struct { int64_t d; } day;                               /* civil days since 1970-01-01, NIL = none */
typedef struct { int64_t minor; char cur[4]; } money;            /* minor units (fen, cent); minor NIL = none; cur ISO 4217 */
#define NO_INSTANT ((instant){ NIL })
#define NO_DAY ((day){ NIL })

/* ---- tagged value: the one currency of SQL binds, template holes, JSON and message arguments ---- */
enum kind { K_NONE, K_INT, K_BOOL, K_STR, K_INSTANT, K_DAY, K_MONEY, K_ENUM, K_HTML, K_JSON, K_OBJ, K_LIST };
typedef struct { str s; } html;                                  /* markup that is safe as it stands: only view/ makes one */
typedef struct { str s; } json;                                  /* JSON text we wrote ourselves */
struct val { enum kind kind; int64_t i; str s; char cur[4]; };
static inline struct val v_int(int64_t i)  { return (struct val){ .kind = i == NIL ? K_NONE : K_INT, .i = i }; }
static inline struct val v_uint(uint64_t u) { return v_int((int64_t)u); }
static inline struct val v_bool(bool b)    { return (struct val){ .kind = K_BOOL, .i = b }; }
static inline struct val v_str(str s)      { return (struct val){ .kind = s.p ? K_STR : K_NONE, .s = s }; }
static inline struct val v_cstr(const char *p) { return v_str(str_c(p)); }
static inline struct val v_instant(instant t) { return (struct val){ .kind = t.ms == NIL ? K_NONE : K_INSTANT, .i = t.ms }; }
static inline struct val v_day(day d)      { return (struct val){ .kind = d.d == NIL ? K_NONE : K_DAY, .i = d.d }; }
static inline struct val v_money(money m)  { struct val v = { .kind = m.minor == NIL ? K_NONE : K_MONEY, .i = m.minor }; memcpy(v.cur, m.cur, 4); return v; }
static inline struct val v_html(html h)    { return (struct val){ .kind = K_HTML, .s = h.s }; }
static inline struct val v_json(json j)    { return (struct val){ .kind = j.s.p ? K_JSON : K_NONE, .s = j.s }; }
/* No default branch: a double, a pointer or an unknown struct does not compile. */
#define V(x) _Generic((x), bool: v_bool, str: v_str, char *: v_cstr, const char *: v_cstr, instant: v_instant, day: v_day, \
	money: v_money, html: v_html, json: v_json, int: v_int, unsigned: v_uint, long: v_int, unsigned long: v_uint, \
	long long: v_int, unsigned long long: v_uint, short: v_int, unsigned char: v_uint)(x)

/* ---- field: how a struct member is read from a row, written to JSON/CSV/XLSX and hidden from who may not see it ----
 * need: permission bits the reader must have; else the member is blanked (or, with FIELD_MASK, half hidden) before any renderer sees it. */
struct field {
	const char *name;
	uint32_t off;
	enum kind kind;
	uint32_t size;                 /* of the member; for K_LIST of one element */
	uint32_t off_n;                /* K_LIST: offset of the size_t count */
	uint64_t need;
	bool mask;                     /* with need: mask instead of blank */
	const struct field *sub;       /* K_OBJ, K_LIST */
	const char *const *names;      /* K_ENUM: NULL-terminated code names; the member is an int-sized enum, stored and shown as its name */
};
#define KIND_OF(x) _Generic((x), bool: K_BOOL, str: K_STR, instant: K_INSTANT, day: K_DAY, money: K_MONEY, html: K_HTML, json: K_JSON, default: K_INT)
#define FIELD_(T, m, ...) { .name = #m, .off = offsetof(T, m), .size = sizeof(((T *)0)->m), __VA_ARGS__ }
#define FIELD(T, m)            FIELD_(T, m, .kind = KIND_OF(((T *)0)->m))
#define FIELD_IF(T, m, perm)   FIELD_(T, m, .kind = KIND_OF(((T *)0)->m), .need = (perm))
#define FIELD_MASK(T, m, perm) FIELD_(T, m, .kind = KIND_OF(((T *)0)->m), .need = (perm), .mask = true)
#define FIELD_ENUM(T, m, tab)  FIELD_(T, m, .kind = K_ENUM, .names = (tab))
#define FIELD_OBJ(T, m, f)     FIELD_(T, m, .kind = K_OBJ, .sub = (f))             /* m: pointer to struct, NULL = null */
#define FIELD_LIST(T, m, n_, f) { .name = #m, .off = offsetof(T, m), .kind = K_LIST, .size = sizeof(*((T *)0)->m), .off_n = offsetof(T, n_), .sub = (f) }
struct val field_get(const struct field *f, const void *obj);
/* Stores v (which must fit the kind) into the member. */
void field_set(const struct field *f, void *obj, struct val v);
/* Index of name in a NULL-terminated list, -1 if none. */
int name_index(const char *const *names, str name);

/* ---- who asks, and the request's context (at most ten members: keep it so) ---- */
enum sight { SIGHT_NONE, SIGHT_CUSTOMER, SIGHT_OWN, SIGHT_ORG, SIGHT_ALL };   /* which rows an actor sees [N5] */
struct actor {
	int64_t id;                    /* user id, NIL for nobody */
	uint64_t perms;
	enum sight sight;
	int64_t org_id;                /* where they work, NIL for customers */
	str org_path;                  /* their place in the tree: rows whose path starts so are theirs */
	int64_t customer_id;           /* portal users */
	str name, login;
	const char *lang;              /* "zh" or "en" */
	const struct tz *zone;
	instant until;                 /* when their session or token ends; ms 0 or NIL: open */
};
#define DIAG_FIELDS 32
#define DIAG_ARGS 4
struct diag_field { const char *field; const char *text; struct val arg[DIAG_ARGS]; };   /* field: dotted path as in the form; text: catalogue key with {1} … {4} */
struct diag {
	enum err code;
	const char *text;              /* catalogue key, NULL = the code's own text */
	struct val arg[DIAG_ARGS];
	const char *file;
	int line;
	size_t n;
	struct diag_field f[DIAG_FIELDS];
};
struct conn;                           /* db/ */
struct ctx {
	struct arena *a;
	struct conn *db;
	const struct actor *who;
	instant now;                   /* the only clock business code reads */
	struct diag diag;
	str trace;                     /* request id, for the log */
};
static inline bool may(const struct ctx *c, uint64_t need) { return (c->who->perms & need) == need; }
/* Whose rows the actor sees, as values of a statement's gates; all are absent for who sees everything [N5]. */
struct in_sight { str org_lo, org_hi; int64_t own, customer; };
MUST enum err sight_of(struct ctx *c, struct in_sight *ret);        /* NOT_FOUND: a nobody */
/* First cause wins. fail() returns its code, so: return fail(c, ERR_CONFLICT, N_("…"), …); */
#define fail(c, code, text, ...) fail_at((c), (code), (text), \
	(const struct val[]){ { 0 } __VA_OPT__(, MAP(V, __VA_ARGS__)) }, LEN(((const struct val[]){ { 0 } __VA_OPT__(, MAP(V, __VA_ARGS__)) })) - 1, __FILE__, __LINE__)
void diag_note(struct ctx *c, enum err code, const char *text, const struct val *arg, size_t n, const char *file, int line);
static inline enum err fail_at(struct ctx *c, enum err code, const char *text, const struct val *arg, size_t n, const char *file, int line)
{
	diag_note(c, code, text, arg, n, file, line);
	return code;
}
/* Names the field that is wrong; may be called for several; returns ERR_INVALID. */
#define fail_field(c, name, text, ...) fail_field_at((c), (name), (text), \
	(const struct val[]){ { 0 } __VA_OPT__(, MAP(V, __VA_ARGS__)) }, LEN(((const struct val[]){ { 0 } __VA_OPT__(, MAP(V, __VA_ARGS__)) })) - 1, __FILE__, __LINE__)
void diag_field_note(struct ctx *c, const char *name, const char *text, const struct val *arg, size_t n, const char *file, int line);
static inline enum err fail_field_at(struct ctx *c, const char *name, const char *text, const struct val *arg, size_t n, const char *file, int line)
{
	diag_field_note(c, name, text, arg, n, file, line);
	return ERR_INVALID;
}

#define MAP_1(m, a) m(a)
#define MAP_2(m, a, ...) m(a), MAP_1(m, __VA_ARGS__)
#define MAP_3(m, a, ...) m(a), MAP_2(m, __VA_ARGS__)
#define MAP_4(m, a, ...) m(a), MAP_3(m, __VA_ARGS__)
#define MAP_N_(_1, _2, _3, _4, N, ...) MAP_##N
#define MAP(m, ...) MAP_N_(__VA_ARGS__, 4, 3, 2, 1, 0)(m, __VA_ARGS__)
