/* live.c — news for listeners. One hub a process: who touches a topic need not know whether anybody serves. */
#include "http/http_int.h"
#include <pthread.h>

enum { LATER_MAX = 64 };
static struct {
	pthread_mutex_t lock;
	char later[LATER_MAX][64];
	size_t n;
} hub = { .lock = PTHREAD_MUTEX_INITIALIZER };

void live_later(const char *topic)
{
	bool known = false;

	pthread_mutex_lock(&hub.lock);
	for (size_t i = 0; i < hub.n && !known; i++)
		known = !strcmp(hub.later[i], topic);
	if (!known && hub.n < LATER_MAX)
		snprintf(hub.later[hub.n++], sizeof hub.later[0], "%s", topic);
	pthread_mutex_unlock(&hub.lock);
}

void live_told(void (*publish)(void *arg, str topic), void *arg)
{
	char topic[LATER_MAX][64];
	size_t n;

	pthread_mutex_lock(&hub.lock);
	n = hub.n;
	memcpy(topic, hub.later, sizeof topic);
	hub.n = 0;
	pthread_mutex_unlock(&hub.lock);
	for (size_t i = 0; i < n; i++)
		publish(arg, str_c(topic[i]));
}
