/** Snapshots of the whole house, pushed to open pages. */
@NullMarked
package dev.architect.server.live;

import org.jspecify.annotations.NullMarked;
