/* SPDX-License-Identifier: MIT */
/*
 * What fstat says of a descriptor. Functions of their own, whose struct is not on the stack of
 * every thread that logs.
 */
#include "open_file.h"

#include <sys/stat.h>

#include "copy_table.h"
#include "own_calls.h"
#include "raw.h"

/*
 * The two halves of a device's number, up to 4096 and 256 of them: the kernel's ABI. Without
 * <sys/sysmacros.h>, whose macros are calls of libc where nothing is inlined, and musl has none of
 * these functions.
 */
#define DEVICE(major, minor) ((dev_t)(major) << 8 | (minor))

#define NULL_DEVICE DEVICE(1, 3)
#define KERNEL_LOG  DEVICE(1, 11)

static unsigned major_of(dev_t device)
{
	return device >> 8 & 0xfff;
}

static bool is_terminal(const struct stat64 *status)
{
	if (!S_ISCHR(status->st_mode))
		return false;
	switch (major_of(status->st_rdev)) {
	case 4:		  /* virtual and serial terminals */
	case 5:		  /* the controlling terminal, the console */
	case 136 ... 143: /* pseudo terminals */
		return true;
	default:
		return false;
	}
}

uint64_t lt_open_file_identify(int fd, bool *device)
{
	struct stat64 status = { 0 };
	uint64_t file;

	if (LT_RAW2(SYS_fstat, fd, &status) < 0)
		return 0;
	*device = S_ISCHR(status.st_mode) && !is_terminal(&status);
	/* Files of one device never share a number, those of two in 2^61 tries. */
	file = (status.st_ino + status.st_dev * UINT64_C(0x9e3779b97f4a7c15)) << 3;
	return file > LT_COPY_UNCHECKED ? file : LT_COPY_UNCHECKED << 1;
}

bool lt_open_file_is_null(int fd)
{
	struct stat64 status = { 0 };

	return lt_may(LT_CALL_STAT) && LT_RAW2(SYS_fstat, fd, &status) == 0 &&
	       S_ISCHR(status.st_mode) && status.st_rdev == NULL_DEVICE;
}

bool lt_open_file_is_log_device(int fd)
{
	struct stat64 status = { 0 };

	if (!lt_may(LT_CALL_STAT) || LT_RAW2(SYS_fstat, fd, &status) < 0 ||
	    !S_ISCHR(status.st_mode))
		return false;
	return is_terminal(&status) || status.st_rdev == NULL_DEVICE ||
	       status.st_rdev == KERNEL_LOG;
}
