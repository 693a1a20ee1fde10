/* multipart.c — multipart/form-data (RFC 7578) read as it arrives. The window holds what is not yet decided: a delimiter may be cut anywhere. */
#include "http/http_int.h"
#include <fcntl.h>
#include <magic.h>
#include <sodium.h>
#include <unistd.h>

enum state { ST_DATA, ST_AFTER, ST_HEAD, ST_END, ST_BROKEN };
struct multipart {
	struct arena *a;
	str delim;                                     /* CR LF - - boundary */
	const char *dir;
	int64_t field_max, file_max, fields;           /* bytes: of all fields together, of each file; fields so far */
	enum state state;
	bool preamble;
	struct buf w;
	struct parts parts;
	struct buf value;                              /* of the field being read */
	str name;
	struct upload *file;                           /* NULL while a field is read */
	int fd;
	crypto_hash_sha256_state sha;
};

enum err multipart_open(struct arena *a, str content_type, const char *dir, int64_t field_max, int64_t file_max, struct multipart **ret)
{
	str boundary = param_get(a, content_type, S("boundary"));
	struct multipart *m;

	if (!boundary.n || boundary.n > 70)
		return ERR_MALFORMED;
	for (size_t i = 0; i < boundary.n; i++)
		if (boundary.p[i] < ' ' || boundary.p[i] > '~')
			return ERR_MALFORMED;
	m = NEW(a, struct multipart);
	*m = (struct multipart){ .a = a, .dir = dir, .field_max = field_max, .file_max = file_max, .preamble = true, .fd = -1 };
	m->delim = arena_join(a, (const str[]){ S("\r\n--"), boundary }, 2, S(""));
	m->parts.pair = NEW_N(a, struct pair, PARTS_MAX);
	m->parts.up = NEW_N(a, struct upload, PARTS_MAX);
	m->parts.field = NEW_N(a, str, PARTS_MAX);
	buf_init(&m->w, 1 << 20);
	buf_init(&m->value, (size_t)field_max + 1);
	buf_str(&m->w, S("\r\n"));
	*ret = m;
	return ERR_OK;
}

void multipart_close(struct multipart *m)
{
	if (!m)
		return;
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
	for (size_t i = 0; i < m->parts.n_up; i++)
		unlink(m->parts.up[i].path.p);
	buf_free(&m->w);
	buf_free(&m->value);
}

static void drop(struct buf *w, size_t n)
{
	memmove(w->p, w->p + n, w->n - n);
	w->n -= n;
}

static enum err write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = write(fd, p, n);

		if (k < 0)
			return ERR_FULL;
		p += k;
		n -= (size_t)k;
	}
	return ERR_OK;
}

static enum err data(struct multipart *m, const char *p, size_t n)
{
	if (m->preamble || !n)
		return ERR_OK;
	if (m->file) {
		m->file->size += (int64_t)n;
		if (m->file->size > m->file_max)
			return ERR_TOO_LARGE;
		crypto_hash_sha256_update(&m->sha, (const unsigned char *)p, n);
		return write_all(m->fd, p, n);
	}
	m->fields += (int64_t)n;
	if (m->fields > m->field_max)
		return ERR_TOO_LARGE;
	buf_put(&m->value, p, n);
	return ERR_OK;
}

static enum err part_done(struct multipart *m)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	char hex[sizeof sum * 2 + 1];
	str value = { m->value.n ? m->value.p : "", m->value.n };

	if (m->preamble) {
		m->preamble = false;
		return ERR_OK;
	}
	if (m->file) {
		crypto_hash_sha256_final(&m->sha, sum);
		m->file->sha256 = arena_str(m->a, str_c(sodium_bin2hex(hex, sizeof hex, sum, sizeof sum)));
		close(m->fd);
		m->fd = -1;
		/* A file field left empty by the browser sends a nameless empty part. */
		if (!m->file->size && !m->file->name.n)
			unlink(m->parts.up[--m->parts.n_up].path.p);
		m->file = NULL;
		return ERR_OK;
	}
	if (!utf8_valid(value))
		return ERR_MALFORMED;
	m->parts.pair[m->parts.n_pair++] = (struct pair){ m->name, arena_str(m->a, value) };
	buf_clear(&m->value);
	return ERR_OK;
}

static str base_name(str s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '/' || s.p[i - 1] == '\\')
			return (str){ s.p + i, s.n - i };
	return s;
}

static enum err file_open(struct multipart *m, str name)
{
	struct upload *u = &m->parts.up[m->parts.n_up];
	str path = arena_fmt(m->a, "%s/upload-XXXXXX", m->dir);

	m->fd = mkostemp((char *)(uintptr_t)path.p, O_CLOEXEC);
	if (m->fd < 0)
		return ERR_FULL;
	*u = (struct upload){ .name = arena_str(m->a, base_name(name)), .path = path };
	m->parts.field[m->parts.n_up++] = m->name;
	m->file = u;
	crypto_hash_sha256_init(&m->sha);
	return ERR_OK;
}

static bool name_text(struct arena *a, str s, str *ret)
{
	*ret = arena_str(a, s);
	return utf8_valid(s) && s.n <= 255 && !memchr(s.p ? s.p : "", '\n', s.n);
}

static enum err disposition(struct multipart *m, str value)
{
	str kind, rest = value, name, file = param_get(m->a, value, S("filename")), wide = param_get(m->a, value, S("filename*"));

