/** What can go wrong in normal operation. */
@NullMarked
package dev.architect.error;

import org.jspecify.annotations.NullMarked;
