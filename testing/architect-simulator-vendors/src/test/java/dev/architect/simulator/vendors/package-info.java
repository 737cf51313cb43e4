/**
 * The vendors' own Java clients against the provider simulator.
 *
 * <p>The simulator and our adapters were written by the same people, so they could share a mistake about a vendor's wire. The
 * vendors' clients were not: they check every answer against their own models, and what they send must pass the simulator's
 * own checks.
 */
@NullMarked
package dev.architect.simulator.vendors;

import org.jspecify.annotations.NullMarked;
