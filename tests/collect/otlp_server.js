// SPDX-License-Identifier: MIT
// An OTLP/HTTP receiver on OpenTelemetry's own decoder (@opentelemetry/otlp-transformer): appends the
// body of each record to a file, as JSON, one to a line, and answers when they are there.
//   node otlp_server.js PORT FILE FOLDER-OF-node_modules
"use strict";
const fs = require("fs");
const http = require("http");
const path = require("path");
const zlib = require("zlib");

const [port, file, modules] = process.argv.slice(2);
const root = require(path.join(modules, "node_modules/@opentelemetry/otlp-transformer/build/src/generated/root.js"));
const Request = root.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;

function take(body) {
	let lines = "";
	for (const group of Request.decode(body).resourceLogs)
		for (const scoped of group.scopeLogs)
			for (const record of scoped.logRecords)
				lines += JSON.stringify(record.body.stringValue) + "\n";
	fs.appendFileSync(file, lines);
}

http.createServer((request, response) => {
	const parts = [];
	request.on("data", (part) => parts.push(part));
	request.on("end", () => {
		let status = 200;
		try {
			const body = Buffer.concat(parts);
			take(request.headers["content-encoding"] === "gzip" ? zlib.gunzipSync(body) : body);
		} catch (error) {
			console.error(error.message);
			status = 400;
		}
		response.writeHead(status, { "Content-Type": "application/x-protobuf" });
		response.end();
	});
}).listen(Number(port), "127.0.0.1");
