/** What was decided about requests, what came of it, and what hosts say about the answers. */
@NullMarked
package dev.architect.record;

import org.jspecify.annotations.NullMarked;
