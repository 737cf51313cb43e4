/** Anthropic's Claude, spoken to through its Messages API. */
@NullMarked
package dev.architect.provider.claude;

import org.jspecify.annotations.NullMarked;
