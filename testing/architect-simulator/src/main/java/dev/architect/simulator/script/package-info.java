/** How simulated providers behave: latency, errors, outages, models, prices and recorded answers. */
@NullMarked
package dev.architect.simulator.script;

import org.jspecify.annotations.NullMarked;
