import { execFileSync } from "node:child_process";

/** Says which of the programs answers, in order of preference. */
function firstOf(programs: readonly string[], args: readonly string[]): string | undefined {
  return programs.find((program) => {
    try {
      execFileSync(program, args, { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * The C++ compiler to use; Python with pip is looked for too.
 * @throws Error that names everything that is missing together with the command that installs it
 */
export function requireTools(): { compiler: string } {
  const compiler = firstOf(process.env.CXX ? [process.env.CXX] : ["c++", "g++", "clang++"], ["--version"]);
  const python = firstOf(["python3"], ["--version"]);
  const pip = python && firstOf(["python3"], ["-m", "pip", "--version"]);
  const missing: { what: string; debian: string; mac: string }[] = [];
  if (!compiler)
    missing.push({
      what: process.env.CXX ? `the C++ compiler that CXX names ("${process.env.CXX}")` : "a C++ compiler",
      debian: "g++",
      mac: "xcode-select --install",
    });
  if (!python) missing.push({ what: "Python 3", debian: "python3 python3-pip", mac: "brew install python" });
  else if (!pip) missing.push({ what: "pip for Python 3", debian: "python3-pip", mac: "python3 -m ensurepip" });
  if (missing.length === 0 && compiler) return { compiler };
  const command =
    process.platform === "darwin"
      ? missing.map(({ mac }) => mac).join(" && ")
      : `sudo apt-get install -y ${missing.map(({ debian }) => debian).join(" ")}`;
  throw new Error(`missing: ${missing.map(({ what }) => what).join(", ")}. Install with: ${command}`);
}
