/** Units of durable work: their requests, states, attempts and results. */
@NullMarked
package dev.architect.task;

import org.jspecify.annotations.NullMarked;