	if (!str_cut(&rest, ';', &kind) || !str_ieq(str_trim(kind), S("form-data")))
		return ERR_MALFORMED;
	name = param_get(m->a, value, S("name"));
	if (!name.n || !name_text(m->a, name, &m->name))
		return ERR_MALFORMED;
	if (wide.n > 7 && str_ieq((str){ wide.p, 7 }, S("UTF-8''")) && !url_decode(m->a, (str){ wide.p + 7, wide.n - 7 }, false, &file))
		return ERR_MALFORMED;
	if (!file.p)
		return ERR_OK;
	if (!name_text(m->a, file, &file))
		return ERR_MALFORMED;
	return file_open(m, file);
}

static enum err part_head(struct multipart *m, str text)
{
	str found = { 0 };
	size_t at;

	while (text.n) {
		str line = text, name, value;
		const char *colon;

		if (str_find(text, S("\r\n"), &at))
			line.n = at;
		text.p += line.n + (line.n < text.n ? 2 : 0);
		text.n -= line.n + (line.n < text.n ? 2 : 0);
		colon = line.n ? memchr(line.p, ':', line.n) : NULL;
		if (!colon)
			return ERR_MALFORMED;
		name = (str){ line.p, (size_t)(colon - line.p) };
		value = str_trim((str){ colon + 1, line.n - name.n - 1 });
		if (!is_token(name) || !utf8_valid(value) || memchr(value.p, '\r', value.n) || memchr(value.p, '\n', value.n))
			return ERR_MALFORMED;
		if (str_ieq(name, S("Content-Transfer-Encoding")) && !str_ieq(value, S("binary")) && !str_ieq(value, S("8bit")) && !str_ieq(value, S("7bit")))
			return ERR_MEDIA_TYPE;
		if (!str_ieq(name, S("Content-Disposition")))
			continue;
		if (found.p)
			return ERR_MALFORMED;
		found = value;
	}
	if (!found.p || m->parts.n_pair + m->parts.n_up >= PARTS_MAX)
		return found.p ? ERR_TOO_LARGE : ERR_MALFORMED;
	return disposition(m, found);
}

static enum err step_data(struct multipart *m, bool *ret_more)
{
	size_t at;

	if (str_find((str){ m->w.p, m->w.n }, m->delim, &at)) {
		TRY(data(m, m->w.p, at));
		TRY(part_done(m));
		drop(&m->w, at + m->delim.n);
		m->state = ST_AFTER;
		return ERR_OK;
	}
	*ret_more = false;
	if (m->w.n < m->delim.n)
		return ERR_OK;
	at = m->w.n - m->delim.n + 1;
	TRY(data(m, m->w.p, at));
	drop(&m->w, at);
	return ERR_OK;
}

static enum err step(struct multipart *m, bool *ret_more)
{
	size_t at = 0;

	switch (m->state) {
	case ST_DATA:
		return step_data(m, ret_more);
	case ST_AFTER:
		*ret_more = m->w.n >= 2;
		if (!*ret_more)
			return ERR_OK;
		if (memcmp(m->w.p, "--", 2) && memcmp(m->w.p, "\r\n", 2))
			return ERR_MALFORMED;
		m->state = m->w.p[0] == '-' ? ST_END : ST_HEAD;
		drop(&m->w, 2);
		return ERR_OK;
	case ST_HEAD:
		*ret_more = str_find((str){ m->w.p, m->w.n }, S("\r\n\r\n"), &at);
		if (at > PART_HEAD_MAX || (!*ret_more && m->w.n > PART_HEAD_MAX))
			return ERR_TOO_LARGE;
		if (!*ret_more)
			return ERR_OK;
		TRY(part_head(m, (str){ m->w.p, at }));
		drop(&m->w, at + 4);
		m->state = ST_DATA;
		return ERR_OK;
	case ST_END:
		buf_clear(&m->w);
		*ret_more = false;
		return ERR_OK;
	case ST_BROKEN:
		return ERR_MALFORMED;
	}
	return ERR_MALFORMED;
}

enum err multipart_feed(struct multipart *m, const char *p, size_t n)
{
	while (n) {
		size_t k = n < 1 << 16 ? n : 1 << 16;
		bool more = true;
		enum err e = ERR_OK;

		buf_put(&m->w, p, k);
		p += k;
		n -= k;
		while (more && !e)
			e = step(m, &more);
		if (e) {
			m->state = ST_BROKEN;
			return e;
		}
	}
	return ERR_OK;
}

enum err multipart_end(struct multipart *m, const struct parts **ret)
{
	if (m->state != ST_END)
		return ERR_MALFORMED;
	*ret = &m->parts;
	return ERR_OK;
}

static _Thread_local magic_t sniffer;

void sniff(struct arena *a, struct upload *u)
{
	const char *type = NULL;

	if (!sniffer) {
		sniffer = magic_open(MAGIC_MIME_TYPE);
		if (sniffer && magic_load(sniffer, NULL)) {
			magic_close(sniffer);
			sniffer = NULL;
		}
	}
	if (sniffer && u->size)
		type = magic_file(sniffer, u->path.p);
	u->type = type ? arena_str(a, str_c(type)) : S("application/octet-stream");
}

void sniff_close(void)
{
	if (sniffer)
		magic_close(sniffer);
	sniffer = NULL;
}
