/** What the wire formats of the providers have in common. */
@NullMarked
package dev.architect.simulator.wire;

import org.jspecify.annotations.NullMarked;
