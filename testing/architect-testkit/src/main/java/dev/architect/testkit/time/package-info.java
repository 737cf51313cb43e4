/** Time that a test moves by hand. */
@NullMarked
package dev.architect.testkit.time;

import org.jspecify.annotations.NullMarked;
