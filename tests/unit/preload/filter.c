/* SPDX-License-Identifier: MIT */
/* lt_filter_run() by itself, and against the kernel: the same filter, installed in a child. */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/audit.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"

#ifdef __x86_64__
#	define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#	define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define RUN(...)                                                                                   \
	run((const struct sock_filter[]){ __VA_ARGS__ },                                           \
	    COUNT(((const struct sock_filter[]){ __VA_ARGS__ })))

static const struct seccomp_data call = {
	.nr = 1234567,
	.arch = ARCHITECTURE,
	.instruction_pointer = UINT64_C(0x1122334455667788),
	.args = { 1, UINT64_C(0xdeadbeefcafef00d), 3, 4, 5, 6 },
};

static uint32_t run(const struct sock_filter *program, unsigned length)
{
	return lt_filter_run(program, length, &call, &call);
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN_A    BPF_STMT(BPF_RET | BPF_A, 0)

Test(filter, loads)
{
	cr_assert_eq(RUN(LOAD(nr), RETURN_A), 1234567);
	cr_assert_eq(RUN(LOAD(arch), RETURN_A), ARCHITECTURE);
	cr_assert_eq(RUN(LOAD(instruction_pointer), RETURN_A), 0x55667788);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12), RETURN_A), 0x11223344);
	cr_assert_eq(RUN(LOAD(args[1]), RETURN_A), 0xcafef00d);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 28), RETURN_A), 0xdeadbeef);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0), RETURN_A), 64);
	cr_assert_eq(RUN(BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0), BPF_STMT(BPF_MISC | BPF_TXA, 0),
			 RETURN_A),
		     64);
}

/* What the kernel would not install is never allowed, and nothing is read beyond the ends. */
Test(filter, refused)
{
	const uint32_t killed = SECCOMP_RET_KILL_PROCESS;

	cr_assert_eq(lt_filter_run(NULL, 0, &call, &call), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0xfffffffc), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_LDX | BPF_W | BPF_ABS, 0), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_MEM, 16), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_ST, 16), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_STX, 0xffffffff), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_JUMP(BPF_JMP | BPF_JA, 0xffffffff, 0, 0), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 255, 0), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_LD | BPF_IMM, 5)), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), RETURN_A), killed);
	cr_assert_eq(RUN(BPF_STMT(BPF_RET | BPF_X, 0)), killed);
}

Test(filter, division_by_an_empty_register_ends_it)
{
	cr_assert_eq(RUN(BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
			 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)),
		     SECCOMP_RET_KILL_THREAD);
}

/* --- calls of which not all is known ---------------------------------------------------------- */

/* What a filter says to writes of 1 to 1000 bytes from any address to descriptor 9. */
static uint32_t run_span(const struct sock_filter *program, unsigned length)
{
	struct seccomp_data least = call, most;

	least.args[0] = 9;
	least.args[1] = 0;
	least.args[2] = 1;
	most = least;
	most.args[1] = UINT64_C(0x7fffffffffff);
	most.args[2] = 1000;
	return lt_filter_run(program, length, &least, &most);
}

#define RUN_SPAN(...)                                                                              \
	run_span((const struct sock_filter[]){ __VA_ARGS__ },                                      \
		 COUNT(((const struct sock_filter[]){ __VA_ARGS__ })))
#define SAID(...)	   (RUN_SPAN(__VA_ARGS__) & SECCOMP_RET_ACTION_FULL)
#define RETURN(action)	   BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_##action)
#define WHEN(operation, k) BPF_JUMP(BPF_JMP | (operation) | BPF_K, k, 0, 1)

Test(filter, refuses_what_it_allows_in_part)
{
	cr_assert_eq(SAID(LOAD(args[2]), WHEN(BPF_JEQ, 500), RETURN(TRAP), RETURN(ALLOW)),
		     SECCOMP_RET_TRAP);
	cr_assert_eq(SAID(LOAD(args[2]), WHEN(BPF_JEQ, 500), RETURN(ALLOW), RETURN(TRAP)),
		     SECCOMP_RET_TRAP);
	cr_assert_eq(SAID(LOAD(args[2]), WHEN(BPF_JGE, 100), WHEN(BPF_JGT, 200), RETURN(ALLOW),
			  RETURN(TRAP)),
		     SECCOMP_RET_TRAP);
	cr_assert_eq(SAID(LOAD(args[1]), WHEN(BPF_JSET, 7), RETURN(TRAP), RETURN(ALLOW)),
		     SECCOMP_RET_TRAP);
	cr_assert_eq(SAID(LOAD(args[2]), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1), WHEN(BPF_JEQ, 1),
			  RETURN(TRAP), RETURN(ALLOW)),
		     SECCOMP_RET_TRAP);
	cr_assert_eq(SAID(LOAD(args[2]), BPF_STMT(BPF_ST, 3), BPF_STMT(BPF_LD | BPF_IMM, 1),
			  BPF_STMT(BPF_LDX | BPF_MEM, 3),
			  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1), RETURN(TRAP),
			  RETURN(ALLOW)),
		     SECCOMP_RET_TRAP);
	cr_assert_neq(SAID(LOAD(args[2]), BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ALLOW),
			   RETURN_A),
		      SECCOMP_RET_ALLOW);
}

