/** The live channel: what changes in the store, told to clients that follow it. */
@NullMarked
package dev.architect.server.live;

import org.jspecify.annotations.NullMarked;
