/* SPDX-License-Identifier: MIT */
/*
 * Compile-time events: events whose names and fields the compiler knows. It builds their metadata
 * into read-only data; at run time the metadata and the values are copied into one buffer on the
 * stack and sent with one system call. When nobody listens, an event costs one load and one branch
 * that is not taken. (Events that are only known at run time: evh/builder.h.)
 *
 *	#include <evh/provider.h>
 *
 *	EVH_PROVIDER_DEFINE(my_provider, "MyCo_App");
 *
 *	int main(void)
 *	{
 *		evh_provider_register(&my_provider);
 *		...
 *		EVH_WRITE(my_provider, "Failed", EVH_LEVEL(EVH_LEVEL_ERROR), EVH_KEYWORD(0x1),
 *			  EVH_U32("attempt", attempt), EVH_ZSTR8("path", path));
 *		...
 *		evh_provider_unregister(&my_provider);
 *	}
 *
 * The tracepoint of that event is MyCo_App_L2K1. Link with libevh (pkg-config evh). C11 and C++11
 * with GNU extensions, gcc and clang.
 *
 * Threads, signals, fork: EVH_WRITE and EVH_ENABLED may be used anywhere, by any number of threads,
 * in signal handlers, and after fork and vfork, as long as the field expressions may; they take no
 * lock, allocate nothing and leave errno alone. A thread that is cancelled is not cancelled in
 * them. Registering and unregistering take a lock: from any thread, but not from signal handlers.
 */
#ifndef EVH_PROVIDER_H
#define EVH_PROVIDER_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#if defined(__cplusplus) ? __cplusplus < 201103L : __STDC_VERSION__ < 201112L
#	error "evh/provider.h needs C11 or C++11, or a later one (-std=gnu11, -std=gnu++11)"
#endif

#include <errno.h>

#include <evh/detail/provider.h>
#include <evh/fields.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * EVH_PROVIDER_DECLARE(symbol);
 *
 * Makes a provider known that another file of the same program or library defines. At file scope,
 * in a header. `symbol` has C linkage, so C and C++ files can share it.
 *
 * A provider ends at the borders of its program or shared library (its symbol is hidden). Another
 * library defines and registers one of its own, with the same name if its events belong together:
 * to collectors they are one.
 */
#define EVH_PROVIDER_DECLARE(symbol) EVHI_C_LINKAGE EVHI_HIDDEN struct evh_provider symbol

/*
 * EVH_PROVIDER_DEFINE(symbol, "name");
 * EVH_PROVIDER_DEFINE(symbol, "name", "group");
 *
 * Defines a provider. At file scope, in one file; it starts unregistered.
 *
 * name: string literal of 1 to 233 bytes without space, ':', ';', '/'; portable are letters, digits
 *	and '_', not beginning with a digit. It is the first part of the names of the tracepoints.
 * group: string literal of lower-case letters and digits, for collectors that select providers by
 *	group; appears as `G<group>` in the names.
 *
 * A provider that is registered when its library is unloaded is unregistered then. At exit that
 * happens after the library's own destructors; whoever writes still later gets -EBADF. A library
 * that is loaded and unloaded many times should use the shared libevh, which stays: the process's
 * descriptor of user_events is never closed, and with the static one each load opens another.
 */
#define EVH_PROVIDER_DEFINE(symbol, ...) EVHI_PROVIDER(symbol, __VA_ARGS__, "", ~)

/*
 * Registers the tracepoint of every event of the provider, in whichever file of the program or
 * library it is, with the process's user_events (evh_transport_default). Does nothing when that has
 * been done. Events of C++ libraries that are still being loaded follow when they are.
 *
 * Best called once, early in main(): the kernel tracks registrations by the thread that first
 * registered anything, and the enable word of a thread that existed before stays as it is.
 *
 * 0, or a negative errno when it can't be: -ENOENT (a kernel without user_events, or no tracefs),
 * -EACCES (no right to open user_events_data). When some tracepoints could be registered and some
 * not (-EADDRINUSE: the name exists with other fields; -EMFILE: the system's limit; -EINVAL,
 * -ENAMETOOLONG: name and group make no tracepoint name), the result is the first such error, the
 * others work, and calling it again tries again.
 * In all cases the program may go on: what is not registered is never enabled.
 *
 * Threads: any. fork: the child has the same registrations. exec: drops them. Not for signal
 * handlers.
 */
