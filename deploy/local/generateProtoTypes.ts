import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { protoFiles, protoRoot } from "@stepwire/proto";

// Writes proto/generated from proto/stepwire. With --check it writes nothing and exits 1 when what is there differs.

const committed = join(protoRoot, "generated");
const check = process.argv.includes("--check");
const target = check ? mkdtempSync(join(tmpdir(), "stepwire-proto-")) : committed;
if (!check) rmSync(committed, { recursive: true, force: true });

const generator = join(createRequire(import.meta.url).resolve("@grpc/proto-loader/package.json"), "../build/bin/proto-loader-gen-types.js");
execFileSync(
  process.execPath,
  [
    generator,
    ...["--keepCase", "--longs=String", "--enums=String", "--defaults", "--oneofs", "--arrays", "--objects", "--includeComments"],
    ...["--grpcLib=@grpc/grpc-js", "--importFileExtension=.js", "--inputTemplate=%sInput", "--outputTemplate=%s"],
    ...[`--outDir=${target}`, "-I", ".", "--", ...protoFiles],
  ],
  { cwd: protoRoot, stdio: ["ignore", "ignore", "inherit"] },
);
const messages = readdirSync(join(target, "stepwire/v1"))
  .filter((file) => !file.endsWith("Service.ts"))
  .toSorted();
writeFileSync(
  join(target, "index.ts"),
  messages.map((file) => `export type * from "./stepwire/v1/${file.replace(/\.ts$/, ".js")}";\n`).join(""),
);

if (check) {
  const list = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const files = [...new Set([...list(target), ...list(committed)])];
  const read = (folder: string, file: string) => {
    try {
      return readFileSync(join(folder, file), "utf8");
    } catch {
      return undefined;
    }
  };
  const drifted = files.filter((file) => read(target, file) !== read(committed, file));
  rmSync(target, { recursive: true });
  if (drifted.length > 0) {
    console.error(`proto/generated differs from proto/stepwire in: ${drifted.join(", ")}. Run: npm run generate`);
    process.exit(1);
  }
}
