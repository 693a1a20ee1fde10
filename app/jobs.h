/* jobs.h — the scheduler: runs the departments' jobs at their intervals in one process at a time; those that wait for other machines on a thread of their own in each process. */
#pragma once
#include "db/db.h"
#include "http/http.h"
struct jobs;
struct jobs *jobs_start(struct db *db, const struct slice *const *slices);
void jobs_stop(struct jobs *j);                        /* waits for the job under way, gives the lease back */
/* Takes or renews the lease `name` for ms; ERR_CONFLICT when another holder has it. Inside or outside a write. */
MUST enum err lease_take(struct ctx *c, const char *name, str holder, int64_t ms);
