/* LD_PRELOAD: counts flushes, and makes each take FLUSH_MS milliseconds more, one at a time: a slow SD card.
   FLUSH_COUNT names the file that holds the count, 8 bytes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t medium = PTHREAD_MUTEX_INITIALIZER;
static _Atomic uint64_t nowhere, *count = &nowhere;
static long delay;

__attribute__((constructor)) static void prepare(void)
{
    const char *path = getenv("FLUSH_COUNT"), *milliseconds = getenv("FLUSH_MS");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *shared = file < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED)
        count = shared;
    delay = milliseconds ? atol(milliseconds) : 0;
}

static int flush(long call, int fd)
{
    struct timespec pause = {delay / 1000, delay % 1000 * 1000000};
    int result;
    atomic_fetch_add(count, 1);
    if (!delay)
        return syscall(call, fd);
    pthread_mutex_lock(&medium);
    nanosleep(&pause, NULL);
    result = syscall(call, fd);
    pthread_mutex_unlock(&medium);
    return result;
}

int fsync(int fd) { return flush(SYS_fsync, fd); }
int fdatasync(int fd) { return flush(SYS_fdatasync, fd); }
