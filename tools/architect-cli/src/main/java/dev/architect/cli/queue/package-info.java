/** The commands of queues. */
@NullMarked
package dev.architect.cli.queue;

import org.jspecify.annotations.NullMarked;
