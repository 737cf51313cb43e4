/** Google's Gemini API. */
@NullMarked
package dev.architect.simulator.gemini;

import org.jspecify.annotations.NullMarked;