EVH_API int evh_provider_register(struct evh_provider *provider);

/*
 * The same with another transport (evh/tracepoint.h), for tests, benchmarks and recordings. The
 * transport must stay open until the provider is unregistered and no thread is writing.
 * -EBUSY when the provider is registered with a different one.
 */
EVH_API int evh_provider_register_to(struct evh_provider *provider,
				     struct evh_transport *transport);

/*
 * Unregisters all tracepoints. Does nothing when the provider is not registered. Other threads may
 * be writing: their events still go out or give -EBADF. The provider can be registered again; with
 * a different transport only when no thread is writing.
 * 0, or the first negative errno that the kernel gave; the provider is unregistered all the same.
 * Threads: any. Not for signal handlers.
 */
EVH_API int evh_provider_unregister(struct evh_provider *provider);

/*
 * What EVH_PROVIDER_DEFINE was given: the name, and the group or "". Any thread, signal handlers.
 *
 *	printf("%s\n", evh_provider_name(&my_provider));
 */
static inline const char *evh_provider_name(const struct evh_provider *provider)
{
	return provider->name;
}

static inline const char *evh_provider_group(const struct evh_provider *provider)
{
	return provider->group;
}

/* What stands behind the keyword in the names of its tracepoints: "G" and the group, or "". */
static inline const char *evh_provider_options(const struct evh_provider *provider)
{
	return *provider->group ? provider->group - 1 : provider->group;
}

/*
 * How many events of the provider somebody listened to and didn't get, since the program started:
 * too large (-E2BIG), or whatever else EVH_WRITE returned but -EBADF. Any thread, signal handlers.
 */
static inline uint64_t evh_provider_lost(const struct evh_provider *provider)
{
	return __atomic_load_n(&provider->lost, __ATOMIC_RELAXED);
}

#ifdef __cplusplus
}
#endif

/*
 * bool EVH_ENABLED(provider, level, keyword)
 *
 * Whether anybody listens to the events of this level and keyword. Worth asking when the values of
 * an event are dear. level (enum evh_level, 1 to 255) and keyword are constants; their
 * tracepoint is registered whether or not an event with them exists.
 */
#define EVH_ENABLED(provider, level, keyword)                                                      \
	__extension__({                                                                            \
		EVHI_CHECK_LEVEL(level)                                                            \
		EVHI_CHECK_KEYWORD(keyword)                                                        \
		EVHI_DEFINE_SITE(provider, (uint8_t)(level), (uint64_t)(keyword), NULL)            \
		(bool)(!evhi_quiet(&(provider)) && evhi_wanted(&evhi_site));                       \
	})

/*
 * int EVH_WRITE(provider, "name", option or field, ...)
 *
 *	EVH_WRITE(my_provider, "Opened", EVH_LEVEL(EVH_LEVEL_INFORMATION), EVH_ZSTR8("path", path));
 *
 * Sends an event. A statement, or an expression, in a function.
 *
 * provider: the symbol of EVH_PROVIDER_DEFINE. What only names a provider at run time (*pointer)
 *	does not compile.
 * name: of the event; string literal of 1 to 255 bytes without ';'.
 * options, each a constant, in any place and order:
 *	EVH_LEVEL(enum evh_level)	1 to 255; without it EVH_LEVEL_VERBOSE
 *	EVH_KEYWORD(bits)		several are or-ed; 0 is one as well; without any 0x1
 *	EVH_OPCODE(enum evh_opcode)	0 to 255; without it EVH_OPCODE_INFO
 *	EVH_TAG(tag)			0 to 65535, the provider's own mark
 *	EVH_ID(id, version)		a stable number of the event (1 to 65535), and of the
 *					version of its fields (0 to 255)
 *	EVH_ACTIVITY(id)		the activity that the event belongs to: points at 16 bytes
 *					in network order, at run time; NULL is sent as zeros
 *	EVH_ACTIVITY_RELATED(id, related)
 *					and the activity that it came from
 * fields: see evh/fields.h. Up to 175 fields and options in one list; structs have lists of their
 *	own. A mistake in a list is told in one sentence with the names of the event and the
 *	field.
 *
 * Values are evaluated when somebody listens, once, in order, and not otherwise. They must stay
 * readable until the event is sent (C++: temporaries do).
 *
 * 0; -EBADF: nobody listens; -E2BIG: a value of more than 65535 units, or an event above the
 * transport's limit (4048 bytes for user_events, see evh_transport_set_size_max); else what
 * evh_tracepoint_send returns. A program that only wants to be observed ignores the result.
 *
 * Stack: in the function that has the event its values of fixed size, and two words for each other
 * value; while it is sent, its size and about 150 bytes, or of an event above 8 KiB what is not in
 * long values.
 *
 * Threads, signals, fork: see the beginning of this file.
 */
