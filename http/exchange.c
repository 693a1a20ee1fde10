/* exchange.c — a request before anybody works on it: strict header checks, address, format, size, body. */
#include "http/http_int.h"
#include "base/i18n.h"
#include "base/time.h"
#include <sodium.h>

void exchange_init(struct exchange *x, const struct shared *sh)
{
	*x = (struct exchange){ .sh = sh };
	arena_init(&x->a, ARENA_CAP);
	buf_init(&x->ans.o.b, OUT_CAP);
	x->c.a = &x->a;
}

/* Buffers of ordinary size are kept for the next request. */
static void keep_small(struct buf *b)
{
	if (b->room > 256 * 1024)
		buf_free(b);
	buf_clear(b);
}

void exchange_reset(struct exchange *x)
{
	struct buf body = x->body, out = x->ans.o.b;
	struct arena a;

	multipart_close(x->mp);
	keep_small(&body);
	keep_small(&out);
	arena_clear(&x->a);
	a = x->a;
	a.cap = ARENA_CAP;
	*x = (struct exchange){ .sh = x->sh, .body = body, .a = a, .ans.o.b = out };
	x->c.a = &x->a;
}

void exchange_free(struct exchange *x)
{
	multipart_close(x->mp);
	buf_free(&x->body);
	buf_free(&x->ans.o.b);
	arena_free(&x->a);
}

str head_get(const struct exchange *x, str name)
{
	for (size_t i = 0; i < x->n_head; i++)
		if (str_ieq(x->head[i].name, name))
			return x->head[i].value;
	return (str){ 0 };
}

static size_t head_count(const struct exchange *x, str name)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n_head; i++)
		n += str_ieq(x->head[i].name, name);
	return n;
}

static bool printable(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n > 0;
}

static bool digits(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0 && s.n <= 18;
}

static bool host_ok(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		bool word = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');

		if (!word && !strchr(".-_:[]", ch))
			return false;
	}
	return s.n > 0 && s.n <= 255;
}

/* What a proxy and we could read differently is refused, whatever the library made of it. */
static const char *framing_fault(const struct exchange *x)
{
	str length = head_get(x, S("Content-Length")), coding = head_get(x, S("Transfer-Encoding"));

	for (size_t i = 0; i < x->n_head; i++)
		if (!is_token(x->head[i].name) || !utf8_valid(x->head[i].value) || memchr(x->head[i].value.p ? x->head[i].value.p : "", '\n', x->head[i].value.n))
			return "A header cannot be read.";
	if (x->folded)
		return "A header continues on the next line.";
	if (!is_token(x->method_name) || !printable(x->uri) || x->uri.p[0] != '/')
		return "The request line cannot be read.";
	if (head_count(x, S("Host")) != 1 || !host_ok(head_get(x, S("Host"))))
		return "Exactly one valid Host header is needed.";
	if (head_count(x, S("Content-Length")) > 1 || (length.p && !digits(length)))
		return "Content-Length is not one number.";
	if (head_count(x, S("Transfer-Encoding")) > 1 || (coding.p && (length.p || !str_ieq(coding, S("chunked")))))
		return "Transfer-Encoding is not acceptable.";
	return NULL;
}

bool loopback(str peer) { return !peer.n || str_starts(peer, S("127.")) || str_eq(peer, S("::1")) || str_starts(peer, S("::ffff:127.")); }

/* Forwarding headers count only when our own proxy, on this machine, sent them. */
static void client(struct exchange *x)
{
	bool proxied = loopback(x->peer);
	str via = head_get(x, S("X-Forwarded-For")), last = { 0 }, piece;

	x->https = x->sh->tls || (proxied && str_ieq(head_get(x, S("X-Forwarded-Proto")), S("https")));
	x->r.remote = x->peer;
	while (proxied && str_cut(&via, ',', &piece))
		last = str_trim(piece);
	if (last.n && host_ok(last))
		x->r.remote = last;
	x->r.agent = head_get(x, S("User-Agent"));
	x->r.base = arena_join(&x->a, (const str[]){ x->https ? S("https://") : S("http://"), head_get(x, S("Host")) }, 2, S(""));
	x->r.if_match = head_get(x, S("If-Match"));
	if (x->r.if_match.n >= 2 && x->r.if_match.p[0] == '"' && x->r.if_match.p[x->r.if_match.n - 1] == '"')
		x->r.if_match = (str){ x->r.if_match.p + 1, x->r.if_match.n - 2 };
	x->r.idem_key = head_get(x, S("Idempotency-Key"));
	x->r.htmx = str_eq(head_get(x, S("HX-Request")), S("true")) && !head_get(x, S("HX-Boosted")).p && !head_get(x, S("HX-History-Restore-Request")).p;
	x->r.target = head_get(x, S("HX-Target"));
}

static str header_token(const struct exchange *x)
{
	str h = head_get(x, S("Authorization"));

	return h.n > 7 && str_ieq((str){ h.p, 7 }, S("Bearer ")) ? str_trim((str){ h.p + 7, h.n - 7 }) : (str){ 0 };
}

