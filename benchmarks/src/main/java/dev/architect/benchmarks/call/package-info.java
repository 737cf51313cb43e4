/** One call over HTTP, by Architect and by other clients. */
@NullMarked
package dev.architect.benchmarks.call;

import org.jspecify.annotations.NullMarked;