Test(filter, allows_what_it_allows_as_a_whole)
{
	cr_assert_eq(SAID(LOAD(args[2]), WHEN(BPF_JGT, 1000), RETURN(TRAP), RETURN(ALLOW)),
		     SECCOMP_RET_ALLOW);
	cr_assert_eq(SAID(LOAD(args[2]), WHEN(BPF_JEQ, 0), RETURN(TRAP), RETURN(ALLOW)),
		     SECCOMP_RET_ALLOW);
	cr_assert_eq(SAID(LOAD(args[0]), WHEN(BPF_JEQ, 9), RETURN(ALLOW), RETURN(TRAP)),
		     SECCOMP_RET_ALLOW);
	cr_assert_eq(SAID(LOAD(args[2]), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 255),
			  WHEN(BPF_JGT, 255), RETURN(TRAP), RETURN(ALLOW)),
		     SECCOMP_RET_ALLOW);
	/* The upper half of an address. */
	cr_assert_eq(SAID(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 28), WHEN(BPF_JGE, 0x8000),
			  RETURN(TRAP), RETURN(ALLOW)),
		     SECCOMP_RET_ALLOW);
}

/* More ways than are gone: it is not believed to allow anything. */
Test(filter, gives_up_refusing)
{
	struct sock_filter program[2 * 64 + 1];

	for (unsigned i = 0; i < 64; i++) {
		program[(size_t)2 * i] = (struct sock_filter)LOAD(args[2]);
		program[(size_t)2 * i + 1] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JSET | BPF_K, 1u << i % 32, 0, 0);
	}
	program[128] = (struct sock_filter)RETURN(ALLOW);
	cr_assert_neq(run_span(program, COUNT(program)), SECCOMP_RET_ALLOW);
}

/* --- against the kernel ---------------------------------------------------------------------- */

static uint32_t state = 0x2545f491;

static uint32_t any(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

/* Numbers that meet the arguments, their halves, and the ends of the range. */
static uint32_t constant(void)
{
	static const uint32_t of_interest[] = {
		0, 1, 2, 3, 6, 31, 32, 0x7fffffff, 0x80000000, 0xffffffff, 0xcafef00d, 0xdeadbeef,
	};

	return any(3) ? of_interest[any(COUNT(of_interest))] : state;
}

/* The kernel wants words of the memory to be written, on each way, before they are read. */
#define STORED 4
#define HEAD   (3 + STORED)

static struct sock_filter any_step(unsigned left)
{
	static const uint16_t alu[] = { BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_AND,
					BPF_OR,	 BPF_XOR, BPF_LSH, BPF_RSH };
	static const uint16_t jumps[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	uint32_t k = constant();
	uint16_t source = any(2) ? BPF_X : BPF_K, operation;

	switch (any(10)) {
	case 0:
		return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, any(16) * 4);
	case 1:
		return (struct sock_filter)BPF_STMT((any(2) ? BPF_LD : BPF_LDX) | BPF_IMM, k);
	case 2:
		return (struct sock_filter)BPF_STMT((any(2) ? BPF_LD : BPF_LDX) | BPF_W | BPF_LEN,
						    0);
	case 3:
		return (struct sock_filter)BPF_STMT(any(2) ? BPF_ST : BPF_STX, any(BPF_MEMWORDS));
	case 4:
		return (struct sock_filter)BPF_STMT((any(2) ? BPF_LD : BPF_LDX) | BPF_MEM,
						    any(STORED));
	case 5:
		return (struct sock_filter)BPF_STMT(BPF_MISC | (any(2) ? BPF_TAX : BPF_TXA), 0);
	case 6:
		return (struct sock_filter)BPF_STMT(BPF_ALU | BPF_NEG, 0);
	case 7:
		if (left < 2)
			break;
		return (struct sock_filter)BPF_JUMP(BPF_JMP | jumps[any(COUNT(jumps))] | source, k,
						    (uint8_t)any(left), (uint8_t)any(left));
	default:
		operation = alu[any(COUNT(alu))];
		if (source == BPF_K && (operation == BPF_LSH || operation == BPF_RSH))
			k &= 31;
		if (source == BPF_K && operation == BPF_DIV && !k)
			k = 7;
		return (struct sock_filter)BPF_STMT(BPF_ALU | operation | source, k);
	}
	return (struct sock_filter)BPF_STMT(BPF_MISC | BPF_TAX, 0);
}

#define BODY 40
#define TAIL 3

/*
 * Everything but the one call is allowed. That one's fate is the body's: mostly an errno made of
 * what stands in A, else any action.
 */
static unsigned make_program(struct sock_filter *program)
{
	static const uint32_t actions[] = {
		SECCOMP_RET_ALLOW, SECCOMP_RET_LOG,	     SECCOMP_RET_ERRNO | 12,
		SECCOMP_RET_TRACE, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_TRAP,
	};
	unsigned body = 1 + any(BODY);

	program[0] = (struct sock_filter)LOAD(nr);
	program[1] =
		(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call.nr, 1, 0);
	program[2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	for (unsigned i = 0; i < STORED; i++)
		program[3 + i] = (struct sock_filter)BPF_STMT(BPF_ST, i);
	for (unsigned i = 0; i < body; i++)
		program[HEAD + i] = any_step(body - i);
	program += HEAD + body;
	program[0] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff);
	program[1] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO);
	program[2] = (struct sock_filter)RETURN_A;
	if (any(8) == 0)
		program[2] =
			(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, actions[any(COUNT(actions))]);
	return HEAD + body + TAIL;
}

