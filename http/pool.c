/* pool.c — a few threads, each with its own read connection, taking visits off one queue. */
#include "http/server_int.h"

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct visit *first, **tail;
	size_t n;
	bool ending;
	struct db *db;
	void (*work)(struct visit *v, struct conn *read);
	int workers;
	pthread_t thread[];
};

static struct visit *take(struct pool *p)
{
	struct visit *v;

	pthread_mutex_lock(&p->lock);
	while (!p->first && !p->ending)
		pthread_cond_wait(&p->more, &p->lock);
	v = p->first;
	if (v) {
		p->first = v->next;
		if (!p->first)
			p->tail = &p->first;
		p->n--;
	}
	pthread_mutex_unlock(&p->lock);
	return v;
}

static void *worker(void *arg)
{
	struct pool *p = arg;
	struct conn *read = NULL;
	struct visit *v;

	if (db_conn_open(p->db, &read))
		BUG("a worker gets no database connection");
	while ((v = take(p)))
		p->work(v, read);
	db_conn_close(read);
	gzip_close();
	sniff_close();
	return NULL;
}

struct pool *pool_new(struct db *db, int workers, void (*work)(struct visit *v, struct conn *read))
{
	struct pool *p = calloc(1, sizeof *p + sizeof *p->thread * (size_t)workers);
	pthread_attr_t attr;

	if (!p || pthread_mutex_init(&p->lock, NULL) || pthread_cond_init(&p->more, NULL))
		BUG("out of memory");
	p->tail = &p->first;
	p->db = db;
	p->work = work;
	p->workers = workers;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, WORKER_STACK);
	for (int i = 0; i < workers; i++)
		if (pthread_create(&p->thread[i], &attr, worker, p))
			BUG("no thread");
	pthread_attr_destroy(&attr);
	return p;
}

bool pool_push(struct pool *p, struct visit *v, bool must)
{
	bool room;

	pthread_mutex_lock(&p->lock);
	room = must || p->n < QUEUE_MAX;
	if (room) {
		v->next = NULL;
		*p->tail = v;
		p->tail = &v->next;
		p->n++;
		pthread_cond_signal(&p->more);
	}
	pthread_mutex_unlock(&p->lock);
	return room;
}

void pool_stop(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < p->workers; i++)
		pthread_join(p->thread[i], NULL);
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
