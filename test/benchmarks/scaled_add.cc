// The bound of bench:optimizers: a[i] += s * b[i], in place, over tensors of the given sizes, on the given number of threads, as a plain loop.
// Usage: scaled_add THREADS SIZE...; answers each line "RUN ignored COUNT" on standard input with a JSON list of COUNT times in seconds.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

namespace {

constexpr int64_t kPiece = 65536;

struct Piece { float* a; const float* b; int64_t length; };

void Add(const Piece& piece, float s) {
  float* __restrict a = piece.a;
  const float* __restrict b = piece.b;
  for (int64_t i = 0; i < piece.length; i++) a[i] += s * b[i];
}

}  // namespace

int main(int count, char** arguments) {
  const int threads = std::atoi(arguments[1]);
  std::vector<std::unique_ptr<float[]>> memory;
  std::vector<Piece> pieces;
  for (int i = 2; i < count; i++) {
    const int64_t size = std::atoll(arguments[i]);
    for (int each = 0; each < 2; each++) {
      memory.emplace_back(new float[size]);
      for (int64_t at = 0; at < size; at++) memory.back()[at] = 1e-3f * static_cast<float>(at % 1000);
    }
    float* a = memory[memory.size() - 2].get();
    const float* b = memory.back().get();
    for (int64_t at = 0; at < size; at += kPiece) pieces.push_back({a + at, b + at, std::min(kPiece, size - at)});
  }
  // Threads wait for a round actively: their start is no part of the bound.
  std::atomic<int> round{0}, busy{0};
  std::atomic<size_t> next{0};
  std::atomic<bool> over{false};
  const auto work = [&] {
    for (size_t index; (index = next.fetch_add(1, std::memory_order_relaxed)) < pieces.size();) Add(pieces[index], 1e-6f);
  };
  std::vector<std::thread> pool;
  std::atomic<bool> awake{false};
  for (int i = 1; i < threads; i++)
    pool.emplace_back([&] {
      for (int seen = 0; !over;) {
        if (!awake) { std::this_thread::sleep_for(std::chrono::microseconds(200)); continue; }
        if (round == seen) continue;
        seen = round;
        work();
        busy--;
      }
    });
  std::puts("{}");
  std::fflush(stdout);
  char name[64], how[64];
  int runs;
  while (std::scanf("%63s %63s %d", name, how, &runs) == 3) {
    awake = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::printf("[");
    for (int run = 0; run < runs; run++) {
      const auto start = std::chrono::steady_clock::now();
      next = 0;
      busy = threads - 1;
      round++;
      work();
      while (busy > 0) {}
      const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
      std::printf("%s%.9f", run ? ", " : "", time.count());
    }
    awake = false;
    std::puts("]");
    std::fflush(stdout);
  }
  over = true;
  for (std::thread& thread : pool) thread.join();
}
