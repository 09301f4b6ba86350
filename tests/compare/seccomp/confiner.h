/* SPDX-License-Identifier: MIT */
/* What the cases of the confiner share, and those that stand in files of their own. */
#ifndef LOGTAP_TESTS_CONFINER_H
#define LOGTAP_TESTS_CONFINER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#define COUNT(array)		       (sizeof(array) / sizeof(*(array)))
#define FIELD(field)		       offsetof(struct seccomp_data, field)
#define LOAD(offset)		       BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define RETURN(action)		       BPF_STMT(BPF_RET | BPF_K, action)
#define UNLESS(operation, value, skip) BPF_JUMP(BPF_JMP | (operation) | BPF_K, value, 0, skip)
#define WHEN(operation, value, skip)   BPF_JUMP(BPF_JMP | (operation) | BPF_K, value, skip, 0)

enum way { BY_PRCTL, BY_SYSCALL, BY_PRCTL_NUMBER, BY_INSTRUCTION };

long install(enum way way, unsigned flags, struct sock_filter *steps, size_t count);

/* errno is as it was, whatever became of our own calls. */
void say(const char *text);

/* Refuses one number with an action; what is said before and after is all recorded. */
int without(long number, unsigned action);

/* confiner_otherwise.c; 0, or a status of its own for a wrong step. */
int exec_without(const char *self, unsigned action);
int without_counter(int by_number);
int dispatching(void);
int wide_operation(void);
int unseen_probe(unsigned action);
int exec_limited(const char *self, int what);

/* confiner_threads.c */
int blocked(int by_handler, int by_sendfile);
int logging_meanwhile(void);
int refused_meanwhile(void);

#endif
