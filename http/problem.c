/* problem.c — failures told to people and programs (RFC 9457). */
#include "http/http_int.h"
#include "base/i18n.h"

static str filled(const struct ctx *c, const char *text, const struct val *arg)
{
	return trf_(c, text, arg, DIAG_ARGS);
}

str error_text(const struct ctx *c, enum err e)
{
	return c->diag.code == e && c->diag.text ? filled(c, c->diag.text, c->diag.arg) : tr(c, err_info[e].text);
}

str diag_text(const struct ctx *c) { return error_text(c, c->diag.code); }

str req_label(const struct ctx *c, const struct req *r, const char *path)
{
	const struct input *in = r->route ? form_input(r->route->form, str_c(path)) : NULL;

	return in && in->label ? tr(c, in->label) : str_c(path);
}

static str field_text(const struct ctx *c, const struct req *r, const struct diag_field *f)
{
	const struct input *in = r->route ? form_input(r->route->form, str_c(f->field)) : NULL;
	str text = filled(c, f->text, f->arg);

	if (!in || !in->hint)
		return text;
	return arena_join(c->a, (const str[]){ text, tr(c, in->hint) }, 2, S(" "));
}

str req_error(const struct ctx *c, const struct req *r, const char *path)
{
	for (size_t i = 0; i < c->diag.n; i++)
		if (!strcmp(c->diag.f[i].field, path))
			return field_text(c, r, &c->diag.f[i]);
	return (str){ 0 };
}

static void member(struct out *o, const char *name, str value)
{
	out_lit(o, ",\"", 2);
	out_lit(o, name, strlen(name));
	out_lit(o, "\":", 2);
	json_str(o, value);
}

void problem_json(struct out *o, const struct exchange *x, enum err e)
{
	const struct ctx *c = &x->c;

	buf_str(&o->b, S("{\"type\":\"about:blank\",\"status\":"));
	buf_int(&o->b, err_info[e].status);
	member(o, "title", tr(c, err_info[e].text));
	member(o, "code", str_c(err_info[e].code));
	member(o, "detail", error_text(c, e));
	member(o, "instance", c->trace);
	buf_str(&o->b, S(",\"fields\":["));
	for (size_t i = 0; i < c->diag.n && c->diag.code == e; i++) {
		const struct diag_field *f = &c->diag.f[i];

		buf_str(&o->b, i ? S(",{\"name\":") : S("{\"name\":"));
		json_str(o, str_c(f->field));
		member(o, "label", req_label(c, &x->r, f->field));
		member(o, "detail", field_text(c, &x->r, f));
		buf_c(&o->b, '}');
	}
	buf_str(&o->b, S("]}"));
}
