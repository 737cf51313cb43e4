/** Tasks that come again and again: schedules, and when they fire. */
@NullMarked
package dev.architect.recurring;

import org.jspecify.annotations.NullMarked;
