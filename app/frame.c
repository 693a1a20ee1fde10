/* frame.c — the navigation table and who sees what of it. */
#include "app/frame.h"
#include "frame.html.h"
#include "http/ui.h"
#include "slice/account/perm.h"

const struct nav_entry frame_nav[] = {
	{ "/desk", "desk", N_("Desk"), PERM_ORDER_REGISTER, 1, "w", 2 },
	{ "/counter", "inbox", N_("Counter"), PERM_ORDER_REGISTER, 1, "c", 4 },
	{ "/orders", "order", N_("Orders"), PERM_ORDER_READ, 1, "o", 3 },
	{ "/board", "board", N_("Board"), PERM_ORDER_DISPATCH | PERM_ORDER_ASSIGN, 1, "b", 5 },
	{ "/day", "day", N_("My day"), PERM_ORDER_WORK, 1, "d", 1 },
	{ "/customers", "customer", N_("Customers"), PERM_CUSTOMER_READ, 2, "k", 8 },
	{ "/devices", "device", N_("Devices"), PERM_DEVICE_READ, 2, "v", 9 },
	{ "/parts", "part", N_("Parts"), PERM_PARTS_READ, 3, "p", 7 },
	{ "/requisitions", "requisition", N_("Requisitions"), PERM_PARTS_REQUEST | PERM_PARTS_APPROVE | PERM_PARTS_ISSUE, 3, NULL, 4 },
	{ "/stock", "stock", N_("Stock"), PERM_PARTS_ISSUE | PERM_PARTS_RECEIVE | PERM_PARTS_STOCKTAKE, 3, NULL, 6 },
	{ "/loaners", "device", N_("Loaners"), PERM_LOANER, 3, NULL, 9 },
	{ "/till", "till", N_("Till"), PERM_MONEY_COLLECT | PERM_MONEY_COUNTERSIGN | PERM_MONEY_HANDIN | PERM_MONEY_FINANCE, 3, "t", 6 },
	{ "/finance", "file", N_("Finance"), PERM_MONEY_FINANCE, 3, NULL, 5 },
	{ "/callbacks", "callback", N_("Call-backs"), PERM_CALLBACK, 4, "r", 8 },
	{ "/escalations", "bell", N_("Escalations"), PERM_ORDER_ASSIGN | PERM_REPORT, 4, NULL, 9 },
	{ "/exposure", "shield", N_("Legal exposure"), PERM_REPORT, 4, NULL, 0 },
	{ "/stations/all", "station", N_("Stations"), PERM_STAFF, 4, NULL, 0 },
	{ "/figures", "figures", N_("Figures"), PERM_REPORT, 4, NULL, 5 },
	{ "/admin", "admin", N_("Administration"), PERM_USER_EDIT | PERM_SETTINGS | PERM_POLICY | PERM_CALENDAR | PERM_AUDIT_READ | PERM_ORG_EDIT | PERM_STAFF_EDIT, 4, NULL, 0 },
};
const size_t frame_nav_n = LEN(frame_nav);
_Static_assert(LEN(frame_nav) <= LEN(((struct frame *)0)->item), "the frame has room for every entry");

/* /orders is current on /orders and /orders/…, not on /orders-x. */
static bool is_here(str path, const char *entry)
{
	str e = str_c(entry);

	return str_starts(path, e) && (path.n == e.n || path.p[e.n] == '/');
}

str frame_initial(str name)
{
	size_t end = 0;

	if (name.n)
		utf8_next(name, &end);
	return (str){ name.p, end };
}

static int by_thumb(const void *a, const void *b)
{
	return ((const struct nav_item *)a)->e->thumb - ((const struct nav_item *)b)->e->thumb;
}

static void allowed(struct frame *f, const struct ctx *c)
{
	struct nav_item thumb[LEN(frame_nav)];
	size_t n = 0;

	for (size_t i = 0; i < LEN(frame_nav); i++) {
		const struct nav_entry *e = &frame_nav[i];

		if (!(c->who->perms & e->any))
			continue;
		f->item[f->n] = (struct nav_item){ e, is_here(f->r->path, e->path), !f->n || f->item[f->n - 1].e->group != e->group };
		if (e->thumb)
			thumb[n++] = f->item[f->n];
		f->n++;
	}
	qsort(thumb, n, sizeof *thumb, by_thumb);
	f->n_tab = n < LEN(f->tab) ? n : LEN(f->tab);
	memcpy(f->tab, thumb, f->n_tab * sizeof *thumb);
}

static struct frame frame_of(const struct ctx *c, const struct req *r, str csrf)
{
	bool chinese = !strcmp(c->who->lang, "zh");
	struct frame f = { .r = r, .csrf = csrf };

	f.staff = c->who->perms & PERM_STAFF;
	f.known = c->who->id != NIL;
	f.may_register = c->who->perms & PERM_ORDER_REGISTER;
	f.other_lang_href = ui_here(c, r, "lang", chinese ? S("en") : S("zh"));
	if (f.staff)
		allowed(&f, c);
	return f;
}

void frame_page(struct out *o, const struct ctx *c, const struct req *r, const struct reply *rep, str csrf, void (*inside)(struct out *, const struct ctx *, const void *), const void *model)
{
	struct frame f = frame_of(c, r, csrf);

	f.title = rep->title.n ? rep->title : rep->view && rep->view->title ? tr(c, rep->view->title) : (str){ 0 };
	f.flash = rep->flash;
	f.inside = inside;
	f.model = model;
	frame_document(o, c, &f);
}

void frame_error(struct out *o, const struct ctx *c, const struct req *r, int status)
{
	const struct diag *d = &c->diag;
	const char *text = d->text ? d->text : err_info[d->code].text;
	struct frame f = { .r = r, .known = c->who->id != NIL, .status = status };

	f.title = status == 404 ? _("Not found") : status == 401 ? _("Please sign in") : status >= 500 ? _("Something went wrong") : _("This did not work");
	frame_error_body(o, c, &f, trf_(c, text, d->arg, LEN(d->arg)));
}
