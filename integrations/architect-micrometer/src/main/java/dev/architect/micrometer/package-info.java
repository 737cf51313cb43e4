/** Meters of tasks, sessions and calls. */
@NullMarked
package dev.architect.micrometer;

import org.jspecify.annotations.NullMarked;
