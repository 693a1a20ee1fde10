/* load.c — many keep-alive clients in one thread: each sends the next request of a file as soon as it has its answer.
 *
 * Reads alone go round until the time is over; changes alone are sent once. Where both stand in the file a change is a fence: all clients wait, it is sent
 * alone and not counted, then the reads up to the next change are sent by all. So what is counted are first readings after a change. */
#include "bench/bench.h"
#include "base/time.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1024, ROOM = 1 << 20, TIMES_MAX = 4000000 };

struct client { int fd; char *in; size_t n, want; int64_t sent_us; const char *out; size_t left; };
struct load {
	str *request; bool *changes; size_t n, next;
	bool once, fenced, alone;                      /* alone: a change among reads is on its way */
	int64_t end_us, answers, bad, bytes, took_us, cpu_us, began_us, began_cpu_us;
	uint32_t *us; size_t n_us;
	clockid_t server;                              /* its processor time */
	int epoll, clients, busy, open;
	struct client client[CLIENTS_MAX];
};

/* ---- the file ---- */

static str request_of(str line, const char *token, const char *accept)
{
	str method, path;
	struct buf b;

	buf_init(&b, ROOM);
	str_cut(&line, ' ', &method);
	str_cut(&line, ' ', &path);
	buf_fmt(&b, "%.*s %.*s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n", STR_ARG(method), STR_ARG(path), accept);
	if (*token)
		buf_fmt(&b, "Authorization: Bearer %s\r\n", token);
	if (line.n)
		buf_fmt(&b, "Content-Type: application/json\r\nContent-Length: %zu\r\n", line.n);
	buf_str(&b, S("\r\n"));
	buf_str(&b, line);
	return (str){ b.p, b.n };
}

static bool read_requests(struct load *l, const char *path)
{
	const char *token = getenv("TOKEN"), *accept = getenv("ACCEPT");
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0, all = 0, changes = 0;

	for (ssize_t n; f && (n = getline(&line, &room, f)) > 0;) {
		if (l->n == all) {
			all = all ? all * 2 : 1024;
			l->request = realloc(l->request, sizeof *l->request * all);
			l->changes = realloc(l->changes, sizeof *l->changes * all);
		}
		l->changes[l->n] = !strncmp(line, "POST", 4);
		changes += l->changes[l->n];
		l->request[l->n++] = request_of((str){ line, (size_t)n - (line[n - 1] == '\n') }, token ? token : "", accept ? accept : "application/json");
	}
	free(line);
	if (f)
		fclose(f);
	l->once = changes == l->n;
	l->fenced = changes && !l->once;
	return l->n > 0;
}

/* ---- clients ---- */

