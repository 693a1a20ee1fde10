/* ears.c — server-sent events. A listener sleeps suspended; MHD sees a departed client only when we write, hence the heartbeat. */
#include "http/server_int.h"

bool ear_add(struct visit *v)
{
	struct http *h = v->h;
	bool room;

	pthread_mutex_lock(&h->ear_lock);
	room = h->n_ears < EARS_MAX && !h->ears_over;
	if (room) {
		snprintf(v->topic, sizeof v->topic, "%.*s", STR_ARG(v->x.r.arg[0]));
		v->asleep = v->news = v->beat = false;
		v->hello = true;
		v->live_until = mono_ms() + LIVE_MS;
		v->ear_next = h->ears;
		v->ear_prev = &h->ears;
		if (h->ears)
			h->ears->ear_prev = &v->ear_next;
		h->ears = v;
		h->n_ears++;
	}
	pthread_mutex_unlock(&h->ear_lock);
	return room;
}

void ear_remove(struct visit *v)
{
	if (!v->ear_prev)
		return;
	pthread_mutex_lock(&v->h->ear_lock);
	*v->ear_prev = v->ear_next;
	if (v->ear_next)
		v->ear_next->ear_prev = v->ear_prev;
	v->ear_prev = NULL;
	v->h->n_ears--;
	pthread_mutex_unlock(&v->h->ear_lock);
}

static ssize_t say(struct visit *v, char *p, size_t max)
{
	int n = 0;

	if (v->hello)
		n = snprintf(p, max, "retry: 3000\n: listening\n\n");
	else if (v->news)
		n = snprintf(p, max, "data: %s\n\n", v->topic);
	else if (v->beat)
		n = snprintf(p, max, ":\n\n");
	if (v->hello)
		v->hello = false;
	else if (v->news)
		v->news = v->beat = false;
	else
		v->beat = false;
	return n < (int)max ? n : 0;
}

/* The lock is held while the connection falls asleep: whoever wakes it finds it asleep or not yet. */
ssize_t ear_read(void *visit, uint64_t pos, char *p, size_t max)
{
	struct visit *v = visit;
	ssize_t n;

	(void)pos;
	pthread_mutex_lock(&v->h->ear_lock);
	if (v->h->ears_over || mono_ms() > v->live_until) {
		n = MHD_CONTENT_READER_END_OF_STREAM;
	} else if (v->hello || v->news || v->beat) {
		n = say(v, p, max);
	} else {
		v->asleep = true;
		MHD_suspend_connection(v->mc);
		n = 0;
	}
	pthread_mutex_unlock(&v->h->ear_lock);
	return n;
}

static void wake(struct visit *v)
{
	if (!v->asleep)
		return;
	v->asleep = false;
	MHD_resume_connection(v->mc);
}

void ears_publish(struct http *h, str topic)
{
	pthread_mutex_lock(&h->ear_lock);
	for (struct visit *v = h->ears; v; v = v->ear_next) {
		if (!str_eq(str_c(v->topic), topic))
			continue;
		v->news = true;
		wake(v);
	}
	pthread_mutex_unlock(&h->ear_lock);
}

void ears_beat(struct http *h)
{
	pthread_mutex_lock(&h->ear_lock);
	for (struct visit *v = h->ears; v; v = v->ear_next) {
		v->beat = true;
		wake(v);
	}
	pthread_mutex_unlock(&h->ear_lock);
}

void ears_end(struct http *h)
{
	pthread_mutex_lock(&h->ear_lock);
	h->ears_over = true;
	for (struct visit *v = h->ears; v; v = v->ear_next)
		wake(v);
	pthread_mutex_unlock(&h->ear_lock);
}
