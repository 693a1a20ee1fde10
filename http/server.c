/* server.c — sockets. MHD's one thread reads and writes; a request that is complete sleeps (suspended) while a worker or the database has it. */
#include "http/server_int.h"
#include "base/time.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <netdb.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- visits: a few keep their memory for the next request; many at once give it back ---- */

static struct visit *visit_new(struct http *h)
{
	struct visit *v = h->spare;

	if (v) {
		h->spare = v->next;
		h->n_spare--;
		*v = (struct visit){ .x = v->x, .h = h };
		v->x.c.a = &v->x.a;
		return v;
	}
	v = calloc(1, sizeof *v);
	if (!v)
		BUG("out of memory");
	v->h = h;
	exchange_init(&v->x, &h->sh);
	return v;
}

static void visit_done(struct visit *v)
{
	struct http *h = v->h;

	ear_remove(v);
	if (v->x.ans.remove)
		unlink(v->x.ans.file.p);
	h->visits--;
	if (h->n_spare == SPARES_MAX) {
		exchange_free(&v->x);
		free(v);
		return;
	}
	exchange_reset(&v->x);
	v->next = h->spare;
	h->spare = v;
	h->n_spare++;
}

/* ---- workers ---- */

static void publish(void *h, str topic) { ears_publish(h, topic); }

static void hand_back(struct visit *v)
{
	struct http *h = v->h;

	v->ready = true;
	MHD_resume_connection(v->mc);
	h->tasks--;
}

static void written(struct db_job *j, enum err e)
{
	struct visit *v = j->arg;

	v->result = e;
	v->task = TASK_FINISH;
	if (!e)
		touch_flush(&v->x, publish, v->h);
	(void)pool_push(v->h->pool, v, true);
}

static void work(struct visit *v, struct conn *read)
{
	switch (v->task) {
	case TASK_BEGIN:
		if (exchange_begin(&v->x, read) == STEP_WRITE) {
			v->x.job = (struct db_job){ .c = &v->x.c, .fn = exchange_write, .arg = v, .done = written };
			db_submit(v->h->sh.db, &v->x.job);
			return;
		}
		touch_flush(&v->x, publish, v->h);
		break;
	case TASK_FINISH:
		exchange_finish(&v->x, read, v->result);
		break;
	case TASK_STREAM:
		v->more = exchange_stream(&v->x, read);
		v->sent = 0;
		break;
	}
	hand_back(v);
}

/* ---- answers ---- */

static ssize_t stream_read(void *arg, uint64_t pos, char *p, size_t max)
{
	struct visit *v = arg;
	struct buf *b = &v->x.ans.o.b;
	size_t n = b->n - v->sent < max ? b->n - v->sent : max;

	(void)pos;
	if (n) {
		memcpy(p, b->p + v->sent, n);
		v->sent += n;
		return (ssize_t)n;
	}
	if (!v->more || v->h->stopping)
		return v->x.ans.close || v->more ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
	v->task = TASK_STREAM;
	v->h->tasks++;
	MHD_suspend_connection(v->mc);
	(void)pool_push(v->h->pool, v, true);
	return 0;
}

/* One range of a file: "bytes=a-b", "bytes=a-", "bytes=-n". A range that begins behind the end is told so; anything else is ignored and the whole sent. */
enum range { RANGE_WHOLE, RANGE_PART, RANGE_BEHIND };

static enum range range(str header, int64_t size, int64_t *ret_from, int64_t *ret_n)
{
	str from, to;
	int64_t a, b = size - 1;

	if (!str_starts(header, S("bytes=")) || memchr(header.p, ',', header.n) || size == 0)
		return RANGE_WHOLE;
	header.p += 6, header.n -= 6;
	if (!header.n)
		return RANGE_WHOLE;
	if (header.p[0] == '-') {
		to = (str){ header.p + 1, header.n - 1 };
		if (!str_int(to, &a) || a <= 0)
			return RANGE_WHOLE;
		a = a > size ? 0 : size - a;
	} else {
		if (!str_cut(&header, '-', &from) || !str_int(from, &a) || a < 0 || (header.n && (!str_int(header, &b) || b < a)))
			return RANGE_WHOLE;
		if (a >= size)
			return RANGE_BEHIND;
		b = b >= size ? size - 1 : b;
	}
	*ret_from = a;
	*ret_n = b - a + 1;
	return RANGE_PART;
}

