/* audit_text.c — one value of an event's data, for people. */
#include <jansson.h>
#include "slice/audit/audit.h"

str event_text(const struct ctx *c, const struct event *e, const char *key)
{
	json_t *data = e->data.s.p ? json_loadb(e->data.s.p, e->data.s.n, 0, NULL) : NULL;
	json_t *v = json_object_get(data, key);
	str ret = { 0 };

	if (json_is_string(v))
		ret = arena_str(c->a, (str){ json_string_value(v), json_string_length(v) });
	else if (json_is_integer(v))
		ret = arena_fmt(c->a, "%lld", (long long)json_integer_value(v));
	json_decref(data);
	return ret;
}
