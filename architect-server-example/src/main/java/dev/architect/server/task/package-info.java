/** The resource {@code /api/tasks}. */
@NullMarked
package dev.architect.server.task;

import org.jspecify.annotations.NullMarked;
