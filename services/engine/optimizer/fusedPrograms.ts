import { optimizers } from "#core/optimizers/catalogue.js";
import { ablate, type OptimizerEntry } from "#core/optimizers/catalogueEntry.js";
import { compileChain, type ProgramSegment } from "#core/optimizers/compileChain.js";
import { elements } from "#core/optimizers/elements.js";
import type { HyperparameterValues } from "#core/optimizers/defineTransform.js";
import { type Instruction, isReduction, type Stage } from "#core/optimizers/program.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { type OptimizerDraft, validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { encodeStage } from "./encodeStage.js";

/**
 * C++ for the stages of the catalogue: every optimizer and ablation with its defaults, with one switch turned or weight decay added or left
 * out, and AdamW in every wrapper. Each stage becomes one loop over its streams in which temporaries are registers; the block machine, which
 * runs everything else, keeps them in the first-level cache.
 */
export function fusedProgramsSource(): string {
  const stages = [...fusedStages()].map(([, stage]) => stage);
  return [
    '#include "fused_programs.h"',
    '#include "operations.h"',
    "namespace stepwire {",
    "namespace {",
    "using namespace operations;",
    // Sums are float within a chunk and double beyond, so that their error does not grow with the tensor.
    "constexpr int64_t kChunk = 1024;",
    ...stages.map((stage, index) => functionOf(stage, `Fused${index}`)),
    "struct Entry { std::vector<int64_t> fields, written; int64_t streams; FusedProgram run; };",
    "}  // namespace",
    "FusedProgram FindFusedProgram(const std::vector<int64_t>& fields, const std::vector<int64_t>& written, int64_t streams) {",
    "  static const std::vector<Entry> entries = {",
    ...stages.map((stage, index) => {
      const { program, written } = encodeStage(stage);
      return `    {{${program.join(",")}}, {${written.join(",")}}, ${stage.streams.length}, Fused${index}},`;
    }),
    "  };",
    "  for (const Entry& entry : entries)",
    "    if (entry.streams == streams && entry.fields == fields && entry.written == written) return entry.run;",
    "  return nullptr;",
    "}",
    "}  // namespace stepwire",
    "",
  ].join("\n");
}

/** The stages that are worth a loop of their own, each once, by what the kernel sees of it. */
function fusedStages(): Map<string, Stage> {
  const found = new Map<string, Stage>();
  for (const draft of drafts()) {
    const { faults, selection } = validateOptimizer(draft, "optimizer");
    // Turned switches may conflict: those programs never run.
    if (faults.length > 0) continue;
    const { chain, others, hyperparameters } = resolveOptimizer(selection);
    for (const part of [chain, ...(others ? [others] : [])])
      for (const stage of stagesOf(compileChain(part, hyperparameters))) {
        const { program, written } = encodeStage(stage);
        if (program.length > 0) found.set([program, written, [stage.streams.length]].map(String).join(";"), stage);
      }
  }
  return found;
}

function* drafts(): Generator<OptimizerDraft> {
  const ablations = (entry: OptimizerEntry) => Object.entries(entry.ablations).map(([name, values]) => ablate(entry, name, values));
  for (const entry of optimizers.flatMap((each) => [each, ...ablations(each)])) {
    yield { name: entry.name };
    for (const { name, default: value } of entry.hyperparameters) {
      const turned: HyperparameterValues | undefined =
        typeof value === "boolean" ? { [name]: !value } : name === "weight_decay" ? { [name]: value === 0 ? 0.01 : 0 } : undefined;
      if (turned) yield { name: entry.name, hyperparameters: turned };
    }
  }
  for (const { kind, name } of elements) if (kind === "wrapper") yield { name: "adamw", wrappers: [{ name, hyperparameters: {} }] };
}

function stagesOf({ segments, evaluationPoint, gradientPoint }: ReturnType<typeof compileChain>): Stage[] {
  const programs = [...segments, evaluationPoint, gradientPoint].filter((each): each is ProgramSegment => each?.kind === "program");
  return programs.flatMap((each) => each.programs()).flatMap(({ stages }) => stages);
}

function functionOf(stage: Stage, name: string): string {
  const { streams, written, temporaries, instructions, reductions } = stage;
  const places = written.map((stream) => streams.indexOf(stream));
  const slots = [...new Set(instructions.flatMap(({ scalars }) => scalars))].toSorted((a, b) => a - b);
  const sums = reductions.map((_, index) => `sum${index}`);
  const body = [
    ...streams.map((_, place) => `float v${place} = p${place}[i];`),
    ...Array.from({ length: temporaries }, (_, index) => `float v${streams.length + index};`),
    ...instructions.map(statement),
    ...places.map((place) => `p${place}[i] = v${place};`),
  ];
  const clause = sums.length === 0 ? "" : ` reduction(+ : ${sums.join(", ")})`;
  return [
    `STEPWIRE_CLONES void ${name}(float* const* streams, const float* scalars, int64_t length, double* sums) {`,
    ...streams.map((stream, place) => `  ${written.includes(stream) ? "" : "const "}float* const p${place} = streams[${place}];`),
    ...slots.map((slot) => `  const float s${slot} = scalars[${slot}];`),
    "  for (int64_t begin = 0; begin < length; begin += kChunk) {",
    "    const int64_t end = length - begin < kChunk ? length : begin + kChunk;",
    ...sums.map((sum) => `    float ${sum} = 0;`),
    // Streams do not overlap; without this the compiler would have to look before each loop, or not use vectors at all.
    `#pragma omp simd${clause}`,
    "    for (int64_t i = begin; i < end; i++) {",
    ...body.map((line) => `      ${line}`),
    "    }",
    ...sums.map((sum, index) => `    sums[${index}] += ${sum};`),
    "  }",
    "}",
  ].join("\n");
}

function statement({ opcode, destination, sources, scalars }: Instruction): string {
  const vectors = sources.map((place) => `v${place}`);
  if (isReduction(opcode)) return `sum${destination} += ${opcode === "sum" ? vectors[0] : `${vectors[0]} * ${vectors[0]}`};`;
  const operation = `${opcode[0]?.toUpperCase()}${opcode.slice(1)}`;
  return `v${destination} = ${operation}(${[...vectors, ...scalars.map((slot) => `s${slot}`)].join(", ")});`;
}
