#ifndef CLAIMAUDIT_CLIBXML2_SHIM_H
#define CLAIMAUDIT_CLIBXML2_SHIM_H

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlversion.h>
#include <libxml/xmlwriter.h>

#endif
