/** The way of an action from the rules to a person and back: what is asked, judged again, recorded, and made into rules. */
@NullMarked
package dev.architect.planner.review;

import org.jspecify.annotations.NullMarked;
