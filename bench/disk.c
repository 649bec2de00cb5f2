/* disk.c: the physical limit: how often a second one page can be overwritten and made durable
 * (pwrite + fdatasync).
 *
 *     disk FOLDER SECONDS        overwrites a second
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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
    long n = 0;
    while (passed < seconds) {
        memset(page, (int)n, sizeof page);
        if (pwrite(fd, page, sizeof page, (n % 256) * (long)sizeof page) != sizeof page ||
            fdatasync(fd) != 0)
            return 1;
        n++;
        clock_gettime(CLOCK_MONOTONIC, &now);
        passed = (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;
    }
    printf("%.0f\n", (double)n / passed);
    close(fd);
    unlink(path);
    return 0;
}
