/* SPDX-License-Identifier: MIT */
/*
 * Providers of run-time events, and their event sets.
 *
 * Sets are found and written to without a lock, while other threads register more: the list only
 * grows at its head, and a set is freed with its provider, never before.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include <evh/builder.h>

struct evh_dynamic_provider {
	pthread_mutex_t lock;		 /* for adding and registering sets */
	struct evh_transport *transport; /* NULL: the process's own */
	struct evh_event_set *sets;
	const char *options; /* within `name`, behind its terminator */
	char name[];
};

int evh_dynamic_provider_create(struct evh_dynamic_provider **provider, const char *name,
				const char *group, struct evh_transport *transport)
{
	char longest[EVH_TRACEPOINT_NAME_MAX];
	struct evh_dynamic_provider *fresh;
	size_t name_size, group_length = group ? strlen(group) : 0;
	int length = evh_tracepoint_name_format(longest, sizeof(longest), name, UINT8_MAX,
						UINT64_MAX, group);

	*provider = NULL;
	if (length < 0)
		return length;
	name_size = strlen(name) + 1;
	fresh = calloc(1, sizeof(*fresh) + name_size + sizeof("G") + group_length);
	if (!fresh)
		return -ENOMEM;
	pthread_mutex_init(&fresh->lock, NULL);
	fresh->transport = transport;
	memcpy(fresh->name, name, name_size);
	fresh->options = fresh->name + name_size;
	if (group_length) {
		fresh->name[name_size] = 'G';
		memcpy(fresh->name + name_size + 1, group, group_length + 1);
	}
	*provider = fresh;
	return 0;
}

static void unregister_set(struct evh_event_set *set)
{
	if (set->tracepoint.transport)
		evh_tracepoint_unregister(&set->tracepoint);
	__atomic_store_n(&set->word, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&set->error, -EBADF, __ATOMIC_RELAXED);
}

void evh_dynamic_provider_unregister(struct evh_dynamic_provider *provider)
{
	pthread_mutex_lock(&provider->lock);
	for (struct evh_event_set *set = provider->sets; set; set = set->next)
		unregister_set(set);
	pthread_mutex_unlock(&provider->lock);
}

void evh_dynamic_provider_destroy(struct evh_dynamic_provider *provider)
{
	if (!provider)
		return;
	evh_dynamic_provider_unregister(provider);
	while (provider->sets) {
		struct evh_event_set *set = provider->sets;

		provider->sets = set->next;
		free(set);
	}
	pthread_mutex_destroy(&provider->lock);
	free(provider);
}

const char *evh_dynamic_provider_name(const struct evh_dynamic_provider *provider)
{
	return provider->name;
}

const char *evh_dynamic_provider_options(const struct evh_dynamic_provider *provider)
{
	return provider->options;
}

struct evh_event_set *evh_dynamic_provider_find_set(const struct evh_dynamic_provider *provider,
						    uint8_t level, uint64_t keyword)
{
	struct evh_event_set *set = __atomic_load_n(&provider->sets, __ATOMIC_ACQUIRE);

	while (set && (set->level != level || set->keyword != keyword))
		set = set->next;
	return set;
}

/* What there is instead of a set that can't be made: never enabled, in no list. */
static struct evh_event_set no_level = { .error = -EINVAL };
static struct evh_event_set no_memory = { .error = -ENOMEM };

/* A set that is not registered yet, and that no list holds. */
static struct evh_event_set *make_set(uint8_t level, uint64_t keyword)
{
	struct evh_event_set *set = level ? calloc(1, sizeof(*set)) : NULL;

	if (set) {
		set->level = level;
		set->keyword = keyword;
		set->tracepoint.word = &set->word;
		set->error = -EBADF;
	}
	return set;
}

/* Makes the set visible to threads that hold no lock: with release, after all else is in place. */
static void add_set(struct evh_dynamic_provider *provider, struct evh_event_set *set)
{
	set->next = provider->sets;
	__atomic_store_n(&provider->sets, set, __ATOMIC_RELEASE);
}

/*
 * Other threads may be looking at the set when it is registered once more: what stays is not
 * written, and the mask, without which nothing else is looked at, comes last.
 */
static void take_over(struct evh_tracepoint *tracepoint, const struct evh_tracepoint *fresh)
{
	if (tracepoint->transport != fresh->transport)
		tracepoint->transport = fresh->transport;
	if (tracepoint->index != fresh->index)
		tracepoint->index = fresh->index;
	__atomic_store_n(&tracepoint->mask, fresh->mask, __ATOMIC_RELEASE);
}

static void register_set(struct evh_dynamic_provider *provider, struct evh_event_set *set)
{
	char name[EVH_TRACEPOINT_NAME_MAX];
	struct evh_tracepoint fresh = { .mask = 0 };
	struct evh_transport *transport = provider->transport;
	int error;

	if (!transport)
		transport = evh_transport_default();
	error = evh_tracepoint_name_format(name, sizeof(name), provider->name, set->level,
					   set->keyword,
					   *provider->options ? provider->options + 1 : NULL);
	if (error >= 0)
		error = evh_tracepoint_register(&fresh, transport, name, &set->word, 0);
	take_over(&set->tracepoint, &fresh); /* its transport also when that failed */
	__atomic_store_n(&set->error, error, __ATOMIC_RELAXED);
}

struct evh_event_set *evh_dynamic_provider_register_set(struct evh_dynamic_provider *provider,
							uint8_t level, uint64_t keyword)
{
	struct evh_event_set *set;

	pthread_mutex_lock(&provider->lock);
	set = evh_dynamic_provider_find_set(provider, level, keyword);
	if (!set) {
		set = make_set(level, keyword);
		if (set) {
			register_set(provider, set);
			add_set(provider, set);
		} else {
			set = level ? &no_memory : &no_level;
		}
	} else if (set->error) {
		register_set(provider, set);
	}
	pthread_mutex_unlock(&provider->lock);
	return set;
}

struct evh_event_set *
evh_dynamic_provider_create_unregistered(struct evh_dynamic_provider *provider, uint8_t level,
					 uint64_t keyword, bool enabled)
{
	/* Accepts any event and refuses to send it. */
	static struct evh_transport nowhere;
	struct evh_event_set *set;

	pthread_mutex_lock(&provider->lock);
	set = evh_dynamic_provider_find_set(provider, level, keyword);
	if (!set) {
		set = make_set(level, keyword);
		if (set) {
			set->tracepoint.transport = &nowhere;
			set->tracepoint.mask = 1;
			set->word = enabled;
			set->error = 0;
			add_set(provider, set);
		} else {
			set = level ? &no_memory : &no_level;
		}
	}
	pthread_mutex_unlock(&provider->lock);
	return set;
}

uint64_t evh_dynamic_provider_lost(const struct evh_dynamic_provider *provider)
{
	const struct evh_event_set *set = __atomic_load_n(&provider->sets, __ATOMIC_ACQUIRE);
	uint64_t lost = 0;

	for (; set; set = set->next)
		lost += __atomic_load_n(&set->lost, __ATOMIC_RELAXED);
	return lost;
}
