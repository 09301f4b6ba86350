# Compilers, linkers and the tools around them.

#: name=gcc packages=gcc,libc6-dev quick
cat >broken.c <<'EOF'
#include <stdio.h>
int main(void) { int unused; printf("%d\n", "text"); return undeclared }
#warning a warning of ours
EOF
gcc -Wall -c broken.c; gcc nothing.c; gcc -Wnope -c; echo 'int f(void){return g();}' >ok.c; gcc -c ok.c; gcc ok.o -o x; gcc -fdiagnostics-color=always -Wall -c broken.c; gcc -v -E -x c /dev/null -o /dev/null

#: name=gxx packages=g++
cat >broken.cc <<'EOF'
#include <vector>
#include <iostream>
int main() { std::vector<int> v; v.push_bck(1); std::cout << undefined_thing; auto x = ; }
EOF
g++ -c broken.cc; echo 'int main(){throw 1;}' >t.cc; g++ t.cc -o t && (ulimit -c 0; ./t)

#: name=cxx-streams packages=g++
cat >s.cc <<'EOF'
#include <iostream>
#include <fstream>
int main(int argc, char **) {
	if (argc > 1) std::ios::sync_with_stdio(false);
	std::cerr << "cerr " << 1 << ' ' << 2.5 << std::endl;
	std::clog << "clog line\n" << "clog partial";
	std::wcerr << L"wide" << std::endl;
	std::cerr << std::unitbuf << "a" << "b" << "c\n";
	std::ofstream f("/dev/stderr"); f << "through a file\n";
}
EOF
g++ s.cc -o s && ./s && ./s x

#: name=clang packages=clang-14,libc6-dev
printf 'int main(void) { int x = "s"; return y }\n' >b.c; clang-14 -c b.c; clang-14 nothing.c; printf 'int main(void){return 1/0;}' >w.c; clang-14 -fcolor-diagnostics -c w.c; clang-14 -fsyntax-only -Weverything w.c

#: name=ld-as packages=binutils quick
ld nothing.o; echo 'bogus instruction' >x.s; as x.s -o x.o; echo '.globl _start; _start: call nowhere' >y.s; as y.s -o y.o && ld y.o -o y; ar t nothing.a; nm nothing; objdump -d /etc/hostname; readelf -h /etc/hostname; strip nothing; objcopy /etc/hostname x; addr2line -e nothing 0

#: name=make packages=make quick
printf 'all: a b\na:\n\t@echo building a >&2\nb: a\n\tfalse\n' >Makefile; make; make nothing; make -f nothing; printf 'x:\n  bad\n' >bad.mk; make -f bad.mk; printf '$(warning careful)\n$(error stop)\n' >err.mk; make -f err.mk; printf 'i:\n\t-ls /nonexistent\n' >i.mk; make -f i.mk

#: name=make-parallel packages=make,gcc,libc6-dev quick order=any
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf '#warning file %d\nint f%d(void) { int u; return 0; }\n' $i $i >f$i.c; done
printf 'O = $(patsubst %%.c,%%.o,$(wildcard f*.c))\nall: $(O)\n%%.o: %%.c\n\t$(CC) -Wall -c $<\n' >Makefile; make -s -j4

#: name=cmake packages=cmake,make,gcc,libc6-dev
printf 'cmake_minimum_required(VERSION 3.22)\nproject(x C)\nmessage(STATUS s)\nmessage(WARNING w)\nmessage(NOTICE n)\nmessage(SEND_ERROR e)\nfind_package(NothingHere REQUIRED)\n' >CMakeLists.txt
cmake -S . -B b; cmake --build nothing; cmake -P nothing.cmake; cmake --nope

#: name=autoconf packages=autoconf
printf 'AC_INIT([x],[1])\nAC_BOGUS\nAC_OUTPUT\n' >configure.ac; autoconf; autoreconf nothing; printf 'AC_INIT([x],[1])\nAC_MSG_WARN([careful])\nAC_MSG_ERROR([stop here])\n' >configure.ac; autoconf && ./configure

#: name=flex-bison packages=flex,bison
printf '%%%%\n[a\n%%%%\n' >x.l; flex x.l; printf '%%%%\na: b;\n' >x.y; bison x.y; printf '%%token T\n%%%%\ns: e; e: T | e e | T;\n' >y.y; bison -Wall -Wcounterexamples y.y; bison nothing

#: name=gdb packages=gdb,gcc,libc6-dev
echo 'int main(void){return 3;}' >m.c; gcc -g m.c -o m; gdb -nx -batch -ex 'info nothing' -ex 'print undefined' -ex 'bt' ./m; gdb -nx -batch -ex run ./m; gdb -nx -batch nothing

#: name=strace packages=strace
strace -e trace=write -o t.txt sh -c 'echo x >&2'; strace nosuch; strace -e trace=nope ls; strace -e trace=exit_group -- ls /nonexistent

#: name=valgrind packages=valgrind,gcc,libc6-dev note=valgrind-prints-by-raw-system-calls
printf '#include <stdlib.h>\n#include <stdio.h>\nint main(void){char*p=malloc(3);fprintf(stderr,"read %%d\\n",p[3]==7);return 0;}' >v.c; gcc -g v.c -o v; valgrind -q --log-file=vg.txt ./v; rm -f vg.txt
