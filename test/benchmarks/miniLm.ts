/** The tensors of all-MiniLM-L6-v2 with a classifier of two classes: names and shapes, 105 of them, 22.7M parameters. */
export function miniLmTensors(): { name: string; shape: number[] }[] {
  const [hidden, inner] = [384, 1536];
  const dense = (name: string, inputs: number, outputs: number) => [
    { name: `${name}.weight`, shape: [outputs, inputs] },
    { name: `${name}.bias`, shape: [outputs] },
  ];
  const layerNorm = (name: string) => [
    { name: `${name}.LayerNorm.weight`, shape: [hidden] },
    { name: `${name}.LayerNorm.bias`, shape: [hidden] },
  ];
  const layer = (index: number) => {
    const at = `encoder.layer.${index}`;
    return [
      ...["query", "key", "value"].flatMap((name) => dense(`${at}.attention.self.${name}`, hidden, hidden)),
      ...dense(`${at}.attention.output.dense`, hidden, hidden),
      ...layerNorm(`${at}.attention.output`),
      ...dense(`${at}.intermediate.dense`, hidden, inner),
      ...dense(`${at}.output.dense`, inner, hidden),
      ...layerNorm(`${at}.output`),
    ];
  };
  return [
    { name: "embeddings.word_embeddings.weight", shape: [30_522, hidden] },
    { name: "embeddings.position_embeddings.weight", shape: [512, hidden] },
    { name: "embeddings.token_type_embeddings.weight", shape: [2, hidden] },
    ...layerNorm("embeddings"),
    ...Array.from({ length: 6 }, (_, index) => layer(index)).flat(),
    ...dense("pooler.dense", hidden, hidden),
    ...dense("classifier", hidden, 2),
  ];
}
