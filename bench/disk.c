/* disk.c: the physical limit: how often a second one page can be overwritten and made durable
 * (pwrite + fdatasync).
 *
 *     disk FOLDER SECONDS        overwrites a second, p50 and p99 of one in ms
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    static char page[4096];
    char path[4096];
    if (argc != 3)
        return 2;
    snprintf(path, sizeof path, "%s/disk.tmp", argv[1]);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (int i = 0; i < 256; i++)
        if (fd < 0 || write(fd, page, sizeof page) != sizeof page)
            return 1;
    fsync(fd);
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    double passed = 0, seconds = atof(argv[2]);
    static double took[1 << 20];
    long n = 0;
    while (passed < seconds && n < 1 << 20) {
        memset(page, (int)n, sizeof page);
        if (pwrite(fd, page, sizeof page, (n % 256) * (long)sizeof page) != sizeof page ||
            fdatasync(fd) != 0)
            return 1;
        clock_gettime(CLOCK_MONOTONIC, &now);
        double at =
            (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;
        took[n++] = (at - passed) * 1e3;
        passed = at;
    }
    qsort(took, (size_t)n, sizeof *took, by_size);
    printf("%.0f %.2f %.2f\n", (double)n / passed, took[n / 2], took[n * 99 / 100]);
    close(fd);
    unlink(path);
    return 0;
}
