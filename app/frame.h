/* frame.h — what stands around every page: head, navigation by permission, the one search field, flash. Plugged into http_app. */
#pragma once
#include "http/http.h"

void frame_page(struct out *o, const struct ctx *c, const struct req *r, const struct reply *rep, str csrf, void (*inside)(struct out *, const struct ctx *, const void *), const void *model);
/* Inside of the page for a request that failed: what happened in plain words (c->diag), what to do next. */
void frame_error(struct out *o, const struct ctx *c, const struct req *r, int status);

/* ---- for frame.html ---- */
struct nav_entry {
	const char *path, *icon, *title;               /* title: N_() */
	uint64_t any;                                  /* shown to who has one of these permissions */
	int group;                                     /* a line stands between groups */
	const char *key;                               /* letter after g, or NULL */
	int thumb;                                     /* place in the phone's bottom bar, 0 never; the first four allowed ones are there */
};
extern const struct nav_entry frame_nav[];
extern const size_t frame_nav_n;
struct nav_item { const struct nav_entry *e; bool current, starts_group; };
str frame_initial(str name);                             /* one letter or sign for the avatar */
struct frame {
	const struct req *r;
	str csrf, title, flash, other_lang_href;
	struct nav_item item[24]; size_t n;
	struct nav_item tab[4]; size_t n_tab;
	bool staff, known, may_register;
	int status;                                    /* error pages */
	void (*inside)(struct out *o, const struct ctx *c, const void *model);
	const void *model;
};
