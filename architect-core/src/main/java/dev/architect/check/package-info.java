/** Checks of arguments, worded the same everywhere. Internal to this artifact. */
@NullMarked
package dev.architect.check;

import org.jspecify.annotations.NullMarked;
