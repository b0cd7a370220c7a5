/** Whole numbers from 0 to 2^32 - 1, as many as there are, outside the JavaScript heap. */
export interface GrowingNumbers {
  length(): number;
  push(value: number): void;
  /** Adds 1 to a value, and returns it. */
  increment(index: number): number;
  /** A view: what is pushed later may not be seen in it. */
  values(): Uint32Array;
}

export function growingNumbers(): GrowingNumbers {
  let numbers = new Uint32Array(1024);
  let length = 0;
  return {
    length: () => length,
    push: (value) => {
      if (length === numbers.length) {
        const larger = new Uint32Array(numbers.length * 2);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[length++] = value;
    },
    increment: (index) => {
      const value = (numbers[index] as number) + 1;
      numbers[index] = value;
      return value;
    },
    values: () => numbers.subarray(0, length),
  };
}
