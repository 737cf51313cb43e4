/** The nodes that share the store. */
@NullMarked
package dev.architect.server.node;

import org.jspecify.annotations.NullMarked;
