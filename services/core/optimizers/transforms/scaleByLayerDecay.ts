import { defineTransform } from "../defineTransform.js";
import { layersAbove, mul, pow } from "../expression.js";
import { number, type NumberRange } from "../hyperparameter.js";

const share: NumberRange = { above: 0, atMost: 1 };

/** Layer-wise learning-rate decay: the further a layer is from the output, the smaller its steps. Howard and Ruder, 2018, arXiv:1801.06146; Clark et al., 2020, arXiv:2003.10555. */
export const scaleByLayerDecay = defineTransform({
  name: "scale_by_layer_decay",
  description: "Layer-wise learning-rate decay: each layer's update times a power of its distance from the output.",
  hyperparameters: {
    layer_decay: number(0.9, share, "Factor from each layer to the one below it; 1: all layers alike.", "per layer"),
  },
  identity: ({ layer_decay }) => layer_decay === 1,
  update: ({ update, hyper: { layer_decay } }) => ({ update: mul(pow(layer_decay, layersAbove), update) }),
});
