/** What people have changed about routing: kept for all nodes, and followed by each. */
@NullMarked
package dev.architect.routing;

import org.jspecify.annotations.NullMarked;
