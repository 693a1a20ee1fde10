/* main.c — the commands. */
#include "app/cmd.h"

static const struct command commands[] = {
	{ "serve", "[--db URL] [--listen ADDR:PORT] [--data DIR] [--tls-cert FILE --tls-key FILE] [--workers N] [--log] [--supervise]",
		"Serves pages and API until it is told to stop.", cmd_serve },
	{ "demo", "[--db URL] [--data DIR]", "Fills an empty database with a believable service network and prints the logins.", cmd_demo },
	{ "clock", "test FILE | explain ORDER", "Runs clock vectors; tells how a deadline came about.", cmd_clock },
	{ "entitlement", "test FILE | check SERIAL [--on DATE] [--part PART] [--cause CAUSE] | bulk [--on DATE] [--out FILE]",
		"Runs verdict vectors; one verdict with its reasons; all devices on all cores.", cmd_entitlement },
	{ "import", "KIND FILE [--map FILE] [--dry-run] [--db URL] [--data DIR]", "Reads a table into the house; refused rows go to FILE.rejected.csv.", cmd_import },
	{ "user", "add LOGIN --role ROLE [--org CODE] [--name NAME] | password LOGIN | link LOGIN --customer NO [--employee NAME] | unlink LOGIN --customer NO   [--db URL] [--data DIR]",
		"Adds a person and prints the first password; sets a password (typed, piped or made); lets a login act for a customer in the portal.", cmd_user },
	{ "token", "add LOGIN [--name WHAT] [--role ROLE] [--days N] [--db URL] [--data DIR]", "Makes an API token and prints it, once.", cmd_token },
	{ "export", "KIND [FILE] [--format csv|json|xlsx] [--since T] [--plain] [--db URL] [--data DIR]", "Writes everything of a kind, as import reads it.", cmd_export },
	{ "backup", "FILE [--db URL] [--data DIR]", "Writes database, keys and attachments into one file while the service runs.", cmd_backup },
	{ "restore", "FILE [--db URL] [--data DIR]", "Proves a backup and puts it into an empty database.", cmd_restore },
	{ "verify", "[--db URL] [--data DIR]", "Proves that audit trail, ledgers, references, states and files agree.", cmd_verify },
	{ "doc", "states | permissions | settings | api", "Prints documentation from the program's own tables.", cmd_doc },
};

int usage_error(const char *what, const char *why)
{
	fprintf(stderr, "baoxiu: %s: %s; see baoxiu --help\n", what, why);
	return EXIT_USAGE;
}

static const struct option_row *option_of(const struct option_row *rows, size_t n, const char *arg, const char **ret_value)
{
	size_t len = strcspn(arg, "=");

	*ret_value = arg[len] ? arg + len + 1 : NULL;
	for (size_t i = 0; i < n; i++)
		if (strlen(rows[i].name) == len && !strncmp(rows[i].name, arg, len))
			return &rows[i];
	return NULL;
}

bool options_take(int *argc, char **argv, const struct option_row *rows, size_t n)
{
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		const char *value;
		const struct option_row *row;

		if (strncmp(argv[i], "--", 2) || !argv[i][2]) {
			argv[kept++] = argv[i];
			continue;
		}
		row = option_of(rows, n, argv[i], &value);
		if (!row || (row->flag && value) || (!row->flag && !value && i + 1 == *argc)) {
			(void)usage_error(argv[i], !row ? "unknown option" : row->flag ? "takes no value" : "needs a value");
			return false;
		}
		if (row->flag)
			*row->flag = true;
		else
			*row->value = value ? value : argv[++i];
	}
	*argc = kept;
	return true;
}

static int help(FILE *f)
{
	fputs("baoxiu — after-sales repair service\n\n", f);
	for (size_t i = 0; i < LEN(commands); i++)
		fprintf(f, "  baoxiu %s %s\n      %s\n", commands[i].name, commands[i].usage, commands[i].help);
	fputs("\nExit codes: 0 done, 1 a difference or a failure, 2 wrong usage.\n", f);
	return EXIT_DONE;
}

static int help_one(const struct command *cmd)
{
	printf("baoxiu %s %s\n%s\n", cmd->name, cmd->usage, cmd->help);
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help") || !strcmp(argv[1], "-h"))
		return help(stdout);
	for (size_t i = 0; i < LEN(commands); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		if (argc > 2 && !strcmp(argv[2], "--help"))
			return help_one(&commands[i]);
		return commands[i].run(argc - 1, argv + 1);
	}
	return usage_error(argv[1], "there is no such command");
}
