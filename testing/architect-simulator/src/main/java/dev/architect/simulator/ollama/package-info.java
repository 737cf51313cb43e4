/** Ollama's API. */
@NullMarked
package dev.architect.simulator.ollama;

import org.jspecify.annotations.NullMarked;
