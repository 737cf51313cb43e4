/** Finds things of several kinds. */
@NullMarked
package dev.architect.server.search;

import org.jspecify.annotations.NullMarked;
