/* SPDX-License-Identifier: MIT */
/*
 * The two structures behind provider.h, and how an event becomes known to its provider before
 * anything runs. Everything here may be looked at by debuggers and by nobody else.
 *
 * C: an entry for each event in the section evh_events; the linker supplies its ends.
 * C++: a static member of a template that the site instantiates, whose initializer adds the event.
 *	(The section is no way there: g++ gives functions that several files share, inline ones and
 *	templates, sections of another kind, and refuses to mix them.) The entry is there all the
 *	same: `logtap register PROGRAM` finds the entries of either language in a program's file.
 */
#ifndef EVH_DETAIL_PROVIDER_H
#define EVH_DETAIL_PROVIDER_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <evh/detail/list.h>
#include <evh/tracepoint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One EVH_WRITE or EVH_ENABLED. All events of one level and keyword share a tracepoint: the first
 * of them holds its registration, all know its bit and index.
 */
struct evh_site {
	/* The enable word that says whether anybody listens: the provider's, or that of the first
	 * event of the tracepoint. `mask` is 0 until the tracepoint has been registered once. */
	uint32_t *word;
	struct evh_provider *provider;
	uint64_t keyword;
	struct evh_site *next;
	uint32_t mask;
	uint32_t index;	   /* of the tracepoint, see struct evh_tracepoint */
	uint32_t own_word; /* the enable word, when the provider's has no bit left */
	uint8_t level;
	uint8_t place;	 /* in the enable words: 0 none yet, 1 to 31 a bit of the provider's, 32 own
			  */
	bool added;	 /* is in the provider's list */
	bool registered; /* holds the registration */
};

/* An event, and its header with its metadata behind it; NULL for EVH_ENABLED, which has none. */
struct evh_entry {
	struct evh_site *site;
	const void *metadata;
};

/* A provider: the events of one name in one program or shared library. */
struct evh_provider {
	/*
	 * The enable word of the first 31 tracepoints; bit 31 says that there are more, which have
	 * words of their own. So 0 means that nobody listens to anything.
	 */
	uint32_t evhi_word;
	uint32_t places; /* given out so far */
	const char *name;
	const char *group;	       /* behind the letter that it has among the options */
	struct evh_entry *begin, *end; /* the section of C events, of all providers */
	struct evh_site *sites;
	struct evh_transport *transport; /* of the last registration; stays for who is writing */
	bool registered;
	unsigned long lost; /* see evh_provider_lost */
	void *reserved[2];
};

/* Called while a library with C++ events is loaded; registers the event when its provider is. */
EVH_API void evh_provider_add(struct evh_provider *provider, struct evh_site *site)
	__attribute__((__nothrow__));

/* Called when the library that holds the provider is unloaded, or at exit. */
EVH_API void evh_provider_unload(struct evh_provider *provider);

#ifdef __cplusplus
}
#endif

#define EVHI_HIDDEN __attribute__((__visibility__("hidden")))

#if defined(__has_attribute) && __has_attribute(__retain__)
#	define EVHI_KEEP __used__, __retain__
#else
#	define EVHI_KEEP __used__
#endif

/* Without it compilers begin structures of this size at multiples of 32. */
#define EVHI_CLOSE(type) __attribute__((__aligned__(__alignof__(type))))

/* Without the members' names, which a program may use for macros of its own. */
#define EVHI_SITE(provider, lvl, kwd)                                                              \
	{                                                                                          \
		&(provider).evhi_word, &(provider), (kwd), NULL, 0, 0, 0, (lvl), 0, false, false   \
	}

#ifdef __cplusplus

template <class Site, struct evh_provider *Provider, uint8_t Level, uint64_t Keyword>
struct EVHI_HIDDEN evhi_site_of {
	EVHI_HIDDEN static struct evh_site evhi_site;
	EVHI_HIDDEN static bool evhi_added;
};

template <class Site, struct evh_provider *Provider, uint8_t Level, uint64_t Keyword>
struct evh_site evhi_site_of<Site, Provider, Level, Keyword>::evhi_site = EVHI_SITE(*Provider,
										    Level, Keyword);

template <class Site, struct evh_provider *Provider, uint8_t Level, uint64_t Keyword>
bool evhi_site_of<Site, Provider, Level, Keyword>::evhi_added =
	(evh_provider_add(Provider, &evhi_site), true);

/* A template's argument is a name without parentheses. */
#	define EVHI_BARE(x)   EVHI_CAT(EVHI_BARE_, EVHI_IS_TUPLE(x))(x)
#	define EVHI_BARE_0(x) x
#	define EVHI_BARE_1(x) EVHI_UNPACK x

/* A local type that nobody defines tells this site from all others. */
#	define EVHI_DEFINE_SITE(provider, lvl, kwd, metadata)                                     \
		struct evhi_here;                                                                  \
		typedef evhi_site_of<evhi_here, &EVHI_BARE(provider), (lvl), (kwd)> evhi_mine;     \
		(void)&evhi_mine::evhi_added;                                                      \
		struct evh_site &evhi_site = evhi_mine::evhi_site;                                 \
		static struct evh_entry evhi_entry                                                 \
			__attribute__((EVHI_KEEP)) = { &evhi_mine::evhi_site, metadata };

#else

#	define EVHI_DEFINE_SITE(provider, lvl, kwd, metadata)                                     \
		static struct evh_site evhi_site EVHI_CLOSE(struct evh_site) =                     \
			EVHI_SITE(provider, lvl, kwd);                                             \
		static struct evh_entry evhi_entry                                                 \
			__attribute__((__section__("evh_events"), EVHI_KEEP)) = { &evhi_site,      \
										  metadata };

#endif

/* Whether somebody listens to this event, once evhi_quiet has said that somebody listens at all. */
static inline __attribute__((__always_inline__)) bool evhi_wanted(const struct evh_site *site)
{
	const uint32_t *word = __atomic_load_n(&site->word, __ATOMIC_RELAXED);

	return (__atomic_load_n(word, __ATOMIC_RELAXED) &
		__atomic_load_n(&site->mask, __ATOMIC_RELAXED)) != 0;
}

/* The one load of a program that nobody listens to. */
static inline __attribute__((__always_inline__)) bool
evhi_quiet(const struct evh_provider *provider)
{
	return __atomic_load_n(&provider->evhi_word, __ATOMIC_RELAXED) == 0;
}

#endif
