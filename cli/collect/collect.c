/* SPDX-License-Identifier: MIT */
/*
 * `logtap collect`: keeps what programs send to its socket in a recording, and has it handed on
 * from there. Needs nothing of the kernel that a distribution might not have. Must never wait for a
 * destination.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "collect_options.h"
#include "end_signals.h"
#include "forwarders.h"
#include "listener.h"
#include "peers.h"
#include "store.h"

/* What was not kept is said as loudly as a failure. */
static int report(const struct store *store)
{
	int error;
	unsigned long long refused = store_refused(store, &error);
	unsigned long long missed = store_missed(store);

	if (missed)
		cli_error("%llu event%s did not arrive: programs sent faster than this could read",
			  missed, missed == 1 ? "" : "s");
	if (refused)
		cli_error("%llu event%s could not be kept: %s", refused, refused == 1 ? "" : "s",
			  strerror(-error));
	return missed || refused ? CLI_FAILURE : CLI_OK;
}

static void serve(struct peers *peers, struct forwarders *forwarders, int signals)
{
	struct pollfd ready[] = {
		{ .fd = peers_descriptor(peers), .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = forwarders_descriptor(forwarders), .events = POLLIN },
	};
	int wait = -1;

	while (!ready[1].revents) {
		if (poll(ready, 3, wait) < 0 && errno != EINTR)
			break;
		peers_take(peers);
		if (ready[2].revents || wait >= 0)
			wait = forwarders_look(forwarders);
	}
	/* What programs sent before the end is in the sockets. */
	for (int turn = 0; turn < 10000 && peers_take(peers); turn++)
		;
}

static int keep(const struct recording *recording, struct forwarders *forwarders, int listener,
		int signals)
{
	struct store *store = store_open(recording->sink);
	struct peers_sink there = { store_event, store_lost, store };
	struct peers *peers = store ? peers_create(listener, &there) : NULL;
	int status = CLI_FAILURE;

	if (peers) {
		if (forwarders)
			store_count_segments(store, recording->path);
		serve(peers, forwarders, signals);
		status = report(store);
	} else if (store) {
		cli_error("cannot wait for programs: %s", strerror(errno));
	}
	peers_destroy(peers);
	if (store)
		store_close(store);
	return status;
}

/* With those who hand on. */
static int keep_and_forward(struct collect_options *options, const struct recording *recording,
			    int listener, int signals)
{
	struct forwarders *forwarders = NULL;
	int status;

	if (options->destination_count) {
		host_find(&options->host);
		forwarders = forwarders_start(options->destinations, options->destination_count,
					      recording->path);
		if (!forwarders)
			return CLI_FAILURE;
	}
	status = keep(recording, forwarders, listener, signals);
	forwarders_finish(forwarders);
	return status;
}

/* signals: that end it. They must not end it in another way once its socket is there. */
static int listen_and_keep(struct collect_options *options, const struct lt_settings *settings,
			   int signals)
{
	struct recording recording;
	int listener = listener_open(options->socket), status;

	if (listener < 0)
		return CLI_FAILURE;
	status = recording_begin(&recording, options->file, &options->how, settings, "logtap");
	status = status == 0 ? keep_and_forward(options, &recording, listener, signals)
			     : CLI_FAILURE;
	listener_close(listener, options->socket);
	return status;
}

static int collect(struct collect_options *options)
{
	struct lt_settings settings;
	int signals, status;

	lt_settings_init(&settings);
	if (options->provider &&
	    lt_setting_apply(lt_setting_find("provider"), &settings, options->provider) != 0) {
		cli_error("--provider: bad value '%s': expected %s", options->provider,
			  lt_setting_find("provider")->expected);
		return CLI_USAGE;
	}
	signals = end_signals_open(0);
	if (signals < 0) {
		cli_error("cannot wait for signals: %s", strerror(errno));
		return CLI_FAILURE;
	}
	status = listen_and_keep(options, &settings, signals);
	close(signals);
	return status;
}

int cmd_collect(int argc, char **argv)
{
	struct collect_options options;
	int status = collect_options_read(&options, argc, argv);

	if (status < 0)
		status = collect(&options);
	collect_options_free(&options);
	return status;
}
