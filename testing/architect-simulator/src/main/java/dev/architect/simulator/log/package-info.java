/** What the simulator remembers of the calls that it received. */
@NullMarked
package dev.architect.simulator.log;

import org.jspecify.annotations.NullMarked;
