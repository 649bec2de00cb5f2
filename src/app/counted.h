/* counted.h: how far a store of before there were figures is counted, for /metrics. */
#ifndef ASIALLA_APP_COUNTED_H
#define ASIALLA_APP_COUNTED_H

void app_figures_counted(int percent); /* 100: all, as it is until somebody says otherwise */

#endif
