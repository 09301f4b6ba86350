# SPDX-License-Identifier: MIT
"""`cmake --install` into an empty folder gives something that works: a program built against it
with pkg-config, one with find_package(evh), and the installed logtap itself."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading

import harness

CONSUMER = """
#include <evh/tracepoint.h>
#include <stdio.h>
#include <string.h>
int main(void)
{
	static unsigned char memory[256];
	static unsigned char room[EVH_HEADROOM + 8 + EVH_TAILROOM];
	static const unsigned char event[8] = { EVH_FLAG_POINTER64, 0, 0, 0, 0, 0, 0, 4 };
	static uint32_t word;
	struct evh_transport transport = { 0 };
	struct evh_tracepoint point;

	if (evh_transport_use_memory(&transport, memory, sizeof(memory)) != 0 ||
	    evh_tracepoint_register(&point, &transport, "Consumer_L4K1", &word, 0) != 0)
		return 1;
	memcpy(room + EVH_HEADROOM, event, sizeof(event));
	if (evh_tracepoint_send(&point, room + EVH_HEADROOM, sizeof(event)) != 0)
		return 2;
	printf("sent %u\\n", (unsigned)transport.memory_sent);
	return 0;
}
"""

LISTS = """
cmake_minimum_required(VERSION 3.22)
project(consumer C)
find_package(evh REQUIRED)
add_executable(shared consumer.c)
target_link_libraries(shared PRIVATE evh::evh)
add_executable(static consumer.c)
target_link_libraries(static PRIVATE evh::evh_static)
"""


def sh(*argv, **keywords):
    done = subprocess.run(argv, capture_output=True, text=True, check=False, **keywords)
    if done.returncode != 0:
        print(f"{' '.join(argv)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
        sys.exit(1)
    return done.stdout


def one(folder, name):
    for here, _, names in os.walk(folder):
        if name in names:
            return os.path.join(here, name)
    print(f"{name} was not installed")
    sys.exit(1)


harness.need("cmake", "pkg-config")
scratch = tempfile.mkdtemp(prefix="logtap-install-")
try:
    prefix = os.path.join(scratch, "usr")
    sh("cmake", "--install", harness.BUILD, "--prefix", prefix)
    with open(os.path.join(scratch, "consumer.c"), "w", encoding="utf-8") as file:
        file.write(CONSUMER)
    with open(os.path.join(scratch, "CMakeLists.txt"), "w", encoding="utf-8") as file:
        file.write(LISTS)

    # pkg-config: the file finds its prefix from where it lies.
    environment = dict(os.environ, PKG_CONFIG_PATH=os.path.dirname(one(prefix, "evh.pc")))
    flags = sh("pkg-config", "--cflags", "--libs", "evh",
               env=environment).split()
    library_folder = os.path.dirname(one(prefix, "libevh.so"))
    binary = os.path.join(scratch, "by-pkg-config")
    sh(os.environ.get("CC", "cc"), "-Wall", "-Werror", "-o", binary,
       os.path.join(scratch, "consumer.c"), *flags, f"-Wl,-rpath,{library_folder}")
    assert sh(binary) == "sent 1\n"

    # find_package, shared and static.
    build = os.path.join(scratch, "build")
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    sh("cmake", "-S", scratch, "-B", build, *generator, f"-DCMAKE_PREFIX_PATH={prefix}",
       f"-DCMAKE_C_COMPILER={os.environ.get('CC', 'cc')}")
    sh("cmake", "--build", build)
    assert sh(os.path.join(build, "shared")) == "sent 1\n"
    assert sh(os.path.join(build, "static")) == "sent 1\n"

    # The installed command finds its library by itself, and both work from there.
    logtap = os.path.join(prefix, "bin", "logtap")
    recording = os.path.join(scratch, "x.data")
    clean = harness.clean_environment()
    subprocess.run([logtap, "record", "-o", recording, "sh", "-c", "echo installed >&2; env"],
                   env=clean, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    assert sh(logtap, "view", "--output=cat", recording, env=clean) == "installed\n"
    # Programs start while the library is installed anew: their loader always finds a whole one.
    library = one(prefix, "liblogtap.so")
    preloaded = dict(clean, LD_PRELOAD=library)
    stop = threading.Event()
    said = []

    def start_programs():
        while not stop.is_set():
            done = subprocess.run(["/bin/true"], env=preloaded, capture_output=True, check=False)
            if done.returncode or done.stderr:
                said.append(done.stderr)

    starter = threading.Thread(target=start_programs)
    starter.start()
    for _ in range(15):
        # Another file by then, so that it isn't passed over as up to date; put there as a whole.
        shutil.copy(library, library + ".other")
        with open(library + ".other", "ab") as file:
            file.write(b"x")
        os.rename(library + ".other", library)
        before = os.stat(library).st_ino
        sh("cmake", "--install", harness.BUILD, "--prefix", prefix)
        assert os.stat(library).st_ino != before, "it was written in place"
    stop.set()
    starter.join()
    assert not said, said[0]
    built = os.path.join(harness.BUILD, "lib", "liblogtap.so")
    with open(library, "rb") as installed, open(built, "rb") as wanted:
        assert installed.read() == wanted.read()
    assert [name for name in os.listdir(os.path.dirname(library)) if "liblogtap" in name] == \
        ["liblogtap.so"], "a copy stayed behind"
    assert os.stat(library).st_mode & 0o777 == 0o755
    before = os.stat(library).st_ino
    sh("cmake", "--install", harness.BUILD, "--prefix", prefix)
    assert os.stat(library).st_ino == before, "nothing had changed"

    # By somebody whose new files are his own: others can still use all of it.
    private = os.path.join(scratch, "private")
    sh("sh", "-c", 'umask 077; exec "$@"', "sh", "cmake", "--install", harness.BUILD, "--prefix", private)
    for here, folders, names in os.walk(private):
        for path in [here, *(os.path.join(here, name) for name in names)]:
            wanted = 0o555 if path == here else 0o444
            if path != private and not os.path.islink(path):
                assert os.stat(path).st_mode & wanted == wanted, f"{path}: {oct(os.stat(path).st_mode)}"

    # A package builder's: below DESTDIR, and stripped.
    staged = os.path.join(scratch, "staged")
    sh("cmake", "--install", harness.BUILD, "--prefix", "/opt/x", "--strip",
       env=dict(clean, DESTDIR=staged))
    below = os.path.relpath(library, prefix)
    assert os.path.getsize(os.path.join(staged, "opt/x", below)) < os.path.getsize(library)
    print("installed files:")
    for here, _, names in sorted(os.walk(prefix)):
        for name in sorted(names):
            print("   ", os.path.relpath(os.path.join(here, name), prefix))
finally:
    shutil.rmtree(scratch)
