import { hash } from "node:crypto";

/** 96 bits that stand for a text: among three million texts two share them with a probability of 1e-16. */
export type TextKey = Uint32Array;

/** The key of a text or of a pair of texts; `into` is written and returned, to make no garbage. */
export function textKey(text: string, into: TextKey): TextKey {
  const digest = hash("sha256", text, "buffer");
  for (let word = 0; word < keyWords; word++) into[word] = digest.readUInt32LE(4 * word);
  return into;
}

export function newTextKey(): TextKey {
  return new Uint32Array(keyWords);
}

/** Numbers texts in the order in which they first came. */
export interface TextIndex {
  /** How many different texts there are. */
  size(): number;
  /** The text's number from 0; -1 when it never came. */
  find(key: TextKey): number;
  /** The text's number, a new one when it never came. */
  add(key: TextKey): number;
}

/** An index of at most 2^31 texts, 16 bytes a place, outside the JavaScript heap. */
export function createTextIndex(): TextIndex {
  let places = 1024;
  let table = new Uint32Array(places * placeWords);
  let size = 0;

  /** The offset of the key's place, or of the free one where it belongs. */
  const locate = (words: Uint32Array, from: number): number => {
    for (let place = (words[from] as number) & (places - 1); ; place = (place + 1) & (places - 1)) {
      const offset = place * placeWords;
      if (table[offset + keyWords] === 0) return offset;
      if (table[offset] === words[from] && table[offset + 1] === words[from + 1] && table[offset + 2] === words[from + 2]) return offset;
    }
  };
  const grow = () => {
    const old = table;
    places *= 2;
    table = new Uint32Array(places * placeWords);
    for (let from = 0; from < old.length; from += placeWords)
      if (old[from + keyWords] !== 0) table.set(old.subarray(from, from + placeWords), locate(old, from));
  };

  return {
    size: () => size,
    // Numbers are stored from 1: 0 marks a free place.
    find: (key) => (table[locate(key, 0) + keyWords] as number) - 1,
    add: (key) => {
      if (size >= places * 0.75) grow();
      const offset = locate(key, 0);
      const known = table[offset + keyWords] as number;
      if (known !== 0) return known - 1;
      table.set(key, offset);
      table[offset + keyWords] = ++size;
      return size - 1;
    },
  };
}

const keyWords = 3;
const placeWords = keyWords + 1;
