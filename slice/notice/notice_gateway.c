/* notice_gateway.c — what an SMS or IM gateway and a webhook are sent: JSON from a template, and the signature that proves who sent it. */
#include "base/i18n.h"
#include "slice/notice/notice.h"
#include <jansson.h>
#include <sodium.h>

enum { DEPTH_MAX = 8, TEXT_MAX = 16000 };

enum err notice_url_ok(struct ctx *c, const char *name, str value)
{
	static const struct { const char *name; str scheme[2]; } rows[] = {
		{ "notice.mail_url", { { "smtp://", 7 }, { "smtps://", 8 } } }, { NULL, { { "https://", 8 }, { "http://", 7 } } },
	};
	size_t row = strcmp(name, rows[0].name) ? 1 : 0;

	if (!value.n && strcmp(name, "url"))
		return ERR_OK;
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] <= ' ' || value.p[i] == '\x7f')
			return fail_field(c, name, N_("An address has no blanks."));
	for (size_t i = 0; i < 2; i++)
		if (str_starts(value, rows[row].scheme[i]) && value.n > rows[row].scheme[i].n && value.n < 500)
			return ERR_OK;
	return row ? fail_field(c, name, N_("An address is needed, such as https://example.com/messages."))
		: fail_field(c, name, N_("An address is needed, such as smtp://mail.example.com:587."));
}

static str hole(const struct notice *n, str name)
{
	const struct { str name, value; } holes[] = {
		{ S("to"), n->receiver }, { S("text"), n->body }, { S("subject"), n->subject }, { S("event"), n->event }, { S("order"), n->order_no }, { S("id"), n->key }, { S("lang"), n->lang },
	};

	for (size_t i = 0; i < LEN(holes); i++)
		if (str_eq(name, holes[i].name))
			return holes[i].value.p ? holes[i].value : S("");
	return (str){ 0 };
}

/* A hole nobody knows stays as it is written. */
static str filled(struct arena *a, str s, const struct notice *n)
{
	struct buf b;
	str r;

	buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < s.n; i++) {
		const char *end = s.p[i] == '{' ? memchr(s.p + i, '}', s.n - i) : NULL;
		str value = end ? hole(n, (str){ s.p + i + 1, (size_t)(end - s.p) - i - 1 }) : (str){ 0 };

		if (!value.p) {
			buf_c(&b, s.p[i]);
			continue;
		}
		buf_str(&b, value);
		i = (size_t)(end - s.p);
	}
	r = arena_str(a, (str){ b.p, b.n });
	buf_free(&b);
	return r;
}

static json_t *fill(struct arena *a, json_t *v, const struct notice *n, int depth)
{
	json_t *made, *item;
	const char *key;
	size_t i;
	str s;

	if (depth > DEPTH_MAX)
		return json_null();
	if (json_is_string(v)) {
		s = filled(a, (str){ json_string_value(v), json_string_length(v) }, n);
		return json_stringn(s.p ? s.p : "", s.n);
	}
	if (json_is_array(v)) {
		made = json_array();
		json_array_foreach(v, i, item)
			json_array_append_new(made, fill(a, item, n, depth + 1));
		return made;
	}
	if (!json_is_object(v))
		return json_incref(v);
	made = json_object();
	json_object_foreach(v, key, item)
		json_object_set_new(made, key, fill(a, item, n, depth + 1));
	return made;
}

str notice_gateway_body(struct ctx *c, str template, const struct notice *n)
{
	json_t *shape = json_loadb(template.p ? template.p : "", template.n, 0, NULL), *made;
	str r = { 0 };
	size_t size;

	if (!json_is_object(shape)) {
		json_decref(shape);
		return r;
	}
	made = fill(c->a, shape, n, 0);
	size = json_dumpb(made, NULL, 0, JSON_COMPACT);
	r = (str){ arena_alloc(c->a, size + 1), size };
	json_dumpb(made, (char *)(uintptr_t)r.p, size, JSON_COMPACT);
	json_decref(made);
	json_decref(shape);
	return r;
}

enum err notice_template_ok(struct ctx *c, const char *name, str value)
{
	struct notice n = { .receiver = S("x"), .body = S("y") };
	str made = notice_gateway_body(c, value, &n);

	if (!made.p || !str_find(value, S("{to}"), NULL) || !str_find(value, S("{text}"), NULL))
		return fail_field(c, name, N_("A JSON object with {to} and {text} in its texts is needed."));
	return ERR_OK;
}

str notice_signature(struct arena *a, str secret, instant at, str body)
{
	str stamp = arena_fmt(a, "%lld.", (long long)(at.ms / 1000));
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state h;
	char hex[sizeof mac * 2 + 1];

	crypto_auth_hmacsha256_init(&h, (const unsigned char *)secret.p, secret.n);
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)stamp.p, stamp.n);
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)body.p, body.n);
	crypto_auth_hmacsha256_final(&h, mac);
	sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
	return arena_fmt(a, "t=%lld,sha256=%s", (long long)(at.ms / 1000), hex);
}
