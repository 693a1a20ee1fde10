#include "app/courier.h"
#include "base/i18n.h"
#include <curl/curl.h>

enum { ANSWER_MAX = 64 * 1024, CONNECT_SECONDS = 5 };

static size_t take(char *p, size_t size, size_t n, void *b)
{
	buf_put(b, p, size * n);
	return size * n;
}

static size_t give(char *p, size_t size, size_t n, void *left)
{
	str *rest = left;
	size_t part = size * n < rest->n ? size * n : rest->n;

	memcpy(p, rest->p, part);
	*rest = (str){ rest->p + part, rest->n - part };
	return part;
}

static CURL *opened(const char *url, const char *protocols, long seconds, struct buf *answer)
{
	CURL *h = curl_easy_init();

	if (!h)
		BUG("out of memory");
	buf_init(answer, ANSWER_MAX);
	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, seconds < 1 ? 1L : seconds);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, answer);
	return h;
}

static struct curl_slist *added(struct curl_slist *list, const char *text)
{
	struct curl_slist *more = curl_slist_append(list, text);

	if (!more)
		BUG("out of memory");
	return more;
}

/* An answer that is longer than we read is none. */
static void finish(struct ctx *c, CURL *h, CURLcode e, struct buf *b, struct courier_answer *ret)
{
	*ret = (struct courier_answer){ 0 };
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &ret->status);
	ret->ok = !e && !b->overflow && ret->status / 100 == 2;
	ret->body = arena_str(c->a, (str){ b->p, b->n });
	if (e == CURLE_OPERATION_TIMEDOUT)
		ret->why = _("The other server does not answer in time.");
	else if (e)
		ret->why = arena_fmt(c->a, ret->status ? "%s (%ld)" : "%s", curl_easy_strerror(e), ret->status);
	else if (!ret->ok)
		ret->why = arena_fmt(c->a, "HTTP %ld", ret->status);
	buf_free(b);
	curl_easy_cleanup(h);
}

void courier_post(struct ctx *c, const struct courier_post *p, struct courier_answer *ret)
{
	struct curl_slist *head = added(added(NULL, "Content-Type: application/json"), "Expect:");
	struct buf b;
	CURL *h = opened(p->url, "http,https", p->seconds, &b);

	for (size_t i = 0; i < p->n_head; i++)
		head = added(head, p->head[i]);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt(h, CURLOPT_POSTFIELDS, p->body.p);
	curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)p->body.n);
	if (p->method)
		curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, p->method);
	finish(c, h, curl_easy_perform(h), &b, ret);
	curl_slist_free_all(head);
}

void courier_mail(struct ctx *c, const struct courier_mail *m, struct courier_answer *ret)
{
	struct curl_slist *to = added(NULL, m->to);
	str left = m->text;
	CURLcode e;
	struct buf b;
	CURL *h = opened(m->url, "smtp,smtps", m->seconds, &b);

	curl_easy_setopt(h, CURLOPT_USE_SSL, m->tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
	if (*m->user) {
		curl_easy_setopt(h, CURLOPT_USERNAME, m->user);
		curl_easy_setopt(h, CURLOPT_PASSWORD, m->password);
	}
	curl_easy_setopt(h, CURLOPT_MAIL_FROM, m->from);
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(h, CURLOPT_READDATA, &left);
	curl_easy_setopt(h, CURLOPT_INFILESIZE_LARGE, (curl_off_t)m->text.n);
	e = curl_easy_perform(h);
	finish(c, h, e, &b, ret);
	ret->ok = !e;
	curl_slist_free_all(to);
}
