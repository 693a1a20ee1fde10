/* backup.c — what backup and restore share. */
#include "app/backup.h"
#include "base/time.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

const struct field manifest_fields[] = {
	FIELD(struct manifest, program), FIELD(struct manifest, engine), FIELD(struct manifest, made_at), FIELD(struct manifest, size), FIELD(struct manifest, sha256),
	FIELD(struct manifest, files), { 0 }
};

bool is_postgres(const char *url) { return url && (!strncmp(url, "postgresql://", 13) || !strncmp(url, "postgres://", 11)); }

bool file_sum(const char *path, char ret[SUM_HEX], int64_t *ret_size)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	static unsigned char piece[1 << 16];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	crypto_hash_sha256_state h;
	ssize_t n = -1;

	*ret_size = 0;
	crypto_hash_sha256_init(&h);
	while (fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0) {
		crypto_hash_sha256_update(&h, piece, (size_t)n);
		*ret_size += n;
	}
	if (fd >= 0)
		close(fd);
	crypto_hash_sha256_final(&h, sum);
	sodium_bin2hex(ret, SUM_HEX, sum, sizeof sum);
	return n == 0;
}

/* The newest of the versions that Debian installs side by side. */
static void exec_installed(const char *const *argv)
{
	char pattern[128];
	glob_t g;

	snprintf(pattern, sizeof pattern, "/usr/lib/postgresql/*/bin/%s", argv[0]);
	if (!glob(pattern, 0, NULL, &g) && g.gl_pathc)
		execv(g.gl_pathv[g.gl_pathc - 1], (char *const *)(uintptr_t)argv);
}

bool run_postgres_tool(const char *what, const char *const *argv)
{
	pid_t child = fork();
	int status = 0;

	if (!child) {
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		exec_installed(argv);
		fprintf(stderr, "baoxiu: %s: there is no %s; install the PostgreSQL client programs\n", what, argv[0]);
		_exit(127);
	}
	if (child > 0)
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	if (child > 0 && WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	fprintf(stderr, "baoxiu: %s: %s failed\n", what, argv[0]);
	return false;
}

void meter_bytes(void *meter, int64_t bytes)
{
	struct meter *m = meter;
	int64_t now = clock_mono_us();

	if (!m->tty || now - m->told_us < 200000)
		return;
	m->told_us = now;
	fprintf(stderr, "\r\033[K%lld MB", (long long)(bytes >> 20));
}

void meter_end(struct meter *m)
{
	if (m->tty)
		fputs("\r\033[K", stderr);
}