static int64_t cpu_us(const struct load *l)
{
	struct timespec t = { 0 };

	clock_gettime(l->server, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void count_from(struct load *l, int64_t now)
{
	l->began_us = now;
	l->began_cpu_us = cpu_us(l);
}

static void count_to(struct load *l, int64_t now)
{
	l->took_us += now - l->began_us;
	l->cpu_us += cpu_us(l) - l->began_cpu_us;
}

static bool over(const struct load *l, int64_t now) { return now >= l->end_us || (l->once && l->next == l->n); }

static void push(struct client *k)
{
	while (k->left) {
		ssize_t n = send(k->fd, k->out, k->left, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			perror("bench: send");
			exit(1);
		}
		k->out += n, k->left -= (size_t)n;
	}
}

static void begin(struct load *l, struct client *k, int64_t now)
{
	str r = l->request[l->next++ % l->n];

	l->busy++;
	k->sent_us = now;
	k->n = k->want = 0;
	k->out = r.p, k->left = r.n;
	push(k);
}

static void leave(struct load *l, struct client *k)
{
	close(k->fd);
	k->fd = -1;
	l->open--;
}

/* A free client takes the next request. At a fence it waits; the last one sends the change. */
static void go_on(struct load *l, struct client *k, int64_t now)
{
	bool fence = l->fenced && l->changes[l->next % l->n];

	if (fence && (l->busy || l->alone))
		return;
	if (fence)
		count_to(l, now);
	if ((!l->fenced || fence) && over(l, now)) {
		for (int i = 0; fence && i < l->clients; i++)
			leave(l, &l->client[i]);
		if (!fence)
			leave(l, k);
		return;
	}
	l->alone = fence;
	begin(l, k, now);
}

static void fence_passed(struct load *l, struct client *k, int64_t now)
{
	if (k->in[9] != '2' && !l->bad++)
		fprintf(stderr, "bench: %.*s\n", (int)(k->want < 600 ? k->want : 600), k->in);
	l->alone = false;
	count_from(l, now);
	for (int i = 0; i < l->clients && !l->changes[l->next % l->n]; i++)
		begin(l, &l->client[i], clock_mono_us());
}

/* Bytes of the whole answer, 0 while its head is not there. */
static size_t length(struct client *k)
{
	char *end, *at;

	k->in[k->n] = 0;
	end = strstr(k->in, "\r\n\r\n");
	if (!end)
		return 0;
	at = strcasestr(k->in, "\r\nContent-Length:");
	if (!at || at > end) {
		fprintf(stderr, "bench: an answer without length: %.200s\n", k->in);
		exit(1);
	}
	return (size_t)(end + 4 - k->in) + strtoul(at + 17, NULL, 10);
}

static void count(struct load *l, struct client *k, int64_t now)
{
	bool good = k->n > 12 && k->in[9] == '2';

	l->answers++;
	l->bytes += (int64_t)k->want;
	if (!good && !l->bad++)
		fprintf(stderr, "bench: %.*s\n", (int)(k->want < 600 ? k->want : 600), k->in);
	if (l->n_us < TIMES_MAX)
		l->us[l->n_us++] = (uint32_t)(now - k->sent_us);
}

static void receive(struct load *l, struct client *k)
{
	ssize_t n = recv(k->fd, k->in + k->n, ROOM - 1 - k->n, MSG_DONTWAIT);
	int64_t now;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		fprintf(stderr, "bench: the server hung up after: %.*s\n", (int)k->n, k->in);
		exit(1);
	}
	k->n += (size_t)n;
	if (!k->want)
		k->want = length(k);
	if (!k->want || k->n < k->want)
		return;
	now = clock_mono_us();
	l->busy--;
	if (l->alone) {
		fence_passed(l, k, now);
		return;
	}
	count(l, k, now);
	go_on(l, k, now);
}

static int connect_to(int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&sa, sizeof sa)) {
		perror("bench: connect");
		exit(1);
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static void run(struct load *l, int port)
{
	struct epoll_event ev[64];

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->open = l->clients;
	for (int i = 0; i < l->clients; i++) {
		struct client *k = &l->client[i];

		k->fd = connect_to(port);
		k->in = malloc(ROOM);
		epoll_ctl(l->epoll, EPOLL_CTL_ADD, k->fd, &(struct epoll_event){ .events = EPOLLIN, .data.ptr = k });
	}
	count_from(l, clock_mono_us());
	for (int i = 0; i < l->clients; i++)
		go_on(l, &l->client[i], clock_mono_us());
	while (l->open > 0) {
		int n = epoll_wait(l->epoll, ev, LEN(ev), 20000);

		if (n <= 0) {
			fputs("bench: no answer for twenty seconds\n", stderr);
			exit(1);
		}
		for (int i = 0; i < n; i++) {
			struct client *k = ev[i].data.ptr;

			if (k->fd < 0)
				continue;
			push(k);
			receive(l, k);
		}
	}
	if (!l->fenced)
		count_to(l, clock_mono_us());
}

static int up(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int bench_load(int argc, char **argv)
{
	static struct load l;

	if (argc != 6 || atoi(argv[3]) < 1 || atoi(argv[3]) > CLIENTS_MAX || !read_requests(&l, argv[5]) || clock_getcpuclockid(atoi(argv[2]), &l.server))
		return 2;
	l.us = malloc(sizeof *l.us * TIMES_MAX);
	l.clients = atoi(argv[3]);
	l.end_us = clock_mono_us() + (int64_t)atoi(argv[4]) * 1000000;
	run(&l, atoi(argv[1]));
	if (!l.n_us)
		return 1;
	qsort(l.us, l.n_us, sizeof *l.us, up);
	printf("{\"answers\": %lld, \"us\": %lld, \"cpu_us\": %lld, \"bad\": %lld, \"bytes\": %lld, \"p50_us\": %u, \"p99_us\": %u}\n", (long long)l.answers, (long long)l.took_us,
		(long long)l.cpu_us, (long long)l.bad, (long long)(l.bytes / l.answers), l.us[l.n_us / 2], l.us[l.n_us * 99 / 100]);
	return l.bad != 0;
}
