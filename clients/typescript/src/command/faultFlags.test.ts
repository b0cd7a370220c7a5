import { describe, expect, it } from "vitest";
import { faultFlags } from "./faultFlags.js";
import { flagName, trainFlags } from "./trainFlags.js";

const options = { train: "data/train.csv", test: "data/test.csv", dataset: undefined };
const flag = (field: string, description = "", command = "train", given: Record<string, unknown> = options) =>
  faultFlags(command, given)({ field, reason: "", description });

describe("a fault of `train`", () => {
  it("has the flag of its field, in the contract's words and in the SDK's", () => {
    for (const each of trainFlags) {
      expect(flag(`training_job.${each.path}`)).toBe(flagName(each));
      const camel = each.path.replace(/^[a-z_.]*?(?=hyperparameters|$)/, (names) =>
        names.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      );
      expect(flag(camel)).toBe(flagName(each));
    }
  });

  const cases: [field: string, flag: string | undefined][] = [
    ["training_job.optimizer", "--optimizer"],
    ["training_job.optimizer.hyperparameters.nesterov", "--hyperparameter nesterov"],
    ["training_job.optimizer.hyperparameters.beta2", "--beta2"],
    ["optimizer.hyperparameters.someName[2]", "--hyperparameter someName"],
    ["training_job.schedule", "--schedule"],
    ["training_job.schedule.options.final_factor", "--schedule-option final_factor"],
    ["schedule.options.finalFactor", "--schedule-option finalFactor"],
    ["schedule.options", "--schedule-option"],
    ["training_job.dataset.id", "--dataset"],
    ["training_job.labels.teamName", "--job-label"],
    ["training_job_id", "--job-id"],
    ["options.requestId", "--request-id"],
    ["header.columns.text", "--text"],
    ["header.columns.text_pair", "--text-pair"],
    ["columns.textPair", "--text-pair"],
    ["files[1].columns.label", "--label"],
    ["files[0]", "--train data/train.csv"],
    ["files[1].format", "--test data/test.csv"],
    ["files[0].rows[12].text", "--train data/train.csv"],
    ["files[7]", undefined],
    ["files", "--train, --test"],
    ["chunk", "--train, --test"],
    ["header.dataset_id", undefined],
    ["id", undefined],
    ["training_job.surprise", undefined],
    ["--learning-rate", undefined],
    ["", undefined],
  ];
  for (const [field, expected] of cases) it(`about ${JSON.stringify(field)}`, () => expect(flag(field)).toBe(expected));

  it("about a part of the optimizer quotes the name that was given", () => {
    const given = {
      ...options,
      element: ["scale_by_adam:beta2=2", "scale_by_learning_rate"],
      wrap: ["lookahead:lookahead_alpha=2"],
      group: ["a:b.*:decayed=true"],
    };
    const about = (field: string) => flag(`training_job.optimizer.${field}`, "", "train", given);
    expect(about("chain[0].hyperparameters.beta2")).toBe("--element scale_by_adam:beta2");
    expect(about("chain[1].name")).toBe("--element scale_by_learning_rate");
    expect(about("wrappers[0].hyperparameters.lookahead_alpha")).toBe("--wrap lookahead:lookahead_alpha");
    expect(about("groups[0].learning_rate_scale")).toBe("--group a:b.*:learning_rate_scale");
    expect(flag("optimizer.groups[0].learningRateScale", "", "train", given)).toBe("--group a:b.*:learning_rate_scale");
    expect(about("groups[0].pattern")).toBe("--group a:b.*");
    for (const [field, name] of Object.entries({ chain: "--element", wrappers: "--wrap", groups: "--group" })) {
      expect(about(field)).toBe(name);
      expect(about(`${field}[7].name`)).toBe(name);
    }
  });

  it("about the whole optimizer is about what can be mended", () => {
    const about = (reason: string, given: Record<string, unknown>) =>
      faultFlags("train", given)({ field: "training_job.optimizer", reason, description: "" });
    const both = { element: ["trace"], wrap: ["lookahead"] };
    expect(about("MISSING_LEARNING_RATE", both)).toBe("--element");
    expect(about("CONFLICT", both)).toBe("--wrap");
    expect(about("CONFLICT", { element: ["trace"], wrap: [] })).toBe("--element");
    expect(about("CONFLICT", { wrap: ["lookahead"] })).toBe("--wrap");
  });

  it("does not say the file twice", () => {
    expect(flag("files[1].rows[3].text", '"test.csv", row 3: is empty')).toBe("--test");
  });

  it("about an id is about --dataset when that was given", () => {
    expect(flag("id", "", "train", { dataset: "d" })).toBe("--dataset");
  });
});

describe("a fault of another command", () => {
  it("has its flag or argument", () => {
    expect(flag("evaluation.training_job", "", "evaluate")).toBe("<job>");
    expect(flag("evaluation.split", "", "evaluate")).toBe("--split");
    expect(flag("level", "", "evaluate")).toBe("--level");
    expect(flag("states[0]", "", "jobs")).toBe("--state");
    expect(flag("labels.a", "", "jobs")).toBe("--job-label");
    expect(flag("pageSize", "", "jobs")).toBe("--limit");
    for (const command of ["watch", "report", "cancel"]) expect(flag("id", "", `study ${command}`)).toBe("<study>");
    for (const command of ["show", "cancel", "delete"]) expect(flag("id", "", `evaluation ${command}`)).toBe("<evaluation>");
    expect(flag("format", "", "study report")).toBe("--format");
    expect(flag("training_job", "", "evaluation list")).toBe("--job");
    for (const field of ["seed", "header.source.seed"]) expect(flag(field, "", "evaluate")).toBe("--training-seed");
    expect(flag("bootstrap.seed", "", "evaluate")).toBe("--seed");
    for (const command of ["jobs", "watch", "cancel"]) expect(flag("id", "", command)).toBe("<job>");
    expect(flag("surprise", "", "optimizers")).toBeUndefined();
  });
});
