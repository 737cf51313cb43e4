/** Checks of arguments; not exported. */
@NullMarked
package dev.architect.planner.check;

import org.jspecify.annotations.NullMarked;
