/** Transports between nodes that need nothing but what the nodes share anyway. */
@NullMarked
package dev.architect.cluster.transport;

import org.jspecify.annotations.NullMarked;
