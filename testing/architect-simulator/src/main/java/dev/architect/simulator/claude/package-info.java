/** Anthropic's Messages API. */
@NullMarked
package dev.architect.simulator.claude;

import org.jspecify.annotations.NullMarked;
