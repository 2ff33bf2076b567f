#ifndef CLAIMAUDIT_CSQLITE_H
#define CLAIMAUDIT_CSQLITE_H

#include <sqlite3.h>

#endif
