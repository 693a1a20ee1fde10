/* server_int.h — the parts of the running server. Threads: one of MHD (sockets), the workers, the database's, one that keeps house. */
#pragma once
#include "http/http_int.h"
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

enum { QUEUE_MAX = 1024, CONNECTIONS_MAX = 4000, PER_ADDRESS_MAX = 200, EARS_MAX = 2000, WORKER_STACK = 1 << 20, CONNECTION_MEMORY = 16 * 1024, SPARES_MAX = 4 };
enum { IDLE_MS = 75000, SEND_MS = 600000, BEAT_MS = 15000, LIVE_MS = 600000, TICK_MS = 250, STOP_MS = 10000, UPLOAD_BYTES_PER_MS = 16 };

/* ---- connections and their deadlines (conns.c) ---- */
struct link { struct link *prev, *next; int fd; int64_t deadline; bool reading; /* no complete request is in hand */ char address[48]; };
struct conns { pthread_mutex_t lock; struct link head; _Atomic int64_t n; };
void conns_init(struct conns *cs);
struct link *conns_add(struct conns *cs, int fd, const struct sockaddr *sa, int64_t deadline);
void conns_remove(struct conns *cs, struct link *l);
bool conns_allow(struct conns *cs, const struct sockaddr *sa);
void conns_deadline(struct conns *cs, struct link *l, bool reading, int64_t ms);   /* INT64_MAX: none */
void conns_end_reading(struct conns *cs);              /* shuts down who has not sent a complete request */
void conns_reap(struct conns *cs, int64_t now);                        /* shuts down what is past its deadline */

/* ---- a request on a socket ---- */
enum task { TASK_BEGIN, TASK_FINISH, TASK_STREAM };
struct visit {
	struct exchange x;                             /* first: a visit is an exchange */
	struct http *h;
	struct MHD_Connection *mc;
	struct link *link;
	bool opened, submitted, ready, more, counted;
	enum task task;
	enum err result;
	size_t sent;                                   /* bytes of the current streamed piece */
	struct visit *next;
	/* live */
	struct visit *ear_next, **ear_prev;
	char topic[64];
	bool asleep, news, beat, hello;
	int64_t live_until;
};

/* ---- workers (pool.c) ---- */
struct pool;
struct pool *pool_new(struct db *db, int workers, void (*work)(struct visit *v, struct conn *read));
bool pool_push(struct pool *p, struct visit *v, bool must);            /* false: the queue is full (never when `must`) */
void pool_stop(struct pool *p);                        /* works off the queue, ends the threads, frees */

/* ---- live (live.c) ---- */
bool ear_add(struct visit *v);                         /* false: too many */
void ear_remove(struct visit *v);
ssize_t ear_read(void *visit, uint64_t pos, char *p, size_t max);
void ears_publish(struct http *h, str topic);
void ears_beat(struct http *h);
void ears_end(struct http *h);                         /* all streams end */

struct http {
	struct shared sh;
	struct http_conf conf;
	struct http_app app;
	char *dir, *cert, *key;
	struct MHD_Daemon *mhd;
	struct pool *pool;
	struct conns conns;
	pthread_t keeper;
	atomic_bool stopping, keeper_ends;
	_Atomic int64_t tasks, visits;                 /* handed to workers or database; requests begun and not completed */
	struct visit *spare; size_t n_spare;           /* sockets' thread only */
	pthread_mutex_t ear_lock;
	struct visit *ears;
	size_t n_ears;
	bool ears_over;
	bool log;
};
int64_t mono_ms(void);
