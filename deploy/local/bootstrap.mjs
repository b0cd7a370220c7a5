// The one file that runs before anything is installed: Node's own modules only.
//   node deploy/local/bootstrap.mjs setup|start|demo|test|check [arguments]
// It installs the dependencies when package-lock.json changed, builds, and hands over to the command's own file.
// Its own words go to standard error, so that `demo -- --json` prints nothing but JSON on standard output.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
// Before anything that takes time: whoever started this may be gone after it.
const parent = process.ppid;
const commands = ["setup", "start", "demo", "test", "check"];
const [command = "", ...args] = process.argv.slice(2);
const say = (text) => process.stderr.write(`${text}\n`);
const fail = (text) => {
  say(text);
  // The last line of the tests counts them, whatever happened.
  if (command === "test") console.log("0 passed, 1 failed");
  process.exit(1);
};

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`Stepwire needs Node 20.19 or newer; this is ${process.versions.node}.`);
if (!commands.includes(command)) fail(`"${command}" is not a command of bootstrap.mjs; allowed: ${commands.join(", ")}`);

/** One installation at a time: a second one waits, and takes over a lock whose owner is gone. */
function withLock(work) {
  const lock = join(root, ".cache", "setup.lock");
  const own = `${lock}.${process.pid}`;
  mkdirSync(dirname(lock), { recursive: true });
  // Written first and linked then: whoever sees the lock sees its owner.
  writeFileSync(own, String(process.pid));
  for (let told = false; !linked(own, lock); told = true) {
    const owner = ownerOf(lock);
    if (owner === undefined) continue;
    if (!isAlive(owner)) removeLock(lock, owner);
    else {
      if (!told) say(`waiting for another installation in this folder (process ${owner})`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  rmSync(own, { force: true });
  const release = () => rmSync(lock, { force: true });
  process.once("exit", release);
  try {
    return work();
  } finally {
    process.removeListener("exit", release);
    release();
  }
}

function linked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** The process that has the lock; undefined when nobody has it any more. */
function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    if (!(pid > 0 && process.kill(pid, 0))) return false;
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  try {
    // One that has ended keeps its id until its parent has looked.
    return !/\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

/** Takes away the lock of `owner`, and gives it back when meanwhile it has become another's. */
function removeLock(lock, owner) {
  const taken = `${lock}.${process.pid}.taken`;
  try {
    renameSync(lock, taken);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (ownerOf(taken) !== owner) linked(taken, lock);
  rmSync(taken, { force: true });
}

function run(title, program, programArgs) {
  const started = Date.now();
  // Standard output of the tools belongs with the progress, on standard error.
  const { status, error } = spawnSync(program, programArgs, { cwd: root, stdio: ["ignore", 2, 2] });
  if (error?.code === "ENOENT") fail(`${program} is missing. Debian: sudo apt-get install -y ${program}`);
  if (status !== 0) fail(`${title} failed (${program} ${programArgs.join(" ")})`);
  return ((Date.now() - started) / 1000).toFixed(1);
}

withLock(() => {
  const stamp = join(root, "node_modules", ".stepwire-lock-digest");
  const digest = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== digest) {
    say("dependencies: installing (npm ci)");
    const seconds = run("installing the dependencies", "npm", ["ci", "--no-progress", "--loglevel=error"]);
    writeFileSync(stamp, digest);
    say(`dependencies: installed in ${seconds} s`);
  }
  if (command === "check") return;
  run("the build", process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"]);
});

const scripts = { check: "deploy/local/check.mjs", test: "dist/test/run/main.js" };
const script = join(root, scripts[command] ?? `dist/deploy/local/${command}.js`);
const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
// The terminal sends Ctrl-C to both; a signal to this process alone is passed on. The child decides when to end.
process.on("SIGINT", () => undefined);
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
if (command === "test") {
  // npm passes a signal to its shell only, which ends without a word: nobody waits for these tests any more.
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    child.kill("SIGTERM");
  }, 1000).unref();
}
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
