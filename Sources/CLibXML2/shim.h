#ifndef CLAIMAUDIT_CLIBXML2_SHIM_H
#define CLAIMAUDIT_CLIBXML2_SHIM_H

#include <libxml/xmlversion.h>
// Debian builds libxml2 with ICU and its headers then pull in ICU's own, whose names clash with those Foundation carries. Nothing
// of ICU is used through this module.
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlwriter.h>

#endif
