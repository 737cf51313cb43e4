/** What simulated models answer: texts, tool calls, token counts and the cost of a call. */
@NullMarked
package dev.architect.simulator.answer;

import org.jspecify.annotations.NullMarked;
