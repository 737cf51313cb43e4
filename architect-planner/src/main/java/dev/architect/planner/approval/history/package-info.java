/** What was decided before: replays under other rules, rules that people's approvals suggest, and when to stop an agent. */
@NullMarked
package dev.architect.planner.approval.history;

import org.jspecify.annotations.NullMarked;