/* In a child: the errno of the call under the filter, or 0; 0xffff where it can't be installed. */
static void ask_kernel(const struct sock_filter *program, unsigned length, int answer)
{
	struct sock_fprog filter = { (unsigned short)length, (struct sock_filter *)program };
	uint16_t error = 0xffff;

	signal(SIGSYS, SIG_DFL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0) {
		errno = 0;
		syscall(call.nr, call.args[0], call.args[1], call.args[2], call.args[3],
			call.args[4], call.args[5]);
		error = (uint16_t)errno;
	}
	if (write(answer, &error, sizeof(error)) != sizeof(error))
		_exit(1);
	_exit(0);
}

/* The program reads the address of the call, which the child's libc makes: where that is. */
static uint64_t call_address(void)
{
	static uint64_t address;
	const uint8_t *code = (const uint8_t *)(uintptr_t)syscall;

	for (int i = 0; !address && i < 64; i++)
#ifdef __x86_64__
		if (code[i] == 0x0f && code[i + 1] == 0x05)
			address = (uintptr_t)code + (uint64_t)i + 2;
#else
		if (i % 4 == 0 && !memcmp(code + i, "\x01\x00\x00\xd4", 4))
			address = (uintptr_t)code + (uint64_t)i + 4;
#endif
	return address;
}

Test(filter, answers_as_the_kernel, .timeout = 300)
{
	const char *rounds = getenv("LOGTAP_FILTER_ROUNDS");
	int count = rounds ? atoi(rounds) : 3000;
	struct sock_filter program[HEAD + BODY + TAIL];
	struct seccomp_data asked = call;
	int answer[2];

	if (sizeof(long) != sizeof(*asked.args))
		cr_skip_test("half of the arguments is not to be had on this processor");
	asked.instruction_pointer = call_address();
	cr_assert(asked.instruction_pointer);
	cr_assert_eq(pipe(answer), 0);
	for (int i = 0; i < count; i++) {
		unsigned length = make_program(program);
		uint32_t said = lt_filter_run(program, length, &asked, &asked);
		uint16_t error = 0xfffe;
		int status;
		pid_t child = fork();

		if (!child)
			ask_kernel(program, length, answer[1]);
		cr_assert_eq(waitpid(child, &status, 0), child);
		switch (said & SECCOMP_RET_ACTION_FULL) {
		case SECCOMP_RET_KILL_PROCESS:
		case SECCOMP_RET_KILL_THREAD:
		case SECCOMP_RET_TRAP:
			cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
				  "program %d: %#x, status %#x", i, said, status);
			continue;
		default:
			break;
		}
		cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "program %d: status %#x",
			  i, status);
		cr_assert_eq(read(answer[0], &error, sizeof(error)), sizeof(error));
		cr_assert_neq(error, 0xffff, "program %d: the kernel doesn't take it", i);
		if ((said & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
			cr_assert_eq(error, said & SECCOMP_RET_DATA, "program %d: %u, not %u", i,
				     said & SECCOMP_RET_DATA, error);
		else
			/* ALLOW, LOG, and TRACE where nobody traces: there is no such call. */
			cr_assert_eq(error, ENOSYS, "program %d: %u", i, error);
	}
}

/* Whatever is said to calls between two is said to each of them. */
Test(filter, holds_for_each_call_between)
{
	struct sock_filter program[HEAD + BODY + TAIL];
	int allowed = 0;

	for (int i = 0; i < 200000; i++) {
		unsigned length = make_program(program);
		struct seccomp_data least = call, most = call, between = call;
		unsigned argument = any(6);
		uint32_t one = constant(), other = constant();

		program[length - 1] = (struct sock_filter)RETURN(ALLOW);
		program[HEAD + any(length - HEAD)] = (struct sock_filter)RETURN(ALLOW);
		program[HEAD + any(length - HEAD)] = (struct sock_filter)RETURN(TRAP);
		least.args[argument] = one < other ? one : other;
		most.args[argument] = one < other ? other : one;
		if (lt_filter_run(program, length, &least, &most) != SECCOMP_RET_ALLOW)
			continue;
		allowed++;
		for (int tries = 0; tries < 8; tries++) {
			uint64_t width = most.args[argument] - least.args[argument] + 1;

			any(2);
			between.args[argument] = least.args[argument] + state % width;
			cr_assert_eq(lt_filter_run(program, length, &between, &between),
				     SECCOMP_RET_ALLOW, "program %d", i);
		}
	}
	cr_assert_gt(allowed, 1000);
}
