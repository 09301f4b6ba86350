/* SPDX-License-Identifier: MIT */
/*
 * Opening a recording to append to: whether what stands at the path is the recording that is meant,
 * and which tracepoints it lists.
 *
 * Must never map the file (who truncates it would kill the program with SIGBUS), never trust what
 * it finds there (it may be any file), never keep a descriptor that can read what others wrote, and
 * never wait: somebody may have put a FIFO there.
 */
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "file.h"
#include "plain_fields.h"
#include "recording_mark.h"
#include "start_data.h"
#include "syscall.h"

/* Holds the marks that `logtap record` makes; a longer one is read in two pieces. */
#define FIRST_READ 1024

static uint32_t last_serial EVH_START_DATA;

/* What was asked for. */
struct wanted {
	struct recording_identity identity;
	bool identified;
	/*
	 * No call but those that the loader makes: the files' owner and number can't be asked for.
	 * What is left is the identity, which nobody knows but who may read the recording.
	 */
	bool confined;
};

/*
 * Whose recording a process may write into: its own user's, root's, or that of whoever started the
 * recording (a file system may show another owner than who created the file). So nobody can put a
 * file of his own under the programs of somebody else.
 */
static int check_status(const struct wanted *wanted, const struct stat *status)
{
	if (S_ISDIR(status->st_mode))
		return -EISDIR;
	if (!S_ISREG(status->st_mode))
		return -EINVAL;
	if (status->st_uid == 0 || (wanted->identified && status->st_uid == wanted->identity.owner))
		return 0;
	return status->st_uid == (uid_t)EVH_SYSCALL1(SYS_geteuid, 0) ? 0 : -EPERM;
}

/*
 * Looks for the head that another writer appended behind the first events after a truncation, and
 * moves its mark to where it belongs. As far as the buffer reaches: it is made within moments.
 */
static bool find_moved_mark(struct evh_file *file, int fd)
{
	long got = evh_pread(fd, file->head, sizeof(file->head), 0);
	const struct recording_mark *mark = evh_mark_find(file->head, got > 0 ? (size_t)got : 0);

	if (mark)
		memmove(&file->mark, mark, mark->header.size);
	return mark != NULL;
}

/*
 * The file was truncated, and with it went the list of tracepoints. Where that had the usual form,
 * the name of one of them is enough to make it again (evh_file_find).
 */
static void make_mark(struct evh_file *file, const struct recording_identity *identity)
{
	struct evh_clock_pair pair = evh_clock_read_pair(false);

	memset(&file->mark, 0, sizeof(file->mark));
	file->mark = (struct recording_mark){
		.header = { .type = PERF_RECORD_HEADER_FEATURE, .size = sizeof(file->mark) },
		.feature = PERF_FEATURE_STAT,
		.magic = RECORDING_MAGIC,
		.wall = identity->offset + pair.clock,
		.clock = pair.clock,
		.first_id = RECORDING_FIRST_ID,
		.keywords = (uint16_t)identity->keywords,
	};
	memcpy(file->mark.id, identity->id, sizeof(file->mark.id));
	file->without_head = true;
}

static void take_boot(struct evh_file *file, const uint8_t *id)
{
	memset(file->boot_id, 0, sizeof(file->boot_id));
	if (id)
		memcpy(file->boot_id, id, sizeof(file->boot_id));
}

static int read_head(struct evh_file *file, int fd, const struct wanted *wanted)
{
	long got = evh_pread(fd, file->head, FIRST_READ, 0);
	size_t size = got > 0 ? (size_t)got : 0;

	if (size == FIRST_READ && sizeof(file->file) + file->mark.header.size > FIRST_READ) {
		got = evh_pread(fd, file->head, sizeof(file->head), 0);
		size = got > 0 ? (size_t)got : 0;
	}
	if (size > sizeof(file->file) && file->file.magic == PERF_MAGIC &&
	    file->file.size == sizeof(file->file) &&
	    evh_mark_check(&file->mark, size - sizeof(file->file))) {
		take_boot(file, evh_mark_boot(&file->mark, size - sizeof(file->file)));
		return 0;
	}
	if (!wanted->identified || !wanted->identity.keywords || !wanted->identity.file ||
	    (size >= sizeof(file->file) && file->file.magic == PERF_MAGIC) || wanted->confined ||
	    evh_file_number(fd) != wanted->identity.file)
		return -EINVAL;
	take_boot(file, NULL);
	if (!find_moved_mark(file, fd))
		make_mark(file, &wanted->identity);
	return 0;
}