#define EVH_WRITE(provider, ...)                                                                   \
	__extension__({ EVHI_ASSERTION(EVHI_WRITE(provider, __VA_ARGS__, EVHI_NO) })

/* EVH_LEVEL(enum evh_level): an option of EVH_WRITE; EVH_LEVEL_VERBOSE without it */
#define EVH_LEVEL(level)                                                                           \
	EVHI_GIVEN("EVH_LEVEL", level,                                                             \
		   (evhi_option, (char EVH_LEVEL_is_there_twice;), EVHI_PACK_LEVEL(level), 0,      \
		    (EVHI_CHECK_LEVEL(level))))
/* EVH_KEYWORD(bits): an option of EVH_WRITE; several are or-ed, 0x1 without any */
#define EVH_KEYWORD(keyword)                                                                       \
	EVHI_GIVEN("EVH_KEYWORD", keyword,                                                         \
		   (evhi_option, (), EVHI_PACK_KEYWORD, (uint64_t)(keyword),                       \
		    (EVHI_CHECK_KEYWORD(keyword))))
/* EVH_OPCODE(enum evh_opcode): an option of EVH_WRITE */
#define EVH_OPCODE(opcode)                                                                         \
	EVHI_GIVEN("EVH_OPCODE", opcode,                                                           \
		   (evhi_option, (char EVH_OPCODE_is_there_twice;), EVHI_PACK_OPCODE(opcode), 0,   \
		    (EVHI_CHECK_OPCODE(opcode))))
/* EVH_ID(id, version): an option of EVH_WRITE; a stable number of the event */
#define EVH_ID(id, version)                                                                        \
	(evhi_option, (char EVH_ID_is_there_twice;),                                               \
	 EVHI_PACK_ID(id) + EVHI_PACK_VERSION(version), 0, (EVHI_CHECK_ID(id, version)))
/* EVH_ACTIVITY(id): an option of EVH_WRITE; 16 bytes in network order */
#define EVH_ACTIVITY(id)                                                                           \
	EVHI_GIVEN("EVH_ACTIVITY", id,                                                             \
		   (evhi_activity, 1, (char EVH_ACTIVITY_is_there_twice;),                         \
		    (EVHI_CHECK_BYTES(EVHI_ASSERTION, "EVH_ACTIVITY", id)), (EVHI_PUT_ID(0, id))))
/* EVH_ACTIVITY_RELATED(id, related): the same, and the activity it came from */
#define EVH_ACTIVITY_RELATED(id, related)                                                          \
	(evhi_activity, 2, (char EVH_ACTIVITY_is_there_twice;),                                    \
	 (EVHI_CHECK_BYTES(EVHI_ASSERTION, "EVH_ACTIVITY_RELATED", id)                             \
		  EVHI_CHECK_BYTES(EVHI_ASSERTION, "EVH_ACTIVITY_RELATED", related)),              \
	 (EVHI_PUT_ID(0, id) EVHI_PUT_ID(1, related)))

#include <evh/detail/site.h>

#endif
