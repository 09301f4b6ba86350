/* SPDX-License-Identifier: MIT */
/*
 * `logtap collect`: keeps what programs send to its socket in a recording, and has it handed on
 * from there. Needs nothing of the kernel that a distribution might not have. Must never wait for a
 * destination.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli.h"
#include "collect_options.h"
#include "end_signals.h"
#include "forwarders.h"
#include "listener.h"
#include "peers.h"
#include "snapshot.h"
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

/* What waits besides the programs. */
struct others {
	int signals;
	struct store *store; /* where events go; NULL: to memory */
	struct forwarders *forwarders;
	/* SIGUSR2, and what it asks for; -1: nothing. */
	int request;
	void (*answer)(void *argument);
	void *argument;
};

static void answer_request(const struct others *others)
{
	struct signalfd_siginfo signal;

	if (read(others->request, &signal, sizeof(signal)) == sizeof(signal))
		others->answer(others->argument);
}

/* Whether there was anything. */
static bool take(struct peers *peers, const struct others *others)
{
	bool taken = peers_take(peers);

	if (others->store)
		store_flush(others->store);
	return taken;
}

/* What programs have sent until now is in the sockets. */
static void take_what_is_there(struct peers *peers, const struct others *others)
{
	for (int turn = 0; turn < 10000 && take(peers, others); turn++)
		;
}

static void serve(struct peers *peers, const struct others *others)
{
	struct pollfd ready[] = {
		{ .fd = peers_descriptor(peers), .events = POLLIN },
		{ .fd = others->signals, .events = POLLIN },
		{ .fd = forwarders_descriptor(others->forwarders), .events = POLLIN },
		{ .fd = others->request, .events = POLLIN },
	};
	int wait = -1;

	while (!ready[1].revents) {
		if (poll(ready, 4, wait) < 0 && errno != EINTR)
			break;
		take(peers, others);
		if (ready[2].revents || wait >= 0)
			wait = forwarders_look(others->forwarders);
		if (ready[3].revents) {
			take_what_is_there(peers, others);
			answer_request(others);
		}
	}
	take_what_is_there(peers, others);
}

/* Takes what programs send until it is interrupted. */
static int take_all(const struct peers_sink *there, int listener, const struct others *others)
{
	struct peers *peers = peers_create(listener, there);

	if (!peers) {
		cli_error("cannot wait for programs: %s", strerror(errno));
		return CLI_FAILURE;
	}
	serve(peers, others);
	peers_destroy(peers);
	return CLI_OK;
}

static int keep(const struct recording *recording, int listener, struct others *others)
{
	struct store *store = store_open(recording->sink);
	struct peers_sink there = { store_event, store_lost, store };
	int status;

	if (!store)
		return CLI_FAILURE;
	others->store = store;
	if (others->forwarders)
		store_count_segments(store, recording->path);
	status = take_all(&there, listener, others);
	if (status == CLI_OK)
		status = report(store);
	store_close(store);
	return status;
}

/* With those who hand on. */
static int keep_and_forward(struct collect_options *options, const struct lt_settings *settings,
			    int listener, int signals)
{
	struct others others = { .signals = signals, .request = -1 };
	struct recording recording;
	int status;

	if (recording_begin(&recording, options->file, &options->how, settings, "logtap") != 0)
		return CLI_FAILURE;
	if (options->destination_count) {
		host_find(&options->host);
		others.forwarders = forwarders_start(options->destinations,
						     options->destination_count, recording.path);
		if (!others.forwarders)
			return CLI_FAILURE;
	}
	status = keep(&recording, listener, &others);
	forwarders_finish(others.forwarders);
	return status;
}

/* What is in memory, and where it goes. */
struct snapshot_file {
	struct snapshot *snapshot;
	const struct collect_options *options;
	const struct lt_settings *settings;
	int status;
};

static void write_snapshot(void *argument)
{
	struct snapshot_file *file = argument;
	const struct collect_options *options = file->options;
	struct recording recording;
	struct store *store = NULL;

	file->status = CLI_FAILURE;
	if (recording_begin(&recording, options->file, &options->how, file->settings, "logtap") ==
	    0)
		store = store_open(recording.sink);
	if (!store)
		return;
	snapshot_each(file->snapshot, &(struct peers_sink){ store_event, store_lost, store });
	store_flush(store);
	file->status = report(store);
	store_close(store);
}

static int request_open(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR2);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC);
}

/* In memory, until it is asked for. */
static int keep_in_memory(const struct collect_options *options, const struct lt_settings *settings,
			  int listener, int signals, int request)
{
	struct snapshot_file file = { snapshot_create(options->snapshot), options, settings, 0 };
	const struct peers_sink there = { snapshot_event, snapshot_lost, file.snapshot };
	const struct others others = {
		.signals = signals, .request = request, .answer = write_snapshot, .argument = &file
	};

	if (!file.snapshot) {
		cli_error("--snapshot: there is no memory of that size");
		return CLI_FAILURE;
	}
	file.status = take_all(&there, listener, &others);
	if (file.status == CLI_OK)
		write_snapshot(&file);
	snapshot_destroy(file.snapshot);
	return file.status;
}

/* signals: that end it. They and SIGUSR2 must not do so by themselves once its socket is there. */
static int listen_and_keep(struct collect_options *options, const struct lt_settings *settings,
			   int signals)
{
	int request = options->snapshot ? request_open() : -1;
	int listener = listener_open(options->socket), status = CLI_FAILURE;

	if (listener >= 0) {
		status = options->snapshot
				 ? keep_in_memory(options, settings, listener, signals, request)
				 : keep_and_forward(options, settings, listener, signals);
		listener_close(listener, options->socket);
	}
	if (request >= 0)
		close(request);
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
