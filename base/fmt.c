/* fmt.c — the few printf conversions this house uses, done directly: pages and JSON are full of them, and the library's engine was a quarter of
 * the cost of a page. What is not among them is left to the library. */
#include "base/fmt.h"
#include <stdarg.h>

struct spec { bool zero; size_t width, most; char size, conv; };       /* size: 0, 'l' (long), 'q' (long long), 'z' */

static size_t digits(const char **p)
{
	size_t n = 0;

	for (; **p >= '0' && **p <= '9' && n < 1000; ++*p)
		n = n * 10 + (size_t)(**p - '0');
	return n;
}

/* Behind the %; false when it is none of ours. */
static bool spec_read(const char **p, va_list *ap, struct spec *s)
{
	*s = (struct spec){ .most = SIZE_MAX };
	if (**p == '0')
		s->zero = true, ++*p;
	s->width = digits(p);
	if (**p == '.' && (*p)[1] == '*') {
		int most = va_arg(*ap, int);

		s->most = most < 0 ? SIZE_MAX : (size_t)most;
		*p += 2;
	} else if (**p == '.') {
		++*p;
		s->most = digits(p);
	}
	if (**p == 'l')
		s->size = 'l', ++*p;
	if (**p == 'l')
		s->size = 'q', ++*p;
	else if (**p == 'z')
		s->size = 'z', ++*p;
	s->conv = *(*p)++;
	if (s->conv == 'd' || s->conv == 'u')
		return s->most == SIZE_MAX && (s->zero || !s->width);
	return (s->conv == 's' || s->conv == 'c' || s->conv == '%') && !s->width && !s->zero && !s->size && (s->conv == 's' || s->most == SIZE_MAX);
}

static int64_t signed_arg(va_list *ap, char size)
{
	switch (size) {
	case 'l': return va_arg(*ap, long);
	case 'q': return va_arg(*ap, long long);
	case 'z': return (int64_t)va_arg(*ap, size_t);
	default: return va_arg(*ap, int);
	}
}

static uint64_t unsigned_arg(va_list *ap, char size)
{
	switch (size) {
	case 'l': return va_arg(*ap, unsigned long);
	case 'q': return va_arg(*ap, unsigned long long);
	case 'z': return va_arg(*ap, size_t);
	default: return va_arg(*ap, unsigned);
	}
}

size_t fmt_uint(char d[FMT_INT], uint64_t u)
{
	char t[FMT_INT], *p = t + sizeof t;
	size_t n;

	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	n = (size_t)(t + sizeof t - p);
	memcpy(d, p, n);
	return n;
}

struct sink { char *d; size_t n, room; };

static bool put(struct sink *s, const char *p, size_t n)
{
	if (n > s->room - s->n)
		return false;
	memcpy(s->d + s->n, p, n);
	s->n += n;
	return true;
}

static bool put_number(struct sink *s, const struct spec *sp, va_list *ap)
{
	int64_t i = sp->conv == 'd' ? signed_arg(ap, sp->size) : 0;
	uint64_t u = sp->conv == 'u' ? unsigned_arg(ap, sp->size) : i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
	char d[FMT_INT];
	size_t n = fmt_uint(d, u), have = n + (i < 0);

	if (i < 0 && !put(s, "-", 1))
		return false;
	for (; have < sp->width; have++)
		if (!put(s, "0", 1))
			return false;
	return put(s, d, n);
}

static bool put_spec(struct sink *s, const struct spec *sp, va_list *ap)
{
	const char *text;
	char ch;

	switch (sp->conv) {
	case 's':
		text = va_arg(*ap, const char *);
		return text && put(s, text, strnlen(text, sp->most));
	case 'c':
		ch = (char)va_arg(*ap, int);
		return put(s, &ch, 1);
	case '%':
		return put(s, "%", 1);
	default:
		return put_number(s, sp, ap);
	}
}

bool fmt_text(char *d, size_t room, size_t *ret_n, const char *fmt, va_list from)
{
	struct sink s = { d, 0, room };
	struct spec sp;
	va_list ap;
	bool ok = true;

	va_copy(ap, from);
	while (ok && *fmt) {
		const char *next = strchrnul(fmt, '%');

		ok = put(&s, fmt, (size_t)(next - fmt));
		fmt = next;
		if (!ok || !*fmt)
			break;
		fmt++;
		ok = spec_read(&fmt, &ap, &sp) && put_spec(&s, &sp, &ap);
	}
	va_end(ap);
	*ret_n = s.n;
	return ok;
}
