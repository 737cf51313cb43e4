/** The model gateway: clients of OpenAI and Anthropic reach the router through this server. */
@NullMarked
package dev.architect.server.gateway;

import org.jspecify.annotations.NullMarked;