static void context(struct exchange *x)
{
	static const struct actor nobody = { .id = NIL, .org_id = NIL, .customer_id = NIL };
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
	str cookies = head_get(x, S("Cookie"));
	static _Thread_local unsigned char noise[1024];                /* fetched seldom: each time is a call of the kernel */
	static _Thread_local size_t used = sizeof noise;
	char id[16];

	if (used == sizeof noise) {
		randombytes_buf(noise, sizeof noise);
		used = 0;
	}
	for (size_t i = 0; i < sizeof id; i++)
		id[i] = letters[noise[used++] & 31];
	x->c.trace = arena_str(&x->a, (str){ id, sizeof id });
	x->c.now = clock_now();
	x->c.who = &nobody;
	x->session = cookie_get(cookies, S("bx_session"));
	x->bearer = header_token(x);
	x->lang = str_eq(cookie_get(cookies, S("bx_lang")), S("en")) ? "en" : str_eq(cookie_get(cookies, S("bx_lang")), S("zh")) ? "zh" : NULL;
}

static enum err find_route(struct exchange *x)
{
	const char *mark = memchr(x->uri.p, '?', x->uri.n);
	str path = { x->uri.p, mark ? (size_t)(mark - x->uri.p) : x->uri.n }, bare;
	unsigned both;
	enum err e;

	x->r.path = path;
	x->r.query = mark ? (str){ mark + 1, x->uri.n - path.n - 1 } : S("");
	if (x->r.query.n && memchr(x->r.query.p, '#', x->r.query.n))
		return ERR_MALFORMED;
	bare = negotiate(x, path);
	e = router_match(x->sh->router, x->method, x->door, bare, &x->r.route, x->r.arg, &x->allow);
	if (e && x->door == DOOR_PAGE && !router_match(x->sh->router, x->method, DOOR_API, bare, &x->r.route, x->r.arg, &both)) {
		x->r.as = AS_JSON;
		e = ERR_OK;
	}
	for (size_t i = 0; !e && i < LEN(x->r.arg); i++)
		if (x->r.arg[i].p && !url_decode(&x->a, x->r.arg[i], false, &x->r.arg[i]))
			return ERR_MALFORMED;
	return e;
}

int64_t exchange_length(const struct exchange *x)
{
	str length = head_get(x, S("Content-Length"));
	int64_t n = 0;

	if (head_get(x, S("Transfer-Encoding")).p)
		return -1;
	return length.p && str_int(length, &n) ? n : 0;
}

int64_t exchange_room(const struct exchange *x)
{
	const struct form *f = x->r.route ? x->r.route->form : NULL;

	for (size_t i = 0; f && i < f->n; i++)
		if (f->in[i].kind == IN_FILES)
			return x->sh->body_max + x->sh->file_max;
	return x->sh->body_max;
}

/* Text typed into an address by hand arrives as bytes: it means what its escaped form means. */
static str escaped(struct exchange *x, str uri)
{
	static const char digit[] = "0123456789ABCDEF";
	size_t high = 0, n = 0;
	char *d;

	for (size_t i = 0; i < uri.n; i++)
		high += (unsigned char)uri.p[i] > 0x7F;
	if (!high || !utf8_valid(uri))
		return uri;
	d = arena_alloc(&x->a, uri.n + high * 2);
	for (size_t i = 0; i < uri.n; i++) {
		unsigned char ch = (unsigned char)uri.p[i];

		if (ch <= 0x7F) {
			d[n++] = (char)ch;
			continue;
		}
		d[n++] = '%';
		d[n++] = digit[ch >> 4];
		d[n++] = digit[ch & 15];
	}
	return (str){ d, n };
}

bool exchange_open(struct exchange *x)
{
	const char *fault;
	str type;

	x->start_us = clock_mono_us();
	context(x);
	x->uri = escaped(x, x->uri);
	fault = framing_fault(x);
	if (fault) {
		respond_plain(x, 400, str_c(fault));
		x->ans.close = true;
		return false;
	}
	x->method = method_of(x->method_name);
	x->head_only = str_eq(x->method_name, S("HEAD"));
	client(x);
	x->opened = find_route(x);
	x->body.cap = (size_t)x->sh->body_max + 1;
	if (exchange_length(x) > exchange_room(x)) {
		respond_plain(x, 413, S("The request is larger than allowed."));
		x->ans.close = true;
		return false;
	}
	type = head_get(x, S("Content-Type"));
	if (!x->opened && type.n >= 19 && str_ieq((str){ type.p, 19 }, S("multipart/form-data")))
		x->opened = multipart_open(&x->a, type, x->sh->dir, x->sh->body_max, x->sh->file_max, &x->mp);
	return true;
}

bool exchange_feed(struct exchange *x, const char *p, size_t n)
{
	if (x->mp) {
		/* What cannot be read is swallowed to its end, so that the answer is heard. */
		x->fed += (int64_t)n;
		if (!x->opened)
			x->opened = multipart_feed(x->mp, p, n);
		return x->fed <= exchange_room(x);
	}
	buf_put(&x->body, p, n);
	return !x->body.overflow && (int64_t)x->body.n <= x->sh->body_max;
}
