/* SPDX-License-Identifier: MIT */
/* Recordings: creating, opening, appending; what is refused and what stays whole. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <evh/recording.h>

static char folder[] = "/tmp/evh-recording-XXXXXX";
static char path[64], old_path[64];
static const char *const names[] = { "P_L1K1", "logtap_L4K2" };
static struct evh_transport transport;
static struct evh_tracepoint tracepoint;
static uint32_t word;
static struct {
	uint8_t head[EVH_HEADROOM];
	uint8_t event[70000];
	uint8_t tail[EVH_TAILROOM];
} spaced;

static void start(void)
{
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	snprintf(old_path, sizeof(old_path), "%s/file.old", folder);
	memcpy(spaced.event, "\7\0\0\0\0\0\0\4\2\0\1\0e", 14);
}

static void stop(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	cr_assert_eq(system(command), 0);
}

TestSuite(recording, .init = start, .fini = stop);

static void open_new(void)
{
	cr_assert_eq(evh_recording_create(path, names, 2), 0);
	cr_assert_eq(evh_transport_open_file(&transport, path), 0);
	cr_assert_eq(evh_tracepoint_register(&tracepoint, &transport, "logtap_L4K2", &word, 0), 0);
}

static off_t size_of(const char *file)
{
	struct stat status;

	return stat(file, &status) ? -1 : status.st_size;
}

/* How many files there are: no half-written one may be left. */
static int count_files(const char *where)
{
	char command[128], line[16] = "";
	FILE *list;

	snprintf(command, sizeof(command), "ls -A %s | wc -l", where);
	list = popen(command, "r");
	cr_assert_not_null(fgets(line, sizeof(line), list));
	pclose(list);
	return atoi(line);
}

Test(recording, create)
{
	struct stat status;

	umask(0);
	cr_assert_eq(evh_recording_create(path, names, 2), 0);
	cr_assert_eq(stat(path, &status), 0);
	cr_assert_eq(status.st_mode & 0777, 0600);
	cr_assert_eq(count_files(folder), 1);
}

Test(recording, create_keeps_the_old)
{
	FILE *file = fopen(path, "w");

	fputs("precious", file);
	fclose(file);
	cr_assert_eq(evh_recording_create(path, names, 2), 0);
	cr_assert_eq(size_of(old_path), 8);
	cr_assert_eq(evh_recording_create(path, names, 2), 0);
	cr_assert_eq(size_of(old_path), size_of(path));
	cr_assert_eq(count_files(folder), 2);
}

Test(recording, create_errors)
{
	static const char *const repeated[] = { "P_L1K1", "P_L1K1" };
	static const char *const bad[] = { "P_L1K1", "P" };
	static const char *many[400];
	char texts[400][32];

	cr_assert_eq(evh_recording_create(path, names, 0), -EINVAL);
	cr_assert_eq(evh_recording_create(path, repeated, 2), -EINVAL);
	cr_assert_eq(evh_recording_create(path, bad, 2), -EINVAL);
	for (int i = 0; i < 400; i++) {
		snprintf(texts[i], sizeof(texts[i]), "logtap_L1K%x", (unsigned)i + 1);
		many[i] = texts[i];
	}
	cr_assert_eq(evh_recording_create(path, many, 400), -E2BIG);
	cr_assert_eq(evh_recording_create("/nonexistent/file", names, 2), -ENOENT);
	cr_assert_eq(evh_recording_create(folder, names, 2), -EISDIR);
	cr_assert_eq(count_files(folder), 0);
	cr_assert_eq(evh_recording_create(path, many, 280), 0);
	cr_assert_eq(evh_transport_open_file(&transport, path), 0);
	for (int i = 0; i < 280; i++) {
		cr_assert_eq(evh_tracepoint_register(&tracepoint, &transport, many[i], &word, 0),
			     0);
		cr_assert_eq(tracepoint.index, 1000 + i);
	}
	cr_assert_eq(evh_tracepoint_register(&tracepoint, &transport, many[281], &word, 0),
		     -ENOENT);
}

/* Until an event is refused: those that were not are whole, the last one may be cut. */
static void fill_disk(const char *file)
{
	off_t before = size_of(file);
	long whole = 0;
	int error = 0;

	for (; whole < 100 && !error; whole += !error)
		error = evh_tracepoint_send(&tracepoint, spaced.event, 1000);
	cr_expect_eq(error, -ENOSPC, "%d", error);
	/* 52 + 1000 bytes, padded to a multiple of 8 */
	cr_expect_eq((size_of(file) - before) / 1056, whole);
	cr_expect_neq((size_of(file) - before) % 1056, 0, "no cut record: the test lost its point");
	cr_expect_eq(evh_tracepoint_send(&tracepoint, spaced.event, 1000), -ENOSPC);
}