/* Reads and checks what stands at the path now. `identity`: to be found out, or NULL. */
static int inspect(struct evh_file *file, const struct wanted *wanted, struct stat *status,
		   struct recording_identity *identity)
{
	int fd = evh_open_above_stdio(file->path, EVH_FILE_OPEN_FLAGS);
	int error;

	if (fd < 0)
		return fd;
	file->without_head = false;
	error = wanted->confined ? 0 : evh_fstat(fd, status);
	if (!error && !wanted->confined)
		error = check_status(wanted, status);
	if (!error)
		error = read_head(file, fd, wanted);
	if (!error && identity)
		error = evh_identity_of(&file->mark, fd, identity);
	EVH_SYSCALL1(SYS_close, fd);
	if (!error && wanted->identified &&
	    memcmp(file->mark.id, wanted->identity.id, sizeof(file->mark.id)) != 0)
		error = -ESTALE;
	return error;
}

/*
 * A descriptor that can only append. Reading and writing are two opens, one after the other: a
 * program may have room for one descriptor only, and what the path means may change in between.
 */
static int open_writer(struct evh_file *file, const struct wanted *wanted)
{
	struct stat before = { 0 }, after = { 0 };
	int error = inspect(file, wanted, &before, NULL);
	int fd;

	if (error)
		return error;
	fd = evh_open_above_stdio(file->path, O_WRONLY | O_APPEND | EVH_FILE_OPEN_FLAGS);
	if (fd < 0)
		return fd;
	if (wanted->confined) {
		/* The same file as before, unless it was changed twice in a moment. */
		error = inspect(file, wanted, &after, NULL);
	} else {
		error = evh_fstat(fd, &after);
		if (!error)
			error = check_status(wanted, &after);
	}
	if (!error && (before.st_dev != after.st_dev || before.st_ino != after.st_ino))
		error = -ESTALE;
	if (error) {
		EVH_SYSCALL1(SYS_close, fd);
		return error;
	}
	file->size_seen = (uint64_t)after.st_size;
	file->owner = after.st_uid;
	return fd;
}

/* What `file` has open, as something to be found again in another place. */
static struct wanted same_as(const struct evh_file *file)
{
	struct wanted wanted = { .identified = true, .identity.owner = file->owner };

	memcpy(wanted.identity.id, file->mark.id, sizeof(wanted.identity.id));
	return wanted;
}

int evh_file_open_same(struct evh_file *next, const struct evh_file *file)
{
	const struct wanted wanted = same_as(file);

	return open_writer(next, &wanted);
}

int evh_file_look_same(struct evh_file *next, const struct evh_file *file)
{
	const struct wanted wanted = same_as(file);
	struct stat status = { 0 };

	return inspect(next, &wanted, &status, NULL);
}

uint32_t evh_file_new_serial(void)
{
	return __atomic_add_fetch(&last_serial, 1, __ATOMIC_RELAXED);
}

/*
 * The recording is at its path, or, since another one was begun there, at PATH.old. Nowhere else:
 * a program whose recording is gone writes into none.
 */
