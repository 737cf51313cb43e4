/** JSON in and out, exact and checked. */
@NullMarked
package dev.architect.server.json;

import org.jspecify.annotations.NullMarked;
