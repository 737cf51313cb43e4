/** The contract of stores. */
@NullMarked
package dev.architect.testkit.store;

import org.jspecify.annotations.NullMarked;
