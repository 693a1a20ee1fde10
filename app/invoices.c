/* invoices.c — carries invoices asked for to the service of setting money.invoice_url and brings back their numbers. What the service answers is JSON:
 * {"number": TEXT, "url": TEXT}, or with another status {"error": TEXT}. A service that does not answer leaves the invoice to a person; it is tried again. */
#include "app/invoices.h"
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/money/money.h"
#include <curl/curl.h>
#include <jansson.h>

enum { ANSWER_MAX = 64 * 1024, CONNECT_SECONDS = 5, WHY_MAX = 200 };

static size_t take(char *p, size_t size, size_t n, void *b)
{
	buf_put(b, p, size * n);
	return size * n;
}

/* HTTP status, 0 without an answer. */
static long post(const char *url, str body, long seconds, struct buf *answer)
{
	CURL *h = curl_easy_init();
	struct curl_slist *head = curl_slist_append(NULL, "Content-Type: application/json");
	long status = 0;

	if (!h || !head)
		BUG("out of memory");
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt(h, CURLOPT_POSTFIELDS, body.p);
	curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)body.n);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, answer);
	if (!curl_easy_perform(h))
		curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(head);
	curl_easy_cleanup(h);
	return answer->overflow ? 0 : status;
}

struct answer { int64_t invoice; str number, url, why; };

static enum err note(struct ctx *c, void *arg)
{
	const struct answer *a = arg;

	return invoice_answered(c, a->invoice, a->number, a->url, a->why);
}

static str text_of(struct ctx *c, const json_t *js, const char *key)
{
	const char *t = json_string_value(json_object_get(js, key));

	return t && strlen(t) <= WHY_MAX ? arena_str(c->a, str_c(t)) : (str){ 0 };
}

enum err invoice_send(struct ctx *c, const struct outbox_item *it, str *ret_why)
{
	json_t *asked = json_loadb(it->payload.s.p, it->payload.s.n, 0, NULL), *said;
	struct answer a = { .invoice = json_integer_value(json_object_get(asked, "invoice")) };
	struct buf b;
	long status;

	json_decref(asked);
	buf_init(&b, ANSWER_MAX);
	status = post(arena_cstr(c->a, setting_str(c, "money.invoice_url")), it->payload.s, (long)setting_int(c, "money.invoice_seconds"), &b);
	said = json_loadb(b.p ? b.p : "", b.n, 0, NULL);
	if (status / 100 == 2)
		a.number = text_of(c, said, "number");
	a.url = a.number.n ? text_of(c, said, "url") : (str){ 0 };
	a.why = text_of(c, said, "error");
	if (!a.why.n)
		a.why = status ? arena_fmt(c->a, "HTTP %ld", status) : _("The invoice service does not answer.");
	json_decref(said);
	buf_free(&b);
	TRY(db_write(db_of(c->db), c, note, &a));
	if (a.number.n)
		return ERR_OK;
	*ret_why = a.why;
	return fail(c, ERR_BUSY, N_("The invoice service does not answer."));
}
