/* SPDX-License-Identifier: MIT */
/*
 * Providers of compile-time events: registering and unregistering what provider.h's macros left in
 * the program. Never called to write an event.
 *
 * Writers take no lock. What they look at is arranged so that they need none:
 *	- a site's `mask` is set once, after all else that a writer looks at, and never cleared;
 *	- unregistering clears enable bits and changes nothing else. A writer that saw its bit just
 *	  before sends to the kernel, which says -EBADF;
 *	- registering again with the same transport gives a tracepoint the same word, bit and index.
 * No memory is allocated: all of it is the program's own static data, so that a library that is
 * unloaded leaves nothing behind.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <evh/provider.h>

enum {
	PLACES_OF_PROVIDER = 31,
	PLACE_OWN = PLACES_OF_PROVIDER + 1,
};

/* Never cleared while a tracepoint with a word of its own is registered. */
#define MORE (UINT32_C(1) << PLACES_OF_PROVIDER)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void lock_all(void)
{
	pthread_mutex_lock(&lock);
}

static void unlock_all(void)
{
	pthread_mutex_unlock(&lock);
}

/* So that a child never inherits the lock from a thread that it doesn't have. */
static __attribute__((constructor)) void guard_fork(void)
{
	pthread_atfork(lock_all, unlock_all, unlock_all);
}

static void append(struct evh_provider *provider, struct evh_site *site)
{
	struct evh_site **end = &provider->sites;

	if (site->added)
		return;
	site->added = true;
	while (*end)
		end = &(*end)->next;
	*end = site;
}

/* The first site of the list with the level and keyword of `site`: it has their tracepoint. */
static struct evh_site *find_owner(struct evh_provider *provider, const struct evh_site *site)
{
	struct evh_site *other = provider->sites;

	while (other->level != site->level || other->keyword != site->keyword)
		other = other->next;
	return other;
}

/* Writers may be reading it from the time before; then there is nothing to change. */
static void set_tracepoint(struct evh_site *site, uint32_t *word, uint32_t mask, uint32_t index)
{
	if (site->index != index)
		site->index = index;
	if (site->word != word)
		__atomic_store_n(&site->word, word, __ATOMIC_RELAXED);
	if (site->mask != mask)
		__atomic_store_n(&site->mask, mask, __ATOMIC_RELEASE);
}

static int register_owner(struct evh_provider *provider, struct evh_site *site)
{
	char name[EVH_TRACEPOINT_NAME_MAX];
	struct evh_tracepoint tracepoint;
	uint32_t *word;
	bool own;
	int error = evh_tracepoint_name_format(name, sizeof(name), provider->name, site->level,
					       site->keyword, provider->group);

	if (error < 0)
		return error;
	if (!site->place)
		site->place =
			provider->places < PLACES_OF_PROVIDER ? ++provider->places : PLACE_OWN;
	own = site->place == PLACE_OWN;
	word = own ? &site->own_word : &provider->evhi_word;
	error = evh_tracepoint_register(&tracepoint, provider->transport, name, word,
					own ? 0 : site->place - 1);
	if (error < 0)
		return error;
	set_tracepoint(site, word, tracepoint.mask, tracepoint.index);
	if (own)
		__atomic_fetch_or(&provider->evhi_word, MORE, __ATOMIC_RELAXED);
	site->registered = true;
	return 0;
}

static int register_site(struct evh_provider *provider, struct evh_site *site)
{
	struct evh_site *owner = find_owner(provider, site);
	int error = owner->registered ? 0 : register_owner(provider, owner);

	if (!error && site != owner)
		set_tracepoint(site, owner->word, owner->mask, owner->index);
	return error;
}

/* Registers whatever is not; 0 or the first error. The provider is registered if anything is. */
static int register_sites(struct evh_provider *provider)
{
	bool any = !provider->sites;
	int error = 0;

	for (struct evh_site *site = provider->sites; site; site = site->next) {
		int one = register_site(provider, site);

		if (one == 0)
			any = true;
		else if (error == 0)
			error = one;
	}
	if (!any)
		provider->registered = false;
	return error;
}

int evh_provider_register_to(struct evh_provider *provider, struct evh_transport *transport)
{
	int error = -EBUSY;

	lock_all();
	if (!provider->registered || provider->transport == transport) {
		provider->registered = true;
		if (provider->transport != transport)
			provider->transport = transport;
		/* A sanitizer may have put zeros between them. */
		for (struct evh_entry *entry = provider->begin; entry < provider->end; entry++)
			if (entry->site && entry->site->provider == provider)
				append(provider, entry->site);
		error = register_sites(provider);
	}
	unlock_all();
	return error;
}

int evh_provider_register(struct evh_provider *provider)
{
	return evh_provider_register_to(provider, evh_transport_default());
}

void evh_provider_add(struct evh_provider *provider, struct evh_site *site)
{
	lock_all();
	append(provider, site);
	if (provider->registered)
		register_site(provider, site);
	unlock_all();
}

int evh_provider_unregister(struct evh_provider *provider)
{
	int error = 0;

	lock_all();
	for (struct evh_site *site = provider->sites; site; site = site->next) {
		/* A copy, because the site must stay as it is for who is writing. */
		struct evh_tracepoint tracepoint = {
			.transport = provider->transport,
			.word = site->word,
			.mask = site->mask,
			.index = site->index,
		};
		int one = site->registered ? evh_tracepoint_unregister(&tracepoint) : 0;

		site->registered = false;
		if (error == 0)
			error = one;
	}
	__atomic_fetch_and(&provider->evhi_word, ~MORE, __ATOMIC_RELAXED);
	provider->registered = false;
	unlock_all();
	return error;
}

void evh_provider_unload(struct evh_provider *provider)
{
	evh_provider_unregister(provider);
}
