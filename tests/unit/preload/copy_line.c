/* SPDX-License-Identifier: MIT */
/*
 * Lines are copied up to their newline and not a byte beyond what was given: the bytes lie between
 * two pages that can't be touched, and what stands around the copy is looked at afterwards.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "copy_line.h"

/* More than lines that are copied this way have (SHORT_LINE in preload/lines.c). */
#define SIZE_MAX_TRIED 260

/* A page with nothing on either side. */
static char *lonely_page(size_t page)
{
	char *pages = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	cr_assert_neq(pages, MAP_FAILED);
	cr_assert_eq(mprotect(pages + page, page, PROT_READ | PROT_WRITE), 0);
	return pages + page;
}

static void fill(char *bytes, size_t size, size_t newline)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i * 7 + 0x8b) == '\n' ? 'n' : (char)(i * 7 + 0x8b);
	if (newline < size)
		bytes[newline] = '\n';
}

static void check(const char *bytes, size_t size, size_t newline)
{
	char to[SIZE_MAX_TRIED + 2 * LT_COPY_SLACK];
	size_t room = size < LT_COPY_SLACK ? LT_COPY_SLACK : size;
	size_t length;

	memset(to, 0x55, sizeof(to));
	length = lt_copy_line(to, bytes, size);
	cr_assert_eq(length, newline < size ? newline : size, "size %zu, newline at %zu: %zu", size,
		     newline, length);
	cr_assert_arr_eq(to, bytes, length, "size %zu, newline at %zu", size, newline);
	for (size_t i = room; i < sizeof(to); i++)
		cr_assert_eq(to[i], 0x55, "size %zu: byte %zu is written", size, i);
}

Test(copy_line, every_size_and_newline)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *begin = lonely_page(page);

	for (size_t size = 1; size <= SIZE_MAX_TRIED; size++) {
		for (size_t newline = 0; newline <= size; newline++) {
			fill(begin, size, newline);
			check(begin, size, newline);
			fill(begin + page - size, size, newline);
			check(begin + page - size, size, newline);
		}
	}
}

/* The first of several counts, wherever the others are. */
Test(copy_line, first_newline)
{
	char bytes[SIZE_MAX_TRIED];

	for (size_t size = 2; size <= 70; size++) {
		for (size_t first = 0; first < size; first++) {
			fill(bytes, size, first);
			memset(bytes + first, '\n', size - first);
			check(bytes, size, first);
		}
	}
}
