#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/command/main.js", import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  console.error("stepwire: the command has not been built yet. Run `npm run setup` in Stepwire's folder first.");
  process.exitCode = 1;
}
