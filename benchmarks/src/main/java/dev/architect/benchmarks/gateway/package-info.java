/** The model gateway of the server beside another gateway, in front of one upstream. */
@NullMarked
package dev.architect.benchmarks.gateway;

import org.jspecify.annotations.NullMarked;
