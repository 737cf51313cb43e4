/** Time that a test advances. */
@NullMarked
package dev.architect.testkit.time;

import org.jspecify.annotations.NullMarked;
