/** Durable steps of tasks, and what running attempts report: progress and partial output. */
@NullMarked
package dev.architect.step;

import org.jspecify.annotations.NullMarked;
