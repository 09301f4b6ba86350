/* SPDX-License-Identifier: MIT */
/*
 * The interpreter of classic BPF, in the subset that the kernel's seccomp accepts
 * (seccomp_check_filter): whole words of struct seccomp_data, 32-bit arithmetic, forward jumps.
 *
 * Must never trust the program: it is the caller's memory, and the kernel has not checked it yet.
 * Where it is in doubt the answer is the most severe one.
 *
 * What isn't known of a call is known to lie between two values, and so is all that is computed of
 * it. A jump that may go either way is gone both ways.
 */
#include "filter.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define REFUSED SECCOMP_RET_KILL_PROCESS

/* Ways left for later, of 152 bytes each: filters compare an argument with a few values one after
 * the other. */
#define FORKS 12

/* A word of which the ends are known. */
struct range {
	uint32_t low, high;
};

static const struct range anything = { 0, UINT32_MAX };

struct machine {
	struct range a, x;
	struct range memory[BPF_MEMWORDS];
	unsigned at; /* the next instruction */
};

/* What is run, and the ways through it that are still to be gone. */
struct run {
	const struct sock_filter *program;
	unsigned length;
	const struct seccomp_data *least, *most;
	unsigned steps; /* that may still be made */
	unsigned count;
	struct machine pending[FORKS];
};

static struct range exactly(uint32_t value)
{
	return (struct range){ value, value };
}

static bool is_exact(struct range range)
{
	return range.low == range.high;
}

/* A word of the call, as the kernel's own load reads it: in the machine's byte order. */
static bool load_call(const struct run *run, uint32_t offset, struct range *word)
{
	if (offset >= sizeof(*run->least) || offset % sizeof(word->low))
		return false;
	memcpy(&word->low, (const char *)run->least + offset, sizeof(word->low));
	memcpy(&word->high, (const char *)run->most + offset, sizeof(word->high));
	return true;
}

static bool load(const struct machine *machine, const struct sock_filter *step,
		 const struct run *run, struct range *word)
{
	switch (BPF_MODE(step->code)) {
	case BPF_IMM:
		*word = exactly(step->k);
		return true;
	case BPF_LEN:
		*word = exactly(sizeof(*run->least));
		return true;
	case BPF_MEM:
		if (step->k >= BPF_MEMWORDS)
			return false;
		*word = machine->memory[step->k];
		return true;
	case BPF_ABS:
		return BPF_CLASS(step->code) == BPF_LD && load_call(run, step->k, word);
	default:
		return false;
	}
}

/* 1: done; 0: no such instruction; -1: a division by zero, which ends the program with 0. */
static int calculate_exactly(uint32_t *a, uint32_t value, const struct sock_filter *step)
{
	bool by_x = BPF_SRC(step->code) == BPF_X;

	switch (BPF_OP(step->code)) {
	case BPF_ADD:
		*a += value;
		return 1;
	case BPF_SUB:
		*a -= value;
		return 1;
	case BPF_MUL:
		*a *= value;
		return 1;
	case BPF_DIV:
		if (!value)
			return by_x ? -1 : 0;
		*a /= value;
		return 1;
	case BPF_OR:
		*a |= value;
		return 1;
	case BPF_AND:
		*a &= value;
		return 1;
	case BPF_XOR:
		*a ^= value;
		return 1;
	/* The kernel refuses a constant beyond 31, and takes the low five bits of a register. */
	case BPF_LSH:
		*a <<= value & 31;
		return by_x || value < 32;
	case BPF_RSH:
		*a >>= value & 31;
		return by_x || value < 32;
	case BPF_NEG:
		*a = -*a;
		return !by_x;
	default:
		return 0;
	}
}

/* As calculate_exactly. Of what isn't known exactly, the result may be anything. */
static int calculate(struct machine *machine, const struct sock_filter *step)
{
	struct range value = BPF_SRC(step->code) == BPF_X ? machine->x : exactly(step->k);
	uint32_t a = machine->a.low;
	int done = calculate_exactly(&a, value.low, step);

	if (is_exact(machine->a) && is_exact(value)) {
		machine->a = exactly(a);
		return done;
	}
	if (BPF_OP(step->code) == BPF_DIV && !value.low)
		return -1;
	machine->a = anything;
	/* How a half of an argument is masked. */
	if (BPF_OP(step->code) == BPF_AND)
		machine->a.high = value.high;
	return done;
}

