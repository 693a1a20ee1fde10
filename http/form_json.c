/* form_json.c — a form table filled from JSON text. jansson refuses what is doubtful: bad UTF-8, doubled keys, trailing text, depth. */
#include "http/http_int.h"
#include "base/i18n.h"
#include "base/money.h"
#include <jansson.h>

static void object(struct ctx *c, const struct form *form, const char *prefix, json_t *js, void *out);

static str str_of(json_t *js) { return (str){ json_string_value(js), json_string_length(js) }; }

/* {"amount": minor units, "currency": "CNY"} */
static void money_object(struct ctx *c, const struct input *in, const char *path, json_t *js, void *out)
{
	json_t *amount = json_object_get(js, "amount"), *currency = json_object_get(js, "currency");
	money m = { .minor = json_is_integer(amount) ? json_integer_value(amount) : NIL };
	str cur = json_is_string(currency) ? str_of(currency) : S("");
	bool upper = cur.n == 3;

	for (size_t i = 0; i < cur.n && upper; i++)
		upper = cur.p[i] >= 'A' && cur.p[i] <= 'Z';
	if (m.minor == NIL || !upper || json_object_size(js) != 2) {
		(void)fail_field(c, path, N_("Send an amount as {1}."), S("{\"amount\": 12300, \"currency\": \"CNY\"}"));
		return;
	}
	memcpy(m.cur, cur.p, 3);
	if ((in->min != NIL && m.minor < in->min) || (in->max && m.minor > in->max))
		(void)fail_field(c, path, N_("This amount is outside the allowed range."));
	else
		memcpy((char *)out + in->off, &m, sizeof m);
}

static void raw(struct ctx *c, const struct input *in, const char *path, json_t *js, void *out)
{
	char *text = json_dumps(js, JSON_COMPACT | JSON_ENCODE_ANY);
	str s = text ? arena_str(c->a, str_c(text)) : S("null");

	free(text);
	input_text(c, in, path, s, out);
}

static void list(struct ctx *c, const struct input *in, const char *path, json_t *js, void *out)
{
	size_t n = json_array_size(js);
	char *rows;

	if (!json_is_array(js)) {
		(void)fail_field(c, path, N_("Send a list."));
		return;
	}
	if (!input_count(c, in, path, n))
		return;
	rows = arena_alloc(c->a, in->sub->size * (n + 1));
	for (size_t i = 0; i < n; i++)
		object(c, in->sub, arena_fmt(c->a, "%s.%zu", path, i).p, json_array_get(js, i), rows + i * in->sub->size);
	memcpy((char *)out + in->off, &rows, sizeof rows);
	memcpy((char *)out + in->off_n, &n, sizeof n);
}

static void value(struct ctx *c, const struct input *in, const char *path, json_t *js, void *out)
{
	if (in->kind == IN_JSON && js && !json_is_null(js))
		raw(c, in, path, js, out);
	else if (in->kind == IN_LIST && js && !json_is_null(js))
		list(c, in, path, js, out);
	else if (in->kind == IN_LIST || in->kind == IN_FILES)
		(void)input_count(c, in, path, 0);
	else if (!js || json_is_null(js))
		input_absent(c, in, path, out);
	else if (in->kind == IN_INT && json_is_integer(js))
		input_int(c, in, path, json_integer_value(js), out);
	else if (in->kind == IN_BOOL && json_is_boolean(js))
		*(bool *)((char *)out + in->off) = json_is_true(js);
	else if (in->kind == IN_MONEY && json_is_object(js))
		money_object(c, in, path, js, out);
	else if (in->kind == IN_INT)
		(void)fail_field(c, path, N_("Enter a whole number."));
	else if (in->kind == IN_BOOL)
		(void)fail_field(c, path, N_("Choose yes or no."));
	else if (json_is_string(js))
		input_text(c, in, path, arena_str(c->a, str_of(js)), out);
	else
		(void)fail_field(c, path, N_("Send a text in quotation marks."));
}

static bool known(const struct form *form, const char *key)
{
	for (size_t i = 0; i < form->n; i++)
		if (!strcmp(form->in[i].name, key))
			return true;
	return key[0] == '_';
}

static void object(struct ctx *c, const struct form *form, const char *prefix, json_t *js, void *out)
{
	const char *key;
	json_t *v;

	if (!json_is_object(js) && form->n == 1 && *prefix) {
		value(c, &form->in[0], prefix, js, out);
		return;
	}
	if (!json_is_object(js)) {
		(void)fail_field(c, prefix, N_("Send an object in braces."));
		return;
	}
	for (size_t i = 0; i < form->n; i++)
		value(c, &form->in[i], path_join(c, prefix, form->in[i].name), json_object_get(js, form->in[i].name), out);
	json_object_foreach(js, key, v)
		if (!known(form, key))
			(void)fail_field(c, path_join(c, prefix, arena_cstr(c->a, str_c(key))), N_("This field is not known here."));
}

enum err form_json_ver(struct ctx *c, const struct form *f, str body, int64_t ver, void *out)
{
	json_error_t e;
	json_t *js = json_loadb(body.n ? body.p : "", body.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);

	memset(out, 0, f->size);
	if (js && memchr(body.p, 0, body.n)) {         /* the library takes NUL behind a number for the end */
		json_decref(js);
		return fail(c, ERR_MALFORMED, N_("The request holds text that cannot be accepted."));
	}
	if (!js)
		return fail(c, ERR_MALFORMED, N_("The JSON cannot be read: line {1}, {2}."), e.line, arena_str(c->a, str_c(e.text)));
	if (ver != NIL && json_is_object(js) && known(f, "ver") && !json_object_get(js, "ver"))
		json_object_set_new(js, "ver", json_integer(ver));
	object(c, f, "", js, out);
	json_decref(js);
	return c->diag.code;
}

enum err form_json(struct ctx *c, const struct form *f, str body, void *out) { return form_json_ver(c, f, body, NIL, out); }
