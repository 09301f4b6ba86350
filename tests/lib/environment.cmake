# Read by ctest before it starts the first test: what a person's own environment changes about the
# programs that the tests run (their language, their options, logtap's own settings) stays outside.
set(ENV{LC_ALL} C.UTF-8)
foreach(name LANGUAGE POSIXLY_CORRECT GREP_OPTIONS MAKEFLAGS MAKELEVEL NO_COLOR PAGER LESS LD_PRELOAD
		LD_BIND_NOW LD_DEBUG GLIBC_TUNABLES
		LOGTAP_CAPTURE LOGTAP_DEBUG LOGTAP_DETECT LOGTAP_DISABLE LOGTAP_LEVEL LOGTAP_LIBRARY
		LOGTAP_ONLY LOGTAP_PAGER LOGTAP_PASSTHROUGH LOGTAP_PROVIDER LOGTAP_SINK LOGTAP_SKIP
		LOGTAP_STDERR_LEVEL)
	unset(ENV{${name}})
endforeach()
