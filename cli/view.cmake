# `logtap view`, and what `logtap tail` shares with it: filters and output formats.
target_sources(logtap PRIVATE
	event.c
	filter.c
	output.c
	output_json.c
	output_short.c
	pager.c
	progress.c
	show.c
	stats.c
	view.c
	view_options.c
	when.c
)
target_link_libraries(logtap PRIVATE evh-decode-static m)
