/* SPDX-License-Identifier: MIT */
// Complains through C++'s streams, then dies of an exception nobody catches.
#include <iostream>
#include <stdexcept>

int main(int argc, char **)
{
	std::cout << "to stdout" << std::endl;
	std::cerr << "cerr: " << 1 << ' ' << 2.5 << '\n';
	std::clog << "clog is buffered: " << std::hex << 255 << std::endl;
	std::ios::sync_with_stdio(false);
	std::cerr << "unsynced" << std::endl;
	std::clog << "left to the destructors";
	if (argc > 1)
		throw std::runtime_error("nobody catches this");
	return 3;
}