/* A folder without room: the error says so, and nothing is left, nor the old file lost. */
Test(recording, create_on_full_disk)
{
	char mount_path[64], file[80], old_file[96];
	static const char *const one[] = { "P_L1K1" };
	FILE *filler;
	int error;

	snprintf(mount_path, sizeof(mount_path), "%s/full", folder);
	snprintf(file, sizeof(file), "%s/file", mount_path);
	snprintf(old_file, sizeof(old_file), "%s.old", file);
	mkdir(mount_path, 0700);
	if (mount("none", mount_path, "tmpfs", 0, "size=24k"))
		cr_skip_test("mounting a tmpfs needs root: %s", strerror(errno));
	cr_assert_eq(evh_recording_create(file, one, 1), 0);
	filler = fopen(old_file, "w");
	for (int i = 0; i < 24576 && filler; i++)
		fputc('x', filler);
	fclose(filler);
	error = evh_recording_create(file, one, 1);
	cr_expect_eq(error, -ENOSPC, "%d", error);
	cr_expect_eq(access(file, F_OK), 0);
	cr_expect_eq(count_files(mount_path), 2, "the old file and what fills the disk");
	/* appending says so too */
	cr_expect_eq(evh_transport_open_file(&transport, file), 0);
	cr_expect_eq(evh_tracepoint_register(&tracepoint, &transport, "P_L1K1", &word, 0), 0);
	fill_disk(file);
	/* and works again when there is room */
	unlink(old_file);
	cr_expect_eq(evh_tracepoint_send(&tracepoint, spaced.event, 1000), 0);
	evh_transport_close(&transport);
	umount(mount_path);
}

Test(recording, foreign_files)
{
	static const struct {
		const char *bytes;
		size_t size;
	} contents[] = {
		{ "", 0 },
		{ "x", 1 },
		{ "PERFILE2", 8 },
		{ "PERFILE2\x10\0\0\0\0\0\0\0", 16 },
		{ "PERFILE2\x68\0\0\0\0\0\0\0 the head of a seekable file, which perf makes", 60 },
		{ "#!/bin/sh\nexit 0\n", 17 },
	};

	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		FILE *file = fopen(path, "w");

		fwrite(contents[i].bytes, 1, contents[i].size, file);
		fclose(file);
		cr_assert_eq(evh_transport_open_file(&transport, path), -EINVAL, "content %zu", i);
		cr_assert_eq(transport.kind, EVH_TRANSPORT_NONE);
	}
	cr_assert_eq(evh_transport_open_file(&transport, folder), -EISDIR);
	cr_assert_eq(evh_transport_open_file(&transport, "/dev/zero"), -EINVAL);
	unlink(path);
	cr_assert_eq(evh_transport_open_file(&transport, path), -ENOENT);
	cr_assert_eq(access(path, F_OK), -1, "opening must never create");
}

/* A head that is cut or scribbled over anywhere is refused or read, but never runs away. */
Test(recording, damaged_heads)
{
	static uint8_t head[8192], damaged[8192];
	size_t size;
	FILE *file;

	cr_assert_eq(evh_recording_create(path, names, 2), 0);
	file = fopen(path, "r");
	size = fread(head, 1, sizeof(head), file);
	fclose(file);
	for (size_t i = 0; i < size; i++) {
		int fd, error;

		memcpy(damaged, head, size);
		damaged[i] ^= (uint8_t)(1 + i % 255);
		fd = open(path, O_WRONLY | O_TRUNC);
		cr_assert_eq(write(fd, damaged, i % 2 ? size : i), (ssize_t)(i % 2 ? size : i));
		close(fd);
		error = evh_transport_open_file(&transport, path);
		cr_assert(error == 0 || error == -EINVAL);
		if (!error) {
			error = evh_tracepoint_register(&tracepoint, &transport, names[1], &word,
							0);
			cr_assert(error == 0 || error == -ENOENT || error == -EINVAL);
			evh_transport_close(&transport);
		}
	}
}

Test(recording, descriptor)
{
	close(0);
	open_new();
	cr_assert_gt(transport.fd, 2);
	cr_assert_eq(fcntl(0, F_GETFD), -1);
	cr_assert_eq(fcntl(transport.fd, F_GETFD), FD_CLOEXEC);
	cr_assert(fcntl(transport.fd, F_GETFL) & O_APPEND);
}

/* Every size of event makes a record whose size is a multiple of 8, with zeros as padding. */
Test(recording, padding)
{
	uint8_t record[256];
	off_t end;
	int fd;

	open_new();
	fd = open(path, O_RDONLY);
	for (uint16_t size = 14; size < 40; size++) {
		uint16_t record_size;
		uint32_t raw_size;

		end = size_of(path);
		memset(spaced.event + size, 0xee, EVH_TAILROOM);
		cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, size), 0);
		record_size = (uint16_t)(size_of(path) - end);
		cr_assert_eq(pread(fd, record, record_size, end), record_size);
		cr_assert_eq(record_size % 8, 0);
		cr_assert_eq(memcmp(record + 6, &record_size, 2), 0);
		memcpy(&raw_size, record + 40, 4);
		cr_assert_eq((4 + raw_size) % 8, 0);
		cr_assert_eq(raw_size, record_size - 44U);
		cr_assert_eq(memcmp(record + 52, spaced.event, size), 0);
		for (int i = 52 + size; i < record_size; i++)
			cr_assert_eq(record[i], 0);
	}
}

