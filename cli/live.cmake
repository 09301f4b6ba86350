# The live tools: the subcommands that look at the running kernel, and what they need.
find_package(PkgConfig REQUIRED)
pkg_check_modules(TRACEFS REQUIRED IMPORTED_TARGET libtracefs libtraceevent libelf)
target_sources(logtap PRIVATE
	catalog.c
	doctor.c
	doctor_collect.c
	doctor_kernel.c
	doctor_library.c
	doctor_program.c
	hold.c
	instance.c
	register.c
	ring.c
	tail.c
	tail_options.c
	tasks.c
	tracing.c
)
target_link_libraries(logtap PRIVATE evh_static evh-decode-static PkgConfig::TRACEFS)
