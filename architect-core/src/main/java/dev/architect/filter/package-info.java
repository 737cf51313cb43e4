/** The grammar of filters: what to list, count or change, as one line of text for pages, commands and programs alike. */
@NullMarked
package dev.architect.filter;

import org.jspecify.annotations.NullMarked;