/* From pieces comes the same record as from one buffer. */
Test(recording, pieces)
{
	struct iovec pieces[3] = { { spaced.event, 10 }, { spaced.event + 10, 4 }, { "tail", 4 } };
	uint8_t one[256], other[256];
	off_t end;
	int fd;

	open_new();
	memcpy(spaced.event + 14, "tail", 4);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 18), 0);
	end = size_of(path);
	memset(spaced.event + 14, 0x77, 4);
	cr_assert_eq(evh_tracepoint_sendv(&tracepoint, pieces, 3), 0);
	cr_assert_eq(size_of(path) - end, 72);
	fd = open(path, O_RDONLY);
	cr_assert_eq(pread(fd, one, 72, end - 72), 72);
	cr_assert_eq(pread(fd, other, 72, end), 72);
	memset(one + 24, 0, 12); /* time and cpu differ */
	memset(other + 24, 0, 12);
	cr_assert_eq(memcmp(one, other, 72), 0);
}

Test(recording, size_limit)
{
	off_t end;

	open_new();
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, EVH_SIZE_MAX_FILE), 0);
	end = size_of(path);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, EVH_SIZE_MAX_FILE + 1), -E2BIG);
	cr_assert_eq(evh_transport_set_size_max(&transport, EVH_SIZE_MAX_FILE + 1), -EINVAL);
	cr_assert_eq(size_of(path), end);
}

/* Beyond RLIMIT_FSIZE the kernel would kill us; the event is refused instead, in whole. */
Test(recording, file_size_limit)
{
	struct rlimit limit;
	off_t end;
	int error = 0, sent = 0;

	open_new();
	limit.rlim_cur = limit.rlim_max = (rlim_t)size_of(path) + 5000;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	evh_transport_refresh_limits(&transport);
	for (; sent < 100 && !error; sent += !error)
		error = evh_tracepoint_send(&tracepoint, spaced.event, 1000);
	cr_assert_eq(error, -EFBIG);
	cr_assert_eq(sent, 4);
	end = size_of(path);
	cr_assert_leq(end, (off_t)limit.rlim_cur);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 100), 0,
		     "a small one still fits");
	/* a process that starts under the limit knows it */
	evh_transport_close(&transport);
	cr_assert_eq(evh_transport_open_file(&transport, path), 0);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 4000), -EFBIG);
}

/* Another process sets the limit, and nobody tells: the answer counts for a moment, no longer. */
Test(recording, file_size_limit_from_outside)
{
	struct rlimit limit;
	int sent = 0, error = 0;
	off_t end;

	open_new();
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), 0);
	end = size_of(path);
	limit.rlim_cur = limit.rlim_max = (rlim_t)end + 150;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	usleep(1500);
	for (; sent < 10 && !error; sent += !error)
		error = evh_tracepoint_send(&tracepoint, spaced.event, 14);
	cr_assert_eq(error, -EFBIG);
	cr_assert_eq(sent, 2);
	cr_assert_eq(size_of(path), end + 2 * 72);
	usleep(1500);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), -EFBIG);
}

static bool xfsz_is_pending(void)
{
	sigset_t pending;

	sigpending(&pending);
	return sigismember(&pending, SIGXFSZ);
}

/*
 * The limit is reached between our look at the size and our write, as when others append: the
 * signal that would kill the program is taken back, and the program's own one is left to it.
 */
Test(recording, file_size_limit_race)
{
	struct rlimit limit;
	sigset_t xfsz, mask;

	open_new();
	limit.rlim_cur = limit.rlim_max = (rlim_t)size_of(path);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	transport.unlimited_until = 0; /* nobody told; it is time to ask */
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), -EFBIG);
	cr_assert_not(xfsz_is_pending());
	sigprocmask(SIG_BLOCK, NULL, &mask);
	cr_assert_not(sigismember(&mask, SIGXFSZ));
	sigemptyset(&xfsz);
	sigaddset(&xfsz, SIGXFSZ);
	sigprocmask(SIG_BLOCK, &xfsz, NULL);
	raise(SIGXFSZ);
	cr_assert(xfsz_is_pending());
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), -EFBIG);
	cr_assert(xfsz_is_pending());
}

/* What confinement leaves is write(2): the record names the thread that was announced before. */
Test(recording, confined)
{
	uint32_t ids[2];
	off_t end;
	int fd;

	open_new();
	cr_assert_eq(evh_transport_announce(&transport), 0);
	transport.confined = EVH_CONFINED_ALL;
	end = size_of(path);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), 0);
	fd = open(path, O_RDONLY);
	cr_assert_eq(pread(fd, ids, sizeof(ids), end + 16), sizeof(ids));
	cr_assert_eq(ids[0], (uint32_t)getpid());
	cr_assert_eq(ids[1], (uint32_t)gettid());
	cr_assert_eq(evh_tracepoint_sendv(&tracepoint, &(struct iovec){ spaced.event, 14 }, 1),
		     -EOPNOTSUPP);
}
