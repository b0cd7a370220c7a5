import { tf } from "#engine/tensorflow.js";

// Prints how fast TensorFlow multiplies two float32 matrices of 2048 x 2048 on this machine, in GFLOPS: the median of five, after one to warm up.

const size = 2048;
const [a, b] = [tf.randomNormal([size, size]), tf.randomNormal([size, size])];

function seconds(): number {
  const started = performance.now();
  const product = tf.matMul(a, b);
  product.dataSync();
  product.dispose();
  return (performance.now() - started) / 1000;
}

seconds();
const times = Array.from({ length: 5 }, seconds).toSorted((x, y) => x - y);
console.log(((2 * size ** 3) / (times[2] ?? Number.NaN) / 1e9).toFixed(0));