static int find_recording(struct evh_file *file, const char *path, bool confined)
{
	struct wanted wanted = { .confined = confined };
	size_t size = evh_identity_parse(path, &wanted.identity, &wanted.identified);
	int result, other;

	if (size >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(file->path, path, size);
	file->path[size] = '\0';
	result = open_writer(file, &wanted);
	if (result >= 0 || !wanted.identified || result == -EMFILE || result == -ENFILE)
		return result;
	memcpy(file->path + size, ".old", sizeof(".old"));
	other = open_writer(file, &wanted);
	if (other >= 0 || result == -ENOENT || result == -EACCES)
		return other >= 0 ? other : result;
	return -ESTALE;
}

int evh_transport_open_file(struct evh_transport *transport, const char *path)
{
	return evh_file_open(transport, path,
			     &(struct evh_file_confinement){ .file_size_max = UINT64_MAX });
}

int evh_file_open(struct evh_transport *transport, const char *path,
		  const struct evh_file_confinement *confinement)
{
	void *memory;
	int fd;

	memset(transport, 0, sizeof(*transport));
	transport->fd = -1;
	transport->confined = confinement->calls;
	transport->confined_pid = confinement->pid;
	transport->confined_tid = confinement->tid;
	memory = evh_map_memory(sizeof(struct evh_file));
	if (!memory)
		return transport->open_error = -ENOMEM;
	evh_clock_init();
	fd = find_recording(memory, path, confinement->calls & EVH_CONFINED_IDS);
	if (fd < 0) {
		evh_unmap_memory(memory, sizeof(struct evh_file));
		return transport->open_error = fd;
	}
	transport->kind = EVH_TRANSPORT_FILE;
	transport->fd = fd;
	transport->file = memory;
	transport->size_max = EVH_SIZE_MAX_FILE;
	transport->file_size_max = confinement->file_size_max;
	transport->serial = evh_file_new_serial();
	transport->file->segment = evh_mark_segment(&transport->file->mark);
	transport->file->look_at = evh_file_announce_program(transport) +
				   evh_file_look_interval(transport, transport->file->size_seen);
	/* Then the first event that is sent writes the mark. */
	if (transport->file->without_head)
		transport->file->look_at = 0;
	return 0;
}

const uint8_t *evh_file_boot_id(const struct evh_transport *transport)
{
	return transport->kind == EVH_TRANSPORT_FILE && transport->file->same_boot
		       ? transport->file->boot_id
		       : NULL;
}

int evh_recording_identify(const char *path, char text[EVH_RECORDING_IDENTITY_SIZE])
{
	const struct wanted anything = { 0 };
	struct recording_identity identity;
	struct evh_file *file;
	struct stat status = { 0 };
	int error = -ENAMETOOLONG;

	if (strlen(path) >= PATH_MAX)
		return error;
	file = evh_map_memory(sizeof(*file));
	if (!file)
		return -ENOMEM;
	strcpy(file->path, path);
	error = inspect(file, &anything, &status, &identity);
	if (!error)
		evh_identity_format(&identity, text);
	evh_unmap_memory(file, sizeof(*file));
	return error;
}

void evh_file_close(struct evh_transport *transport)
{
	evh_unmap_memory(transport->file, sizeof(struct evh_file));
}

/* All names of a list of the usual form, from one of them. */
static void make_names(struct evh_file *file, const char *name)
{
	size_t provider = strlen(name) - sizeof("_L1K1") + 1;
	char *out = (char *)&file->mark + sizeof(file->mark);
	size_t size;

	for (int level = 1; level <= 5; level++) {
		for (unsigned i = 0; i < file->mark.keywords; i++) {
			memcpy(out, name, provider);
			out += provider;
			*out++ = '_';
			*out++ = 'L';
			*out++ = (char)('0' + level);
			*out++ = 'K';
			*out++ = (char)('0' + (1U << i));
			*out++ = '\0';
			file->mark.count++;
		}
	}
	while ((out - (char *)&file->mark) % 8)
		*out++ = '\0';
	size = (size_t)(out - (char *)&file->mark);
	file->mark.header.size = (uint16_t)size;
}

/* Whether what is listed is that plain tracepoint, however its fields are spaced. */
static bool is_listed_with(const char *listed, const char *name, const char *fields)
{
	char wanted[PLAIN_DEFINITION_MAX], found[PLAIN_DEFINITION_MAX];
	size_t length = strlen(name);

	if (strncmp(listed, name, length) != 0 || listed[length] != ' ')
		return false;
	return evh_plain_definition(wanted, name, fields) > 0 &&
	       evh_plain_definition(found, name, listed + length) > 0 && strcmp(wanted, found) == 0;
}

int evh_file_find(struct evh_transport *transport, const char *name, const char *fields,
		  uint32_t *id)
{
	struct evh_file *file = transport->file;
	const char *listed = evh_mark_names(&file->mark);

	if (file->without_head && !file->mark.count) {
		if (fields || evh_names_index(name, file->mark.keywords) < 0)
			return -ENOENT;
		make_names(file, name);
	}
	for (uint32_t i = 0; i < file->mark.count; i++, listed += strlen(listed) + 1) {
		if (fields ? !is_listed_with(listed, name, fields) : strcmp(listed, name) != 0)
			continue;
		*id = file->mark.first_id + i;
		return 0;
	}
	return -ENOENT;
}
