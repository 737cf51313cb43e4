/** Files of sample actions with the verdicts that are wanted, for checking a policy. */
@NullMarked
package dev.architect.planner.approval.sample;

import org.jspecify.annotations.NullMarked;
