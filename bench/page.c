/* page.c — what the same machine can send without us: the same bytes from a bare server. */
#include "bench/bench.h"
#include <arpa/inet.h>
#include <microhttpd.h>

static struct MHD_Response *page;

static enum MHD_Result answer(void *arg, struct MHD_Connection *mc, const char *url, const char *method, const char *version, const char *data, size_t *n, void **state)
{
	(void)arg, (void)url, (void)method, (void)version, (void)data, (void)n;
	if (!*state) {
		*state = arg;
		return MHD_YES;
	}
	return MHD_queue_response(mc, 200, page);
}

int bench_page(int argc, char **argv)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	static char body[1 << 20];
	struct MHD_Daemon *d;
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
	size_t n = f ? fread(body, 1, sizeof body, f) : 0;

	if (!n)
		return 2;
	fclose(f);
	page = MHD_create_response_from_buffer(n, body, MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(page, "Content-Type", "text/html; charset=utf-8");
	d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, body, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&sa, MHD_OPTION_CONNECTION_LIMIT, 1024u, MHD_OPTION_END);
	if (!d)
		return 1;
	printf("%d\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	while (getchar() != EOF)
		;
	MHD_stop_daemon(d);
	return 0;
}
