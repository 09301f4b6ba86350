/* SPDX-License-Identifier: MIT */
/*
 * Which file a writer takes for its recording, what it can do with the descriptor, and what it does
 * when the file was truncated or full.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <evh/recording.h>

enum { LOST_SAMPLES = 13 };

static char folder[] = "/tmp/evh-identity-XXXXXX";
static char path[64], old_path[72], named[192 + EVH_RECORDING_IDENTITY_SIZE];
static const char *const names[] = { "P_L1K1", "P_L1K2", "P_L2K1", "P_L2K2", "P_L3K1",
				     "P_L3K2", "P_L4K1", "P_L4K2", "P_L5K1", "P_L5K2" };
static struct evh_transport transport;
static struct evh_tracepoint tracepoint;
static uint32_t word;
static struct {
	uint8_t head[EVH_HEADROOM];
	uint8_t event[5000];
	uint8_t tail[EVH_TAILROOM];
} spaced;

static void start(void)
{
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	snprintf(old_path, sizeof(old_path), "%s.old", path);
	memcpy(spaced.event, "\7\0\0\0\0\0\0\4\2\0\1\0e", 14);
}

static void stop(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	cr_assert_eq(system(command), 0);
}

TestSuite(identity, .init = start, .fini = stop);

/* Creates a recording at the path; `named` is what a writer of it is given. */
static void create(void)
{
	char identity[EVH_RECORDING_IDENTITY_SIZE], again[EVH_RECORDING_IDENTITY_SIZE];

	cr_assert_eq(evh_recording_create_identified(path, names, 10, identity), 0);
	cr_assert_eq(evh_recording_identify(path, again), 0);
	cr_assert_str_eq(identity, again);
	snprintf(named, sizeof(named), "%s%s", path, identity);
}

static void open_named(void)
{
	cr_assert_eq(evh_transport_open_file(&transport, named), 0);
	cr_assert_eq(evh_tracepoint_register(&tracepoint, &transport, "P_L4K2", &word, 0), 0);
	cr_assert_eq(tracepoint.index, 1007);
}

static int try_named(void)
{
	int error = evh_transport_open_file(&transport, named);

	evh_transport_close(&transport);
	return error;
}

static off_t size_of(const char *file)
{
	struct stat status;

	return stat(file, &status) ? -1 : status.st_size;
}

/* Into its own recording, whose name is FILE.old by now; into none when it is gone. */
Test(identity, replaced)
{
	char first[sizeof(named)];
	off_t old_size, size;

	create();
	strcpy(first, named);
	create();
	old_size = size_of(old_path);
	size = size_of(path);
	strcpy(named, first);
	cr_assert_eq(try_named(), 0);
	cr_expect_gt(size_of(old_path), old_size);
	cr_expect_eq(size_of(path), size);
	create();
	strcpy(named, first);
	cr_expect_eq(try_named(), -ESTALE);
	unlink(path);
	unlink(old_path);
	cr_expect_eq(try_named(), -ENOENT);
	/* a path alone means whatever stands there */
	create();
	cr_expect_eq(evh_transport_open_file(&transport, path), 0);
}

/* Everything else that can stand at the path: nothing is written there, and nothing waited for. */
Test(identity, other_things)
{
	char elsewhere[80];

	create();
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", folder);
	cr_assert_eq(rename(path, elsewhere), 0);
	cr_expect_eq(try_named(), -ENOENT, "renamed away");
	cr_assert_eq(symlink(elsewhere, path), 0);
	cr_expect_eq(try_named(), -ESTALE, "a link, even to itself");
	cr_expect_eq(evh_transport_open_file(&transport, path), -ELOOP);
	unlink(path);
	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_expect_eq(try_named(), -ESTALE, "a FIFO");
	unlink(path);
	cr_assert_eq(mkdir(path, 0700), 0);
	cr_expect_eq(try_named(), -ESTALE, "a folder");
	rmdir(path);
	cr_assert_eq(link(elsewhere, path), 0);
	cr_expect_eq(try_named(), 0, "another name of the same file");
}

/* A copy has the same mark, but belongs to who made it. */
Test(identity, owner)
{
	char command[256];

	if (geteuid() != 0)
		cr_skip_test("only root can give files away");
	create();
	snprintf(command, sizeof(command), "cp %s %s/copy && mv %s/copy %s", path, folder, folder,
		 path);
	cr_assert_eq(system(command), 0);
	cr_expect_eq(try_named(), 0);
	cr_assert_eq(chown(path, 65534, 65534), 0);
	cr_expect_eq(try_named(), -ESTALE);
	cr_expect_eq(evh_transport_open_file(&transport, path), -EPERM);
}

