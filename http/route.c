/* route.c — the tables of all departments as one tree of path segments; a literal beats {x}. */
#include "http/http_int.h"

static const char *const method_name[M_N] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

struct node {
	str seg;
	struct node *child, *sibling, *hole;           /* literal children as a list; the one {x} child */
	const struct route *row[DOOR_N][M_N];
};
struct router { struct arena a; struct node root; };

int method_of(str name)
{
	if (str_eq(name, S("HEAD")))
		return M_GET;
	for (int i = 0; i < M_N; i++)
		if (str_eq(name, str_c(method_name[i])))
			return i;
	return -1;
}

static struct node *literal(struct node *at, str seg)
{
	for (struct node *n = at->child; n; n = n->sibling)
		if (n->seg.n == seg.n && !memcmp(n->seg.p, seg.p, seg.n))
			return n;
	return NULL;
}

static struct node *step_into(struct arena *a, struct node *at, str seg)
{
	bool hole = seg.n > 2 && seg.p[0] == '{' && seg.p[seg.n - 1] == '}';
	struct node *n = hole ? at->hole : literal(at, seg);

	if (n)
		return n;
	n = NEW(a, struct node);
	n->seg = seg;
	if (hole) {
		at->hole = n;
	} else {
		n->sibling = at->child;
		at->child = n;
	}
	return n;
}

static const char *row_fault(const struct route *row)
{
	size_t holes = 0;

	if (!row->method || method_of(str_c(row->method)) < 0 || !strcmp(row->method, "HEAD"))
		return "unknown method";
	if (!row->path || row->path[0] != '/' || (row->path[1] && row->path[strlen(row->path) - 1] == '/'))
		return "path must start with / and not end with one";
	if (strstr(row->path, "//") || !strncmp(row->path, "/api/", 5) || !strncmp(row->path, "/assets/", 8))
		return "path is reserved or holds an empty segment";
	for (const char *p = row->path; *p; p++)
		holes += *p == '{';
	if (holes > LEN(((struct req *)0)->arg))
		return "too many holes";
	if (!row->run || !row->summary)
		return "run or summary is missing";
	if ((row->flags & (R_PAGE | R_API)) == (R_PAGE | R_API))
		return "R_PAGE and R_API exclude each other";
	if ((row->flags & R_LIVE) && (!holes || strcmp(row->method, "GET")))
		return "R_LIVE needs GET and a hole for the topic";
	return NULL;
}

static const char *add(struct router *r, const struct route *row)
{
	const char *fault = row_fault(row);
	str path = str_c(row->path), seg;
	struct node *at = &r->root;
	int m;

	if (fault)
		return fault;
	m = method_of(str_c(row->method));
	path.p++, path.n--;
	while (str_cut(&path, '/', &seg))
		at = step_into(&r->a, at, seg);
	for (int d = 0; d < DOOR_N; d++) {
		if (row->flags & (d == DOOR_PAGE ? R_API : R_PAGE))
			continue;
		if (at->row[d][m])
			return "two rows answer the same request";
		at->row[d][m] = row;
	}
	return NULL;
}

struct router *router_new(const struct slice *const *slices, char *why, size_t n_why)
{
	struct router *r = calloc(1, sizeof *r);

	if (!r)
		BUG("out of memory");
	arena_init(&r->a, 16 << 20);
	for (; *slices; slices++) {
		for (size_t i = 0; i < (*slices)->n_routes; i++) {
			const struct route *row = &(*slices)->routes[i];
			const char *fault = add(r, row);

			if (!fault)
				continue;
			snprintf(why, n_why, "%s: %s %s: %s", (*slices)->name, row->method ? row->method : "?", row->path ? row->path : "?", fault);
			router_free(r);
			return NULL;
		}
	}
	return r;
}

void router_free(struct router *r)
{
	if (!r)
		return;
	arena_free(&r->a);
	free(r);
}

struct walk { const struct router *r; int method; enum door door; str arg[3]; size_t n_arg; unsigned allow; };

/* Depth is the number of segments in the tables, not in the request: a node without children ends the descent. */
static const struct route *descend(struct walk *w, const struct node *at, str rest)
{
	const struct node *next;
	const struct route *hit;
	str seg;

	if (!str_cut(&rest, '/', &seg)) {
		for (int m = 0; m < M_N; m++)
			w->allow |= (unsigned)(at->row[w->door][m] != NULL) << m;
		return w->method < 0 ? NULL : at->row[w->door][w->method];
	}
	if (!seg.n)
		return NULL;
	next = literal((struct node *)at, seg);
	if (next && (hit = descend(w, next, rest)))
		return hit;
	if (!at->hole || w->n_arg == LEN(w->arg))
		return NULL;
	w->arg[w->n_arg++] = seg;
	hit = descend(w, at->hole, rest);
	if (!hit)
		w->n_arg--;
	return hit;
}

enum err router_match(const struct router *r, int method, enum door door, str path, const struct route **ret, str arg[3], unsigned *ret_allow)
{
	struct walk w = { .r = r, .method = method, .door = door };
	const struct route *hit;

	*ret_allow = 0;
	if (!path.n || path.p[0] != '/' || (path.n > 1 && path.p[path.n - 1] == '/'))
		return ERR_NOT_FOUND;
	hit = descend(&w, &r->root, (str){ path.p + 1, path.n - 1 });
	*ret_allow = w.allow;
	if (!hit)
		return w.allow ? ERR_METHOD : ERR_NOT_FOUND;
	memcpy(arg, w.arg, sizeof w.arg);
	*ret = hit;
	return ERR_OK;
}

void allow_text(struct buf *b, unsigned bits)
{
	const char *sep = "";

	for (int m = 0; m < M_N; m++) {
		if (!(bits & 1u << m))
			continue;
		buf_str(b, str_c(sep));
		buf_str(b, str_c(method_name[m]));
		if (m == M_GET)
			buf_str(b, S(", HEAD"));
		sep = ", ";
	}
}
