/* SPDX-License-Identifier: MIT */
/*
 * A library that makes this libc look like one that is built differently: the write function that
 * the shim finds is in no jump table. Loaded behind the shim by the test of that path.
 */
#include <sys/types.h>

ssize_t _IO_file_write(void *file, const void *bytes, ssize_t size);

__attribute__((visibility("default"))) ssize_t _IO_file_write(void *file, const void *bytes,
							      ssize_t size)
{
	(void)file;
	(void)bytes;
	return size;
}
