/* SPDX-License-Identifier: MIT */
/*
 * The state of the process and of the thread: data alone, at the bottom, so that no file needs a
 * larger one for a variable. Who writes each is said in shim.h. Must never hold a function.
 */
#include "shim.h"

uint32_t lt_word LT_START_DATA;
struct lt_settings lt_settings LT_START_DATA;
struct evh_transport lt_transport LT_START_DATA;
char lt_program[LT_PROGRAM_MAX] LT_START_DATA;
bool lt_confined LT_START_DATA;
int lt_debug_fd = -1;
bool lt_emulated LT_START_DATA;
bool lt_ending LT_START_DATA;
const struct lt_thread *lt_collector LT_START_DATA;
void (*lt_introduce)(void) LT_START_DATA;
LT_TLS struct lt_thread lt_thread;

_Static_assert(sizeof(struct lt_thread) <= 488, "with the encoder's 20 bytes, 512 of TLS");

char lt_page_room[2 * LT_PAGE];

/* Used until lt_process_notice_children, and where the kernel can't wipe a page. */
static struct lt_process unwiped LT_START_DATA;
struct lt_process *lt_process = &unwiped;
