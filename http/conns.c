/* conns.c — every connection has a deadline: a client that dribbles bytes is as late as one that is silent. */
#include "http/server_int.h"
#include "base/time.h"
#include <arpa/inet.h>
#include <sys/socket.h>

int64_t mono_ms(void) { return clock_mono_us() / 1000; }

void conns_init(struct conns *cs)
{
	if (pthread_mutex_init(&cs->lock, NULL))
		BUG("mutex");
	cs->head.prev = cs->head.next = &cs->head;
}

static void address(const struct sockaddr *sa, char *p, size_t n)
{
	const void *raw = sa && sa->sa_family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr
		: (const void *)&((const struct sockaddr_in *)(const void *)sa)->sin_addr;

	if (!sa || !inet_ntop(sa->sa_family, raw, p, (socklen_t)n))
		p[0] = 0;
}

struct link *conns_add(struct conns *cs, int fd, const struct sockaddr *sa, int64_t deadline)
{
	struct link *l = calloc(1, sizeof *l);

	if (!l)
		BUG("out of memory");
	l->fd = fd;
	l->deadline = deadline;
	l->reading = true;
	address(sa, l->address, sizeof l->address);
	pthread_mutex_lock(&cs->lock);
	l->next = &cs->head;
	l->prev = cs->head.prev;
	l->prev->next = l->next->prev = l;
	pthread_mutex_unlock(&cs->lock);
	cs->n++;
	return l;
}

void conns_remove(struct conns *cs, struct link *l)
{
	pthread_mutex_lock(&cs->lock);
	l->prev->next = l->next;
	l->next->prev = l->prev;
	pthread_mutex_unlock(&cs->lock);
	cs->n--;
	free(l);
}

bool conns_allow(struct conns *cs, const struct sockaddr *sa)
{
	char from[48];
	int n = 0;

	address(sa, from, sizeof from);
	/* A proxy on this machine brings everybody. */
	if (!strncmp(from, "127.", 4) || !strcmp(from, "::1") || !strncmp(from, "::ffff:127.", 11))
		return true;
	pthread_mutex_lock(&cs->lock);
	for (struct link *l = cs->head.next; l != &cs->head; l = l->next)
		n += !strcmp(l->address, from);
	pthread_mutex_unlock(&cs->lock);
	return n < PER_ADDRESS_MAX;
}

void conns_deadline(struct conns *cs, struct link *l, bool reading, int64_t ms)
{
	pthread_mutex_lock(&cs->lock);
	l->deadline = ms;
	l->reading = reading;
	pthread_mutex_unlock(&cs->lock);
}

void conns_reap(struct conns *cs, int64_t now)
{
	pthread_mutex_lock(&cs->lock);
	for (struct link *l = cs->head.next; l != &cs->head; l = l->next) {
		if (l->deadline > now)
			continue;
		shutdown(l->fd, SHUT_RDWR);
		l->deadline = INT64_MAX;
	}
	pthread_mutex_unlock(&cs->lock);
}

void conns_end_reading(struct conns *cs)
{
	pthread_mutex_lock(&cs->lock);
	for (struct link *l = cs->head.next; l != &cs->head; l = l->next)
		if (l->reading)
			shutdown(l->fd, SHUT_RDWR);
	pthread_mutex_unlock(&cs->lock);
}
