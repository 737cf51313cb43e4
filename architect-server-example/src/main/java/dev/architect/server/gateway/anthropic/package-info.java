/** Anthropic's messages. */
@NullMarked
package dev.architect.server.gateway.anthropic;

import org.jspecify.annotations.NullMarked;
