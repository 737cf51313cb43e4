/** Checks of arguments, and places in files; not exported. */
@NullMarked
package dev.architect.planner.check;

import org.jspecify.annotations.NullMarked;
