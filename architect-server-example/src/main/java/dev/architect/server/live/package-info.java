/** Snapshots of the server's state, pushed to open pages. */
@NullMarked
package dev.architect.server.live;

import org.jspecify.annotations.NullMarked;
