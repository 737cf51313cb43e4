/** Anthropic's Claude, called through its Messages API. */
@NullMarked
package dev.architect.provider.claude;

import org.jspecify.annotations.NullMarked;
