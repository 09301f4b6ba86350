/* SPDX-License-Identifier: MIT */
/*
 * The functions behind the ones we interpose: one table, filled once.
 *
 * They are found by reading the symbol tables of the objects that the loader put behind this
 * library: dlsym(RTLD_NEXT) would do the same, but allocates (glibc before 2.34 on success, all of
 * them on failure), and an allocator that logs while it starts would call back into us.
 */
#ifndef LT_REAL_H
#define LT_REAL_H

#include <dirent.h>
#include <printf.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <threads.h>
#include <unistd.h>
#include <wordexp.h>

#include "shim.h"

/* X(result, name, parameters): the interposed functions that we call on. */
#define LT_REAL_FUNCTIONS(X)                                                                       \
	X(ssize_t, write, (int, const void *, size_t))                                             \
	X(ssize_t, writev, (int, const struct iovec *, int))                                       \
	X(ssize_t, pwrite, (int, const void *, size_t, off_t))                                     \
	X(ssize_t, pwrite64, (int, const void *, size_t, off64_t))                                 \
	X(ssize_t, pwritev, (int, const struct iovec *, int, off_t))                               \
	X(ssize_t, pwritev64, (int, const struct iovec *, int, off64_t))                           \
	X(ssize_t, pwritev2, (int, const struct iovec *, int, off_t, int))                         \
	X(ssize_t, pwritev64v2, (int, const struct iovec *, int, off64_t, int))                    \
	X(ssize_t, send, (int, const void *, size_t, int))                                         \
	X(ssize_t, sendto, (int, const void *, size_t, int, const struct sockaddr *, socklen_t))   \
	X(ssize_t, sendmsg, (int, const struct msghdr *, int))                                     \
	X(int, sendmmsg, (int, struct mmsghdr *, unsigned, int))                                   \
	X(ssize_t, copy_file_range, (int, off64_t *, int, off64_t *, size_t, unsigned))            \
	X(ssize_t, sendfile, (int, int, off_t *, size_t))                                          \
	X(ssize_t, sendfile64, (int, int, off64_t *, size_t))                                      \
	X(int, connect, (int, const struct sockaddr *, socklen_t))                                 \
	X(int, vdprintf, (int, const char *, va_list))                                             \
	X(int, __vdprintf_chk, (int, int, const char *, va_list))                                  \
	X(long, syscall, (long, ...))                                                              \
	X(int, close, (int))                                                                       \
	X(int, dup, (int))                                                                         \
	X(int, dup2, (int, int))                                                                   \
	X(int, dup3, (int, int, int))                                                              \
	X(int, fcntl, (int, int, ...))                                                             \
	X(int, fcntl64, (int, int, ...))                                                           \
	X(int, close_range, (unsigned, unsigned, int))                                             \
	X(int, unshare, (int))                                                                     \
	X(int, open, (const char *, int, ...))                                                     \
	X(int, open64, (const char *, int, ...))                                                   \
	X(int, openat, (int, const char *, int, ...))                                              \
	X(int, openat64, (int, const char *, int, ...))                                            \
	X(int, __open_2, (const char *, int))                                                      \
	X(int, __open64_2, (const char *, int))                                                    \
	X(int, __openat_2, (int, const char *, int))                                               \
	X(int, __openat64_2, (int, const char *, int))                                             \
	X(int, creat, (const char *, mode_t))                                                      \
	X(int, creat64, (const char *, mode_t))                                                    \
	X(FILE *, fopen, (const char *, const char *))                                             \
	X(FILE *, fopen64, (const char *, const char *))                                           \
	X(DIR *, opendir, (const char *))                                                          \
	X(int, daemon, (int, int))                                                                 \
	X(int, fclose, (FILE *))                                                                   \
	X(FILE *, freopen, (const char *, const char *, FILE *))                                   \
	X(FILE *, freopen64, (const char *, const char *, FILE *))                                 \
	X(void, perror, (const char *))                                                            \
	X(void, herror, (const char *))                                                            \
	X(void, psiginfo, (const siginfo_t *, const char *))                                       \
	X(void, backtrace_symbols_fd, (void *const *, int, int))                                   \
	X(void, syslog, (int, const char *, ...))                                                  \
	X(void, __syslog_chk, (int, int, const char *, ...))                                       \
	X(void, vsyslog, (int, const char *, va_list))                                             \
	X(void, __vsyslog_chk, (int, int, const char *, va_list))                                  \
	X(int, register_printf_function, (int, printf_function *, printf_arginfo_function *))      \
	X(int, register_printf_specifier,                                                          \
	  (int, printf_function *, printf_arginfo_size_function *))                                \
	X(int, register_printf_modifier, (const wchar_t *))                                        \
	X(void, openlog, (const char *, int, int))                                                 \
	X(void, closelog, (void))                                                                  \
	X(int, setlogmask, (int))                                                                  \
	X(int, setrlimit, (__rlimit_resource_t, const struct rlimit *))                            \
	X(int, setrlimit64, (__rlimit_resource_t, const struct rlimit64 *))                        \
	X(int, prlimit, (__pid_t, enum __rlimit_resource, const struct rlimit *, struct rlimit *)) \
	X(int, prlimit64,                                                                          \
	  (__pid_t, enum __rlimit_resource, const struct rlimit64 *, struct rlimit64 *))           \
	X(int, prctl, (int, ...))                                                                  \
	X(void, longjmp, (struct __jmp_buf_tag *, int))                                            \
	X(void, _longjmp, (struct __jmp_buf_tag *, int))                                           \
	X(void, siglongjmp, (struct __jmp_buf_tag *, int))                                         \
	X(void, __longjmp_chk, (struct __jmp_buf_tag *, int))                                      \
	X(void, _exit, (int))                                                                      \
	X(void, _Exit, (int))                                                                      \
	X(void, abort, (void))                                                                     \
	X(void, __assert_fail, (const char *, const char *, unsigned, const char *))               \
	X(void, __assert, (const char *, const char *, int))                                       \
	X(void, __assert_perror_fail, (int, const char *, unsigned, const char *))                 \
	X(void, __stack_chk_fail, (void))                                                          \
	X(void, __chk_fail, (void))                                                                \
	X(int, raise, (int))                                                                       \
	X(int, kill, (pid_t, int))                                                                 \
	X(int, killpg, (pid_t, int))                                                               \
	X(int, tgkill, (pid_t, pid_t, int))                                                        \
	X(int, sigqueue, (pid_t, int, union sigval))                                               \
	X(int, execve, (const char *, char *const[], char *const[]))                               \
	X(int, execvpe, (const char *, char *const[], char *const[]))                              \
	X(int, fexecve, (int, char *const[], char *const[]))                                       \
	X(int, execveat, (int, const char *, char *const[], char *const[], int))                   \
	X(int, posix_spawn,                                                                        \
	  (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,   \
	   char *const[], char *const[]))                                                          \
	X(int, posix_spawnp,                                                                       \
	  (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,   \
	   char *const[], char *const[]))                                                          \
	X(int, system, (const char *))                                                             \
	X(FILE *, popen, (const char *, const char *))                                             \
	X(int, wordexp, (const char *, wordexp_t *, int))                                          \
	X(int, posix_spawn_file_actions_adddup2, (posix_spawn_file_actions_t *, int, int))         \
	X(int, posix_spawn_file_actions_addchdir_np, (posix_spawn_file_actions_t *, const char *)) \
	X(int, posix_spawn_file_actions_addfchdir_np, (posix_spawn_file_actions_t *, int))         \
	X(void *, mmap, (void *, size_t, int, int, int, off_t))                                    \
	X(void *, mmap64, (void *, size_t, int, int, int, off64_t))                                \
	X(void *, mremap, (void *, size_t, size_t, int, ...))                                      \
	X(int, munmap, (void *, size_t))                                                           \
	X(int, mprotect, (void *, size_t, int))                                                    \
	X(int, pkey_mprotect, (void *, size_t, int, int))                                          \
	X(int, madvise, (void *, size_t, int))                                                     \
	/* libpthread's until glibc 2.34: taken from here, no link against it is needed */         \
	X(int, pthread_key_create, (pthread_key_t *, void (*)(void *)))                            \
	X(int, pthread_key_delete, (pthread_key_t))                                                \
	X(int, tss_create, (tss_t *, tss_dtor_t))                                                  \
	X(int, pthread_setspecific, (pthread_key_t, const void *))                                 \
	X(int, pthread_getcpuclockid, (pthread_t, __clockid_t *))                                  \
	X(void *, dlsym, (void *, const char *))                                                   \
	X(void *, dlvsym, (void *, const char *, const char *))                                    \
	X(void *, dlopen, (const char *, int))                                                     \
	/* libio, for stdio_slot.c */                                                              \
	X(ssize_t, _IO_file_write, (FILE *, const void *, ssize_t))                                \
	X(void, _IO_file_jumps, (void))                                                            \
	X(void, _IO_wfile_jumps, (void))                                                           \
	/* a variable, for abort_message.c */                                                      \
	X(void, __abort_msg, (void))

