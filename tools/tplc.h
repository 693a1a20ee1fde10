/* tplc.h — what the files of the template compiler share. */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define NAME_MAX_ 40
#define DEPTH 128

struct text { char *p; size_t n, room; };

/* Where in the markup we are. */
enum place { TEXT, TAG, VALUE, RCDATA, RAWTEXT, COMMENT, DECL };
/* What kind of attribute a hole would stand in. */
enum attr { PLAIN, URL, INPUT, MACHINE, JSON, SCRIPT, STYLE, REFUSED };
struct tag { char name[NAME_MAX_]; int line; };
struct where {
	enum place place;
	size_t depth;                   /* of open tags */
	unsigned tag_no, attr_no;       /* which tag and attribute, counted */
	bool began;                     /* something stands in the value already */
};
struct block { const char *word; int line; struct where at; bool had_else; };

struct tplc {
	const char *file, *p, *end;
	int line;
	bool in_template;
	struct text c, h, proto, lit;
	struct where at;
	struct tag open[DEPTH], tag;    /* tag: the one being read */
	struct block block[DEPTH];
	size_t blocks;
	enum attr attr;
	char attr_name[NAME_MAX_], quote;
	char scheme[16];                /* literal letters at the start of a URL value */
	size_t scheme_n;
	bool scheme_done;
	char blank;                     /* white space seen and not yet written */
	bool fresh;                     /* the last thing written was white space */
	size_t keep;                    /* depth + 1 of the pre or textarea whose white space counts */
	jmp_buf fail;
	char error[300];
};

extern const char *const place_name[];

/* ---- tplc_out.c: the C and the literal text written ---- */
void put(struct text *t, const char *p, size_t n);
void putf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Ends the run: file, line and what is wrong. */
void die(struct tplc *t, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4), noreturn));
bool listed(const char *const *list, size_t n, const char *name);
bool is_blank(char c);
bool is_word(char c);                   /* of C */
bool is_name(char c);                   /* of HTML */
bool begins(const struct tplc *t, const char *word);
char peek(const struct tplc *t, size_t k);
char take(struct tplc *t);
/* Text of the page; white space is gathered and written once. */
void emit(struct tplc *t, char ch);
void emit_n(struct tplc *t, const char *p, size_t n);
void flush(struct tplc *t);
void put_line(struct tplc *t, struct text *to, int line);

/* ---- tplc_hole.c: C inside the template ---- */
/* End of the C text at p: before `stop` ("}}" or a newline) outside of brackets and literals. Brackets must match. */
const char *c_end(struct tplc *t, const char *p, const char *stop);
const char *trim(const char *p, size_t *n);
void hole(struct tplc *t);              /* t->p is at {{ */

/* ---- tplc_html.c: the markup's state ---- */
void markup_char(struct tplc *t);       /* takes one piece: a character, a name, an end tag */

/* ---- tplc.c ---- */
/* Compiles src; false with t->error set when it is refused. The caller ends with tplc_free. */
bool tplc(struct tplc *t, const char *file, const char *src, size_t n, const char *header);
void tplc_free(struct tplc *t);
