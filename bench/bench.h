/* bench.h — tools of bench/run: fill databases, put load on a server, and the floors both are measured against. Each prints one line of JSON. */
#pragma once
#include "base/base.h"
int bench_fill(int argc, char **argv);                 /* URL DATA FROM TO: orders FROM … TO-1, the first 10,000 through the departments' verbs, the rest as copies of their rows */
int bench_load(int argc, char **argv);                 /* PORT PID CLIENTS SECONDS FILE: lines "GET path" or "POST path json", see load.c */
int bench_page(int argc, char **argv);                 /* FILE: a bare server that always sends these bytes; prints its port; ends with stdin */
int bench_insert(int argc, char **argv);               /* BEFORE AFTER PER_COMMIT ORDERS CONNECTIONS SINCE: rows AFTER has beyond BEFORE are put into BEFORE; SINCE: transaction (PostgreSQL) */
int bench_clock(int argc, char **argv);                /* URL DATA N: N running deadlines recomputed after a calendar edit, against bare updates */
int bench_stock(int argc, char **argv);                /* URL DATA FLOOR FROM TO: movements posted, against the same rows in FLOOR ("-": none); then balances read */
int bench_verdict(int argc, char **argv);              /* URL DATA N: N devices with history; single verdicts, and the rows of all devices merely read on all cores */
