/* ui_int.h — what ui.c works out for the templates of ui.html. */
#pragma once
#include "http/ui.h"

struct ui_control {
	const struct input *in;
	const struct ui_more *more;                    /* never NULL */
	str name, id, label, hint, error;              /* name as sent; error.p NULL when there is none */
	str describe;                                  /* ids of hint and error, {NULL,0} when neither */
	str value;                                     /* as the control wants it */
	bool on;                                       /* IN_BOOL */
	bool required;                                 /* marked and asked for by the browser; a spare row of a list may stay blank */
	const struct ui_option *option; size_t n;      /* choices, the empty one included */
	int64_t max;                                   /* code points */
};
/* What a one-line control is by the kind of its input. */
struct ui_line { const char *type, *class_name, *mode, *fill; bool scan; };
extern const struct ui_line ui_line[];
/* A due clock, worked out: see ui_due. */
struct ui_clock { enum tone tone; const char *icon; str words, exact; instant at; bool ticks; };
str  ui_icon_url(const struct ctx *c, const char *name);
str  ui_next(const struct ctx *c, const struct req *r, str cursor);
/* This page's rows, this one page of them, in another format. */
str  ui_export(const struct ctx *c, const struct req *r, const char *format);
/* The next filter that stands in the address: *rest begins as r->query; false at the end. Words, markers and formats are none. */
bool ui_filter(const struct ctx *c, str *rest, struct pair *ret);
str  ui_dial(const struct ctx *c, str phone);          /* digits and + */
