/* notice_mail.c — a message as RFC 5322 text, and which addresses are plain enough to be sent to. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/notice/notice.h"
#include <sodium.h>

enum { LINE_BYTES = 57 /* 76 characters of base64 */, WORD_BYTES = 39 /* an encoded word below 75 characters */, MAIL_MAX = 1 << 20 };

bool notice_address_ok(str a)
{
	size_t at;

	if (!str_find(a, S("@"), &at) || !at || at + 1 >= a.n || a.n > 254)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if ((unsigned char)a.p[i] <= ' ' || strchr("<>()[],;:\\\"\x7f", a.p[i]) || (i > at && a.p[i] == '@'))
			return false;
	return true;
}

enum err notice_from_ok(struct ctx *c, const char *name, str value)
{
	return !value.n || notice_address_ok(value) ? ERR_OK : fail_field(c, name, N_("An e-mail address is needed, such as service@example.com."));
}

static void put_base64(struct buf *b, const char *p, size_t n)
{
	char text[sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL)];

	sodium_bin2base64(text, sizeof text, (const unsigned char *)p, n, sodium_base64_VARIANT_ORIGINAL);
	buf_str(b, str_c(text));
}

static bool is_plain(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~' || s.p[i] == '=' || s.p[i] == '"' || s.p[i] == '<')
			return false;
	return s.n <= 60;
}

/* RFC 2047: words of at most 75 characters that end between code points; anything else than plain ASCII is never in a header. */
static void put_words(struct buf *b, str s)
{
	if (is_plain(s)) {
		buf_str(b, s);
		return;
	}
	for (size_t at = 0, end; at < s.n; at = end) {
		end = at + WORD_BYTES < s.n ? at + WORD_BYTES : s.n;
		while (end < s.n && ((unsigned char)s.p[end] & 0xC0) == 0x80)
			end--;
		buf_str(b, at ? S("\r\n =?UTF-8?B?") : S("=?UTF-8?B?"));
		put_base64(b, s.p + at, end - at);
		buf_str(b, S("?="));
	}
}

static void put_date(struct buf *b, instant t)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil v = tz_civil(NULL, t);

	buf_fmt(b, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[day_weekday(day_of(v.y, v.mo, v.d))], v.d, months[v.mo - 1], v.y, v.h, v.mi, v.s);
}

static str domain_of(str address)
{
	size_t at;

	return str_find(address, S("@"), &at) ? (str){ address.p + at + 1, address.n - at - 1 } : S("localhost");
}

str notice_mime(struct arena *a, const struct mail *m)
{
	str domain = domain_of(m->from), text;
	struct buf b;

	buf_init(&b, MAIL_MAX);
	buf_str(&b, S("From: "));
	put_words(&b, m->from_name);
	buf_fmt(&b, " <%.*s>\r\nTo: <%.*s>\r\nSubject: ", STR_ARG(m->from), STR_ARG(m->to));
	put_words(&b, m->subject);
	buf_str(&b, S("\r\n"));
	put_date(&b, m->at);
	buf_fmt(&b, "Message-ID: <%.*s@%.*s>\r\n", STR_ARG(m->key), STR_ARG(domain));
	buf_str(&b, S("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
	for (size_t at = 0; at < m->body.n; at += LINE_BYTES) {
		put_base64(&b, m->body.p + at, m->body.n - at < LINE_BYTES ? m->body.n - at : LINE_BYTES);
		buf_str(&b, S("\r\n"));
	}
	text = arena_str(a, (str){ b.p, b.n });
	buf_free(&b);
	return text;
}
