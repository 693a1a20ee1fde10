/* cmd_serve.c — the running service: doors, scheduler, orderly end; optionally a parent that starts it again. */
#include "app/cmd.h"
#include "app/house.h"
#include "app/jobs.h"
#include "base/time.h"
#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct serve { const char *db, *listen, *data, *cert, *key, *workers; int n_workers; bool log, supervise; };

static void stop_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
}

static int run(const struct serve *s)
{
	struct house h;
	struct http_conf conf = { .listen = s->listen, .tls_cert = s->cert, .tls_key = s->key, .log = s->log, .workers = s->n_workers };
	struct http *http;
	struct jobs *jobs;
	const char *why = NULL;
	char *dir;
	sigset_t stop;
	int sig;

	/* Before any thread starts: all inherit it, only sigwait below takes them. */
	stop_signals(&stop);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	mallopt(M_ARENA_MAX, 2);                               /* one a thread would keep what each of them once needed */
	if (!house_open(&h, s->db, s->data))
		return EXIT_DIFFERENT;
	dir = house_data_dir(s->data);
	conf.data_dir = dir;
	if (!dir || http_start(&conf, &house_app, h.db, &http, &why)) {
		if (why)
			fprintf(stderr, "baoxiu: %s: %s\n", s->listen, why);
		house_close(&h);
		free(dir);
		return EXIT_DIFFERENT;
	}
	jobs = jobs_start(h.db, house_slices);
	printf("baoxiu: listening on %s://%.*s:%d\n", s->cert ? "https" : "http", (int)(strrchr(s->listen, ':') - s->listen), s->listen, http_port(http));
	fflush(stdout);
	sigwait(&stop, &sig);
	fprintf(stderr, "baoxiu: stopping\n");
	jobs_stop(jobs);
	http_stop(http);
	house_close(&h);
	free(dir);
	return EXIT_DONE;
}

static bool crashed(int status) { return WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) > EXIT_USAGE); }

/* Waits for the child; a signal to stop is handed on. */
static int wait_for(pid_t child, const sigset_t *watched, bool *ret_stopping)
{
	int sig, status = 0;

	for (;;) {
		sigwait(watched, &sig);
		if (sig != SIGCHLD) {
			*ret_stopping = true;
			kill(child, SIGTERM);
		} else if (waitpid(child, &status, WNOHANG) == child) {
			return status;
		}
	}
}

static int supervise(const struct serve *s)
{
	unsigned pause = 1;
	bool stopping = false;
	sigset_t watched;

	stop_signals(&watched);
	sigaddset(&watched, SIGCHLD);
	sigprocmask(SIG_BLOCK, &watched, NULL);
	for (;;) {
		pid_t child = fork();
		int64_t began = clock_mono_us();
		int status;

		if (child < 0)
			return usage_error("serve", "no process can be started");
		if (!child) {
			sigprocmask(SIG_UNBLOCK, &watched, NULL);
			return run(s);
		}
		status = wait_for(child, &watched, &stopping);
		if (stopping || !crashed(status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_DIFFERENT;
		pause = clock_mono_us() - began > 60000000 ? 1 : pause < 30 ? pause * 2 : 30;
		fprintf(stderr, "baoxiu: serve: it died, starting it again in %u s\n", pause);
		sleep(pause);
	}
}

int cmd_serve(int argc, char **argv)
{
	struct serve s = { .listen = "127.0.0.1:8080" };
	int64_t workers = 4;
	const struct option_row rows[] = {
		{ "--db", &s.db, NULL }, { "--listen", &s.listen, NULL }, { "--data", &s.data, NULL }, { "--tls-cert", &s.cert, NULL }, { "--tls-key", &s.key, NULL },
		{ "--workers", &s.workers, NULL }, { "--log", NULL, &s.log }, { "--supervise", NULL, &s.supervise },
	};

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc > 1)
		return usage_error(argv[1], "serve takes only options");
	if (!s.cert != !s.key)
		return usage_error("serve", "--tls-cert and --tls-key belong together");
	if (s.workers && (!str_int(str_c(s.workers), &workers) || workers < 1 || workers > 64))
		return usage_error("--workers", "from 1 to 64");
	s.n_workers = (int)workers;
	if (!strchr(s.listen, ':'))
		return usage_error("--listen", "must look like 127.0.0.1:8080");
	return s.supervise ? supervise(&s) : run(&s);
}
