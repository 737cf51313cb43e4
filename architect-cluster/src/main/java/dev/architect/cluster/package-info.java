/** A cluster: nodes that share a store, and find and watch each other. */
@NullMarked
package dev.architect.cluster;

import org.jspecify.annotations.NullMarked;