/* Narrows what is sent of a file of n bytes to the range that is asked for. */
static void cut_range(struct exchange *x, int64_t *from, int64_t *n)
{
	int64_t size = *n;

	if (x->ans.status != 200)
		return;
	switch (range(head_get(x, S("Range")), size, from, n)) {
	case RANGE_WHOLE:
		return;
	case RANGE_PART:
		x->ans.status = 206;
		answer_head(x, S("Content-Range"), arena_fmt(&x->a, "bytes %lld-%lld/%lld", (long long)*from, (long long)(*from + *n - 1), (long long)size));
		return;
	case RANGE_BEHIND:
		x->ans.status = 416;
		*n = 0;
		answer_head(x, S("Content-Range"), arena_fmt(&x->a, "bytes */%lld", (long long)size));
		return;
	}
}

static struct MHD_Response *file_response(struct visit *v)
{
	struct exchange *x = &v->x;
	int fd = open(x->ans.file.p, O_RDONLY | O_CLOEXEC);
	int64_t from = 0, n;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st)) {
		close(fd);
		return NULL;
	}
	n = st.st_size;
	answer_head(x, S("Accept-Ranges"), S("bytes"));
	cut_range(x, &from, &n);
	return MHD_create_response_from_fd_at_offset64((uint64_t)n, fd, (uint64_t)from);
}

static struct MHD_Response *response(struct visit *v)
{
	struct exchange *x = &v->x;
	str body = { x->ans.o.b.n ? x->ans.o.b.p : "", x->ans.o.b.n };
	struct MHD_Response *r;

	if (x->ans.live && !x->head_only) {
		if (ear_add(v)) {
			answer_head(x, S("Content-Type"), S("text/event-stream"));
			answer_head(x, S("X-Accel-Buffering"), S("no"));
			return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, ear_read, v, NULL);
		}
		respond_plain(x, 503, S("Too many listeners."));
		body = (str){ x->ans.o.b.p, x->ans.o.b.n };
	}
	if (x->ans.stream && !x->head_only) {
		v->more = true;
		v->sent = x->ans.o.b.n;
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 32 * 1024, stream_read, v, NULL);
	}
	if (x->ans.file.p) {
		r = file_response(v);
		if (r)
			return r;
		respond_plain(x, 404, S("The file is gone."));
		body = (str){ x->ans.o.b.p, x->ans.o.b.n };
	}
	if (x->ans.fixed.p)
		body = x->ans.fixed;
	return MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_PERSISTENT);
}

static void log_line(const struct visit *v, int64_t us)
{
	const struct exchange *x = &v->x;

	if (v->h->log)
		fprintf(stderr, "%.*s %.*s %.*s %.*s %d %zu %lldus\n", STR_ARG(x->c.trace), STR_ARG(x->r.remote), STR_ARG(x->method_name), STR_ARG(x->r.path),
			x->ans.status, x->ans.o.b.n, (long long)us);
}

static enum MHD_Result send_answer(struct visit *v)
{
	struct exchange *x = &v->x;
	struct MHD_Response *r = response(v);
	int64_t us = clock_mono_us() - x->start_us;
	enum MHD_Result ok;

	if (!r)
		return MHD_NO;
	for (size_t i = 0; i < x->ans.n; i++)
		if (MHD_add_response_header(r, arena_cstr(&x->a, x->ans.head[i].name), arena_cstr(&x->a, x->ans.head[i].value)) == MHD_NO)
			BUG("header %.*s", STR_ARG(x->ans.head[i].name));
	if (x->ans.close && !x->ans.stream)
		MHD_add_response_header(r, "Connection", "close");
	if (v->link)
		conns_deadline(&v->h->conns, v->link, false, x->ans.live ? INT64_MAX : mono_ms() + SEND_MS);
	metrics_count(v->h->sh.metrics, x->ans.status, us);
	log_line(v, us);
	ok = MHD_queue_response(v->mc, (unsigned)x->ans.status, r);
	MHD_destroy_response(r);
	return ok;
}

/* ---- requests ---- */

static void *on_uri(void *arg, const char *uri, struct MHD_Connection *mc)
{
	struct visit *v = visit_new(arg);

	v->mc = mc;
	v->h->visits++;
	v->x.uri = arena_str(&v->x.a, str_c(uri));
	return v;
}

/* The library joins a continued line to the value (or to the name, when the value was empty) in another place of its memory:
 * then the value does not stand behind its name and blanks any more. */
static bool in_place(const char *name, size_t n_name, const char *value)
{
	const char *colon = name + n_name;

	if (value <= colon || value - colon > 64)
		return false;
	for (const char *p = colon + 1; p < value; p++)
		if (*p != ' ' && *p != '\t')
			return false;
	return true;
}

static enum MHD_Result on_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t n_name, const char *value, size_t n_value)
{
	struct exchange *x = arg;

