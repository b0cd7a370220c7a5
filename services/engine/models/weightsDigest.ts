import { createHash } from "node:crypto";
import type { ShouldStop } from "../cancellation.js";
import type { Parameters } from "../parameters.js";
import { bytesOf, inPieces } from "./writeSafetensors.js";

/** SHA-256 (hex) over parameters: name, shape and bytes of each, ordered by name. @throws Cancelled */
export async function weightsDigest(parameters: Pick<Parameters, "names" | "get">, shouldStop: ShouldStop = () => false): Promise<string> {
  const hash = createHash("sha256");
  for (const name of parameters.names.toSorted()) {
    const tensor = parameters.get(name);
    hash.update(`${name}\0${tensor.shape.join(",")}\0`);
    await inPieces(bytesOf(tensor.dataSync<"float32">()), shouldStop, (piece) => hash.update(piece));
  }
  return hash.digest("hex");
}