/* What only looks like an identity is part of the path. */
Test(identity, odd_paths)
{
	static const char *const tails[] = {
		"?id=",
		"?id=0123",
		"?id=0123456789abcdef0123456789abcdef",
		"?id=0123456789abcdef0123456789abcdef.0.1.2",
		"?id=0123456789abcdef0123456789abcdef.0.1.2.3.",
		"?id=0123456789abcdef0123456789abcdef.0.1.2.3x",
		"?id=0123456789abcdef0123456789abcdef.0.1..3",
		"?id=0123456789abcdef0123456789abcdef.100000000.1.2.3",
		"?id=0123456789abcdef0123456789abcdef.0.11111111111111111.2.3",
		"?id=0123456789abcdef0123456789abcdef.0.1.5.3",
		"?id=0123456789abcdef0123456789abcdef.0.1.ffff.3",
		"?id=0123456789ABCDEF0123456789ABCDEF.0.1.2.3",
	};
	char identity[EVH_RECORDING_IDENTITY_SIZE];

	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		snprintf(named, sizeof(named), "%s/a%s", folder, tails[i]);
		cr_assert_eq(evh_recording_create_identified(named, names, 10, identity), 0);
		cr_expect_eq(evh_transport_open_file(&transport, named), 0, "%s", tails[i]);
		evh_transport_close(&transport);
		strcat(named, identity);
		cr_expect_eq(evh_transport_open_file(&transport, named), 0, "%s", named);
		evh_transport_close(&transport);
	}
}

Test(identity, descriptor_only_appends)
{
	char byte;

	create();
	open_named();
	cr_expect_eq(fcntl(transport.fd, F_GETFL) & O_ACCMODE, O_WRONLY);
	cr_expect_eq(pread(transport.fd, &byte, 1, 0), -1);
	cr_expect(fcntl(transport.fd, F_GETFL) & O_APPEND);
}

static size_t read_all(uint8_t *bytes, size_t room)
{
	FILE *file = fopen(path, "r");
	size_t size = fread(bytes, 1, room, file);

	fclose(file);
	return size;
}

/*
 * copytruncate: the process that has the file open gives it a head, and one that starts then knows
 * the file again and finds that head.
 */
Test(identity, truncated)
{
	static uint8_t before[30000], after[30000];
	size_t head = 0, event = 72;

	create();
	head = read_all(before, sizeof(before));
	open_named();
	cr_assert_eq(truncate(path, 0), 0);
	usleep(110000);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), 0);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), 0);
	cr_assert_eq(read_all(after, sizeof(after)), head + 2 * event);
	cr_expect_eq(memcmp(before, after, head), 0, "the same head");
	evh_transport_close(&transport);
	open_named();
	cr_expect_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), 0);
	cr_expect_lt(read_all(after, sizeof(after)), 2 * head);
}

/* Nobody had it open: the next process makes the head, and all that follow find it. */
Test(identity, truncated_while_nobody_wrote)
{
	static uint8_t bytes[60000];
	size_t head, size;

	create();
	head = read_all(bytes, sizeof(bytes));
	cr_assert_eq(truncate(path, 0), 0);
	for (int i = 0; i < 3; i++) {
		open_named();
		cr_expect_eq(evh_tracepoint_register(&tracepoint, &transport, "Q_L4K2", &word, 0),
			     -ENOENT);
		cr_expect_eq(evh_tracepoint_register(&tracepoint, &transport, "P_L5K1", &word, 0),
			     0);
		cr_expect_eq(tracepoint.index, 1008);
		cr_expect_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), 0);
		evh_transport_close(&transport);
	}
	size = read_all(bytes, sizeof(bytes));
	cr_expect_gt(size, head);
	cr_expect_lt(size, 2 * head, "one head");
	cr_expect_eq(memcmp(bytes + 64, "PERFILE2", 8), 0, "behind the first process's name");
	/* another file is no truncated recording, also where it gets the inode */
	unlink(path);
	close(open(path, O_WRONLY | O_CREAT, 0600));
	close(open(old_path, O_WRONLY | O_CREAT, 0600));
	cr_expect_eq(try_named(), -ESTALE);
}

/* What the account in the head says. */
static uint64_t read_account(const uint8_t *bytes)
{
	uint64_t lost[3];
	uint16_t mark;

	memcpy(&mark, bytes + 16 + 6, 2);
	cr_assert_eq(memcmp(bytes + 16 + mark + 16, "logtap\0a", 8), 0);
	memcpy(lost, bytes + 16 + mark + 24, sizeof(lost));
	return lost[0] + lost[1] + lost[2];
}

