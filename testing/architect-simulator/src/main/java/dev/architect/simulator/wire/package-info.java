/** The interfaces and checks that the wire formats of all providers share. */
@NullMarked
package dev.architect.simulator.wire;

import org.jspecify.annotations.NullMarked;
