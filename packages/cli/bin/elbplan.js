#!/usr/bin/env node
// The AWS SDK warns about Node 20 at every start. Set before anything loads it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
const { main, processIo } = await import("../dist/main.js");
process.exitCode = await main(process.argv.slice(2), processIo());
