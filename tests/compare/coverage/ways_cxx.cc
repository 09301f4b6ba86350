/* SPDX-License-Identifier: MIT */
// The ways through libstdc++: see ways.c.
#include "ways.h"

#include <cstring>
#include <iostream>
#include <stdexcept>

namespace
{

void cerr()
{
	std::cerr << "cerr " << 42 << ' ' << 2.5 << std::endl;
}

void clog()
{
	std::clog << "clog " << 42 << std::endl;
	std::clog << "clog without a newline";
}

void wcerr()
{
	std::wcerr << L"wcerr " << 42 << std::endl;
}

void cerr_unsynced()
{
	std::ios::sync_with_stdio(false);
	std::cerr << "unsynced " << 42 << '\n' << std::flush;
}

void clog_unsynced()
{
	std::ios::sync_with_stdio(false);
	std::clog << "buffered " << 42 << '\n';
	std::clog << "and a tail";
}

void terminate()
{
	throw std::runtime_error("nobody catches this");
}

const way ways[] = {
	{ "cerr", cerr },
	{ "clog", clog },
	{ "wcerr", wcerr },
	{ "cerr_unsynced", cerr_unsynced },
	{ "clog_unsynced", clog_unsynced },
	{ "terminate", terminate },
};

} // namespace

bool way_cxx(const char *name)
{
	for (const way &w : ways) {
		if (std::strcmp(w.name, name) == 0) {
			w.go();
			return true;
		}
	}
	return false;
}
