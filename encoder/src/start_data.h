/* SPDX-License-Identifier: MIT */
/*
 * Where variables of a process's start are: on one page. A variable that is zero would be among
 * tables that are never touched, on a page of its own as good as always.
 */
#ifndef EVH_SRC_START_DATA_H
#define EVH_SRC_START_DATA_H

#define EVH_START_DATA __attribute__((section(".data")))

#endif
