/** The contract of workers. */
@NullMarked
package dev.architect.testkit.worker;

import org.jspecify.annotations.NullMarked;
