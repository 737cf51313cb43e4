/** JSON as the simulated services read and write it. */
@NullMarked
package dev.architect.simulator.json;

import org.jspecify.annotations.NullMarked;