/* Which ways a jump can go. */
enum ways { NO_JUMP, STAYS = 1, JUMPS = 2, EITHER = STAYS | JUMPS };

static enum ways ways_of(bool jumps, bool stays)
{
	return jumps ? JUMPS : stays ? STAYS : EITHER;
}

static enum ways compare(const struct machine *machine, const struct sock_filter *step)
{
	struct range a = machine->a;
	struct range value = BPF_SRC(step->code) == BPF_X ? machine->x : exactly(step->k);
	bool exact = is_exact(a) && is_exact(value);

	switch (BPF_OP(step->code)) {
	case BPF_JEQ:
		return ways_of(exact && a.low == value.low,
			       a.high < value.low || a.low > value.high);
	case BPF_JGT:
		return ways_of(a.low > value.high, a.high <= value.low);
	case BPF_JGE:
		return ways_of(a.low >= value.high, a.high < value.low);
	case BPF_JSET:
		return ways_of(exact && (a.low & value.low), exact && !(a.low & value.low));
	default:
		return NO_JUMP;
	}
}

/* Loads, stores and moves; false: no such instruction. */
static bool transfer(struct machine *machine, const struct sock_filter *step, const struct run *run)
{
	switch (BPF_CLASS(step->code)) {
	case BPF_LD:
		return BPF_SIZE(step->code) == BPF_W && load(machine, step, run, &machine->a);
	case BPF_LDX:
		return BPF_SIZE(step->code) == BPF_W && load(machine, step, run, &machine->x);
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

static bool skip(const struct run *run, struct machine *machine, uint32_t count)
{
	if (count >= run->length - machine->at)
		return false;
	machine->at += count;
	return true;
}

/* Where a jump can go either way, one of them is left for later. */
static bool jump(struct run *run, struct machine *machine, const struct sock_filter *step)
{
	enum ways ways;

	if (step->code == (BPF_JMP | BPF_JA))
		return skip(run, machine, step->k);
	ways = compare(machine, step);
	if (ways == EITHER) {
		struct machine *other = &run->pending[run->count];

		if (run->count == FORKS)
			return false;
		run->count++;
		*other = *machine;
		if (!skip(run, other, step->jt))
			return false;
	}
	return ways != NO_JUMP && skip(run, machine, ways == JUMPS ? step->jt : step->jf);
}

/* From one state to the end of the program. */
static uint32_t go(struct run *run, struct machine *machine)
{
	while (machine->at < run->length && run->steps--) {
		const struct sock_filter step = run->program[machine->at++];
		int calculated;

		switch (BPF_CLASS(step.code)) {
		case BPF_RET:
			if (BPF_RVAL(step.code) == BPF_A)
				return is_exact(machine->a) ? machine->a.low : REFUSED;
			return BPF_RVAL(step.code) == BPF_K ? step.k : REFUSED;
		case BPF_ALU:
			calculated = calculate(machine, &step);
			if (calculated <= 0)
				return calculated ? SECCOMP_RET_KILL_THREAD : REFUSED;
			break;
		case BPF_JMP:
			if (!jump(run, machine, &step))
				return REFUSED;
			break;
		default:
			if (!transfer(machine, &step, run))
				return REFUSED;
			break;
		}
	}
	return REFUSED;
}

uint32_t lt_filter_run(const struct sock_filter *program, unsigned length,
		       const struct seccomp_data *least, const struct seccomp_data *most)
{
	struct run run = { .program = program,
			   .length = length,
			   .least = least,
			   .most = most,
			   .steps = 4 * BPF_MAXINSNS,
			   .count = 1 };
	uint32_t result = length > BPF_MAXINSNS ? REFUSED : SECCOMP_RET_ALLOW;

	while (run.count && (result & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW) {
		struct machine machine = run.pending[--run.count];

		result = go(&run, &machine);
	}
	return result;
}
