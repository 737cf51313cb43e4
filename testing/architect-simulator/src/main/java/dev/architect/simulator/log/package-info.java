/** The log of the calls that the simulator received. */
@NullMarked
package dev.architect.simulator.log;

import org.jspecify.annotations.NullMarked;
