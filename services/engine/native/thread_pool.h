// The kernels' own threads: as many as TF_NUM_INTRAOP_THREADS says, else as the process may run on, the caller included. They start with
// the first kernel that needs them and live as long as the process.
#pragma once

namespace stepwire {

// Calls work(context) once on each thread, the calling one included, and returns when all are done. Not for nested use; work must not throw.
void RunOnAllThreads(void (*work)(void* context), void* context);

int ThreadCount();

// While it lives, this thread treats denormal numbers as zero, as TensorFlow's own threads do: they are a hundred times slower.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned long long saved_ = 0;
};

}  // namespace stepwire
