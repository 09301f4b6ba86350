/* SPDX-License-Identifier: MIT */
/*
 * A plug-in that makes providers and leaves without a word: what unload.c loads and unloads. It has
 * the encoder inside itself, so that all of the library goes when it goes.
 */
#include <stdio.h>

#include <evh/builder.h>
#include <evh/recording.h>

int module_run(const char *recording);

static struct evh_transport file;

static int write_one(struct evh_transport *transport, bool must_work)
{
	struct evh_dynamic_provider *provider;
	struct evh_builder builder;
	struct evh_event_set *set;
	int error = evh_dynamic_provider_create(&provider, "plugin", NULL, transport);

	if (error)
		return error;
	set = evh_dynamic_provider_register_set(provider, EVH_LEVEL_ERROR, 1);
	evh_builder_init(&builder, NULL, 0);
	evh_builder_reset(&builder, "from a plug-in", 0);
	error = evh_builder_write(&builder, set, NULL, NULL);
	evh_builder_destroy(&builder);
	/* the provider is left registered */
	return must_work ? error : 0;
}

/* Registers with the kernel where it can, and with a recording; sends there. 0 or -errno. */
__attribute__((visibility("default"))) int module_run(const char *recording)
{
	int error = evh_transport_open_file(&file, recording);

	if (error)
		return error;
	error = write_one(&file, true);
	return error ? error : write_one(NULL, false);
}
