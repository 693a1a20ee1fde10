/* kit.c — prints one page of the kit: kit full|failed|engineer|public|error zh|en. */
#include "app/frame.h"
#include "base/money.h"
#include "base/time.h"
#include "kit.html.h"
#include "slice/account/perm.h"

struct sample { str serial, phone, note; int kind, way; instant visit_at; money fee; bool keep; struct upload *photo; size_t n_photo; };
static const char *const kinds[] = { "repair", "install", NULL };
static const char *const titles[] = { N_("Orders"), N_("Stock") };
const struct ui_more kit_kind = { .titles = titles }, kit_way = { .titles = titles, .radio = true };
FORM(kit_form, struct sample,
	INPUT(struct sample, serial, IN_SERIAL, N_("Devices"), .required = true, .hint = N_("Phone, serial, order, name, pinyin, part, fault")),
	INPUT(struct sample, phone, IN_PHONE, N_("Customers"), .required = true),
	INPUT(struct sample, kind, IN_ENUM, N_("Orders"), .names = kinds, .required = true),
	INPUT(struct sample, visit_at, IN_INSTANT, N_("My day")),
	INPUT(struct sample, fee, IN_MONEY, N_("Till")),
	INPUT(struct sample, note, IN_LINES, N_("Reason"), .required = true),
	INPUT(struct sample, keep, IN_BOOL, N_("Stock")),
	INPUT(struct sample, photo, IN_FILES, N_("Parts")),
	INPUT(struct sample, way, IN_ENUM, N_("Stations"), .names = kinds));

static const uint64_t engineer = PERM_STAFF | PERM_ORDER_READ | PERM_ORDER_WORK | PERM_PARTS_READ | PERM_PARTS_REQUEST;

static void page(struct out *o, const struct ctx *c, const void *model) { kit_page(o, c, model); }
static void error(struct out *o, const struct ctx *c, const void *model) { frame_error(o, c, model, 404); }

static void draw(struct ctx *c, struct actor *who, const char *what, struct out *o)
{
	static const struct pair typed[] = { { { "phone", 5 }, { "1380013", 7 } }, { { "note", 4 }, { "three beeps", 11 } } };
	static const struct route row = { .form = &kit_form };
	struct req r = { .route = &row, .path = S("/desk"), .query = S("mine=1"), .csrf = S("token"), .typed = typed, .n_typed = LEN(typed) };
	struct reply rep = { .title = _("Desk") };
	struct kit m = { .r = &r, .fee = CNY(123450),
		.link = { { _("Orders"), S("#a"), true, 3 }, { _("Parts"), S("#b"), false, NIL }, { _("Stock"), S("#c"), false, NIL } },
		.step = { _("Orders"), _("Board"), _("Parts"), _("Call-backs") } };
	bool nobody = !strcmp(what, "public"), broken = !strcmp(what, "error");

	who->id = nobody ? NIL : 7;
	who->perms = nobody ? 0 : !strcmp(what, "engineer") ? engineer : PERM_ALL;
	if (!strcmp(what, "failed")) {
		r.failed = true;
		(void)fail_field(c, "serial", N_("Please choose"));
		(void)fail_field(c, "phone", N_("Late by {1}"), 3);
	}
	if (!strcmp(what, "full"))
		rep.flash = _("Copied");
	if (broken)
		(void)fail(c, ERR_NOT_FOUND, NULL);
	frame_page(o, c, &r, &rep, r.csrf, broken ? error : page, broken ? (const void *)&r : &m);
}

int main(int argc, char **argv)
{
	struct actor who = { .org_id = NIL, .customer_id = NIL, .name = S("林晓"), .login = S("linxiao"), .zone = tz_get(S("Asia/Shanghai")) };
	struct arena a;
	struct ctx c = { .a = &a, .who = &who, .now = clock_now(), .trace = S("kit") };
	struct out o;

	if (argc != 3)
		return 2;
	who.lang = argv[2];
	arena_init(&a, 8 << 20);
	buf_init(&o.b, 8 << 20);
	draw(&c, &who, argv[1], &o);
	fwrite(o.b.p, 1, o.b.n, stdout);
	buf_free(&o.b);
	arena_free(&a);
	return 0;
}