/*
 * Whether libc is glibc. musl's loader takes this library as well, because it gives glibc's file
 * name to itself; the program must then find it inert. So what musl doesn't have is declared weak
 * wherever it is used, and a FILE is not looked into.
 */
extern const char *gnu_get_libc_version(void) __attribute__((weak));

static inline bool lt_libc_is_known(void)
{
	return gnu_get_libc_version != NULL;
}

/* Whether it is glibc 2.`minor` or a later one. */
bool lt_libc_is_since(unsigned minor);

/* The descriptor of a FILE, or -1; without fileno(), which sets errno where there is none. */
static inline int lt_file_fd(const FILE *file)
{
	return lt_likely(lt_libc_is_known()) ? file->_fileno : -1;
}

struct lt_real {
#define LT_REAL_MEMBER(result, name, parameters) result(*name) parameters;
	LT_REAL_FUNCTIONS(LT_REAL_MEMBER)
#undef LT_REAL_MEMBER
};

extern LT_HIDDEN struct lt_real lt_real;

/*
 * Fills lt_real, the first time that it is called; several threads at once write the same
 * addresses.
 */
void lt_real_resolve(void);

/*
 * The name by which the loader found this library: what its entry in LD_PRELOAD says, or, for one
 * without a slash, the path where it was. NULL: unknown.
 */
