/** Programs to read and copy. Each one stands for itself; {@code examples/README.md} tells how to run them. */
@NullMarked
package dev.architect.examples;

import org.jspecify.annotations.NullMarked;