	(void)kind;
	if (x->n_head == HEADS_MAX)
		return MHD_NO;
	x->folded |= value && !in_place(name, n_name, value);
	x->head[x->n_head++] = (struct head){ { name, n_name }, { value ? value : "", n_value } };
	return MHD_YES;
}

static enum MHD_Result open_request(struct visit *v, const char *method)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(v->mc, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct exchange *x = &v->x;
	bool many;

	v->link = info ? info->socket_context : NULL;
	x->method_name = str_c(method);
	x->peer = v->link ? str_c(v->link->address) : S("");
	MHD_get_connection_values_n(v->mc, MHD_HEADER_KIND, on_header, x);
	many = MHD_get_connection_values_n(v->mc, MHD_HEADER_KIND, NULL, NULL) > HEADS_MAX;
	if (!exchange_open(x) || many) {
		if (many)
			respond_plain(x, 431, S("Too many headers."));
		x->ans.close = true;
		v->ready = true;
		return send_answer(v);
	}
	if (v->link)
		conns_deadline(&v->h->conns, v->link, true, mono_ms() + v->h->conf.body_ms + exchange_length(x) / UPLOAD_BYTES_PER_MS);
	return MHD_YES;
}

static enum MHD_Result submit(struct visit *v)
{
	struct http *h = v->h;

	v->submitted = true;
	v->x.start_us = clock_mono_us();
	if (v->link)
		conns_deadline(&h->conns, v->link, false, INT64_MAX);
	if (exchange_builtin(&v->x) || pages_recall(&v->x, NULL)) {
		v->ready = true;
		return send_answer(v);
	}
	h->tasks++;
	MHD_suspend_connection(v->mc);
	if (pool_push(h->pool, v, false))
		return MHD_YES;
	respond_plain(&v->x, 503, S("The service is busy. Please try again."));
	answer_head(&v->x, S("Retry-After"), S("1"));
	hand_back(v);
	return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *mc, const char *url, const char *method, const char *version,
	const char *data, size_t *n, void **state)
{
	struct visit *v = *state;
	bool fits;

	(void)arg, (void)url, (void)version, (void)mc;
	if (!v->opened) {
		v->opened = true;
		return open_request(v, method);
	}
	if (*n) {
		fits = exchange_feed(&v->x, data, *n);
		*n = 0;
		return fits ? MHD_YES : MHD_NO;
	}
	if (v->ready)
		return send_answer(v);
	return v->submitted ? MHD_YES : submit(v);
}

static void on_done(void *arg, struct MHD_Connection *mc, void **state, enum MHD_RequestTerminationCode why)
{
	struct visit *v = *state;

	(void)arg, (void)mc, (void)why;
	if (!v)
		return;
	if (v->link)
		conns_deadline(&v->h->conns, v->link, true, mono_ms() + IDLE_MS);
	*state = NULL;
	visit_done(v);
}

