/** What a default learning rate rests on. */
export type OriginKind = "paper" | "authors' code" | "library" | "carried over" | "pilot" | "chosen";

/** Where an optimizer's default learning rate comes from. */
export interface Origin {
  readonly kind: OriginKind;
  /** More, as a clause without a full stop. */
  readonly text: string;
}

export const originKinds: Readonly<Record<OriginKind, string>> = {
  paper: "a paper gives the rate, or a rule that gives it from AdamW's",
  "authors' code": "the default or advice of the authors' package",
  library: "the default of the library whose semantics it has",
  "carried over":
    "AdamW's default, because the direction has AdamW's scale: about one for each coordinate, whatever the size of the gradient",
  pilot: "a pilot, below",
  chosen: "chosen for fine-tuning without a source or a measurement: tune it before comparing",
};

const carried = (text: string): Origin => ({ kind: "carried over", text });
const bert: Origin = {
  kind: "paper",
  text: "Devlin et al., 2019, arXiv:1810.04805, appendix A.3: 5e-5, 3e-5 or 2e-5 for fine-tuning; the largest",
};

/** By the optimizer's name; one that is missing says it in its source only. */
export const origins: Readonly<Record<string, Origin>> = {
  adabelief: carried("the variance around the mean in place of the mean square"),
  adabound: { kind: "pilot", text: "the one rate that was tried with bounds, in a pilot whose AdamW had decoupled decay" },
  adadelta: { kind: "pilot", text: "the best of four rates in 200 steps" },
  adafactor: carried("an update's root mean square is at most 1"),
  adagrad: { kind: "pilot", text: "the best of three rates in 200 steps" },
  adam: bert,
  "adam-mini": carried("the authors advise AdamW's hyperparameters"),
  adamax: { kind: "paper", text: "twice Adam's, as the defaults of Kingma and Ba, 2015, arXiv:1412.6980 are (0.002 and 0.001)" },
  adamw: bert,
  adan: { kind: "chosen", text: "twice AdamW's" },
  ademamix: carried("the slow mean adds to it: alpha is 5"),
  adopt: carried("the mean of normalised gradients"),
  amsbound: { kind: "pilot", text: "from adabound; amsbound itself was not in the pilot" },
  amsgrad: carried("a direction that is at most Adam's"),
  asgd: { kind: "pilot", text: "the best of four rates in 200 steps; without momentum" },
  baseline: { kind: "pilot", text: "the best of three rates, with AdamW in 500 steps and with this in 200" },
  came: {
    kind: "authors' code",
    text: "1 to 3 times smaller than AdamW's, say the notes of came-pytorch 0.1.2 on pretraining; 2.5 times here",
  },
  "cautious-adamw": carried("the pilot has it at 2e-4, where it was worse than AdamW"),
  "cautious-lion": { kind: "carried over", text: "from lion" },
  "dadapt-adam": { kind: "authors' code", text: "1: the rate is estimated" },
  enhanced: {
    kind: "pilot",
    text: "below the best of five rates in 200 steps, 9e-4: rectification holds those back, and longer training comes to rates that AdamW does not stand",
  },
  "grokfast-adamw": carried("Adam divides the amplified gradient by its own root mean square"),
  integrated: {
    kind: "pilot",
    text: "the best of five rates in 200 steps: the trust ratio makes its steps a fraction of the parameters' norm",
  },
  lamb: { kind: "pilot", text: "the best of three rates in 200 steps, and that of timm's Lamb" },
  laprop: carried("the mean of normalised gradients"),
  lars: {
    kind: "pilot",
    text: "the best of five rates in 200 steps; times trust_coefficient and the parameter's norm it is a step's length",
  },
  lion: { kind: "paper", text: "Chen et al., 2023, arXiv:2302.06675, section 5: a third to a tenth of AdamW's; a fifth here" },
  "lookahead-adamw": { kind: "chosen", text: "twice AdamW's, because slow weights go half the way" },
  "mars-adamw": carried("Adam divides the corrected gradient by its own root mean square"),
  muon: carried("match_rms_adamw makes updates as large as AdamW's (Liu et al., 2025, arXiv:2502.16982)"),
  nadam: carried("Adam with Nesterov's momentum"),
  nadamw: carried("Adam with Nesterov's momentum"),
  novograd: { kind: "pilot", text: "the best of three rates in 200 steps" },
  prodigy: { kind: "authors' code", text: "1: the rate is estimated" },
  radam: carried("Adam's direction once it is rectified; the pilot has rectification at 2e-4"),
  ranger: { kind: "chosen", text: "twice radam's, because slow weights go half the way" },
  rmsprop: { kind: "pilot", text: "the only rate of the 200 steps" },
  rprop: { kind: "chosen", text: "the first step size only; steps grow by 1.2 up to max_step" },
  "schedule-free-adamw": { kind: "pilot", text: "the best of three rates in 200 steps" },
  "schedule-free-sgd": { kind: "pilot", text: "the best of four rates in 200 steps" },
  sgd: { kind: "pilot", text: "the best of three rates in 200 steps" },
  signum: { kind: "carried over", text: "from lion, whose steps are signs too" },
  soap: carried("Adam's step in a rotated basis"),
  "sophia-g": { kind: "chosen", text: "each coordinate moves by at most this; below AdamW's" },
  "stable-adamw": carried("at most AdamW's rate"),
  yogi: { kind: "pilot", text: "3e-3 did no better than chance allows in 200 steps, and 9e-3 far worse" },
};
