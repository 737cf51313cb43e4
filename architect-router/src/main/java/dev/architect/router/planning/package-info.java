/** The ordered candidates of one request. */
@NullMarked
package dev.architect.router.planning;

import org.jspecify.annotations.NullMarked;
