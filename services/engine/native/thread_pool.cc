#include "thread_pool.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace stepwire {
namespace {

constexpr int kMaxThreads = 256;

struct Pool {
  std::mutex one_at_a_time;
  std::mutex mutex;
  std::condition_variable start, done;
  void (*work)(void*) = nullptr;
  void* context = nullptr;
  unsigned long round = 0;
  int running = 0;
  int threads = 1;

  Pool() {
    const char* wanted = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int given = wanted ? std::atoi(wanted) : 0;
    const int most = std::min(kMaxThreads, given > 0 ? given : static_cast<int>(std::thread::hardware_concurrency()));
    // Where the system gives no more threads those that there are do the work: they never ask how many were wanted.
    try {
      for (; threads < most; threads++) std::thread([this] { Serve(); }).detach();
    } catch (const std::system_error&) {
    }
  }

  void Serve() {
    unsigned long seen = 0;
    for (;;) {
      void (*task)(void*);
      void* argument;
      {
        std::unique_lock<std::mutex> lock(mutex);
        start.wait(lock, [&] { return round != seen; });
        seen = round;
        task = work;
        argument = context;
      }
      task(argument);
      std::lock_guard<std::mutex> lock(mutex);
      if (--running == 0) done.notify_one();
    }
  }
};

// Never destroyed: its threads may outlive static destruction.
Pool& ThePool() {
  static Pool* pool = new Pool;
  return *pool;
}

}  // namespace

int ThreadCount() { return ThePool().threads; }

void RunOnAllThreads(void (*work)(void*), void* context) {
  Pool& pool = ThePool();
  std::lock_guard<std::mutex> alone(pool.one_at_a_time);
  {
    std::lock_guard<std::mutex> lock(pool.mutex);
    pool.work = work;
    pool.context = context;
    pool.running = pool.threads - 1;
    pool.round++;
  }
  pool.start.notify_all();
  work(context);
  std::unique_lock<std::mutex> lock(pool.mutex);
  pool.done.wait(lock, [&] { return pool.running == 0; });
}

#if defined(__x86_64__)
FlushDenormals::FlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(static_cast<unsigned>(saved_) | 0x8040u); }
FlushDenormals::~FlushDenormals() { _mm_setcsr(static_cast<unsigned>(saved_)); }
#elif defined(__aarch64__)
FlushDenormals::FlushDenormals() {
  asm volatile("mrs %0, fpcr" : "=r"(saved_));
  asm volatile("msr fpcr, %0" ::"r"(saved_ | (1ull << 24)));
}
FlushDenormals::~FlushDenormals() { asm volatile("msr fpcr, %0" ::"r"(saved_)); }
#else
FlushDenormals::FlushDenormals() = default;
FlushDenormals::~FlushDenormals() = default;
#endif

}  // namespace stepwire
