import { type ComparedGroup } from "#core/comparisons/checkFairness.js";
import { type ComparedEvaluation, comparedEvaluation, comparedPredictions } from "#core/comparisons/fairnessFacts.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { Fault } from "#core/fault.js";
import type { TrainingJobRecord, TrainingTask } from "#core/jobs/trainingJob.js";
import { countCharacters, quote } from "#core/quote.js";
import type { RecordStore } from "#platform/recordStore.js";

/** Evaluations as a caller names them. */
export interface AskedGroup {
  name: string;
  evaluations: readonly string[];
}

/** An evaluation, and what made its predictions. */
export interface ChosenEvaluation {
  evaluation: EvaluationRecord;
  task: TrainingTask;
  /** The optimizer's name; that of a model elsewhere. */
  method: string;
  facts: ComparedEvaluation;
}

/** The evaluations of a comparison, and where each came from. */
export interface ChosenGroup extends ComparedGroup {
  records: ChosenEvaluation[];
}

interface Stores {
  evaluations: RecordStore<EvaluationRecord>;
  jobs: RecordStore<TrainingJobRecord>;
}

/** What a comparison may have at most: all of it is in memory while it is made. */
const most = { groups: 64, evaluations: 512, nameCharacters: 100 };

/** Looks evaluations up, those of a group in the order of their seeds. Returns what can be compared, and everything that is wrong with the rest. */
export async function chooseEvaluations(
  { evaluations, jobs }: Stores,
  tenant: string,
  asked: readonly AskedGroup[],
): Promise<{ groups: ChosenGroup[]; faults: Fault[] }> {
  const faults = countFaults(asked);
  if (asked.length > most.groups || asked.reduce((sum, group) => sum + group.evaluations.length, 0) > most.evaluations)
    return { groups: [], faults };
  const seen = new Set<string>();
  const groups: ChosenGroup[] = [];
  for (const [index, group] of asked.entries()) {
    const records: ChosenGroup["records"] = [];
    for (const [place, id] of group.evaluations.entries()) {
      const field = `groups[${index}].evaluations[${place}]`;
      if (seen.has(id)) {
        faults.push({ field, reason: "DUPLICATE", description: `${quote(id)} is given more than once; allowed: every evaluation once` });
        continue;
      }
      seen.add(id);
      const evaluation = (await evaluations.get(tenant, id))?.record;
      const fault = stateFault(evaluation, id);
      if (!evaluation || fault) {
        faults.push({ field, ...(fault ?? notFound(id)) });
        continue;
      }
      const chosen = await withFacts(jobs, evaluation);
      if (chosen) records.push(chosen);
      else
        faults.push({
          field,
          reason: "JOB_NOT_FOUND",
          description: `the training job ${quote(evaluation.trainingJob)} of ${quote(id)} is gone`,
        });
    }
    records.sort((a, b) => a.facts.seed - b.facts.seed);
    groups.push({ name: group.name, records, evaluations: records.map(({ facts }) => facts) });
  }
  return { groups: named(groups, faults), faults };
}

/** @returns undefined where the job is gone */
async function withFacts(jobs: Stores["jobs"], evaluation: EvaluationRecord): Promise<ChosenEvaluation | undefined> {
  const { source, tenant, trainingJob, trainingJobUid } = evaluation;
  const sent = comparedPredictions(evaluation);
  if (source && sent) return { evaluation, task: source.task, method: source.model, facts: sent };
  const job = (await jobs.get(tenant, trainingJob))?.record;
  const facts = job?.uid === trainingJobUid ? comparedEvaluation(evaluation, job) : undefined;
  return job && facts && { evaluation, task: job.spec.task, method: job.spec.optimizer.name, facts };
}

function countFaults(asked: readonly AskedGroup[]): Fault[] {
  const faults: Fault[] = [];
  if (asked.length < 2 || asked.length > most.groups)
    faults.push({ field: "groups", reason: "OUT_OF_RANGE", description: `has ${asked.length}; allowed: 2 to ${most.groups}` });
  const total = asked.reduce((sum, { evaluations }) => sum + evaluations.length, 0);
  if (total > most.evaluations)
    faults.push({
      field: "groups",
      reason: "OUT_OF_RANGE",
      description: `there are ${total} evaluations; allowed: at most ${most.evaluations}`,
    });
  const first = asked[0]?.evaluations.length ?? 0;
  for (const [index, { name, evaluations }] of asked.entries()) {
    if (countCharacters(name) > most.nameCharacters)
      faults.push({
        field: `groups[${index}].name`,
        reason: "TOO_LONG",
        description: `the name has ${countCharacters(name)} characters; allowed: at most ${most.nameCharacters}`,
      });
    const field = `groups[${index}].evaluations`;
    if (evaluations.length === 0) faults.push({ field, reason: "REQUIRED", description: "is empty; give the ids of evaluations" });
    else if (evaluations.length !== first && first > 0) {
      const description = `there are ${evaluations.length} evaluations, in the first group ${first}; allowed: as many in every group, one for each seed`;
      faults.push({ field, reason: "COUNTS_DIFFER", description });
    }
  }
  return faults;
}

function stateFault(evaluation: EvaluationRecord | undefined, id: string): Omit<Fault, "field"> | undefined {
  if (!evaluation) return notFound(id);
  if (evaluation.state === "SUCCEEDED" && evaluation.metrics) return undefined;
  return { reason: "NOT_SUCCEEDED", description: `evaluation ${quote(id)} is ${evaluation.state}; allowed: evaluations that SUCCEEDED` };
}

function notFound(id: string): Omit<Fault, "field"> {
  return { reason: "NOT_FOUND", description: `there is no evaluation ${quote(id)}` };
}

/** A group without a name gets that of its optimizer or model, and where several have the same one that of its first job. */
function named(groups: readonly ChosenGroup[], faults: Fault[]): ChosenGroup[] {
  const method = ({ records: [first] }: ChosenGroup) => first?.method ?? "";
  const all = groups.map((group) => {
    if (group.name !== "") return group;
    const own = method(group);
    const isAlone = groups.filter((other) => (other.name || method(other)) === own).length === 1;
    return { ...group, name: isAlone ? own : (group.records[0]?.facts.trainingJob.id ?? "") };
  });
  for (const [index, { name }] of all.entries())
    if (name !== "" && all.findIndex((other) => other.name === name) < index)
      faults.push({
        field: `groups[${index}].name`,
        reason: "DUPLICATE",
        description: `two groups are called ${quote(name)}; give each a name of its own`,
      });
  return all;
}
