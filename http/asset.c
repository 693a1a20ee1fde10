/* asset.c — addresses of the browser's files: the hash in them lets every copy be kept for ever. */
#include "base/embed.h"
#include "http/http.h"
#include <pthread.h>

enum { ASSETS_MAX = 16 };
static char url[ASSETS_MAX][80];

static void make_urls(void)
{
	for (size_t i = 0; embedded_web[i].name; i++) {
		if (i == ASSETS_MAX || (size_t)snprintf(url[i], sizeof url[i], "/assets/%s?v=%s", embedded_web[i].name, embedded_web[i].hash) >= sizeof url[i])
			BUG("no room for the address of %s", embedded_web[i].name);
	}
}

str asset_url(const char *name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_urls);
	for (size_t i = 0; embedded_web[i].name; i++)
		if (!strcmp(embedded_web[i].name, name))
			return str_c(url[i]);
	BUG("no asset %s", name);
}
