/**
 * Whether weight decay applies to a parameter by default: not to biases and not to the gains of normalisation layers, by the names that
 * Hugging Face's models use. Source: the recipe of BERT's code (Devlin et al., 2019, arXiv:1810.04805, `exclude_from_weight_decay`).
 * @param name for example `encoder.layer.0.attention.output.LayerNorm.weight`
 * @param shape a scalar (no axes) is a gain as well
 */
export function isDecayed(name: string, shape: readonly number[]): boolean {
  return shape.length > 0 && !name.endsWith("bias") && !/LayerNorm|layer_?norm|norm\.|(^|\.)ln_/.test(name);
}
