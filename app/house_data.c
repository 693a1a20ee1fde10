/* house_data.c — what lies in the data directory beside the database: attached files, the key that signs the audit trail. */
#include "app/house.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

enum { KEY_BYTES = 32 };

static bool key_make(const char *path)
{
	unsigned char key[KEY_BYTES];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	bool ok;

	if (fd < 0)
		return errno == EEXIST;
	randombytes_buf(key, sizeof key);
	ok = write(fd, key, sizeof key) == sizeof key && !fsync(fd);
	sodium_memzero(key, sizeof key);
	return !close(fd) && ok;
}

static bool key_use(const char *path)
{
	unsigned char key[KEY_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && read(fd, key, sizeof key) == sizeof key;

	if (fd >= 0)
		close(fd);
	if (ok)
		audit_key(key);
	sodium_memzero(key, sizeof key);
	return ok;
}

bool house_data_use(const char *dir)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof path, "%s/audit.key", dir) < sizeof path && sodium_init() >= 0 && key_make(path) && key_use(path)) {
		attachment_dir(dir);
		return true;
	}
	fprintf(stderr, "baoxiu: %s: %s; the key of the audit trail cannot be read or made\n", path, strerror(errno));
	return false;
}
