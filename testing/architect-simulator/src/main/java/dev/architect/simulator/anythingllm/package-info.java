/** AnythingLLM's API. */
@NullMarked
package dev.architect.simulator.anythingllm;

import org.jspecify.annotations.NullMarked;
