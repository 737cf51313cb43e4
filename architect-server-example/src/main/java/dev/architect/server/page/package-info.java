/** The files of the pages. */
@NullMarked
package dev.architect.server.page;

import org.jspecify.annotations.NullMarked;
