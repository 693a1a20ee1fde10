/* bench.h — tools of bench/run: fill a database, put load on a server, and the floors both are measured against. */
#pragma once
#include "base/base.h"
int bench_fill(int argc, char **argv);                 /* URL DATA FROM TO: orders FROM … TO-1 through the departments' verbs */
int bench_load(int argc, char **argv);                 /* PORT CLIENTS SECONDS FILE: lines "GET path" or "POST path json"; one JSON line of results */
int bench_page(int argc, char **argv);                 /* FILE: a bare server that always sends these bytes; prints its port; ends with stdin */
int bench_insert(int argc, char **argv);               /* BEFORE AFTER PER_COMMIT ORDERS: rows AFTER has beyond BEFORE are inserted into BEFORE */
int bench_clock(int argc, char **argv);                /* N FILE: N running deadlines in a new database, recomputed after a calendar edit, against bare updates */
