/* cmd.h — what every command is: a row of the table in app/main.c and a function in a file app/cmd_NAME.c of its own. */
#pragma once
#include "base/base.h"

enum { EXIT_DONE = 0, EXIT_DIFFERENT = 1, EXIT_USAGE = 2 };   /* 1: a difference or a failure was found and told on stderr */
struct command {
	const char *name;
	const char *usage;                             /* behind the name */
	const char *help;                              /* one sentence */
	int (*run)(int argc, char **argv);             /* argv[0] is the name; answers an exit code */
};
/* Says `baoxiu: WHAT: WHY` and answers EXIT_USAGE. */
int usage_error(const char *what, const char *why);

/* Options `--name VALUE`, `--name=VALUE` or `--flag`; they may stand anywhere and are taken out of argv, the others move up. */
struct option_row { const char *name; const char **value; bool *flag; };
/* False: an unknown or unfinished option, told on stderr. */
MUST bool options_take(int *argc, char **argv, const struct option_row *rows, size_t n);

int cmd_serve(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_backup(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_clock(int argc, char **argv);
int cmd_entitlement(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_user(int argc, char **argv);
int cmd_token(int argc, char **argv);
int cmd_doc(int argc, char **argv);
