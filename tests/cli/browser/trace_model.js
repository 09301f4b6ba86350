// SPDX-License-Identifier: MIT
// What becomes of a trace of --output=chrome in the importer and model of Chromium's trace viewer
// (catapult: what chrome://tracing ran), as the npm package lighthouse 1.6 ships them for node.
//
//	node trace_model.js LIGHTHOUSE GL-MATRIX TRACE
//
// Prints one JSON object. Nothing of the viewer's is changed; what its modules expect of a browser
// and of their build is what lighthouse gives them.
'use strict';

const fs = require('fs');
const path = require('path');
const [lighthouse, matrix, trace] = process.argv.slice(2);

global.window = global;
Object.assign(global, require(path.resolve(matrix, 'dist/gl-matrix.js')));
global.JSZip = {};
global.mannwhitneyu = {};
global.HTMLImportsLoader = {
	hrefToAbsolutePath: () => path.resolve(lighthouse, 'lighthouse-core/lib/empty-stub.js')
};
require(path.resolve(lighthouse, 'lighthouse-core/third_party/traceviewer-js'));

const tr = global.tr;
const options = new tr.importer.ImportOptions();

options.showImportWarnings = false;
options.pruneEmptyContainers = false;
options.shiftWorldToZero = true;

const model = new tr.Model();

new tr.importer.Import(model, options).importTraces([fs.readFileSync(trace, 'utf8')]);

const colorOf = (id) => tr.b.ColorScheme.colors[id].toString();
const threads = model.getAllThreads().map((thread) => ({
	pid: thread.parent.pid,
	tid: thread.tid,
	name: thread.name,
	slices: thread.sliceGroup.slices.map((slice) => ({
		category: slice.category,
		title: slice.title,
		start: slice.start,
		duration: slice.duration,
		color: colorOf(slice.colorId),
		args: slice.args
	}))
}));

console.log(JSON.stringify({
	warnings: model.importWarnings.map((warning) => warning.message),
	processes: model.getAllProcesses().map((one) => ({ pid: one.pid, name: one.name })),
	threads
}));
