/* doc.h — strict JSON documents that remember their lines, and tables that read them into structs.
 *
 * Policies and vectors are written by people: whatever is wrong with one is reported with the line it stands in. RFC 8259 with no leniency:
 * doubled keys, fractions, bad UTF-8, bidi overrides, depth over 32 and anything after the end are refused. Pure; everything lives in the arena. */
#pragma once
#include "base/base.h"
#include "base/time.h"

/* What is wrong, and where. text is a catalogue key with {1} {2}. */
struct flaw { str file; int line; const char *text; struct val arg[2]; };
#define FLAW_ARGS(...) (const struct val[2]){ __VA_OPT__(MAP(V, __VA_ARGS__)) }
/* The first cause is kept. Always false, so: return flaw_at(…); */
bool flaw_set(struct flaw *f, str file, int line, const char *text, const struct val arg[2]);
#define flaw_at(f, file, line, text, ...) flaw_set((f), (file), (line), (text), FLAW_ARGS(__VA_ARGS__))
/* "FILE:LINE: reason", in English. */
str flaw_line(struct arena *a, const struct flaw *f);

enum node_kind { NODE_NULL, NODE_BOOL, NODE_INT, NODE_STR, NODE_LIST, NODE_MAP };
struct node {
	enum node_kind kind;
	int line;
	str name;                                      /* in a map */
	str s;
	str text;                                      /* of a map: as it stands in the document */
	int64_t i;                                     /* also 0 and 1 of a BOOL */
	const struct node *child, *next;
};
MUST bool doc_parse(struct arena *a, str file, str text, const struct node **ret, struct flaw *f);
const struct node *node_get(const struct node *map, const char *name);   /* NULL: absent */

/* A length of time as rules state it. */
struct span_of { int16_t n; char unit; };              /* d days · m months · y years; unit 0 = none */
bool span_parse(str s, struct span_of *ret);
str  span_print(struct arena *a, struct span_of s);
day  span_add(day from, struct span_of s);

/* Text in both languages; neither may be missing. */
struct text2 { str en, zh; };
str text2_for(struct text2 t, const char *lang);

/* ---- tables: one row a key ----
 * Every struct read by a table begins with `int line`. Absent keys leave the member as it was (see .start); null is absent. */
enum key_kind {
	KEY_STR,                                       /* str */
	KEY_CODE,                                      /* str: lower-case letters, digits, hyphens */
	KEY_TEXT,                                      /* struct text2 */
	KEY_DAY,                                       /* day, must exist */
	KEY_SPAN,                                      /* struct span_of */
	KEY_INT,                                       /* int, within min…max */
	KEY_FLAG,                                      /* int: 0 or 1 */
	KEY_ENUM,                                      /* int: index in names */
	KEY_MASK,                                      /* uint64_t: list of names */
	KEY_ORDER,                                     /* int[max] + size_t: list of names in order */
	KEY_MAP,                                       /* struct */
	KEY_NAMED,                                     /* struct[]: map whose keys are names */
	KEY_LIST,                                      /* T* + size_t: list of structs */
	KEY_STRS,                                      /* str* + size_t */
	KEY_OWN,                                       /* read by .own */
	KEY_ANY,                                       /* known, but read elsewhere */
};
struct reader { struct arena *a; str file; struct flaw *flaw; };
struct key {
	const char *name;
	enum key_kind kind;
	uint32_t off, off_n, size;                     /* off_n: count of ORDER, LIST, STRS; size: of an element of NAMED, LIST */
	bool required;
	int min, max;                                  /* INT: value · ORDER, LIST, STRS: elements (max 0 = 64) */
	const char *const *names;
	const struct key *sub;                         /* MAP, NAMED, LIST; ended by name NULL */
	void (*start)(void *element);                  /* NAMED, LIST, MAP: before reading; default all zero */
	bool (*own)(const struct reader *r, const struct node *n, void *member);
};
MUST bool doc_read(const struct reader *r, const struct node *n, const struct key *keys, void *out);
#define KEY(T, m, kind_, ...) { .name = #m, .kind = (kind_), .off = offsetof(T, m), __VA_ARGS__ }
#define KEY_AS(T, name_, m, kind_, ...) { .name = (name_), .kind = (kind_), .off = offsetof(T, m), __VA_ARGS__ }
#define KEY_MANY(T, m, n) .off_n = offsetof(T, n), .size = sizeof(*((T *)0)->m)
