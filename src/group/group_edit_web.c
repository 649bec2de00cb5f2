/* group_edit_web.c */
#include "group/group_view.h"
