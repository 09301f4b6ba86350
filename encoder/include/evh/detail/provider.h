/* SPDX-License-Identifier: MIT */
/*
 * The two structures behind provider.h, and how an event becomes known to its provider before
 * anything runs. Everything here may be looked at by debuggers and by nobody else.
 *
 * C: a pointer to each event in a section named after the provider; the linker supplies its ends.
 * C++: a static member of a template that the site instantiates, whose constructor adds the event.
 *	(The section is no way there: g++ gives functions that several files share, inline ones and
 *	templates, sections of another kind, and refuses to mix them.)
 */
#ifndef EVH_DETAIL_PROVIDER_H
#define EVH_DETAIL_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <evh/tracepoint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One EVH_WRITE or EVH_ENABLED. The first event of a level and keyword holds the tracepoint of all
 * events with these two; the others point at it.
 */
struct evh_site {
	/* NULL until the tracepoint has been registered once; from then on it stays */
	const struct evh_tracepoint *tracepoint;
	uint64_t keyword;
	struct evh_site *next;
	struct evh_tracepoint own;
	uint32_t own_word; /* the enable word, when the provider's has no bit left */
	uint8_t level;
	uint8_t place;	 /* in the enable words: 0 none yet, 1 to 31 a bit of the provider's, 32 own
			  */
	bool added;	 /* is in the provider's list */
	bool registered; /* `own` is registered */
	void *reserved;
};

/* A provider: the events of one name in one program or shared library. */
struct evh_provider {
	/*
	 * The enable word of the first 31 tracepoints; bit 31 says that there are more, which have
	 * words of their own. So 0 means that nobody listens to anything.
	 */
	uint32_t word;
	uint32_t places; /* given out so far */
	const char *name;
	const char *group;
	struct evh_site **begin, **end; /* the section of C events */
	struct evh_site *sites;
	struct evh_transport *transport; /* NULL while it is not registered */
	void *reserved[2];
};

/* Called by C++ constructors; registers the event when its provider already is. */
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

/* Without the members' names, which a program may use for macros of its own. */
#define EVHI_SITE(lvl, kwd)                                                                        \
	{                                                                                          \
		NULL, (kwd), NULL, { NULL, NULL, 0, 0 }, 0, (lvl), 0, false, false, NULL           \
	}

#ifdef __cplusplus

template <class Site, struct evh_provider *Provider, uint8_t Level, uint64_t Keyword>
struct EVHI_HIDDEN evhi_site_of {
	struct adder {
		adder()
		{
			evh_provider_add(Provider, &evhi_site);
		}
	};
	EVHI_HIDDEN static struct evh_site evhi_site;
	EVHI_HIDDEN static adder evhi_added;
};

template <class Site, struct evh_provider *Provider, uint8_t Level, uint64_t Keyword>
struct evh_site evhi_site_of<Site, Provider, Level, Keyword>::evhi_site = EVHI_SITE(Level, Keyword);

template <class Site, struct evh_provider *Provider, uint8_t Level, uint64_t Keyword>
typename evhi_site_of<Site, Provider, Level, Keyword>::adder
	evhi_site_of<Site, Provider, Level, Keyword>::evhi_added;

/* A local type that nobody defines tells this site from all others. */
#	define EVHI_DEFINE_SITE(provider, lvl, kwd)                                               \
		struct evhi_here;                                                                  \
		(void)&evhi_site_of<evhi_here, &provider, (lvl), (kwd)>::evhi_added;               \
		struct evh_site &evhi_site =                                                       \
			evhi_site_of<evhi_here, &provider, (lvl), (kwd)>::evhi_site;

#else

#	define EVHI_DEFINE_SITE(provider, lvl, kwd)                                               \
		static struct evh_site evhi_site = EVHI_SITE(lvl, kwd);                            \
		static struct evh_site *evhi_entry __attribute__((                                 \
			__section__("evh_events_" EVHI_TEXT(provider)), EVHI_KEEP)) = &evhi_site;

#endif

/*
 * The tracepoint of an event if somebody listens to it. The acquire pairs with the registration in
 * another thread: who sees the pointer sees the tracepoint behind it.
 */
static inline __attribute__((__always_inline__)) const struct evh_tracepoint *
evhi_listened(const struct evh_site *site)
{
	const struct evh_tracepoint *tracepoint =
		__atomic_load_n(&site->tracepoint, __ATOMIC_ACQUIRE);

	return tracepoint && evh_tracepoint_enabled(tracepoint) ? tracepoint : NULL;
}

/* The one load of a program that nobody listens to. */
static inline __attribute__((__always_inline__)) bool
evhi_quiet(const struct evh_provider *provider)
{
	return __atomic_load_n(&provider->word, __ATOMIC_RELAXED) == 0;
}

#endif
