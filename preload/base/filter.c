/* SPDX-License-Identifier: MIT */
/*
 * The interpreter of classic BPF, in the subset that the kernel's seccomp accepts
 * (seccomp_check_filter): whole words of struct seccomp_data, 32-bit arithmetic, forward jumps.
 *
 * Must never trust the program: it is the caller's memory, and the kernel has not checked it yet.
 * Where it is in doubt the answer is the most severe one.
 */
#include "filter.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define REFUSED SECCOMP_RET_KILL_PROCESS

struct machine {
	uint32_t a, x;
	uint32_t memory[BPF_MEMWORDS];
};

/* A word of the call, as the kernel's own load reads it: in the machine's byte order. */
static bool load_call(const struct seccomp_data *call, uint32_t offset, uint32_t *word)
{
	if (offset >= sizeof(*call) || offset % sizeof(*word))
		return false;
	memcpy(word, (const char *)call + offset, sizeof(*word));
	return true;
}

static bool load(const struct machine *machine, const struct sock_filter *step,
		 const struct seccomp_data *call, uint32_t *word)
{
	switch (BPF_MODE(step->code)) {
	case BPF_IMM:
		*word = step->k;
		return true;
	case BPF_LEN:
		*word = sizeof(*call);
		return true;
	case BPF_MEM:
		if (step->k >= BPF_MEMWORDS)
			return false;
		*word = machine->memory[step->k];
		return true;
	case BPF_ABS:
		return BPF_CLASS(step->code) == BPF_LD && load_call(call, step->k, word);
	default:
		return false;
	}
}

/* 1: done; 0: no such instruction; -1: a division by zero, which ends the program with 0. */
static int calculate(struct machine *machine, const struct sock_filter *step)
{
	bool by_x = BPF_SRC(step->code) == BPF_X;
	uint32_t value = by_x ? machine->x : step->k;

	switch (BPF_OP(step->code)) {
	case BPF_ADD:
		machine->a += value;
		return 1;
	case BPF_SUB:
		machine->a -= value;
		return 1;
	case BPF_MUL:
		machine->a *= value;
		return 1;
	case BPF_DIV:
		if (!value)
			return by_x ? -1 : 0;
		machine->a /= value;
		return 1;
	case BPF_OR:
		machine->a |= value;
		return 1;
	case BPF_AND:
		machine->a &= value;
		return 1;
	case BPF_XOR:
		machine->a ^= value;
		return 1;
	/* The kernel refuses a constant beyond 31, and takes the low five bits of a register. */
	case BPF_LSH:
		machine->a <<= value & 31;
		return by_x || value < 32;
	case BPF_RSH:
		machine->a >>= value & 31;
		return by_x || value < 32;
	case BPF_NEG:
		machine->a = -machine->a;
		return !by_x;
	default:
		return 0;
	}
}

/* How many instructions a jump skips; negative: no such jump. */
static int64_t jump(const struct machine *machine, const struct sock_filter *step)
{
	uint32_t value = BPF_SRC(step->code) == BPF_X ? machine->x : step->k;
	bool taken;

	switch (BPF_OP(step->code)) {
	case BPF_JA:
		return BPF_SRC(step->code) == BPF_K ? (int64_t)step->k : -1;
	case BPF_JEQ:
		taken = machine->a == value;
		break;
	case BPF_JGT:
		taken = machine->a > value;
		break;
	case BPF_JGE:
		taken = machine->a >= value;
		break;
	case BPF_JSET:
		taken = machine->a & value;
		break;
	default:
		return -1;
	}
	return taken ? step->jt : step->jf;
}

/* Loads, stores and moves; false: no such instruction. */
static bool transfer(struct machine *machine, const struct sock_filter *step,
		     const struct seccomp_data *call)
{
	switch (BPF_CLASS(step->code)) {
	case BPF_LD:
		return BPF_SIZE(step->code) == BPF_W && load(machine, step, call, &machine->a);
	case BPF_LDX:
		return BPF_SIZE(step->code) == BPF_W && load(machine, step, call, &machine->x);
	case BPF_ST:
	case BPF_STX:
		if (step->k >= BPF_MEMWORDS)
			return false;
		machine->memory[step->k] =
			BPF_CLASS(step->code) == BPF_ST ? machine->a : machine->x;
		return true;
	case BPF_MISC:
		if (BPF_MISCOP(step->code) == BPF_TAX)
			machine->x = machine->a;
		else if (BPF_MISCOP(step->code) == BPF_TXA)
			machine->a = machine->x;
		else
			return false;
		return true;
	default:
		return false;
	}
}

uint32_t lt_filter_run(const struct sock_filter *program, unsigned length,
		       const struct seccomp_data *call)
{
	struct machine machine = { 0 };

	if (length > BPF_MAXINSNS)
		return REFUSED;
	for (unsigned at = 0; at < length; at++) {
		const struct sock_filter step = program[at];
		int64_t skip = 0;

		switch (BPF_CLASS(step.code)) {
		case BPF_RET:
			if (BPF_RVAL(step.code) == BPF_A)
				return machine.a;
			return BPF_RVAL(step.code) == BPF_K ? step.k : REFUSED;
		case BPF_ALU:
			skip = calculate(&machine, &step);
			if (skip <= 0)
				return skip ? SECCOMP_RET_KILL_THREAD : REFUSED;
			skip = 0;
			break;
		case BPF_JMP:
			skip = jump(&machine, &step);
			break;
		default:
			skip = transfer(&machine, &step, call) ? 0 : -1;
			break;
		}
		if (skip < 0 || skip >= length - at)
			return REFUSED;
		at += (unsigned)skip;
	}
	return REFUSED;
}
