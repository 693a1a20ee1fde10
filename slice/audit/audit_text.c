/* audit_text.c — an event's data, for people. */
#include <jansson.h>
#include "slice/audit/audit_view.h"

void event_texts(const struct ctx *c, const struct event *e, const char *const *keys, str *ret)
{
	json_t *data = e->data.s.p ? json_loadb(e->data.s.p, e->data.s.n, 0, NULL) : NULL;

	for (size_t i = 0; keys[i]; i++) {
		json_t *v = json_object_get(data, keys[i]);

		ret[i] = (str){ 0 };
		if (json_is_string(v))
			ret[i] = arena_str(c->a, (str){ json_string_value(v), json_string_length(v) });
		else if (json_is_integer(v))
			ret[i] = arena_fmt(c->a, "%lld", (long long)json_integer_value(v));
	}
	json_decref(data);
}

str event_text(const struct ctx *c, const struct event *e, const char *key)
{
	str ret;

	event_texts(c, e, (const char *const[]){ key, NULL }, &ret);
	return ret;
}

enum { WORDS_MAX = 24 };

static str words_of(const struct ctx *c, const char *key, const json_t *v)
{
	if (json_is_string(v))
		return arena_fmt(c->a, "%s: %s", key, json_string_value(v));
	if (json_is_integer(v))
		return arena_fmt(c->a, "%s: %lld", key, (long long)json_integer_value(v));
	if (json_is_boolean(v))
		return arena_fmt(c->a, "%s: %s", key, json_is_true(v) ? "yes" : "no");
	return arena_fmt(c->a, "%s: …", key);
}

str event_words(const struct ctx *c, const struct event *e)
{
	json_t *data = e->data.s.p ? json_loadb(e->data.s.p, e->data.s.n, 0, NULL) : NULL, *v;
	str part[WORDS_MAX];
	const char *key;
	size_t n = 0;

	json_object_foreach(data, key, v)
		if (n < WORDS_MAX)
			part[n++] = words_of(c, key, v);
	json_decref(data);
	return arena_join(c->a, part, n, S(" · "));
}