/* The sum of the account and of what LOST_SAMPLES records say, and how many of these there are. */
static uint64_t count_lost(int *records)
{
	static uint8_t bytes[60000];
	size_t size = read_all(bytes, sizeof(bytes)), at = (size_t)-1;
	uint64_t lost = read_account(bytes), more;
	uint16_t length;

	*records = 0;
	/* behind FINISHED_INIT, the end of the head */
	for (size_t i = 0; i + 8 <= size && at == (size_t)-1; i += 4)
		if (!memcmp(bytes + i, "\x52\0\0\0\0\0\x08\0", 8))
			at = i + 8;
	for (; at + 16 <= size; at += length) {
		memcpy(&length, bytes + at + 6, 2);
		cr_assert_geq(length, 8);
		if (bytes[at] != LOST_SAMPLES)
			continue;
		memcpy(&more, bytes + at + 8, 8);
		lost += more;
		++*records;
	}
	return lost;
}

static void set_file_limit(rlim_t size)
{
	struct rlimit limit = { .rlim_cur = size, .rlim_max = RLIM_INFINITY };

	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	evh_transport_refresh_limits(&transport);
}

/* Where a process can't open the recording once more, as in another root, or after it gave up its
 * rights: then it is told once there is room, and by whom it was lost. */
Test(identity, losses_without_the_account)
{
	char elsewhere[80];
	int records, status;
	pid_t child;

	create();
	open_named();
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", folder);
	cr_assert_eq(rename(path, elsewhere), 0);
	set_file_limit((rlim_t)size_of(elsewhere));
	for (int i = 0; i < 7; i++)
		cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 1000), -EFBIG);
	evh_transport_report_lost(&transport);
	set_file_limit(RLIM_INFINITY);
	child = fork();
	if (!child) {
		evh_transport_forked(&transport);
		evh_transport_report_lost(&transport);
		_exit(0);
	}
	waitpid(child, &status, 0);
	evh_transport_report_lost(&transport);
	evh_transport_report_lost(&transport);
	cr_assert_eq(rename(elsewhere, path), 0);
	cr_expect_eq(count_lost(&records), 7);
	cr_expect_eq(records, 1, "told once, and by the parent, not by the child");
}

/* Into the account, as they come, without a byte more in the file. */
Test(identity, losses)
{
	off_t size;
	int records;

	create();
	open_named();
	size = size_of(path);
	set_file_limit((rlim_t)size);
	for (unsigned i = 1; i <= 7; i++) {
		cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 1000), -EFBIG);
		cr_expect_eq(count_lost(&records), i);
	}
	cr_expect_eq(records, 0);
	cr_expect_eq(size_of(path), size);
	evh_transport_report_lost(&transport);
	set_file_limit(RLIM_INFINITY);
	evh_transport_report_lost(&transport);
	cr_expect_eq(count_lost(&records), 7, "told once");
	cr_expect_eq(records, 0);
}

/* Whoever has the account is not waited for; the number is told later. */
Test(identity, losses_while_another_has_the_account)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd, records;

	create();
	open_named();
	fd = open(path, O_RDWR);
	cr_assert_eq(fcntl(fd, F_OFD_SETLK, &lock), 0);
	set_file_limit((rlim_t)size_of(path));
	for (int i = 0; i < 3; i++)
		cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 1000), -EFBIG);
	cr_expect_eq(count_lost(&records), 0);
	close(fd);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 1000), -EFBIG);
	cr_expect_eq(count_lost(&records), 4);
}

/* Truncated meanwhile: what stands in the account's place by then is somebody's event. */
Test(identity, losses_without_a_head)
{
	static uint8_t before[60000], after[60000];
	size_t size;

	create();
	open_named();
	cr_assert_eq(truncate(path, 0), 0);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 1000), 0);
	size = read_all(before, sizeof(before));
	set_file_limit((rlim_t)size_of(path));
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 1000), -EFBIG);
	cr_expect_eq(read_all(after, sizeof(after)), size);
	cr_expect_eq(memcmp(before, after, size), 0);
}

#define LOST_EACH 20000

static void *lose(void *unused)
{
	for (int i = 0; i < LOST_EACH; i++)
		evh_tracepoint_send(&tracepoint, spaced.event, 1000);
	return unused;
}

/* One thread tells while others count; the disk stays full all the while. */
Test(identity, losses_of_threads)
{
	pthread_t threads[3];
	int records;

	create();
	open_named();
	set_file_limit((rlim_t)size_of(path));
	for (int i = 0; i < 3; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, lose, NULL), 0);
	for (int i = 0; i < LOST_EACH; i++)
		evh_transport_report_lost(&transport);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	set_file_limit(RLIM_INFINITY);
	evh_transport_report_lost(&transport);
	cr_expect_eq(count_lost(&records), 3 * LOST_EACH);
}

/* Sending tells them as well, within moments. */
Test(identity, losses_told_by_sending)
{
	int records;

	create();
	open_named();
	set_file_limit((rlim_t)size_of(path));
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 1000), -EFBIG);
	set_file_limit(RLIM_INFINITY);
	usleep(110000);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 14), 0);
	cr_expect_eq(count_lost(&records), 1);
}