const char *lt_real_own_name(void);

/* Whether this library is loaded once more, from another place, before this one. */
bool lt_real_is_second(void);

/* lt_real.syscall and others, for jumps.S. */
extern long (*lt_real_syscall)(long, ...);
extern void (*lt_real_syslog)(int, const char *, ...);
extern void (*lt_real_syslog_chk)(int, int, const char *, ...);
extern void *(*lt_real_dlsym)(void *, const char *);
extern void *(*lt_real_dlvsym)(void *, const char *, const char *);
extern void *(*lt_real_dlopen)(const char *, int);

/*
 * What stands for `found`, which a lookup of `name` gave: our function of that name where it is
 * libc's own and nobody between us and libc has one; otherwise `found`.
 */
void *lt_real_replacement(const char *name, void *found);

/* Whether we have a function of that name. */
bool lt_real_has(const char *name);

/*
 * Finds the real functions, and initialises if libc has got as far as an environment; any number of
 * times. For calls that come before our constructor. It is in the top layer, as are all who use
 * LT_REAL.
 */
void lt_init_early(void);

/* The real function `name`; NULL where this libc has none. */
#define LT_REAL(name)                                                                              \
	(__extension__({                                                                           \
		if (lt_unlikely(!lt_real.name))                                                    \
			lt_init_early();                                                           \
		lt_real.name;                                                                      \
	}))

#endif