static void on_connection(void *arg, struct MHD_Connection *mc, void **state, enum MHD_ConnectionNotificationCode what)
{
	struct http *h = arg;

	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		*state = conns_add(&h->conns, MHD_get_connection_info(mc, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
			MHD_get_connection_info(mc, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr, mono_ms() + h->conf.header_ms);
	else if (*state)
		conns_remove(&h->conns, *state);
}

static enum MHD_Result on_accept(void *arg, const struct sockaddr *sa, socklen_t n)
{
	struct http *h = arg;

	(void)n;
	return conns_allow(&h->conns, sa) ? MHD_YES : MHD_NO;
}

/* ---- housekeeping thread ---- */

static void *keeper(void *arg)
{
	struct http *h = arg;
	int64_t beat = mono_ms() + BEAT_MS;

	while (!h->keeper_ends) {
		int64_t now = mono_ms();

		conns_reap(&h->conns, now);
		live_told(publish, h);
		if (now >= beat) {
			ears_beat(h);
			malloc_trim(0);                /* what a rush took goes back to the system */
			beat = now + BEAT_MS;
		}
		usleep(TICK_MS * 1000);
	}
	return NULL;
}

/* ---- start and stop ---- */

static enum err listen_address(const char *text, struct sockaddr_storage *ret)
{
	const char *colon = strrchr(text, ':');
	struct addrinfo hint = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE }, *found;
	char host[64];
	size_t n = colon ? (size_t)(colon - text) : 0;

	if (!colon || n >= sizeof host)
		return ERR_INVALID;
	memcpy(host, text, n);
	host[n] = 0;
	if (n > 2 && host[0] == '[' && host[n - 1] == ']') {
		memmove(host, host + 1, n - 2);
		host[n - 2] = 0;
	}
	if (getaddrinfo(host[0] ? host : NULL, colon + 1, &hint, &found))
		return ERR_INVALID;
	memcpy(ret, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return ERR_OK;
}

static char *whole_file(const char *path)
{
	char text[64 * 1024];
	FILE *f = path ? fopen(path, "re") : NULL;
	size_t n;

	if (!f)
		return NULL;
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = 0;
	fclose(f);
	return strdup(text);
}

static const char *start_daemon(struct http *h)
{
	struct sockaddr_storage sa = { 0 };
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_OptionItem tls[3] = { { MHD_OPTION_END, 0, NULL } };

	if (listen_address(h->conf.listen, &sa))
		return "the address to listen on must look like 127.0.0.1:8080 or [::1]:8080";
	if (sa.ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	if (h->conf.tls_cert) {
		h->cert = whole_file(h->conf.tls_cert);
		h->key = whole_file(h->conf.tls_key);
		if (!h->cert || !h->key)
			return "the certificate or its key cannot be read";
		flags |= MHD_USE_TLS;
		tls[0] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, h->cert };
		tls[1] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, h->key };
		tls[2] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
		h->sh.tls = true;
	}
	h->mhd = MHD_start_daemon(flags, 0, on_accept, h, on_request, h,
		MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&sa, MHD_OPTION_URI_LOG_CALLBACK, on_uri, h, MHD_OPTION_NOTIFY_COMPLETED, on_done, h,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(IDLE_MS / 1000),
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	return h->mhd ? NULL : "cannot listen there: is the port taken, or is the certificate wrong?";
}

static const char *prepare(struct http *h)
{
	static char why[256];
	mode_t mode = 0700;

	h->sh.router = router_new(h->app.slices, why, sizeof why);
	if (!h->sh.router)
		return why;
	if (asprintf(&h->dir, "%s/tmp", h->conf.data_dir ? h->conf.data_dir : "/tmp") < 0)
		BUG("out of memory");
	(void)mkdir(h->dir, mode);
	if (access(h->dir, W_OK))
		return "the data directory cannot be written";
	h->sh.dir = h->dir;
	h->sh.limits = limits_new();
	h->sh.metrics = metrics_new();
	h->sh.pages = pages_new();
	h->sh.server = h;
	randombytes_buf(h->sh.key, sizeof h->sh.key);
	conns_init(&h->conns);
	pthread_mutex_init(&h->ear_lock, NULL);
	return NULL;
}

static void release(struct http *h)
{
	while (h->spare) {
		struct visit *v = h->spare;

		h->spare = v->next;
		exchange_free(&v->x);
		free(v);
	}
	router_free(h->sh.router);
	limits_free(h->sh.limits);
	metrics_free(h->sh.metrics);
	pages_free(h->sh.pages);
	free(h->dir);
	free(h->cert);
	free(h->key);
	free(h);
}

enum err http_start(const struct http_conf *conf, const struct http_app *app, struct db *db, struct http **ret, const char **ret_why)
{
	struct http *h = calloc(1, sizeof *h);

	if (!h || sodium_init() < 0)
		BUG("out of memory");
	h->conf = *conf;
	h->app = *app;
	h->log = conf->log;
	h->sh = (struct shared){ .app = &h->app, .db = db, .body_max = conf->body_max ? conf->body_max : 1 << 20, .file_max = conf->file_max ? conf->file_max : 50 << 20 };
	h->conf.header_ms = conf->header_ms ? conf->header_ms : 10000;
	h->conf.body_ms = conf->body_ms ? conf->body_ms : 30000;
	*ret_why = prepare(h);
	if (!*ret_why) {
		h->pool = pool_new(db, conf->workers ? conf->workers : 4, work);
		*ret_why = start_daemon(h);
		if (*ret_why)
			pool_stop(h->pool);
	}
	if (*ret_why) {
		release(h);
		return ERR_INVALID;
	}
	if (pthread_create(&h->keeper, NULL, keeper, h))
		BUG("no thread");
	*ret = h;
	return ERR_OK;
}

int http_port(const struct http *h)
{
	return MHD_get_daemon_info(h->mhd, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void http_publish(struct http *h, str topic) { ears_publish(h, topic); }

void http_stop(struct http *h)
{
	int fd = MHD_quiesce_daemon(h->mhd);
	int64_t end = mono_ms() + STOP_MS;

	ears_end(h);
	conns_end_reading(&h->conns);
	while (h->visits > 0 && mono_ms() < end)
		usleep(5000);
	h->stopping = true;
	while (h->tasks > 0)
		usleep(5000);
	h->keeper_ends = true;
	pthread_join(h->keeper, NULL);
	MHD_stop_daemon(h->mhd);
	if (fd >= 0)
		close(fd);
	pool_stop(h->pool);
	pthread_mutex_destroy(&h->ear_lock);
	release(h);
}
