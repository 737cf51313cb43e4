/**
 * Decides what may be done without a person. {@link dev.architect.planner.approval.Approvals#decide} is the one entry: it judges
 * an action in its context by the rules of a policy, and names the rules and the part that decided.
 */
@NullMarked
package dev.architect.planner.approval;

import org.jspecify.annotations.NullMarked;
